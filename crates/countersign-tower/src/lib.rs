//! A [tower](https://docs.rs/tower) layer that lets only verified webhooks through, and each event
//! once.
//!
//! # What it protects against
//!
//! Forged and changed deliveries, replays of old ones, bodies without end, and senders that never
//! finish; with a [`Receiver`](countersign::Receiver), events that are handled twice or lost because
//! of retries, replays, failures, panics and clients that hang up. Signatures are checked as the sender's [`Scheme`](countersign::Scheme) says, with its
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
//! With a `Receiver`, what follows happens in a task of its own, so that a client that hangs up does
//! not stop it:
//!
//! 5. The event is [named](countersign::Claims::identify) by what is signed and
//!    [claimed](countersign::Claims::admit). A duplicate gets the answer that was given, one whose
//!    event is in flight is told to come again.
//! 6. The inner service is called, with [`Handling`] in the extensions too. Meanwhile the lease is
//!    extended; at the handler's deadline it is dropped.
//! 7. A 2xx completes the claim. Anything else, a panic among it, releases it for the sender's next
//!    attempt.
//!
//! # What a refusal looks like
//!
//! The sender sees a status and an empty body: 401 for everything that concerns authenticity or
//! freshness (or the one that the sender insists on), 413 for a body that is too long, 408 for one
//! that is too slow, 400 for one that breaks off. The operator finds the
//! [`Rejection`](countersign::Rejection) in the response's extensions, and in a `tracing` event with
//! the target `countersign` and the fields `webhook.provider`, `webhook.reason` and
//! `webhook.detail`. Nothing that a sender sent is
//! logged; the reason of a [`PermanentFailure`] is the handler's.
//!
//! An event that is not handled now is answered as
//! [`Declined::status`](countersign::Declined::status) says: 2xx and `Idempotent-Replayed: true` for a
//! duplicate, 409 for one in flight, 503 if the store is down or full, each of the latter with
//! `Retry-After`. An `Arc<Declined>` is then in the response's extensions.
//!
//! # Deployment caveats
//!
//! - Put the layer outside whatever decompresses, decodes or parses bodies: the bytes must be the
//!   ones that came over the wire.
//! - A proxy that rewrites the path breaks the few schemes that sign it. So does axum's
//!   `Router::nest`, which takes its prefix off the path of the routes inside: for those senders, put
//!   the layer around the nest.
//! - Senders that sign the whole URL sign the one that they called: say it by `external_url`, or trust a
//!   proxy and insert the [`Peer`].
//! - axum's `DefaultBodyLimit` of 2 MiB still applies to extractors behind the layer; raise it along
//!   with [`VerifyLayer::body_limit`], or use `countersign_axum::Event`.
//! - With a [`Verifier`](countersign::Verifier) alone nothing is remembered: a delivery that was
//!   accepted is accepted again within the tolerance. And hyper drops a request when its client hangs
//!   up, and the inner service's future with it.
//! - With a `Receiver` handlers outlive their clients. On shutdown, wait for them by
//!   [`Receiver::drain`](countersign::Receiver::drain).
//! - Put limits on concurrency inside the layer: one outside no longer counts a handler whose client
//!   hung up. Task-locals of outer layers do not reach the handler; the tracing span does.
//! - Outside of tokio, and without the feature `tokio`, there are no tasks: a claim is released when
//!   its client hangs up, and what the handler had done by then is done again. Nothing times out, and
//!   leases are made as long as the handler's deadline and five seconds more.
//! - The claim is completed when the inner service has answered; a body that is still being streamed
//!   then may yet fail.
//! - Two layers may be stacked, for a sender that signs twice: the second sees the same bytes, and
//!   the proof of the inner one is in the extensions. If both have a store, give each receiver an
//!   endpoint, or the inner one finds its event in flight.
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
//! | `tokio` | yes | the read timeout, and with a `Receiver` tasks, timeouts and heartbeats |
#![cfg_attr(docsrs, feature(doc_cfg))]

mod answers;
mod body;
mod future;
mod layer;
mod once;
mod peer;
mod read;
mod service;

pub use countersign_adapter::{Handling, PermanentFailure};

pub use crate::answers::{Answers, SmallBodies, StatusOnly};
pub use crate::body::VerifiedBody;
pub use crate::future::ResponseFuture;
pub use crate::layer::VerifyLayer;
#[doc(hidden)]
pub use crate::once::short;
pub use crate::peer::Peer;
pub use crate::service::Verify;
