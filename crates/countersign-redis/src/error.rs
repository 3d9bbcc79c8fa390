//! What went wrong, as the contract has it.

use countersign::{StoreError, StoreErrorKind};
use redis::{ErrorKind, RedisError, ServerErrorKind};

/// The kind of what a command came to. Neither has the URL, nor anything of the record.
pub(crate) fn of(error: RedisError) -> StoreError {
    let kind = match error.kind() {
        _ if error.is_timeout() => StoreErrorKind::Timeout,
        ErrorKind::AuthenticationFailed
        | ErrorKind::InvalidClientConfig
        | ErrorKind::Server(ServerErrorKind::NoPerm | ServerErrorKind::CrossSlot) => {
            StoreErrorKind::Config
        }
        ErrorKind::Parse | ErrorKind::UnexpectedReturnType => StoreErrorKind::Corrupt,
        _ => match error.code() {
            // What is under the key is not a string.
            Some("WRONGTYPE") => StoreErrorKind::Corrupt,
            Some("NOAUTH" | "WRONGPASS") => StoreErrorKind::Config,
            // It may be told by the script that met it.
            _ if error.detail().is_some_and(|detail| detail.contains("WRONGTYPE")) => {
                StoreErrorKind::Corrupt
            }
            _ => StoreErrorKind::Unavailable,
        },
    };
    StoreError::because(kind, error)
}

/// Whether the server has no memory left that it may use.
pub(crate) fn is_full(error: &RedisError) -> bool {
    error.code() == Some("OOM") || error.detail().is_some_and(|detail| detail.contains("OOM "))
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
