//! Why an item of a batch was not handled.

use std::fmt;

use axum_core::body::Body;
use axum_core::response::{IntoResponse, Response};
use countersign::{BatchError, OnceError, Reply};
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};

/// Why an item of a batch was not handled. As a response, it makes the sender deliver the batch
/// again.
#[derive(Debug)]
pub struct NotDone<E> {
    status: u16,
    cause: Cause<E>,
}

#[derive(Debug)]
enum Cause<E> {
    Batch(BatchError),
    Once(OnceError<E>),
}

impl<E> NotDone<E> {
    pub(crate) fn once(error: OnceError<E>, reply: &Reply) -> Self {
        let status = match &error {
            OnceError::Declined(declined) => declined.status(reply),
            _ => reply.retry_status(500),
        };
        Self { status, cause: Cause::Once(error) }
    }

    /// The error of the work itself, if that is the cause.
    #[must_use]
    pub fn work(&self) -> Option<&E> {
        match &self.cause {
            Cause::Once(OnceError::Work(error)) => Some(error),
            _ => None,
        }
    }
}

impl<E> From<BatchError> for NotDone<E> {
    /// The delivery is not what the handler takes it for, which a retry does not change, but a
    /// corrected handler may.
    fn from(error: BatchError) -> Self {
        Self { status: 500, cause: Cause::Batch(error) }
    }
}

impl<E: fmt::Display> fmt::Display for NotDone<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cause {
            Cause::Batch(error) => write!(f, "{error}"),
            Cause::Once(error) => write!(f, "{error}"),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for NotDone<E> {}

impl<E: IntoResponse> IntoResponse for NotDone<E> {
    /// The response of the work's own error, else an empty one: 409 or 503 with a `Retry-After` if
    /// the item could not be claimed, or 500.
    fn into_response(self) -> Response {
        let retry_after = match self.cause {
            Cause::Once(OnceError::Work(error)) => return error.into_response(),
            Cause::Once(OnceError::Declined(declined)) => declined.retry_after(),
            Cause::Once(_) => None,
            Cause::Batch(error) => {
                tracing::error!(target: "countersign", "{error}");
                None
            }
        };
        let mut response = Response::new(Body::empty());
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
