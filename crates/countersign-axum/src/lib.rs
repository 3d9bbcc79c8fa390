//! [axum](https://docs.rs/axum) extractors for verified webhooks.
//!
//! [`VerifyLayer`] lets only verified deliveries through; [`Event`] and [`Proof`] are what handlers
//! take. What the layer checks and what a refusal looks like is told in [`countersign_tower`].
//!
//! Give the layer a [`Receiver`](countersign::Receiver), and each event is handled once. [`Event`] then
//! says which attempt it is, and takes [batches](Event::items) apart; [`Permanent`] is the answer to
//! what a retry would not mend. [`Claimed`] makes the effects of a handler happen once, in the
//! transaction that also completes the event.
//!
//! A handler that takes one of them cannot run unverified: if the layer was forgotten, the answer
//! is 500, the handler is not called, and the log says why.
//!
//! # Example
//!
//! ```
//! use axum::{routing::post, Router};
//! use axum::http::{Request, StatusCode};
//! use countersign::{catalog, Secret, Verifier};
//! use countersign_axum::{Event, VerifyLayer};
//! use tower::ServiceExt as _;
//!
//! async fn on_event(event: Event) -> StatusCode {
//!     println!("{} bytes, signed by {}", event.payload().len(), event.secret());
//!     StatusCode::NO_CONTENT
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let github = Verifier::builder(catalog::GITHUB)
//!     .secret(Secret::new("It's a Secret to Everybody"))
//!     .build()?;
//! let app = Router::new()
//!     .route("/hooks/github", post(on_event))
//!     .route_layer(VerifyLayer::new(github));
//!
//! let request = |body: &'static str| {
//!     Request::post("/hooks/github")
//!         .header(
//!             "X-Hub-Signature-256",
//!             "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
//!         )
//!         .body(body.to_owned())
//! };
//! let accepted = app.clone().oneshot(request("Hello, World!")?).await?;
//! assert_eq!(accepted.status(), StatusCode::NO_CONTENT);
//! let refused = app.oneshot(request("Hello, World?")?).await?;
//! assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
//! # Ok(())
//! # }
//! ```
//!
//! Use `route_layer` and not `layer`, so that unknown paths stay 404.
//!
//! # Deployment caveats
//!
//! - `Router::nest` takes its prefix off the path of the routes inside. For the few senders that sign
//!   the path, put the layer around the nest, by `nest(…).layer(…)`.
//! - A layer between [`VerifyLayer`] and the handler that changes the body, such as one that
//!   decompresses it, changes what [`Event`] holds; the proof is then of the body before it.
//! - axum's `DefaultBodyLimit` is lifted for [`Event`] only. `Proof` with `Bytes` or `Json` beside it
//!   is limited to 2 MiB unless the route says otherwise.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod claimed;
mod event;
mod not_done;
mod permanent;
mod proof;

pub use countersign_adapter::Receipt;
pub use countersign_tower::{Handling, Peer, PermanentFailure, VerifyLayer};

pub use crate::claimed::{Claimed, NotClaimed};
pub use crate::event::{Event, EventRejection};
pub use crate::not_done::NotDone;
pub use crate::permanent::Permanent;
pub use crate::proof::{NotVerified, Proof};
