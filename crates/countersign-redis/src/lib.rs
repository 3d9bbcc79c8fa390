//! An idempotency store for [countersign] in Redis.
//!
//! [`RedisStore`] keeps one key for each event: claimed, completed or released, as the
//! [contract](countersign::Store) says.
//!
//! # What it protects against
//!
//! Events handled twice because the sender retried, because two deliveries came at once to
//! whichever processes, or because someone replayed one.
//!
//! # What it does not
//!
//! - A handler that was cut off may have had some of its effects. Only a database that also has the
//!   effects can undo them: see `countersign-postgres` and `countersign-sqlite`.
//! - **A server that loses what it acknowledged** loses claims and completions, whose events are
//!   then handled again. By default Redis writes to disk now and then (RDB), so that a crash loses
//!   minutes; with `appendonly yes`, about a second; with `appendfsync always` too, nothing.
//!   Replication is asynchronous: a failover loses the last writes whatever is on disk, and
//!   [`wait_for_replicas`](RedisStoreBuilder::wait_for_replicas) makes that less likely, not
//!   impossible. This is no lock for what must never happen twice.
//! - **A server that evicts** records when its memory is full. Such a one is refused, unless
//!   [told otherwise](RedisStoreBuilder::danger_allow_eviction). One that is full and may not evict
//!   declines new events, and the sender tries again; what was begun can still be extended,
//!   released and completed, for which it takes the little memory that is needed beyond its limit.
//! - Whoever can write to the server can make events handled or not. Whoever can read it sees
//!   digests, times, and what is kept of the answer; no secret, and nothing that the sender sent.
//! - **Connections are not encrypted** unless the feature `rustls` is on and the URL begins with
//!   `rediss:`.
//!
//! # How it works
//!
//! Each operation is one script on one key, called by its digest, and one round trip, whatever
//! comes of it; so any cluster will do. A server that was just started learns the text of each
//! script by a second. Expired records are dropped by the server. A record takes about 250 bytes of
//! memory without the body of an answer.
//!
//! A connection that is lost is made anew. On Linux, so is one whose server has acknowledged
//! nothing for 5 seconds: it may have been replaced by another under its name.
//!
//! All times are the server's. If its clock is set back, leases last longer by as much; if it is
//! set forward, they end early. An operation that was given up may have happened; it may be
//! repeated.
//!
//! # Setting up
//!
//! Redis 6.2 or later, or what understands its scripts; tested with 7.0. The user needs `EVAL`,
//! `EVALSHA`, `GET`, `SET`, `SETRANGE`, `PTTL`, `PEXPIRE`, `DEL` and `TIME`, and `INFO` at the
//! start; and `WAIT` if replicas are waited for:
//!
//! ```text
//! ACL SETUSER app on >PASSWORD ~countersign:* +@read +@write +@scripting +time +info
//! ```
//!
//! # Example
//!
//! ```no_run
//! use countersign::{Receiver, Verifier};
//! use countersign_redis::RedisStore;
//!
//! # async fn example(verifier: Verifier, url: &str) -> Result<(), Box<dyn std::error::Error>> {
//! let store = RedisStore::connect(url).await?;
//! let receiver = Receiver::new(verifier, store);
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//!
//! | feature | on by default | adds |
//! |---|---|---|
//! | `rustls` | no | encrypted connections (`rediss://`), by rustls with ring |
//! | `cluster` | no | connections to a cluster, for [`RedisStoreBuilder::with_connection`] |
#![cfg_attr(docsrs, feature(doc_cfg))]

mod builder;
mod error;
mod found;
mod scripts;
mod store;
mod time;

pub use crate::builder::RedisStoreBuilder;
pub use crate::store::{RedisStore, Stats};
