//! A [tower](https://docs.rs/tower) layer that lets only verified webhooks through.
//!
//! # What it protects against
//!
//! Forged and changed deliveries, replays of old ones, bodies without end, and senders that never
//! finish. Signatures are checked as the sender's [`Scheme`](countersign::Scheme) says, with its
//! specification cited in the catalogue entry.
//!
//! # When a request is let through
//!
//! 1. `Content-Length`, if there is one, does not exceed the limit.
//! 2. [`Verifier::precheck`](countersign::Verifier::precheck) passes: required headers, a
//!    well-formed signature, a timestamp within the tolerance. Until here not a byte of the body is
//!    read.
//! 3. The body arrives whole, within the limit and the read timeout. Whatever `Content-Length`
//!    claims, memory is taken only for bytes that came.
//! 4. [`Verifier::verify`](countersign::Verifier::verify) accepts it.
//!
//! The inner service then gets the request with the very [`Bytes`](bytes::Bytes) that were verified
//! as its [body](VerifiedBody), trailers kept, and with the proof,
//! [`Verified`](countersign::Verified), in its extensions.
//!
//! # What a refusal looks like
//!
//! The sender sees a status and an empty body: 401 for everything that concerns authenticity or
//! freshness (or the one that the sender insists on), 413 for a body that is too long, 408 for one
//! that is too slow, 400 for one that breaks off. The operator finds the
//! [`Rejection`](countersign::Rejection) in the response's extensions, and in a `tracing` event with
//! the target `countersign` and the fields `webhook.provider`, `webhook.reason` and
//! `webhook.detail`. Nothing that a sender sent is logged.
//!
//! # Deployment caveats
//!
//! - Put the layer outside whatever decompresses, decodes or parses bodies: the bytes must be the
//!   ones that came over the wire.
//! - A proxy that rewrites the path breaks the few schemes that sign it. So does axum's
//!   `Router::nest`, which takes its prefix off the path of the routes inside: for those senders, put
//!   the layer around the nest.
//! - axum's `DefaultBodyLimit` of 2 MiB still applies to extractors behind the layer; raise it along
//!   with [`VerifyLayer::body_limit`], or use `countersign_axum::Event`.
//! - hyper drops a request when its client hangs up, and the inner service's future with it.
//! - Deliveries are not remembered: one that was accepted is accepted again within the tolerance.
//! - Two layers may be stacked, for a sender that signs twice: the second sees the same bytes, and
//!   the proof of the inner one is in the extensions.
//!
//! # Example
//!
//! ```
//! use bytes::Bytes;
//! use countersign::{catalog, Rejection, Secret, Verifier};
//! use countersign_tower::{VerifiedBody, VerifyLayer};
//! use http::{Request, Response};
//! use http_body_util::Full;
//! use tower::{service_fn, Layer as _, ServiceExt as _};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let github = Verifier::builder(catalog::GITHUB)
//!     .secret(Secret::new("It's a Secret to Everybody"))
//!     .build()?;
//! let handler = service_fn(async |request: Request<VerifiedBody>| {
//!     Ok::<_, std::convert::Infallible>(Response::<Full<Bytes>>::default())
//! });
//! let service = VerifyLayer::new(github).layer(handler);
//!
//! // GitHub's own example:
//! // https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
//! let request = |body: &'static str| {
//!     Request::post("/hooks/github")
//!         .header(
//!             "X-Hub-Signature-256",
//!             "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
//!         )
//!         .body(Full::new(Bytes::from(body)))
//! };
//! let accepted = service.clone().oneshot(request("Hello, World!")?).await?;
//! assert_eq!(accepted.status(), 200);
//!
//! let refused = service.oneshot(request("Hello, World?")?).await?;
//! assert_eq!(refused.status(), 401);
//! assert_eq!(refused.extensions().get(), Some(&Rejection::BadSignature));
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//!
//! | feature | default | what for |
//! |---|---|---|
//! | `tokio` | yes | the read timeout; without it, or outside a tokio runtime, there is none |
#![cfg_attr(docsrs, feature(doc_cfg))]

mod answers;
mod body;
mod config;
mod future;
mod handling;
mod layer;
mod once;
mod read;
mod runtime;
mod service;

pub use crate::answers::{Answers, SmallBodies, StatusOnly};
pub use crate::body::VerifiedBody;
pub use crate::future::ResponseFuture;
pub use crate::handling::{Handling, PermanentFailure};
pub use crate::layer::VerifyLayer;
pub use crate::service::Verify;
