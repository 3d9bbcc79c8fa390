//! Why an event, or an item of a batch, was not handled, as a response.

use std::fmt;

use axum_core::body::Body;
use axum_core::response::{IntoResponse, Response};
use countersign::{BatchError, Declined, NotCompleted, Reply, StoreError};
use countersign_adapter::{Failure, PermanentFailure, ShortAnswer, Unfinished};
use countersign_tower::SmallBodies;
use http::StatusCode;

/// Why an event, or an item of a batch, was not handled.
///
/// As a response, it makes the sender deliver it again: that of the failure itself, or an empty one:
/// 409 or 503 with a `Retry-After` if it could not be claimed, or 500. Of an event that was [handled
/// before](Declined::Duplicate), it has the answer that was kept.
pub struct NotDone {
    response: Response,
}

impl NotDone {
    pub(crate) fn new(not_done: countersign_adapter::NotDone<Response>, reply: &Reply) -> Self {
        match not_done {
            countersign_adapter::NotDone::Answer(answer) => Self::short(answer),
            countersign_adapter::NotDone::Failed(mut response) => {
                // Success would end the sender's retries, and lose this item and those behind it.
                if response.status().is_success() {
                    *response.status_mut() = status(reply.retry_status(500));
                }
                Self::of(response, Unfinished::new())
            }
        }
    }

    fn short(answer: ShortAnswer) -> Self {
        let unfinished = answer.because.clone().map_or_else(Unfinished::new, Unfinished::because);
        Self::of(countersign_tower::short::<SmallBodies, Body>(answer), unfinished)
    }

    /// Whatever the status completes, this does not.
    fn of(mut response: Response, unfinished: Unfinished) -> Self {
        response.extensions_mut().insert(unfinished);
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
        Self::short(ShortAnswer::status(500))
    }
}

impl From<Declined> for NotDone {
    /// What the handler found out when it was to record the event. The layer logs it, and sees to a
    /// status that the sender understands.
    fn from(declined: Declined) -> Self {
        Self::short(ShortAnswer::of(declined, &Reply::default()))
    }
}

impl From<StoreError> for NotDone {
    fn from(error: StoreError) -> Self {
        Declined::from(error).into()
    }
}

impl From<NotCompleted> for NotDone {
    fn from(error: NotCompleted) -> Self {
        Declined::from(error).into()
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
        write!(f, "an event was not handled, answered {}", self.status())
    }
}

impl std::error::Error for NotDone {}
