//! `countersign secret`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Subcommand;
use countersign::{Scheme, SecretFormat};
use serde_json::json;

use crate::Verdict;
use crate::failure::Failure;
use crate::given::{self, Given, KeyArgs, SettingArgs};
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
#[expect(clippy::large_enum_variant, reason = "there is one, and it is read once")]
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
        #[command(flatten)]
        keys: KeyArgs,
        #[command(flatten)]
        settings: SettingArgs,
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
        Command::Lint { provider, secrets, keys, settings } => {
            let scheme = scheme::find(provider)?;
            let loaded = match given::may_lack_secret(&scheme) {
                true => secrets.load_any()?,
                false => secrets.load()?,
            };
            let given = Given::read(loaded, keys, settings, secrets.key_id.as_ref())?;
            lint(provider, &scheme, given, output)
        }
    }
}

/// A fresh secret of 32 random bytes, in the form of the sender's secrets.
pub(crate) fn fresh(scheme: &Scheme) -> Result<String, Failure> {
    if scheme.algorithm.is_public() {
        return Err(Failure::new(
            "the sender signs with a private key of its own; its public key is on its page",
        ));
    }
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

fn lint(
    provider: &str,
    scheme: &Scheme,
    mut given: Given,
    output: &mut Output,
) -> Result<Verdict, Failure> {
    // The key id is not what is linted.
    if scheme.key_id_header.is_some() && !scheme.algorithm.is_public() && given.key_id.is_none() {
        given.key_id = Some("key".to_owned());
    }
    let (problem, warnings) = match given.builder(scheme.clone()).build() {
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
