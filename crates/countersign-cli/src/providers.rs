//! `countersign providers`.

use comfy_table::{Table, TableStyle};
use countersign::{Code, Lookup, Procedure, Scheme, SignatureHeaders, TimestampPlace, catalog};
use serde_json::json;

use crate::Verdict;
use crate::failure::Failure;
use crate::output::{DIM, Output, styled};
use crate::scheme;

/// Arguments of `countersign providers`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The sender to tell all about, or the .toml file of a private scheme.
    provider: Option<String>,
    /// List only senders of this category.
    #[arg(long, conflicts_with = "provider")]
    category: Option<String>,
}

pub(crate) fn run(args: &Args, output: &mut Output) -> Result<Verdict, Failure> {
    if let Some(provider) = &args.provider {
        let scheme = scheme::find(provider)?;
        if output.json() {
            output.object(&serde_json::to_value(&scheme).map_err(Failure::new)?)?;
        } else {
            print_detail(&scheme, output)?;
        }
        return Ok(Verdict::Valid);
    }
    let wanted = |scheme: &&Scheme| {
        args.category.as_ref().is_none_or(|category| scheme.about.category == *category)
    };
    let schemes: Vec<_> = catalog::all().iter().filter(wanted).collect();
    if schemes.is_empty() {
        let mut known: Vec<_> = catalog::all().iter().map(|it| &*it.about.category).collect();
        known.sort_unstable();
        known.dedup();
        return Err(Failure::new(format!("no such category; there are: {}", known.join(", "))));
    }
    if output.json() {
        for scheme in schemes {
            output.object(&serde_json::to_value(scheme).map_err(Failure::new)?)?;
        }
        return Ok(Verdict::Valid);
    }
    let mut table = Table::new();
    table.load_style(TableStyle::new());
    table.set_header(["ID", "NAME", "CATEGORY", "DIGEST", "TOLERANCE", "ID SIGNED", "CONFIDENCE"]);
    for scheme in &schemes {
        table.add_row([
            scheme.id.to_string(),
            scheme.about.name.to_string(),
            scheme.about.category.to_string(),
            word(&scheme.algorithm),
            tolerance(scheme),
            id_signed(scheme).to_owned(),
            scheme.about.confidence.as_str().to_owned(),
        ]);
    }
    output.line(table.to_string())?;
    Ok(Verdict::Valid)
}

fn tolerance(scheme: &Scheme) -> String {
    match (&scheme.timestamp, scheme.tolerance.past()) {
        (None, _) => "no time signed".to_owned(),
        (Some(_), None) => "any age".to_owned(),
        (Some(_), Some(_)) => scheme.tolerance.to_string(),
    }
}

fn judged_by(scheme: &Scheme) -> &'static str {
    match &scheme.procedure {
        Procedure::Jwt(_) => "a JSON Web Token",
        Procedure::Code(Code::Unsigned) => "nothing: nothing is signed",
        Procedure::Code(_) => "code",
        _ => "",
    }
}

fn covers(scheme: &Scheme) -> &'static str {
    let coverage = scheme.coverage();
    if coverage.body() {
        "the body"
    } else if coverage.fields() || coverage.form_field() {
        "some fields of the body"
    } else {
        "nothing of the body"
    }
}

fn id_signed(scheme: &Scheme) -> &'static str {
    match (&scheme.delivery_id, scheme.signs_delivery_id()) {
        (Lookup::Absent, _) => "no id",
        (_, true) => "yes",
        (_, false) => "no",
    }
}

/// The name of an enum's variant, as config files spell it.
fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::Object(fields)) => fields.keys().next().cloned().unwrap_or_default(),
        Ok(value) => value.as_str().unwrap_or_default().to_owned(),
        Err(_) => String::new(),
    }
}

