//! Why an item of a batch was not handled, as a response.

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
    inner: countersign_adapter::NotDone<E>,
}

impl<E> NotDone<E> {
    pub(crate) fn new(error: OnceError<E>, reply: &Reply) -> Self {
        Self { inner: countersign_adapter::NotDone::new(error, reply) }
    }

    /// The error of the work itself, if that is the cause.
    #[must_use]
    pub fn work(&self) -> Option<&E> {
        self.inner.work()
    }
}

impl<E> From<BatchError> for NotDone<E> {
    fn from(error: BatchError) -> Self {
        Self { inner: error.into() }
    }
}

impl<E: fmt::Display> fmt::Display for NotDone<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for NotDone<E> {}

impl<E: IntoResponse> IntoResponse for NotDone<E> {
    /// The response of the work's own error, else an empty one: 409 or 503 with a `Retry-After` if
    /// the item could not be claimed, or 500.
    fn into_response(self) -> Response {
        let failure = match self.inner.into_work() {
            Ok(error) => return error.into_response(),
            Err(failure) => failure,
        };
        let mut response = Response::new(Body::empty());
        let status = StatusCode::from_u16(failure.status());
        *response.status_mut() = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if let Some(seconds) = failure.retry_after() {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
