//! The application's database, and what its handlers do in it; or a store that is no database.

mod postgres;
mod sqlite;

use std::time::Duration;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use countersign::{Declined, NotCompleted, OpenClaim, SharedStore, StoreError};
use countersign_axum::NotDone;
use countersign_redis::RedisStore;

use self::postgres::Postgres;
use self::sqlite::Sqlite;
use crate::options::StoreKind;

/// The most that a store may take for an operation, and a handler waits for another transaction.
const PATIENCE: Duration = Duration::from_millis(250);

#[derive(Clone)]
pub(crate) enum Database {
    Postgres(Postgres),
    Sqlite(Sqlite),
    Redis(RedisStore),
}

/// What a handler does for an event: it has one effect, and takes some time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Work {
    pub(crate) event: u64,
    pub(crate) takes: Duration,
    /// It fails once its effect is written, before it is committed.
    pub(crate) fails: bool,
}

impl Database {
    pub(crate) async fn open(kind: StoreKind, at: &str) -> Result<Self, StoreError> {
        Ok(match kind {
            StoreKind::Postgres => Self::Postgres(Postgres::connect(at).await?),
            StoreKind::Sqlite => Self::Sqlite(Sqlite::open(at)?),
            StoreKind::Redis => {
                Self::Redis(RedisStore::builder().timeout(PATIENCE).connect(at).await?)
            }
        })
    }

    /// Makes the tables of the store and of the application.
    pub(crate) async fn prepare(kind: StoreKind, at: &str) -> Result<(), String> {
        match kind {
            StoreKind::Postgres => Postgres::prepare(at).await,
            StoreKind::Sqlite => Sqlite::prepare(at),
            StoreKind::Redis => Ok(()),
        }
    }

    /// The event of each effect. At the end, when the workers have ended.
    pub(crate) async fn effects(kind: StoreKind, at: &str) -> Result<Vec<u64>, String> {
        match kind {
            StoreKind::Postgres => Postgres::effects(at).await,
            StoreKind::Sqlite => Sqlite::effects(at),
            StoreKind::Redis => Ok(Vec::new()),
        }
    }

    pub(crate) fn store(&self) -> SharedStore {
        match self {
            Self::Postgres(database) => database.store(),
            Self::Sqlite(database) => database.store(),
            Self::Redis(store) => SharedStore::new(store.clone()),
        }
    }

    /// Works in a transaction whose first statement records the event.
    pub(crate) async fn first(&self, claim: &OpenClaim, work: Work) -> Result<(), Failed> {
        match self {
            Self::Postgres(database) => database.first(claim, work).await,
            Self::Sqlite(database) => database.first(claim, work).await,
            Self::Redis(_) => Err(Failed::by_chance()),
        }
    }

    /// Works in a transaction whose last statement completes the claim.
    pub(crate) async fn last(&self, claim: &OpenClaim, work: Work) -> Result<(), Failed> {
        match self {
            Self::Postgres(database) => database.last(claim, work).await,
            Self::Sqlite(database) => database.last(claim, work).await,
            Self::Redis(_) => Err(Failed::by_chance()),
        }
    }

    /// Works in a transaction that does not say for which event.
    pub(crate) async fn unprotected(&self, work: Work) -> Result<(), Failed> {
        match self {
            Self::Postgres(database) => database.unprotected(work).await,
            Self::Sqlite(database) => database.unprotected(work).await,
            Self::Redis(_) => Err(Failed::by_chance()),
        }
    }
}

/// Why a handler did not do its work, as a response that makes the sender try again.
#[derive(Debug)]
pub(crate) struct Failed(Box<Response>);

impl Failed {
    /// As the work that fails does.
    pub(crate) fn by_chance() -> Self {
        Self(Box::new(StatusCode::INTERNAL_SERVER_ERROR.into_response()))
    }

    fn unavailable() -> Self {
        Self(Box::new(StatusCode::SERVICE_UNAVAILABLE.into_response()))
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        *self.0
    }
}

macro_rules! not_done {
    ($($error:ty),*) => {$(
        impl From<$error> for Failed {
            fn from(error: $error) -> Self {
                Self(Box::new(NotDone::from(error).into_response()))
            }
        }
    )*};
}

macro_rules! unavailable {
    ($($error:ty),*) => {$(
        impl From<$error> for Failed {
            fn from(_: $error) -> Self {
                Self::unavailable()
            }
        }
    )*};
}

not_done!(Declined, StoreError, NotCompleted);
unavailable!(tokio_postgres::Error, deadpool_postgres::PoolError, rusqlite::Error);
