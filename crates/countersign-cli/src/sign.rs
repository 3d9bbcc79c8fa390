//! `countersign sign`.

use serde_json::{Value, json};

use crate::Verdict;
use crate::failure::Failure;
use crate::output::Output;
use crate::request::RequestArgs;

/// Arguments of `countersign sign`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The sender's id, or the .toml file of a private scheme.
    provider: String,
    /// The URL it would be sent to, for senders that sign it.
    #[arg(long, default_value = "/")]
    url: String,
    #[command(flatten)]
    request: RequestArgs,
}

pub(crate) fn run(args: &Args, output: &mut Output) -> Result<Verdict, Failure> {
    let signed = args.request.sign(&args.provider, &args.url)?;
    if output.json() {
        let headers: Vec<_> =
            signed.headers.iter().map(|(name, value)| json!([name, value])).collect();
        let body = String::from_utf8(signed.body).map_or(Value::Null, Value::String);
        output.object(&json!({ "headers": headers, "body": body }))?;
    } else {
        for (name, value) in &signed.headers {
            output.line(format!("{name}: {value}"))?;
        }
    }
    Ok(Verdict::Valid)
}
