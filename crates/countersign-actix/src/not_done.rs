//! Why an item of a batch was not handled, as a response.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use countersign::{BatchError, OnceError, Reply};
use countersign_adapter::ShortAnswer;

use crate::cut_off::{short, status};

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

impl<E: ResponseError> ResponseError for NotDone<E> {
    fn status_code(&self) -> StatusCode {
        self.work().map_or_else(|| status(self.inner.status()), ResponseError::status_code)
    }

    /// The response of the work's own error, else an empty one: 409 or 503 with a `Retry-After` if
    /// the item could not be claimed, or 500.
    fn error_response(&self) -> HttpResponse {
        if let Some(error) = self.work() {
            return error.error_response();
        }
        let mut answer = ShortAnswer::status(self.inner.status());
        answer.retry_after = self.inner.retry_after();
        short(answer)
    }
}
