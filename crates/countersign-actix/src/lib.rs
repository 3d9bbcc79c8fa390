//! [actix-web](https://docs.rs/actix-web) middleware and extractors for verified webhooks.
//!
//! [`Verify`] lets only verified deliveries through, and with a [`Receiver`](countersign::Receiver)
//! each event once; [`Event`] and [`Proof`] are what handlers take. A handler that takes one of them
//! cannot run unverified: if the middleware was forgotten, the answer is 500, the handler is not
//! called, and the log says why.
//!
//! # What it protects against
//!
//! Forged and changed deliveries, replays of old ones, bodies without end, and senders that never
//! finish; with a `Receiver`, events that are handled twice or lost because of retries, replays,
//! failures and panics.
//!
//! # When a request is let through
//!
//! 1. `Content-Length`, if there is one, does not exceed the limit.
//! 2. [`Verifier::precheck`](countersign::Verifier::precheck) passes. Until here not a byte of the body
//!    is read.
//! 3. The body arrives whole, within the limit and the read timeout.
//! 4. [`Verifier::verify`](countersign::Verifier::verify) accepts it: the bytes as they came over the
//!    wire. Extractors inside still decompress them, as `Content-Encoding` says.
//! 5. With a `Receiver`, the event is claimed. A duplicate gets the answer that was given, one whose
//!    event is in flight is told to come again. A 2xx of the handler completes the claim; anything else,
//!    a panic among it, releases it.
//!
//! # What a refusal looks like
//!
//! As with `countersign-tower`, whose behaviour is the same: the sender sees a status and an empty
//! body, the operator finds the [`Rejection`](countersign::Rejection) or the
//! `Arc<`[`Declined`](countersign::Declined)`>` in the response's extensions and the reason in a
//! `tracing` event.
//!
//! # Deployment caveats
//!
//! - Put it outside whatever changes the body or the URL, by `wrap`ping it last: the bytes must be the
//!   ones that came over the wire.
//! - A handler outlives a client that hangs up. It does not outlive a server that is stopped, as
//!   it is by Ctrl-C: `disable_signals`, wait for the signal yourself, then for the handlers by
//!   [`Receiver::drain`](countersign::Receiver::drain), and only then stop the server by its handle. The
//!   example `actix-stripe` does so.
//! - A handler that was cut off is answered by an error of the middleware, which outer middleware sees
//!   as such.
//! - actix-web's limits of `Json` and `Form` still apply to `Event<web::Json<T>>`; raise them by
//!   `JsonConfig` along with [`Verify::body_limit`].
//!
//! # Example
//!
//! ```
//! use actix_web::{App, HttpResponse, test, web};
//! use countersign::{Receiver, Secret, Verifier, catalog};
//! use countersign_actix::{Event, Verify};
//! use countersign_memory::MemoryStore;
//!
//! async fn on_event(event: Event) -> HttpResponse {
//!     println!("{} bytes, signed by {}", event.payload().len(), event.secret());
//!     HttpResponse::NoContent().finish()
//! }
//!
//! # #[actix_web::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let github = Verifier::builder(catalog::GITHUB)
//!     .secret(Secret::new("It's a Secret to Everybody"))
//!     .build()?;
//! // Once, outside of the factory: all workers share the store.
//! let verify = Verify::new(Receiver::new(github, MemoryStore::new(100_000)));
//! let app = App::new().service(
//!     web::resource("/hooks/github").wrap(verify.clone()).route(web::post().to(on_event)),
//! );
//!
//! let app = test::init_service(app).await;
//! let request = |body: &'static str| {
//!     test::TestRequest::post()
//!         .uri("/hooks/github")
//!         .insert_header((
//!             "X-Hub-Signature-256",
//!             "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
//!         ))
//!         .set_payload(body)
//!         .to_request()
//! };
//! let accepted = test::call_service(&app, request("Hello, World!")).await;
//! assert_eq!(accepted.status(), 204);
//! let refused = test::call_service(&app, request("Hello, World?")).await;
//! assert_eq!(refused.status(), 401);
//! # Ok(())
//! # }
//! ```
#![cfg_attr(docsrs, feature(doc_cfg))]

mod claimed;
mod cut_off;
mod event;
mod headers;
mod middleware;
mod not_done;
mod permanent;
mod proof;
mod read;
mod to_its_end;

pub use countersign_adapter::{Handling, PermanentFailure, Receipt};

pub use crate::claimed::{Claimed, NotClaimed};
pub use crate::event::{Event, FromVerified};
pub use crate::middleware::{Verify, VerifyService};
pub use crate::not_done::NotDone;
pub use crate::permanent::Permanent;
pub use crate::proof::{NotVerified, Proof};
