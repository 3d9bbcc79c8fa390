//! `countersign send`.

use std::time::Duration;

use countersign_testing::Signed;
use serde_json::json;
use ureq::http::{Request, Uri};

use crate::Verdict;
use crate::failure::Failure;
use crate::output::{self, BAD, GOOD, Output, escape, styled};
use crate::request::{self, RequestArgs};

/// How long one request may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// How much of an answer is shown, in bytes.
const SHOWN: u64 = 4096;

/// Arguments of `countersign send`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The sender's id, or the .toml file of a private scheme.
    provider: String,
    /// Where to send it.
    url: String,
    #[command(flatten)]
    request: RequestArgs,
    /// Send the very same request twice, as a replay.
    #[arg(long)]
    twice: bool,
    /// Print the raw request, byte for byte, and do not send it.
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(args: &Args, output: &mut Output) -> Result<Verdict, Failure> {
    let signed = args.request.sign(&args.provider, &args.url)?;
    if args.dry_run {
        print_request(args, &signed, output)?;
        return Ok(Verdict::Valid);
    }
    let mut verdict = Verdict::Valid;
    for _ in 0..=u8::from(args.twice) {
        if !deliver(args, &signed, output)? {
            verdict = Verdict::Invalid;
        }
    }
    Ok(verdict)
}

/// Sends the request once, and tells whether it was accepted.
fn deliver(args: &Args, signed: &Signed, output: &mut Output) -> Result<bool, Failure> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .user_agent(concat!("countersign/", env!("CARGO_PKG_VERSION")))
        .allow_non_standard_methods(true)
        .build()
        .into();
    let mut request = Request::builder().method(args.request.method.as_str()).uri(&signed.url);
    for (name, value) in &signed.headers {
        request = request.header(name, value);
    }
    let request = request.body(signed.body.as_slice()).map_err(Failure::new)?;
    let answer = agent.run(request).map_err(|error| Failure::new(format!("{}: {error}", args.url)));
    let mut answer = answer?;
    let status = answer.status();
    let body = answer.body_mut().with_config().limit(SHOWN).lossy_utf8(true).read_to_string();
    let body = body.unwrap_or_else(|error| format!("[the answer's body: {error}]"));
    if output.json() {
        output.object(&json!({ "status": status.as_u16(), "body": body }))?;
    } else {
        let style = if status.is_success() { GOOD } else { BAD };
        output
            .line(format!("{} {}", styled(style, &status.to_string()), escape(&body)).trim_end())?;
    }
    if status.is_redirection() {
        output::warning("a redirect; senders do not follow them, so give them the final URL");
    }
    Ok(status.is_success())
}

fn print_request(args: &Args, signed: &Signed, output: &mut Output) -> Result<(), Failure> {
    if output.json() {
        let (name, body) = request::body_json(&signed.body);
        let headers: Vec<_> =
            signed.headers.iter().map(|(name, value)| json!([name, value])).collect();
        output.object(&json!({
            "method": args.request.method, "url": signed.url, "headers": headers, name: body,
        }))?;
        return Ok(());
    }
    // As it would go over the wire, so that `countersign verify` can read it.
    let uri: Uri =
        signed.url.parse().map_err(|error| Failure::new(format!("{}: {error}", signed.url)))?;
    let target = uri.path_and_query().map_or("/", |it| it.as_str());
    let mut head = format!("{} {target} HTTP/1.1\r\n", args.request.method);
    if let Some(authority) = uri.authority() {
        head.push_str(&format!("Host: {authority}\r\n"));
    }
    for (name, value) in &signed.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("Content-Length: {}\r\n\r\n", signed.body.len()));
    output.raw(&[head.as_bytes(), &signed.body].concat())?;
    Ok(())
}
