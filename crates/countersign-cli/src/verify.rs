//! `countersign verify`.

use std::path::PathBuf;
use std::sync::Arc;

use countersign::{
    Delivery, HandshakeReply, KeyDocument, Received, Rejection, Scheme, Timestamp, Verified,
    Verifier,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::Verdict;
use crate::capture::{self, Capture};
use crate::failure::Failure;
use crate::given::{self, Given, KeyArgs, SettingArgs};
use crate::output::{self, BAD, GOOD, Output, escape, styled};
use crate::request;
use crate::scheme;
use crate::secrets::SecretArgs;

/// Arguments of `countersign verify`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The sender's id, or the .toml file of a private scheme.
    provider: String,
    /// A raw HTTP request: request line, headers, empty line, body; `-` is standard input.
    file: Option<PathBuf>,
    /// A header, in place of FILE.
    #[arg(long, value_name = "NAME: VALUE", value_parser = request::header, conflicts_with = "file")]
    header: Vec<(String, String)>,
    /// The body, in place of FILE, byte for byte; `-` is standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "file")]
    body_file: Option<PathBuf>,
    /// The method, in place of FILE.
    #[arg(long, default_value = "POST", conflicts_with = "file")]
    method: String,
    /// The URL, in place of FILE.
    #[arg(long, default_value = "/", conflicts_with = "file")]
    url: String,
    #[command(flatten)]
    secrets: SecretArgs,
    #[command(flatten)]
    keys: KeyArgs,
    #[command(flatten)]
    settings: SettingArgs,
    /// Judge as of this time, in seconds since the Unix epoch.
    #[arg(long, value_name = "SECONDS")]
    now: Option<i64>,
    /// Do not judge the timestamp's age.
    #[arg(long)]
    any_age: bool,
}

pub(crate) fn run(args: &Args, output: &mut Output) -> Result<Verdict, Failure> {
    let scheme = scheme::find(&args.provider)?;
    let capture = args.capture()?;
    let given = args.given(&scheme)?;
    let verifier = args.verifier(&scheme, &given, args.any_age)?;
    for warning in verifier.warnings() {
        output::warning(&warning.to_string());
    }
    let now = args.now.map_or_else(request::now, Timestamp::from_unix_seconds);
    let delivery = Delivery::new(&capture.method, &capture.url, &capture.headers, &capture.body);
    let keys = args.fetched(&verifier, &delivery)?;
    match verifier.receive_with(&delivery, &keys, now) {
        Ok(Received::Event(proof)) => {
            print_proof(&proof, &delivery, now, output)?;
            Ok(Verdict::Valid)
        }
        Ok(Received::Handshake(reply)) => {
            print_handshake(&verifier, &reply, output)?;
            Ok(Verdict::Valid)
        }
        Err(rejection) => {
            let untimely = matches!(rejection, Rejection::TooOld | Rejection::FromTheFuture);
            // Such a delivery is authentic, so the time that was signed is known.
            let proof = match untimely {
                true => {
                    let verifier = args.verifier(&scheme, &given, true)?;
                    verifier.verify_with(&delivery, &keys, now).ok()
                }
                false => None,
            };
            let signed_at = proof.and_then(|proof| proof.signed_at());
            let age = signed_at.map(|at| age(at, now));
            print_rejection(&verifier, rejection, age, &capture, output)?;
            Ok(Verdict::Invalid)
        }
    }
}

/// A handshake is answered, and is no event.
fn print_handshake(
    verifier: &Verifier,
    reply: &HandshakeReply,
    output: &mut Output,
) -> Result<(), Failure> {
    let headers: Vec<_> = reply.headers().map(|(name, value)| json!([name, value])).collect();
    if output.json() {
        output.object(&json!({
            "verdict": "handshake", "provider": verifier.sender(), "status": reply.status(),
            "headers": headers, "body": reply.body(),
        }))?;
        return Ok(());
    }
    output.line(format!(
        "{} {}: to be answered with {} {}",
        styled(GOOD, "handshake"),
        verifier.sender(),
        reply.status(),
        escape(reply.body()),
    ))?;
    Ok(())
}

/// The age of a signed time in whole seconds; below zero if it lies ahead.
fn age(signed_at: Timestamp, now: Timestamp) -> i64 {
    now.as_unix_millis().saturating_sub(signed_at.as_unix_millis()) / 1000
}

/// An age in words.
fn told(age: i64) -> String {
    match age {
        0.. => format!("{age} s ago"),
        _ => format!("{} s ahead", age.unsigned_abs()),
    }
}

impl Args {
    fn verifier(&self, scheme: &Scheme, given: &Given, any_age: bool) -> Result<Verifier, Failure> {
        let mut builder = given.builder(scheme.clone());
        if any_age {
            builder = builder.danger_any_age();
        }
        builder.build().map_err(Failure::new)
    }

    fn given(&self, scheme: &Scheme) -> Result<Given, Failure> {
        let secrets = match given::may_lack_secret(scheme) {
            true => self.secrets.load_any()?,
            false => self.secrets.load()?,
        };
        Given::read(secrets, &self.keys, &self.settings, self.secrets.key_id.as_ref())
    }

