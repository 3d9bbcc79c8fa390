//! An idempotency store for [countersign] in PostgreSQL.
//!
//! [`PostgresStore`] keeps one row for each event: claimed, completed or released, as the
//! [contract](countersign::Store) says. [`Inbox`] records events in your own transactions, so that
//! their effects happen once.
//!
//! # What it protects against
//!
//! Events handled twice because the sender retried, because two deliveries came at once to
//! whichever processes, or because someone replayed one; across restarts.
//!
//! # What it does not
//!
//! - A handler that was cut off may have had some of its effects. Only [`Inbox`] undoes them.
//! - A server that loses commits loses claims: with `synchronous_commit = off` or a failover to an
//!   asynchronous replica, the last ones, which are then handled again.
//! - Whoever can write to the table can make events handled or not. The row of an event holds
//!   digests, times and what is kept of the answer; no secret, and nothing that the sender sent.
//! - **Connections are not encrypted** unless the feature `rustls` is on and the URL says
//!   `sslmode=require`.
//!
//! # How it works
//!
//! Each operation is one statement, a call of a function in the schema, and one round trip,
//! whatever comes of it. Statements are not prepared under a name, so that PgBouncer in transaction
//! mode may be in between. The functions are plain SQL in a loop: who lost a race is told what the
//! winner did.
//!
//! All times are the server's. What an operation may take is bounded here, and what it may wait for
//! another transaction also by the server. An operation that was given up may have happened; it may
//! be repeated.
//!
//! Transactions must be `READ COMMITTED`, the default.
//!
//! # Setting up
//!
//! PostgreSQL 11 or later; tested with 15. The schema is made by
//! [`PostgresStoreBuilder::migrate`], by one role, and used by the same or another:
//!
//! ```sql
//! GRANT USAGE ON SCHEMA countersign TO app;
//! GRANT SELECT, INSERT, UPDATE, DELETE ON countersign.delivery TO app;
//! GRANT SELECT ON countersign.migration TO app;
//! ```
//!
//! Expired rows are absent, but stay until they are [purged](countersign::Store::purge): let one or
//! all of your processes [`purge_every`](PostgresStoreBuilder::purge_every) minute or so. A row
//! takes about 330 bytes, its indexes included and without the body of an answer; a third more until
//! the table is first vacuumed.
//!
//! # Example
//!
//! ```no_run
//! use std::time::Duration;
//!
//! use countersign::{Receiver, Verifier};
//! use countersign_postgres::PostgresStore;
//!
//! # async fn example(verifier: Verifier, url: &str) -> Result<(), Box<dyn std::error::Error>> {
//! let store = PostgresStore::builder()
//!     .migrate(true)
//!     .purge_every(Duration::from_secs(60))
//!     .connect(url)
//!     .await?;
//! let receiver = Receiver::new(verifier, store);
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//!
//! | feature | on by default | adds |
//! |---|---|---|
//! | `rustls` | no | encrypted connections, by rustls with ring |
//! | `sqlx` | no | [`Inbox`] for transactions of sqlx 0.9; Rust 1.94 |
#![cfg_attr(docsrs, feature(doc_cfg))]

mod builder;
mod connections;
mod error;
mod inbox;
mod row;
mod schema;
mod store;
mod time;
#[cfg(feature = "rustls")]
mod tls;
mod work;

pub use crate::builder::PostgresStoreBuilder;
pub use crate::inbox::{InTransaction, Inbox};
pub use crate::store::{PostgresStore, Stats};
