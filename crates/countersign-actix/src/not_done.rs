//! Why an event, or an item of a batch, was not handled, as a response.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::{Error, HttpResponse, ResponseError};
use countersign::{BatchError, Declined, NotCompleted, Reply, StoreError};
use countersign_adapter::{Failure, PermanentFailure, ShortAnswer, Unfinished};

use crate::cut_off::{short, status};

/// Why an event, or an item of a batch, was not handled.
///
/// As a response, it makes the sender deliver it again: that of the failure itself, or an empty one:
/// 409 or 503 with a `Retry-After` if it could not be claimed, or 500. Of an event that was [handled
/// before](Declined::Duplicate), it has the answer that was kept.
pub struct NotDone {
    status: StatusCode,
    cause: Cause,
}

enum Cause {
    Work(Error),
    Answer(ShortAnswer),
}

impl NotDone {
    pub(crate) fn new(not_done: countersign_adapter::NotDone<Error>, reply: &Reply) -> Self {
        match not_done {
            countersign_adapter::NotDone::Answer(answer) => Self::short(answer),
            countersign_adapter::NotDone::Failed(error) => {
                let stated = error.error_response().status();
                // Success would end the sender's retries, and lose this item and those behind it.
                let status =
                    if stated.is_success() { status(reply.retry_status(500)) } else { stated };
                Self { status, cause: Cause::Work(error) }
            }
        }
    }

    fn short(answer: ShortAnswer) -> Self {
        Self { status: status(answer.status), cause: Cause::Answer(answer) }
    }
}

/// What an error makes of its item.
pub(crate) fn failure(error: impl Into<Error>) -> Failure<Error> {
    let error = error.into();
    let response = error.error_response();
    let permanent = response.extensions().get::<PermanentFailure>().cloned();
    permanent.map_or(Failure::Again(error), Failure::ForGood)
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
    /// What the handler found out when it was to record the event. The middleware logs it, and sees
    /// to a status that the sender understands.
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

impl fmt::Debug for NotDone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NotDone").field("status", &self.status).finish_non_exhaustive()
    }
}

impl fmt::Display for NotDone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an event was not handled, answered {}", self.status)
    }
}

impl ResponseError for NotDone {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = match &self.cause {
            Cause::Answer(answer) => short(answer.clone()),
            Cause::Work(error) => error.error_response(),
        };
        *response.status_mut() = self.status;
        // Whatever the status completes, this does not.
        let declined = match &self.cause {
            Cause::Answer(answer) => answer.because.clone(),
            Cause::Work(_) => None,
        };
        response
            .extensions_mut()
            .insert(declined.map_or_else(Unfinished::new, Unfinished::because));
        response
    }
}
