//! What the command line says.

use std::fmt;
use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

/// Kills receivers of webhooks while they work, and counts what was lost and doubled.
///
/// Two workers share a store and serve signed deliveries over loopback. Each event is sent several
/// times, until it is acknowledged; workers are killed at random, mostly while they handle something,
/// and the store's server now and then. Exits with 1 if an event was lost, or doubled without excuse.
#[derive(Debug, Parser)]
#[command(name = "soak", version)]
pub(crate) struct Options {
    /// How long to kill, for each store and mode.
    #[arg(long, default_value_t = 1.0)]
    pub(crate) minutes: f64,
    /// Stops earlier, once so many workers were killed.
    #[arg(long)]
    pub(crate) kills: Option<u64>,
    #[arg(long, value_enum, default_value_t = StoreChoice::All)]
    pub(crate) store: StoreChoice,
    #[arg(long, value_enum, default_value_t = ModeChoice::All)]
    pub(crate) mode: ModeChoice,
    /// Repeats what was chosen at random. When what happens is up to the system all the same.
    #[arg(long)]
    pub(crate) seed: Option<u64>,
    /// Kills the store's server once in so many seconds; 0 is never.
    #[arg(long, default_value_t = 15.0)]
    pub(crate) server_every: f64,
    /// How often a worker is stopped for longer than a lease in place of being killed, in a hundred
    /// times.
    #[arg(long, default_value_t = 4)]
    pub(crate) pauses: u64,
    /// How many events are under way at once.
    #[arg(long, default_value_t = 12)]
    pub(crate) senders: usize,
    /// Breaks the workers, to see that it is noticed.
    #[arg(long = "break", value_enum, hide = true)]
    pub(crate) broken: Option<Break>,
    #[command(subcommand)]
    pub(crate) role: Option<Role>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Role {
    /// What is killed.
    #[command(hide = true)]
    Worker(WorkerOptions),
}

#[derive(Debug, Parser)]
pub(crate) struct WorkerOptions {
    #[arg(long, value_enum)]
    pub(crate) store: StoreKind,
    #[arg(long, value_enum)]
    pub(crate) mode: Mode,
    /// Where the store is.
    #[arg(long)]
    pub(crate) at: String,
    #[arg(long)]
    pub(crate) ledger: PathBuf,
    #[arg(long)]
    pub(crate) lease_ms: u64,
    #[arg(long)]
    pub(crate) seed: u64,
    #[arg(long = "break", value_enum)]
    pub(crate) broken: Option<Break>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum StoreKind {
    Postgres,
    Sqlite,
    Redis,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Mode {
    /// Effects are in the transaction that records the event, as its first or its last statement.
    Transactional,
    /// Effects are elsewhere, under a claim with a lease.
    Lease,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Break {
    /// Nothing keeps events from being handled twice.
    Once,
    /// Events are acknowledged before their effects have happened.
    Early,
    /// Who was taken over commits all the same.
    Fence,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum StoreChoice {
    Postgres,
    Sqlite,
    Redis,
    All,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum ModeChoice {
    Transactional,
    Lease,
    All,
}

impl StoreChoice {
    pub(crate) fn kinds(self) -> Vec<StoreKind> {
        match self {
            Self::Postgres => vec![StoreKind::Postgres],
            Self::Sqlite => vec![StoreKind::Sqlite],
            Self::Redis => vec![StoreKind::Redis],
            Self::All => StoreKind::value_variants().to_vec(),
        }
    }
}

impl ModeChoice {
    pub(crate) const fn has(self, mode: Mode) -> bool {
        match self {
            Self::All => true,
            Self::Transactional => matches!(mode, Mode::Transactional),
            Self::Lease => matches!(mode, Mode::Lease),
        }
    }
}

impl StoreKind {
    /// Those that it has: a store that is no database of the application has no transactions.
    pub(crate) const fn modes(self) -> &'static [Mode] {
        match self {
            Self::Postgres | Self::Sqlite => &[Mode::Transactional, Mode::Lease],
            Self::Redis => &[Mode::Lease],
        }
    }
}

macro_rules! named {
    ($($kind:ty),*) => {$(
        impl fmt::Display for $kind {
            /// As it is on the command line.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.to_possible_value().map_or(Ok(()), |value| f.write_str(value.get_name()))
            }
        }
    )*};
}

named!(StoreKind, Mode, Break, StoreChoice, ModeChoice);
