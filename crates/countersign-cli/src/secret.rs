//! `countersign secret`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Subcommand;
use countersign::{Scheme, Secret, SecretFormat, Verifier};
use serde_json::json;

use crate::Verdict;
use crate::failure::Failure;
use crate::output::{self, BAD, GOOD, Output, styled};
use crate::request::random;
use crate::scheme;
use crate::secrets::SecretArgs;

/// Arguments of `countersign secret`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print a fresh secret in the form of a sender's secrets.
    New {
        /// The sender's id, or the .toml file of a private scheme.
        provider: String,
    },
    /// Tell what is wrong with a secret.
    Lint {
        /// The sender's id, or the .toml file of a private scheme.
        provider: String,
        #[command(flatten)]
        secrets: SecretArgs,
    },
}

pub(crate) fn run(args: &Args, output: &mut Output) -> Result<Verdict, Failure> {
    match &args.command {
        Command::New { provider } => {
            let secret = fresh(&scheme::find(provider)?)?;
            if output.json() {
                output.object(&json!({ "provider": provider, "secret": secret }))?;
            } else {
                output.line(secret)?;
            }
            Ok(Verdict::Valid)
        }
        Command::Lint { provider, secrets } => lint(provider, secrets, output),
    }
}

/// A fresh secret of 32 random bytes, in the form of the sender's secrets.
pub(crate) fn fresh(scheme: &Scheme) -> Result<String, Failure> {
    let bytes = random::<32>()?;
    let hex = const_hex::encode(bytes);
    Ok(match scheme.secret.format {
        SecretFormat::Base64 => STANDARD.encode(bytes),
        SecretFormat::Whsec | SecretFormat::WhsecOrText => {
            format!("whsec_{}", STANDARD.encode(bytes))
        }
        SecretFormat::VersionedWhsec => format!("v1,whsec_{}", STANDARD.encode(bytes)),
        SecretFormat::AppKeyAndText => {
            format!("app-{}:{hex}", const_hex::encode(random::<4>()?))
        }
        SecretFormat::UserAndPassword => format!("countersign:{hex}"),
        // Stripe's look like base64 but are text.
        _ if scheme.id == "stripe" => format!("whsec_{hex}"),
        _ => hex,
    })
}

fn lint(provider: &str, secrets: &SecretArgs, output: &mut Output) -> Result<Verdict, Failure> {
    let mut builder = Verifier::builder(scheme::find(provider)?);
    for found in secrets.load()? {
        builder = builder.secret(Secret::new(found.text).label(found.label));
    }
    // The key id is not what is linted.
    let needs_key_id = scheme::find(provider)?.key_id_header.is_some();
    if needs_key_id {
        builder = builder.key_id(secrets.key_id.clone().unwrap_or_else(|| "key".to_owned()));
    }
    let (problem, warnings) = match builder.build() {
        Ok(verifier) => {
            (None, verifier.warnings().iter().map(ToString::to_string).collect::<Vec<_>>())
        }
        Err(error) => (Some(error.to_string()), Vec::new()),
    };
    if output.json() {
        output.object(&json!({
            "provider": provider, "usable": problem.is_none(), "problem": problem,
            "warnings": warnings,
        }))?;
    } else {
        match &problem {
            Some(problem) => output.line(format!("{} {problem}", styled(BAD, "unusable")))?,
            None => output.line(styled(GOOD, "usable"))?,
        }
        for warning in &warnings {
            output::warning(warning);
        }
    }
    Ok(if problem.is_some() { Verdict::Invalid } else { Verdict::Valid })
}
