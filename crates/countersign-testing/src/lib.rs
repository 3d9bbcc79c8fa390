//! Signs webhooks as their senders do, so that tests need neither the sender nor a switch that
//! turns verification off.
//!
//! ```
//! use countersign::{catalog, Delivery, Secret, Timestamp, Verifier};
//! use countersign_testing::Signer;
//!
//! let now = Timestamp::from_unix_seconds(1_790_000_000);
//! let signed = Signer::new(&catalog::SLACK, "8f742231b10e8888abcd99yyyzzz85a5")
//!     .unwrap()
//!     .at(now)
//!     .sign("POST", "/hooks/slack", br#"{"type":"event_callback"}"#)
//!     .unwrap();
//!
//! let verifier = Verifier::builder(catalog::SLACK)
//!     .secret(Secret::new("8f742231b10e8888abcd99yyyzzz85a5"))
//!     .build()
//!     .unwrap();
//! let delivery = Delivery::new("POST", "/hooks/slack", &signed.headers, &signed.body);
//! assert!(verifier.verify(&delivery, now).is_ok());
//! ```
//!
//! The [`Signer`] reads the same [`Scheme`](countersign::Scheme) as the engine but shares no code
//! with it: it writes the signed content into one buffer, and calls the digests itself. What both
//! get wrong alike, only [`vectors`] can tell; they come from senders' pages and SDKs.
//!
//! # Features
//!
//! | feature | default | brings |
//! |---|---|---|
//! | `conformance` | no | `conformance`: the suite that an idempotency store has to pass |

#[cfg(feature = "conformance")]
pub mod conformance;
mod signer;
pub mod vectors;

pub use crate::signer::{SignError, Signed, Signer};
