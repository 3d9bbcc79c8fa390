//! The proof alone.

use std::fmt;
use std::ops::Deref;

use axum_core::body::Body;
use axum_core::extract::FromRequestParts;
use axum_core::response::{IntoResponse, Response};
use countersign::Verified;
use http::StatusCode;
use http::request::Parts;

/// Extracts the proof that a delivery was verified, and leaves the body to another extractor.
///
/// ```
/// use axum::body::Bytes;
/// use countersign_axum::Proof;
///
/// async fn on_event(Proof(proof): Proof, body: Bytes) -> String {
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

impl<S: Send + Sync> FromRequestParts<S> for Proof {
    type Rejection = NotVerified;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, NotVerified> {
        parts.extensions.get::<Verified>().cloned().map(Self).ok_or_else(NotVerified::logged)
    }
}

/// The request did not come through a [`VerifyLayer`](crate::VerifyLayer): an error of the
/// application, answered with an empty 500.
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
        f.write_str("no verified delivery in the request: add VerifyLayer to this route")
    }
}

impl std::error::Error for NotVerified {}

impl IntoResponse for NotVerified {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        response
    }
}
