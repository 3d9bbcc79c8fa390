//! An idempotency store for [countersign] in a SQLite file.
//!
//! [`SqliteStore`] keeps one row for each event: claimed, completed or released, as the
//! [contract](countersign::Store) says. [`Inbox`] records events in your own transactions, so that
//! their effects happen once.
//!
//! # What it protects against
//!
//! Events handled twice because the sender retried, because two deliveries came at once to
//! whichever processes of one machine, or because someone replayed one; across restarts, kills and
//! power cuts.
//!
//! # What it does not
//!
//! - A handler that was cut off may have had some of its effects. Only [`Inbox`] undoes them.
//! - A disk that says that something is written when it is not, a file system over a network, and a
//!   file that is copied, replaced or removed under an open store: claims are lost.
//! - Whoever can write to the file can make events handled or not. Whoever can read it sees
//!   digests, times, and what is kept of the answer; no secret, and nothing that the sender sent.
//!   SQLite makes the file with the rights that the process gives to new ones (`umask`).
//! - The system's clock is read once, when a store is opened, and counted on by the steady clock.
//!   If it is set while processes have the file open, they go on as before, and none of them ever
//!   lags behind what is in the file. A process that starts later goes by the new time if it is
//!   later: leases of the others then end early, by as much, once. If it is earlier, it goes on
//!   from the last write: the leases it gives may end early by as long as the others were idle.
//!
//! # How it works
//!
//! One thread writes. What is asked while a transaction is written to the disk shares the next one,
//! so that the disk is waited for once for many. A claim that is refused writes nothing, and waits
//! for no disk. An operation is one message to that thread, whatever comes of it. Any runtime will
//! do, or none.
//!
//! Each operation ends within its [timeout](SqliteStoreBuilder::timeout), 250 ms by default,
//! however long the disk or another process takes; that is what a second thread is for. If its
//! transaction had begun by then it may have happened, and may be repeated; otherwise it is not
//! done.
//!
//! Several processes may use one file. SQLite lets one of them write at a time, and the others try
//! again.
//!
//! # Setting up
//!
//! The tables are made by [`SqliteStoreBuilder::migrate`], in a file of their own or beside those
//! of the application. Expired rows are absent, but stay until they are
//! [purged](countersign::Store::purge): let one or all of your processes
//! [`purge_every`](SqliteStoreBuilder::purge_every) minute or so. The room is used again; the file
//! shrinks only by `VACUUM`. A row takes about 170 bytes without the body of an answer.
//!
//! A backup that is put back has forgotten what came after it. Copy the file with SQLite's
//! `.backup` or `VACUUM INTO`, not as it lies.
//!
//! SQLite is compiled in. A program can have it but once: next to a crate that wants another
//! version of `libsqlite3-sys`, such as `sqlx-sqlite` 0.9, this one does not build.
//!
//! # Example
//!
//! ```no_run
//! use std::time::Duration;
//!
//! use countersign::{Receiver, Verifier};
//! use countersign_sqlite::SqliteStore;
//!
//! # fn example(verifier: Verifier) -> Result<(), Box<dyn std::error::Error>> {
//! let store = SqliteStore::builder()
//!     .migrate(true)
//!     .purge_every(Duration::from_secs(60))
//!     .open("/var/lib/app/events.db")?;
//! let receiver = Receiver::new(verifier, store);
//! # Ok(())
//! # }
//! ```
#![cfg_attr(docsrs, feature(doc_cfg))]

mod builder;
mod clock;
mod error;
mod inbox;
mod ledger;
mod record;
mod schema;
mod slot;
mod store;
mod watch;
mod writer;

pub use crate::builder::SqliteStoreBuilder;
pub use crate::inbox::Inbox;
pub use crate::store::{SqliteStore, Stats};
