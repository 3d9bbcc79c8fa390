//! Fetches and caches the public keys of senders that publish them.
//!
//! Some senders sign with a private key and publish the public one: as a JSON Web Key Set, a
//! certificate at a URL that the delivery names, or a list. The core says which document a delivery
//! needs ([`KeyRequest`](countersign::KeyRequest)); this crate gets it, and keeps it.
//!
//! ```no_run
//! use countersign::{catalog, Setting, Verifier};
//! use countersign_keys::KeyCache;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # #[cfg(feature = "reqwest")] {
//! let verifier = Verifier::builder(catalog::KINDE)
//!     .remote_keys()
//!     .setting(Setting::KeysUrl, "https://acme.kinde.com/.well-known/jwks.json")
//!     .build()?;
//! // Give it to the layer or the middleware with `key_source`.
//! let keys = KeyCache::https()?;
//! # } Ok(()) }
//! ```
//!
//! # What it protects against
//!
//! - **A delivery that names a foreign place.** Only the sender's own hosts are asked: the core holds
//!   each URL against the sender's rules before anything is fetched, and this crate once more refuses
//!   all but `https` on the default port of a named host. No redirect is followed.
//! - **Many deliveries at once.** One document is fetched once at a time, and the others wait for it.
//! - **Made-up keys.** That a key or a document is not there is remembered; a known document is asked for
//!   anew at most once in [a minute](KeyCacheBuilder::refresh_after), and new ones at a bounded
//!   [rate](KeyCacheBuilder::fetches_per_minute).
//! - **A sender that is down.** What was fetched is used for [a day](KeyCacheBuilder::stale_for) longer
//!   than it is fresh, if it cannot be fetched anew. One that [hangs](KeyCacheBuilder::hangs_after) is
//!   left alone for a minute.
//! - **Memory.** Documents are bounded in [size](KeyCacheBuilder::document_bytes) and
//!   [number](KeyCacheBuilder::documents).
//!
//! # What it does not protect against
//!
//! Where deliveries name URLs, a flood of made-up ones uses up the rate at which new documents are asked
//! for: while it lasts, a genuine document that is not known yet is got only if it comes by a permit, and
//! its deliveries are answered so that the sender tries again. Known documents are not held up by it.
//!
//! A key that the sender withdraws is believed until its document is fetched anew: for an
//! [hour](KeyCacheBuilder::fresh_for), or as long as the answer said (at most a day), and longer if the
//! sender cannot be reached. Where a document holds one key without an id, a new one is not noticed sooner
//! either: its deliveries are refused until then. Whoever controls the sender's host or its TLS certificate controls the keys.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod cache;
mod fetch;
#[cfg(feature = "reqwest")]
mod https;
mod rate;
mod safe_url;

pub use crate::cache::{KeyCache, KeyCacheBuilder};
pub use crate::fetch::{Fetch, FetchError, Fetched};
#[cfg(feature = "reqwest")]
#[cfg_attr(docsrs, doc(cfg(feature = "reqwest")))]
pub use crate::https::{ClientError, Https};
