//! `countersign`: sends, signs and verifies webhooks, and says why one was refused.
//!
//! It exits with 0 for what is valid, 1 for what is not, and 2 for a mistake in its use.

mod capture;
mod endpoint;
mod failure;
mod given;
mod listen;
mod output;
mod providers;
mod request;
mod scheme;
mod secret;
mod secrets;
mod send;
mod sign;
mod store;
mod vectors;
mod verify;

use std::process::ExitCode;

use clap::{ArgMatches, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::failure::Failure;
use crate::output::Output;

/// Sends, signs and verifies webhooks, and says why one was refused.
///
/// Exits with 0 for what is valid, 1 for what is not, and 2 for a mistake in its use.
#[derive(Debug, Parser)]
#[command(name = "countersign", version, about)]
struct Cli {
    /// Print JSON, one object a line.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Receive webhooks and show each one live.
    Listen(listen::Args),
    /// Sign a webhook as its sender does, and send it.
    Send(send::Args),
    /// Sign a webhook as its sender does, and print its headers.
    Sign(sign::Args),
    /// Verify a captured request, and say why it is refused.
    Verify(verify::Args),
    /// List the known senders, or tell all that is known of one.
    Providers(providers::Args),
    /// Make a secret, or check one.
    Secret(secret::Args),
    /// Run test vectors.
    Vectors(vectors::Args),
}

fn main() -> ExitCode {
    let matches = Cli::command().get_matches();
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let mut output = Output::new(cli.json);
    match run(cli.command, &matches, &mut output) {
        Ok(code) => code.into(),
        Err(failure) => failure.report(),
    }
}

/// Whether what was asked about is valid.
#[derive(Clone, Copy, Debug)]
enum Verdict {
    Valid,
    Invalid,
}

impl From<Verdict> for ExitCode {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Valid => Self::SUCCESS,
            Verdict::Invalid => Self::from(1),
        }
    }
}

fn run(command: Command, matches: &ArgMatches, output: &mut Output) -> Result<Verdict, Failure> {
    match command {
        Command::Listen(args) => {
            // Which secret belongs to which provider is told by the order of the arguments.
            let matches = matches.subcommand_matches("listen");
            listen::run(&args, matches, output)
        }
        Command::Send(args) => send::run(&args, output),
        Command::Sign(args) => sign::run(&args, output),
        Command::Verify(args) => verify::run(&args, output),
        Command::Providers(args) => providers::run(&args, output),
        Command::Secret(args) => secret::run(&args, output),
        Command::Vectors(args) => vectors::run(&args, output),
    }
}
