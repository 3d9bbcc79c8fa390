//! Verifies inbound webhooks.
//!
//! A server that accepts webhooks must know that each delivery is **authentic** (the sender
//! signed it) and **fresh** (the signed time lies within a tolerance). This crate checks both for
//! the senders of its [catalogue](catalog), and for private ones described as data. It knows no
//! framework, starts no thread, reads no clock and does no I/O: give it the bytes and the time,
//! and it answers with a [proof](Verified) or with a [reason](Rejection).
//!
//! With a [store](Store), each event is also **handled once**: see [`Receiver`].
//!
//! Most applications use it through an adapter: `countersign-axum` (extractors, and the layer of
//! `countersign-tower` for any tower service) or `countersign-actix`.
//!
//! # Example
//!
//! ```
//! use countersign::{catalog, Delivery, Secret, Timestamp, Verifier};
//!
//! let verifier = Verifier::builder(catalog::STRIPE)
//!     .secret(Secret::new("whsec_dozIb1BQq7mi7KtO0AQUAB86FdKwHIQX").label("2026-11"))
//!     .build()?;
//!
//! # let (method, url) = ("POST", "/hooks/stripe");
//! # let headers = [("stripe-signature", "t=1,v1=00")];
//! # let body = b"{}";
//! # let now = Timestamp::from_unix_seconds(1);
//! match verifier.verify(&Delivery::new(method, url, &headers, body), now) {
//!     Ok(proof) => println!("signed by the secret {}", proof.secret()),
//!     Err(rejection) => println!("answer {}, log {rejection}", verifier.status(rejection)),
//! }
//! # Ok::<(), countersign::ConfigError>(())
//! ```
//!
//! # What it does not do
//!
//! - A [`Verifier`] remembers nothing. A [`Receiver`] does, in a [`Store`]: it claims each event before it
//!   is handled and completes the claim after. The stores are crates of their own, such as
//!   `countersign-memory`.
//! - It does not read the body before you have it: use [`Verifier::precheck`] first, limit the
//!   body, then call [`Verifier::verify`] on the bytes as they came over the wire, before anything
//!   decompresses, decodes or parses them.
//! - It does not check where a delivery came from: no address lists, no client certificates.
//!
//! # Features
//!
//! | feature | default | what for |
//! |---|---|---|
//! | `http` | yes | [`Headers`] for `http::HeaderMap` |
//! | `json` | yes | ids, types and timestamps inside a JSON body; [`Receiver`], whose keys need them |
//! | `rfc3339` | yes | timestamps in RFC 3339 |
//! | `form` | yes | senders that sign a form or the query, or put their signature there (Twilio, Gitea) |
//! | `gzip` | no | senders that sign the body before they compress it (Stream) |
//! | `md5` | no | MD5 (Patreon, Payfast) |
//! | `nfkd` | no | secrets in normalisation form KD (EasyPost) |
//! | `serde` | no | read and write a [`Scheme`] |
//!
//! A sender whose feature is off is refused by [`VerifierBuilder::build`] with the feature's name.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod builder;
pub mod catalog;
mod check;
mod code;
mod config_error;
mod content;
mod decode;
mod delivery;
mod envelope;
mod external_url;
mod form;
mod handshake;
mod json;
mod judge;
#[cfg(feature = "jwt")]
mod jws;
#[cfg(feature = "jwt")]
mod jwt;
mod key;
mod keyring;
mod lookup;
mod mac;
mod outside;
mod procedure;
mod public_key;
#[cfg(feature = "json")]
mod receiver;
mod rejection;
mod remote_keys;
mod scheme;
mod secret;
mod secret_source;
mod setting;
mod store;
#[cfg(feature = "http-signatures")]
mod structured;
mod time;
mod timer;
mod verified;
mod verify;
#[cfg(feature = "x509")]
mod x509;

pub use crate::builder::VerifierBuilder;
pub use crate::check::{Check, Checked};
pub use crate::config_error::{ConfigError, KeyProblem, Warning};
pub use crate::delivery::{Delivery, Head, Headers};
pub use crate::handshake::{HandshakeReply, MAX_HANDSHAKE_BODY, Received};
pub use crate::key::{Key, KeySource};
pub use crate::public_key::PublicKey;
#[cfg(feature = "json")]
#[cfg_attr(docsrs, doc(cfg(feature = "json")))]
pub use crate::receiver::{
    Admission, BatchError, Claim, Claims, ContentPolicy, Counts, Declined, Duplicate,
    DuplicateKind, Held, Identity, InFlightPolicy, Item, Receiver, ReceiverBuilder, ReceiverError,
    Unsettled,
};
pub use crate::rejection::{HeaderRole, Rejection};
pub use crate::remote_keys::{
    DynRemoteKeySource, KeyDocument, KeyError, KeyFuture, KeyRequest, MAX_DOCUMENT, RemoteKeySource,
};
pub use crate::scheme::{
    About, Algorithm, Batch, BodyForm, ClaimRule, ClaimValue, Code, Confidence, Coverage, Echo,
    EmptyBody, Encoding, Handshake, JwtRules, KeyForm, List, Lookup, Mark, Pairs, Part, Place,
    Procedure, RemoteKeys, Reply, RequiredHeader, Scheme, SchemeError, SecretFormat, SecretRules,
    Separator, Signature, SignatureHeaders, Syntax, Text, TimestampPlace, TimestampSource,
    TokenPlace, TokenTimes, WrongSecret,
};
pub use crate::secret::{Secret, SecretProblem};
pub use crate::secret_source::{
    DynSecretSource, MAX_HINT, MAX_TENANTS, SecretSource, SourceError, SourceFuture,
};
pub use crate::setting::{Setting, UnknownSetting};
pub use crate::store::{
    Answer, ClaimOutcome, ClaimRequest, CompleteOutcome, Completion, Content, DynStore,
    ExtendOutcome, LeftToHandler, MAX_STORED_BODY, NoStore, NotCompleted, Once, OpenClaim,
    ReleaseOutcome, Seen, SharedStore, Store, StoreError, StoreErrorKind, StoreFuture, Token,
    ceil_millis,
};
pub use crate::time::{Timestamp, TimestampFormat, Tolerance};
pub use crate::timer::{NoTimer, Timer, within};
pub use crate::verified::Verified;
pub use crate::verify::Verifier;

/// How many signatures of one delivery are looked at; a delivery that presents more is refused.
///
/// DocuSign may send one in each of a hundred headers.
pub const MAX_SIGNATURES: usize = 128;

/// How many secrets one verifier may have.
pub const MAX_SECRETS: usize = 8;
