//! What goes wrong, told to everyone whom it concerns.

use countersign::{StoreError, StoreErrorKind};
use rusqlite::{Error, ErrorCode};

/// Why an operation could not be done. Unlike a [`StoreError`] it can be told to many.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    kind: StoreErrorKind,
    reason: Box<str>,
}

impl Failure {
    pub(crate) fn new(kind: StoreErrorKind, reason: impl Into<Box<str>>) -> Self {
        Self { kind, reason: reason.into() }
    }

    pub(crate) fn config(reason: impl Into<Box<str>>) -> Self {
        Self::new(StoreErrorKind::Config, reason)
    }

    pub(crate) fn unavailable(reason: impl Into<Box<str>>) -> Self {
        Self::new(StoreErrorKind::Unavailable, reason)
    }

    pub(crate) fn timeout(reason: impl Into<Box<str>>) -> Self {
        Self::new(StoreErrorKind::Timeout, reason)
    }

    pub(crate) fn corrupt(reason: impl Into<Box<str>>) -> Self {
        Self::new(StoreErrorKind::Corrupt, reason)
    }

    pub(crate) const fn kind(&self) -> StoreErrorKind {
        self.kind
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        Self::because(failure.kind, String::from(failure.reason))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let kind = match &error {
            Error::FromSqlConversionFailure(..)
            | Error::IntegralValueOutOfRange(..)
            | Error::InvalidColumnType(..)
            | Error::Utf8Error(..) => StoreErrorKind::Corrupt,
            _ => match error.sqlite_error_code() {
                Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                    StoreErrorKind::Timeout
                }
                Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                    StoreErrorKind::Corrupt
                }
                // `Unknown` is how a table that is not there shows.
                Some(
                    ErrorCode::Unknown
                    | ErrorCode::ReadOnly
                    | ErrorCode::PermissionDenied
                    | ErrorCode::AuthorizationForStatementDenied,
                ) => StoreErrorKind::Config,
                _ => StoreErrorKind::Unavailable,
            },
        };
        // The statements are constants, so no message of SQLite holds more than a path.
        Self::new(kind, error.to_string())
    }
}
