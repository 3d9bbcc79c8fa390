//! The servers of the stores: each run has one of its own.

use std::path::Path;

use countersign_store_tests::{postgres, redis};

use crate::options::StoreKind;

/// Redis writes what it was told to its log, and lets the system write that to the disk once a second:
/// it may forget what it had acknowledged.
const APPEND_ONLY: [&str; 4] = ["--appendonly", "yes", "--appendfsync", "everysec"];

/// Where a store is, and what can be killed of it.
pub(crate) enum Server {
    Postgres(postgres::Server),
    Redis(redis::Server),
    /// A file has none.
    None {
        at: String,
    },
}

impl Server {
    pub(crate) fn start(kind: StoreKind, folder: &Path) -> Self {
        match kind {
            StoreKind::Postgres => Self::Postgres(postgres::Server::start()),
            StoreKind::Redis => Self::Redis(redis::Server::start_with(&APPEND_ONLY)),
            StoreKind::Sqlite => {
                Self::None { at: folder.join("soak.db").to_string_lossy().into_owned() }
            }
        }
    }

    /// What workers are told.
    pub(crate) fn at(&self) -> String {
        match self {
            Self::Postgres(server) => server.url(),
            Self::Redis(server) => server.url(),
            Self::None { at } => at.clone(),
        }
    }

    pub(crate) const fn can_be_killed(&self) -> bool {
        !matches!(self, Self::None { .. })
    }

    /// Whether it may forget what it had acknowledged when it is killed.
    pub(crate) const fn is_forgetful(&self) -> bool {
        match self {
            Self::Redis(_) => true,
            Self::Postgres(_) | Self::None { .. } => false,
        }
    }

    /// Ends it at once.
    pub(crate) fn kill(&mut self) {
        match self {
            Self::Postgres(server) => server.stop_at_once(),
            Self::Redis(server) => server.kill(),
            Self::None { .. } => {}
        }
    }

    /// Starts it again, with what is on the disk.
    pub(crate) fn run(&mut self) {
        match self {
            Self::Postgres(server) => server.run(),
            Self::Redis(server) => server.run(),
            Self::None { .. } => {}
        }
    }
}
