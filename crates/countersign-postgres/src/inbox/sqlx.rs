//! Transactions of sqlx.

use std::borrow::Cow;

use sqlx_core::error::DatabaseError;
use sqlx_core::query::query;
use sqlx_core::row::Row as _;
use sqlx_core::sql_str::AssertSqlSafe;
use sqlx_core::transaction::Transaction;
use sqlx_postgres::Postgres;

use super::transaction::sealed::Sealed;
use super::transaction::{Complete, NO_WAIT_OF_ITS_OWN, Once};
use crate::error::Failure;
use crate::row::Found;

impl Sealed for Transaction<'_, Postgres> {
    async fn once(&mut self, call: Once<'_>) -> Result<Found, Failure> {
        // The only part that is not fixed is the schema, a plain word.
        let once = query::<Postgres>(AssertSqlSafe(call.sql))
            .bind(call.key.as_bytes().as_slice())
            .bind(call.retention)
            .bind(call.answer)
            .bind(call.wait)
            .persistent(false);
        let row = once.fetch_one(&mut **self).await?;
        Ok(Found {
            outcome: row.try_get(0)?,
            attempt: row.try_get(1)?,
            seen_ms: row.try_get(2)?,
            left_ms: row.try_get(3)?,
            fingerprint: row.try_get(4)?,
            signed_at: row.try_get(5)?,
            answer: row.try_get(6)?,
        })
    }

    async fn complete(&mut self, call: Complete<'_>) -> Result<i16, Failure> {
        let complete = query::<Postgres>(AssertSqlSafe(call.sql))
            .bind(call.key.as_bytes().as_slice())
            .bind(call.token.as_bytes().as_slice())
            .bind(call.retention)
            .bind(call.answer)
            .bind(NO_WAIT_OF_ITS_OWN)
            .persistent(false);
        Ok(complete.fetch_one(&mut **self).await?.try_get(0)?)
    }
}

impl From<sqlx_core::Error> for Failure {
    fn from(error: sqlx_core::Error) -> Self {
        let code = error.as_database_error().and_then(DatabaseError::code).map(Cow::into_owned);
        Self::of(code.as_deref(), error)
    }
}
