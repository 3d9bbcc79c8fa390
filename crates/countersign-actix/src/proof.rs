//! The proof alone.

use std::fmt;
use std::future::{Ready, ready};
use std::ops::Deref;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, HttpResponse, ResponseError};
use countersign::Verified;

/// Extracts the proof that a delivery was verified, and leaves the body to another extractor.
///
/// ```
/// use actix_web::web::Bytes;
/// use countersign_actix::Proof;
///
/// async fn on_event(proof: Proof, body: Bytes) -> String {
///     format!("{} sent {} bytes", proof.sender(), body.len())
/// }
/// ```
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "handlers take it apart")]
pub struct Proof(pub Verified);

impl Deref for Proof {
    type Target = Verified;

    fn deref(&self) -> &Verified {
        &self.0
    }
}

impl FromRequest for Proof {
    type Error = NotVerified;
    type Future = Ready<Result<Self, NotVerified>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let proof = request.extensions().get::<Verified>().cloned();
        ready(proof.map(Self).ok_or_else(NotVerified::logged))
    }
}

/// The request did not come through [`Verify`](crate::Verify): an error of the application, answered
/// with an empty 500.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct NotVerified;

impl NotVerified {
    /// Says in the log what is wrong, since the sender is not to learn it.
    pub(crate) fn logged() -> Self {
        tracing::error!(target: "countersign", "{}", Self);
        Self
    }
}

impl fmt::Display for NotVerified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no verified delivery in the request: wrap this route in Verify")
    }
}

impl std::error::Error for NotVerified {}

impl ResponseError for NotVerified {
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(StatusCode::INTERNAL_SERVER_ERROR)
    }
}
