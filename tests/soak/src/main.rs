//! Kills receivers of webhooks while they work, and counts what was lost and doubled.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::large_futures,
    clippy::duplicate_mod,
    reason = "a tool for tests: it prints, ends where it cannot go on, and shares what they share"
)]

mod audit;
mod client;
mod database;
mod fleet;
mod ledger;
mod options;
mod random;
mod report;
mod run;
mod server;
mod witness;
mod worker;

use std::process::ExitCode;

use clap::Parser as _;
use tokio::signal::unix::{SignalKind, signal};

use crate::ledger::now;
use crate::options::{Options, Role};

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    if let Some(Role::Worker(worker)) = options.role {
        return match worker::serve(worker).await {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("a worker cannot serve: {error}");
                ExitCode::FAILURE
            }
        };
    }
    tokio::select! {
        code = soak(&options) => code,
        // What was started is stopped when it is dropped.
        () = stopped() => ExitCode::FAILURE,
    }
}

async fn soak(options: &Options) -> ExitCode {
    let seed = options.seed.unwrap_or_else(|| now() % 1_000_000);
    let mut good = true;
    for kind in options.store.kinds() {
        for mode in kind.modes().iter().copied().filter(|mode| options.mode.has(*mode)) {
            let report = run::run(options, kind, mode, seed).await;
            println!("{report}");
            good &= report.is_good();
        }
    }
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Until someone asks this process to end.
async fn stopped() {
    let signal = |kind| signal(kind).expect("signals can be listened to");
    let mut interrupt = signal(SignalKind::interrupt());
    let mut terminate = signal(SignalKind::terminate());
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}
