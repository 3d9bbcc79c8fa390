//! Why an item of a batch was not handled.

use std::fmt;

use countersign::{BatchError, OnceError, Reply};

/// Why an item of a batch was not handled, and what the sender is to be answered, so that it delivers
/// the batch again.
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
    /// The item was asked for and not handled.
    #[must_use]
    pub fn new(error: OnceError<E>, reply: &Reply) -> Self {
        let status = match &error {
            OnceError::Declined(declined) => declined.status(reply),
            _ => reply.retry_status(500),
        };
        Self { status, cause: Cause::Once(error) }
    }

    /// The status to answer, unless the cause is the work itself.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The seconds for a `Retry-After`, if there is to be one.
    #[must_use]
    pub fn retry_after(&self) -> Option<u64> {
        match &self.cause {
            Cause::Once(OnceError::Declined(declined)) => declined.retry_after(),
            _ => None,
        }
    }

    /// The error of the work itself, if that is the cause.
    #[must_use]
    pub fn work(&self) -> Option<&E> {
        match &self.cause {
            Cause::Once(OnceError::Work(error)) => Some(error),
            _ => None,
        }
    }

    /// Takes the error of the work itself, if that is the cause.
    ///
    /// # Errors
    ///
    /// What it was, if it is not.
    pub fn into_work(self) -> Result<E, Self> {
        match self.cause {
            Cause::Once(OnceError::Work(error)) => Ok(error),
            cause => Err(Self { status: self.status, cause }),
        }
    }
}

impl<E> From<BatchError> for NotDone<E> {
    /// The delivery is not what the handler takes it for, which a retry does not change, but a
    /// corrected handler may.
    fn from(error: BatchError) -> Self {
        tracing::error!(target: "countersign", "{error}");
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
