//! A webhook to sign: what `send` and `sign` share.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use clap::ValueEnum;
use countersign::{
    Lookup, Part, Place, Scheme, SignatureHeaders, Timestamp, TimestampFormat, TimestampPlace,
};
use countersign_testing::{Signed, Signer};
use serde_json::{Map, Value, json};

use crate::failure::Failure;
use crate::given::SettingArgs;
use crate::scheme;
use crate::secrets::SecretArgs;

/// What to sign, and how.
#[derive(Debug, clap::Args)]
pub(crate) struct RequestArgs {
    #[command(flatten)]
    pub(crate) secrets: SecretArgs,
    #[command(flatten)]
    settings: SettingArgs,
    /// Take the body from this file, byte for byte; `-` is standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "body")]
    body_file: Option<PathBuf>,
    /// Take this text as the body. Without it and --body-file, a sample is made.
    #[arg(long, value_name = "TEXT")]
    body: Option<String>,
    /// The method.
    #[arg(long, default_value = "POST")]
    pub(crate) method: String,
    /// The event type, where the sender tells one.
    #[arg(long, value_name = "TYPE", default_value = "test.event")]
    event: String,
    /// The delivery id, where the sender tells one. Without it, one is made.
    #[arg(long)]
    id: Option<String>,
    /// A further header.
    #[arg(long, value_name = "NAME: VALUE", value_parser = header)]
    header: Vec<(String, String)>,
    /// Sign this time, in seconds since the Unix epoch. By default it is now, or the time inside
    /// a given body where the sender signs that one.
    #[arg(long, value_name = "SECONDS", conflicts_with = "age")]
    time: Option<i64>,
    /// Sign a time this many seconds ago.
    #[arg(long, value_name = "SECONDS", allow_hyphen_values = true)]
    age: Option<i64>,
    /// Change this after signing, so that the request is forged.
    #[arg(long)]
    tamper: Option<Tamper>,
}

/// What to change after signing.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Tamper {
    Body,
    Signature,
    Timestamp,
}

/// Parses `Name: value`.
pub(crate) fn header(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once(':').ok_or("a header is written as `Name: value`")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

/// Reads a file byte for byte; `-` is standard input.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        io::stdin().read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    fs::read(path).map_err(|error| Failure::file(path, &error))
}

/// Now, by the system's clock.
#[expect(clippy::disallowed_methods, reason = "the program is what reads the clock")]
pub(crate) fn now() -> Timestamp {
    SystemTime::now().into()
}

/// Random bytes from the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(Failure::new)?;
    Ok(bytes)
}

/// A body as JSON has it: as text, or in base64 if it is not UTF-8.
pub(crate) fn body_json(body: &[u8]) -> (&'static str, String) {
    match std::str::from_utf8(body) {
        Ok(text) => ("body", text.to_owned()),
        Err(_) => ("body_b64", STANDARD.encode(body)),
    }
}

impl RequestArgs {
    /// Whether the body is a sample.
    pub(crate) fn makes_sample(&self) -> bool {
        self.body.is_none() && self.body_file.is_none()
    }

    /// Signs the request as the sender of `provider` does.
    pub(crate) fn sign(&self, provider: &str, url: &str) -> Result<Signed, Failure> {
        let scheme = scheme::find(provider)?;
        let given = match (&self.body, &self.body_file) {
            (Some(text), _) => Some(text.clone().into_bytes()),
            (None, Some(path)) => Some(read(path)?),
            (None, None) => None,
        };
        let at = match (self.time, self.age) {
            (Some(time), _) => Timestamp::from_unix_seconds(time),
            (None, Some(age)) => Timestamp::from_unix_millis(
                now().as_unix_millis().saturating_sub(age.saturating_mul(1000)),
            ),
            (None, None) => {
                given.as_deref().and_then(|it| own_time(&scheme, it)).unwrap_or_else(now)
            }
        };
        let id = match &self.id {
            Some(id) => id.clone(),
            None => format!("msg_{}", const_hex::encode(random::<12>()?)),
        };
        let body = given.unwrap_or_else(|| sample(&scheme, &self.event, &id, at));
        let secret = self.secrets.load_one()?;
        let mut signer = Signer::new(&scheme, &secret.text)
            .map_err(Failure::new)?
            .at(at)
            .delivery_id(id)
            .event_type(self.event.clone())
            .nonce(STANDARD_NO_PAD.encode(random::<12>()?));
        if let Some(key_id) = &self.secrets.key_id {
            signer = signer.key_id(key_id.clone());
        }
        for (setting, value) in &self.settings.set {
            signer = signer.setting(*setting, value.as_str());
        }
        if let Some(url) = self.settings.called(url) {
            signer = signer.external_url(url);
        }
        let mut further: Vec<_> =
            self.header.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        if !further.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
            further.push(("Content-Type", content_type(&scheme)));
        }
        let mut signed =
            signer.sign_with(&self.method, url, &body, &further).map_err(Failure::new)?;
        match self.tamper {
            None => {}
            Some(Tamper::Body) => match signed.body.last_mut() {
                Some(byte) => *byte ^= 1,
                None => signed.body.push(b'x'),
            },
            Some(Tamper::Signature) => change_signature(&scheme, &mut signed.headers),
            Some(Tamper::Timestamp) => change_timestamp(&scheme, &mut signed.headers)?,
        }
        Ok(signed)
    }
}

