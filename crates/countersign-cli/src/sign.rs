//! `countersign sign`.

use serde_json::json;

use crate::Verdict;
use crate::failure::Failure;
use crate::output::{self, Output};
use crate::request::{self, RequestArgs};

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
        let (name, body) = request::body_json(&signed.body);
        output.object(&json!({ "url": signed.url, "headers": headers, name: body }))?;
    } else {
        if args.request.makes_sample() {
            // The headers are of no use without the body that they sign.
            let body = String::from_utf8_lossy(&signed.body);
            output::note(&format!("no body was given; a sample is signed: {body}"));
        }
        for (name, value) in &signed.headers {
            output.line(format!("{name}: {value}"))?;
        }
    }
    Ok(Verdict::Valid)
}