fn print_detail(scheme: &Scheme, output: &mut Output) -> Result<(), Failure> {
    let about = &scheme.about;
    output.line(format!("{} ({})", about.name, scheme.id))?;
    let mut row = |name: &str, text: &str| {
        if text.is_empty() {
            return Ok(());
        }
        output.line(format!("  {} {text}", styled(DIM, &format!("{name:<13}"))))
    };
    row("category", &about.category)?;
    row("page", &about.page)?;
    row("confidence", about.confidence.as_str())?;
    let headers = match &scheme.signature.headers {
        SignatureHeaders::First(names) => names.join(", else "),
        SignatureHeaders::Numbered { prefix, last } => format!("{prefix}1 to {prefix}{last}"),
        SignatureHeaders::Two { first, second, paired } => {
            let pairing = if *paired { " (n-th secret, n-th header)" } else { "" };
            format!("{first}, {second}{pairing}")
        }
        SignatureHeaders::Query(name) => format!("query {name}"),
        SignatureHeaders::Body(pointer) => format!("body {pointer}"),
        SignatureHeaders::FormField(name) => format!("form {name}"),
        _ => String::new(),
    };
    row("signature", &format!("{headers}: {}", scheme::shape(scheme)))?;
    row("judged by", judged_by(scheme))?;
    row("digest", &word(&scheme.algorithm))?;
    row("encoding", &word(&scheme.signature.encoding))?;
    row("signs", &scheme::template(scheme))?;
    row("covers", covers(scheme))?;
    match (scheme.algorithm.is_public(), &scheme.remote_keys) {
        (_, Some(keys)) if keys.url.is_empty() => row("public key", "fetched, or given")?,
        (_, Some(keys)) => row("public key", &format!("fetched from {}, or given", keys.url))?,
        (true, None) => row("public key", "given")?,
        (false, None) => row("secret", &scheme.secret.format.to_string())?,
    }
    let (required, optional) = scheme.settings();
    for (name, settings) in [("needs", required), ("knows", optional)] {
        let names: Vec<_> = settings.iter().map(|it| it.as_str()).collect();
        row(name, &names.join(", "))?;
    }
    if scheme.signs_external_url() {
        row("needs", "external url")?;
    }
    if let Some(handshake) = &scheme.handshake {
        row("handshake", &word(handshake))?;
    }
    if let Some(main) = &about.variant_of {
        row("variant of", main)?;
    }
    if let Some(name) = &scheme.key_id_header {
        row("key id", &format!("header {name}"))?;
    }
    for required in scheme.required_headers.iter() {
        row("requires", &format!("{}: {}", required.name, required.value))?;
    }
    if let Some(source) = &scheme.timestamp {
        let place = match &source.place {
            TimestampPlace::Header(names) => format!("header {}", names.join(", else ")),
            TimestampPlace::Field(name) => format!("field {name} of the signature header"),
            TimestampPlace::FirstItem => "first item of the signature header".to_owned(),
            TimestampPlace::Body(pointer) | TimestampPlace::BodyText(pointer) => {
                format!("body {pointer}")
            }
            TimestampPlace::Query(name) => format!("query {name}"),
            TimestampPlace::FormField(name) => format!("form {name}"),
            _ => String::new(),
        };
        row("timestamp", &format!("{place}, {}", word(&source.format)))?;
    }
    row("tolerance", &tolerance(scheme))?;
    let signed = match id_signed(scheme) {
        "yes" => " (signed)",
        "no" => " (not signed)",
        _ => "",
    };
    row("delivery id", &format!("{}{signed}", scheme::lookup(&scheme.delivery_id)))?;
    let told_by = match &scheme.event_id {
        Lookup::Absent => "the signed content".to_owned(),
        lookup => scheme::lookup(lookup),
    };
    row("told apart by", &told_by)?;
    row("event type", &scheme::lookup(&scheme.event_type))?;
    if let Some(batch) = &scheme.batch {
        let items = if batch.items.is_empty() { "the body" } else { &*batch.items };
        row("batch", &format!("several events in {items}"))?;
    }
    if let Some(bytes) = scheme.max_body {
        row("largest body", &format!("{bytes} bytes"))?;
    }
    if let Some(deadline) = about.deadline {
        row("deadline", &format!("{deadline} s"))?;
    }
    row("retries", &about.retries)?;
    if let Some(seconds) = scheme.retry_horizon {
        row("retry horizon", &format!("{seconds} s"))?;
    }
    if !scheme.reply.retried.is_empty() {
        row("retries upon", &json!(scheme.reply.retried).to_string())?;
    }
    if !scheme.reply.success.is_empty() {
        row("success", &json!(scheme.reply.success).to_string())?;
    }
    if !scheme.reply.never.is_empty() {
        row("never answer", &json!(scheme.reply.never).to_string())?;
    }
    for trap in about.traps.iter() {
        row("trap", trap)?;
    }
    Ok(())
}
