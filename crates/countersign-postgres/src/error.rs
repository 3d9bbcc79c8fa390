//! What went wrong, as the contract has it.

use countersign::{StoreError, StoreErrorKind};
use deadpool_postgres::PoolError;
use tokio_postgres::error::SqlState;

/// How a statement failed.
#[expect(unnameable_types, reason = "only the sealed trait of transactions names it")]
#[derive(Debug)]
pub enum Failure {
    /// Another transaction holds the record for longer than the statement may wait.
    Locked,
    /// It lost against another, and may be run again.
    Conflict(StoreError),
    /// Anything else.
    Store(StoreError),
}

impl Failure {
    pub(crate) fn into_store_error(self) -> StoreError {
        match self {
            Self::Locked => timeout("another transaction holds the record"),
            Self::Conflict(error) | Self::Store(error) => error,
        }
    }
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        let code = error.code().cloned();
        Self::of(code.as_ref().map(SqlState::code), error)
    }
}

impl From<PoolError> for Failure {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Backend(error) => error.into(),
            PoolError::Timeout(_) => Self::Store(timeout("no connection is free")),
            error => Self::Store(StoreError::because(StoreErrorKind::Unavailable, error)),
        }
    }
}

impl Failure {
    /// The failure that the server named by this code, if it named one.
    pub(crate) fn of(
        code: Option<&str>,
        error: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        let kind = match code {
            Some("55P03") => return Self::Locked,
            Some("40001" | "40P01") => {
                return Self::Conflict(StoreError::because(StoreErrorKind::Unavailable, error));
            }
            // Cancelled, as by `statement_timeout`.
            Some("57014") => StoreErrorKind::Timeout,
            // Neither schema, table, function, database nor column; no right to it; not let in.
            Some(
                "3F000" | "42P01" | "42883" | "42703" | "3D000" | "42501" | "28000" | "28P01"
                | "0LP01",
            ) => StoreErrorKind::Config,
            _ => StoreErrorKind::Unavailable,
        };
        Self::Store(StoreError::because(kind, error))
    }
}

pub(crate) fn timeout(why: &'static str) -> StoreError {
    StoreError::because(StoreErrorKind::Timeout, why)
}

pub(crate) fn config(why: &'static str) -> StoreError {
    StoreError::because(StoreErrorKind::Config, why)
}

pub(crate) fn corrupt(why: &'static str) -> StoreError {
    StoreError::because(StoreErrorKind::Corrupt, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_the_server_are_kinds_of_the_contract() {
        for (code, expected) in [
            ("57014", StoreErrorKind::Timeout),
            ("42P01", StoreErrorKind::Config),
            ("28P01", StoreErrorKind::Config),
            ("57P01", StoreErrorKind::Unavailable),
            ("53300", StoreErrorKind::Unavailable),
            ("25006", StoreErrorKind::Unavailable),
            ("40001", StoreErrorKind::Unavailable),
            ("55P03", StoreErrorKind::Timeout),
        ] {
            let error = Failure::of(Some(code), "it failed").into_store_error();
            assert_eq!(error.kind(), expected, "{code}");
        }
    }
}
