//! Why an item of a batch was not handled, as a response.

use std::fmt;

use axum_core::body::Body;
use axum_core::response::{IntoResponse, Response};
use countersign::{BatchError, Reply};
use countersign_adapter::{Failure, PermanentFailure, ShortAnswer, Unfinished};
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};

/// Why an item of a batch was not handled. As a response, it makes the sender deliver the batch
/// again: that of the failure itself, or an empty one: 409 or 503 with a `Retry-After` if the item
/// could not be claimed, or 500.
pub struct NotDone {
    response: Response,
}

impl NotDone {
    pub(crate) fn new(not_done: countersign_adapter::NotDone<Response>, reply: &Reply) -> Self {
        match not_done {
            countersign_adapter::NotDone::Answer(answer) => Self::short(&answer),
            countersign_adapter::NotDone::Failed(mut response) => {
                // Success would end the sender's retries, and lose this item and those behind it.
                if response.status().is_success() {
                    *response.status_mut() = status(reply.retry_status(500));
                }
                Self::of(response)
            }
        }
    }

    fn short(answer: &ShortAnswer) -> Self {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status(answer.status);
        if let Some(seconds) = answer.retry_after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        Self::of(response)
    }

    /// Whatever the status completes, this does not.
    fn of(mut response: Response) -> Self {
        response.extensions_mut().insert(Unfinished::new());
        Self { response }
    }

    /// The status that the sender will see.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.response.status()
    }
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// What an error makes of its item.
pub(crate) fn failure(error: impl IntoResponse) -> Failure<Response> {
    let mut response = error.into_response();
    match response.extensions_mut().remove::<PermanentFailure>() {
        Some(permanent) => Failure::ForGood(permanent),
        None => Failure::Again(response),
    }
}

impl From<BatchError> for NotDone {
    /// The delivery is not what the handler takes it for, which a retry does not change, but a
    /// corrected handler may: 500.
    fn from(error: BatchError) -> Self {
        tracing::error!(target: "countersign", "{error}");
        Self::short(&ShortAnswer::status(500))
    }
}

impl IntoResponse for NotDone {
    fn into_response(self) -> Response {
        self.response
    }
}

impl fmt::Debug for NotDone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NotDone").field("status", &self.status()).finish_non_exhaustive()
    }
}

impl fmt::Display for NotDone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an item was not handled, answered {}", self.status())
    }
}

impl std::error::Error for NotDone {}