/// The content type with which the body is read as the scheme signs it.
fn content_type(scheme: &Scheme) -> &'static str {
    if scheme.signed.contains(&Part::SortedForm) {
        "application/x-www-form-urlencoded"
    } else {
        "application/json"
    }
}

/// The time inside a body, where the sender signs that one.
fn own_time(scheme: &Scheme, body: &[u8]) -> Option<Timestamp> {
    let source = scheme.timestamp.as_ref()?;
    let TimestampPlace::Body(pointer) = &source.place else { return None };
    let number = serde_json::from_slice::<Value>(body).ok()?.pointer(pointer)?.as_i64()?;
    Some(match source.format {
        TimestampFormat::Seconds => Timestamp::from_unix_seconds(number),
        _ => Timestamp::from_unix_millis(number),
    })
}

/// A body with event type, id and time where the sender has them.
fn sample(scheme: &Scheme, event: &str, id: &str, at: Timestamp) -> Vec<u8> {
    let mut body = json!({});
    let mut place = |lookup: &Lookup, text: &str| {
        if let Lookup::First(places) | Lookup::Joined(places) = lookup
            && let Some(Place::Body(pointer)) = places.first()
        {
            set(&mut body, pointer, json!(text));
        }
    };
    place(&scheme.delivery_id, id);
    place(&scheme.event_type, event);
    if let Some(source) = &scheme.timestamp
        && let TimestampPlace::Body(pointer) = &source.place
    {
        let time = match source.format {
            TimestampFormat::Seconds => at.as_unix_seconds(),
            _ => at.as_unix_millis(),
        };
        set(&mut body, pointer, json!(time));
    }
    set(&mut body, "/test", json!(true));
    body.to_string().into_bytes()
}

/// Sets a value at a JSON pointer, making objects on the way.
fn set(body: &mut Value, pointer: &str, value: Value) {
    let mut at = body;
    for token in pointer.split('/').skip(1) {
        if !at.is_object() {
            *at = Value::Object(Map::new());
        }
        let Some(object) = at.as_object_mut() else { return };
        at = object.entry(token.replace("~1", "/").replace("~0", "~")).or_insert(Value::Null);
    }
    *at = value;
}

fn change_signature(scheme: &Scheme, headers: &mut [(String, String)]) {
    let name = match &scheme.signature.headers {
        SignatureHeaders::First(names) => names.first().map_or("", |name| name).to_owned(),
        SignatureHeaders::Two { first, .. } => first.to_string(),
        SignatureHeaders::Numbered { prefix, .. } => format!("{prefix}1"),
        _ => return,
    };
    let found = headers.iter_mut().find(|(it, _)| it.eq_ignore_ascii_case(&name));
    if let Some((_, value)) = found {
        // Eight characters from the end there is signature in every encoding.
        let at = value.len().saturating_sub(8);
        let other = if value.get(at..).is_some_and(|it| it.starts_with('0')) { "1" } else { "0" };
        if value.is_char_boundary(at) && at < value.len() {
            value.replace_range(at..=at, other);
        }
    }
}

fn change_timestamp(scheme: &Scheme, headers: &mut [(String, String)]) -> Result<(), Failure> {
    let none = || Failure::new("the sender signs no timestamp outside its body");
    let source = scheme.timestamp.as_ref().ok_or_else(none)?;
    let (name, start) = match (&source.place, &scheme.signature.headers) {
        (TimestampPlace::Header(names), _) => (names.first(), String::new()),
        (TimestampPlace::Field(key), SignatureHeaders::First(names)) => {
            (names.first(), key.to_string())
        }
        (TimestampPlace::FirstItem, SignatureHeaders::First(names)) => {
            (names.first(), String::new())
        }
        _ => return Err(none()),
    };
    let name = name.ok_or_else(none)?;
    let found = headers.iter_mut().find(|(it, _)| it.eq_ignore_ascii_case(name));
    let (_, value) = found.ok_or_else(none)?;
    let from = value.find(&start).map_or(0, |at| at + start.len());
    let digits = value.get(from..).unwrap_or_default();
    let length = digits.find(|it: char| it.is_ascii_digit()).unwrap_or(0);
    let length = length
        + digits
            .get(length..)
            .and_then(|it| it.find(|it: char| !it.is_ascii_digit()))
            .unwrap_or(digits.len() - length);
    let at = from + length.saturating_sub(1);
    let other = if value.get(at..).is_some_and(|it| it.starts_with('0')) { "1" } else { "0" };
    value.replace_range(at..=at, other);
    Ok(())
}
