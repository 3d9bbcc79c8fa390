//! An idempotency store for [countersign] in the memory of one process.
//!
//! [`MemoryStore`] keeps one record for each event: claimed, completed or released, as the
//! [contract](countersign::Store) says.
//!
//! # What it protects against
//!
//! Events handled twice because the sender retried, because two deliveries came at once, or because
//! someone replayed one, as long as this process lives.
//!
//! # What it does not
//!
//! A restart forgets everything: deliveries that verify are then handled again, until their
//! signed time is too old, or for ever if no time is signed. Several processes do not see each
//! other's claims. A store on disk or in a database does both.
//!
//! # Capacity
//!
//! The number of records is a hard limit. A record is kept for the receiver's retention, so a
//! store needs room for as many events as come in that time: 10 a second, kept for 24 hours, are
//! 864,000. About 150 bytes each.
//!
//! When it is full, new events are refused with 503 until a record expires, and the sender retries
//! them. An event that is being handled is never forgotten; that is why this is not a cache, which
//! would make room by forgetting what is used least. [`MemoryStoreBuilder::danger_drop_completed`]
//! allows to forget handled events early.
//!
//! There is no background task: each new event removes a few records that have expired.
//!
//! # Example
//!
//! ```
//! use countersign::{catalog, Receiver, Secret, Verifier};
//! use countersign_memory::MemoryStore;
//!
//! let verifier = Verifier::builder(catalog::STRIPE)
//!     .secret(Secret::new("whsec_It's a Secret to Everybody"))
//!     .build()?;
//! let receiver = Receiver::new(verifier, MemoryStore::new(1_000_000));
//! # Ok::<(), countersign::ConfigError>(())
//! ```
#![cfg_attr(docsrs, feature(doc_cfg))]

mod builder;
mod clock;
mod expiry;
mod index;
mod record;
mod shard;
mod slab;
mod store;
mod sync;

pub use crate::builder::MemoryStoreBuilder;
pub use crate::store::{MemoryStore, Stats};