    /// The keys that the delivery needs, out of the files that were given in place of URLs.
    fn fetched(
        &self,
        verifier: &Verifier,
        delivery: &Delivery<'_>,
    ) -> Result<Vec<Arc<KeyDocument>>, Failure> {
        // Why a delivery names no key that can be asked for is told when it is verified.
        let requests = verifier.key_requests(delivery).unwrap_or_default();
        let mut documents = Vec::new();
        for request in requests {
            let mut files = self.keys.fetched.iter().filter(|(url, _)| url == request.url());
            let Some((_, path)) = files.next() else {
                output::note(&format!("the key is at {}; give it with --fetched", request.url()));
                continue;
            };
            let document = request.read(&request::read(path)?);
            documents.push(Arc::new(document.map_err(|error| Failure::file(path, &error))?));
        }
        Ok(documents)
    }

    fn capture(&self) -> Result<Capture, Failure> {
        if let Some(path) = &self.file {
            return capture::parse(&request::read(path)?);
        }
        let body = match &self.body_file {
            Some(path) => request::read(path)?,
            None if self.header.is_empty() => {
                return Err(Failure::new("give a FILE, or --header and --body-file"));
            }
            None => Vec::new(),
        };
        let headers = self.header.iter().map(|(name, value)| (name.clone(), value.clone().into()));
        Ok(Capture {
            method: self.method.clone(),
            url: self.url.clone(),
            headers: headers.collect(),
            body,
        })
    }
}

fn print_proof(
    proof: &Verified,
    delivery: &Delivery<'_>,
    now: Timestamp,
    output: &mut Output,
) -> Result<(), Failure> {
    let age = proof.signed_at().map(|at| age(at, now));
    let coverage = proof.coverage();
    let parts = [
        ("body", coverage.body()),
        ("one field of a form body", coverage.form_field()),
        ("timestamp", coverage.timestamp()),
        ("delivery id header", coverage.delivery_id_header()),
        ("method", coverage.method()),
        ("path and query", coverage.url()),
    ];
    let names = |wanted: bool| {
        let named = parts.iter().filter(|(_, covered)| *covered == wanted);
        let named = named.filter(|(name, _)| wanted || *name != "one field of a form body");
        named.map(|(name, _)| *name).collect::<Vec<_>>()
    };
    let (id, event) = (proof.delivery_id(delivery), proof.event_type(delivery));
    if output.json() {
        output.object(&json!({
            "verdict": "valid",
            "provider": proof.sender(),
            "secret": proof.secret(),
            "signed_at_s": proof.signed_at().map(Timestamp::as_unix_seconds),
            "age_s": age,
            "delivery_id": id,
            "delivery_id_signed": proof.delivery_id_is_signed(),
            "event_type": event,
            "covers": names(true),
            "does_not_cover": names(false),
        }))?;
        return Ok(());
    }
    output.line(format!("{} by {}", styled(GOOD, "valid"), proof.sender()))?;
    output.line(format!("  secret          {}", escape(proof.secret())))?;
    if let (Some(at), Some(age)) = (proof.signed_at(), age) {
        output.line(format!("  signed at       {} ({})", at.as_unix_seconds(), told(age)))?;
    }
    if let Some(id) = id {
        let note = if proof.delivery_id_is_signed() { "signed" } else { "not signed" };
        output.line(format!("  delivery id     {} ({note})", escape(&id)))?;
    }
    if let Some(event) = event {
        output.line(format!("  event type      {}", escape(&event)))?;
    }
    output.line(format!("  covers          {}", names(true).join(", ")))?;
    output.line(format!("  does not cover  {}", names(false).join(", ")))?;
    Ok(())
}

/// Tells the reason with evidence that gives nothing away: no secret, and no tag that was expected.
fn print_rejection(
    verifier: &Verifier,
    rejection: Rejection,
    age: Option<i64>,
    capture: &Capture,
    output: &mut Output,
) -> Result<(), Failure> {
    let digest = const_hex::encode(Sha256::digest(&capture.body));
    let digest = digest.get(..12).unwrap_or_default();
    let names: Vec<_> = capture.headers.iter().map(|(name, _)| escape(name)).collect();
    if output.json() {
        output.object(&json!({
            "verdict": "invalid",
            "provider": verifier.sender(),
            "reason": rejection.code(),
            "detail": rejection.to_string(),
            "age_s": age,
            "headers": Value::from(names),
            "body_bytes": capture.body.len(),
            "body_sha256_start": digest,
        }))?;
        return Ok(());
    }
    output.line(format!("{} {}: {rejection}", styled(BAD, "invalid"), rejection.code()))?;
    output.line(format!("  headers  {}", names.join(", ")))?;
    output.line(format!("  body     {} bytes, SHA-256 {digest}…", capture.body.len()))?;
    if let Some(age) = age {
        let tolerance = verifier.tolerance();
        output.line(format!("  signed   {} (tolerance: {tolerance})", told(age)))?;
    }
    if let Some(hint) = hint(rejection) {
        output.line(format!("  hint     {hint}"))?;
    }
    Ok(())
}

fn hint(rejection: Rejection) -> Option<&'static str> {
    Some(match rejection {
        Rejection::BadSignature => {
            "another secret, or a body that something parsed and wrote anew; compare its length \
             with the sender's log"
        }
        Rejection::TooOld | Rejection::FromTheFuture => {
            "a capture grows old: --any-age leaves the age out, --now sets the clock"
        }
        Rejection::MissingHeader(_) => "is it this sender, and is a secret set on its side?",
        _ => return None,
    })
}
