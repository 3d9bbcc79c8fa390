//! Transactions of `tokio-postgres` and `deadpool-postgres`.

use tokio_postgres::types::Type;

use super::transaction::sealed::Sealed;
use super::transaction::{Complete, NO_WAIT_OF_ITS_OWN, Once};
use crate::connections::Param;
use crate::error::Failure;
use crate::row::Found;
use crate::store::unreadable;

async fn once(
    transaction: &tokio_postgres::Transaction<'_>,
    call: Once<'_>,
) -> Result<Found, Failure> {
    let params: [Param<'_>; 4] = [
        (&call.key.as_bytes().as_slice(), Type::BYTEA),
        (&call.retention, Type::INT8),
        (&call.answer, Type::BYTEA),
        (&call.wait, Type::INT4),
    ];
    let row = transaction.query_typed_one(call.sql, &params).await?;
    Found::try_from(&row).map_err(Failure::Store)
}

async fn complete(
    transaction: &tokio_postgres::Transaction<'_>,
    call: Complete<'_>,
) -> Result<i16, Failure> {
    let params: [Param<'_>; 5] = [
        (&call.key.as_bytes().as_slice(), Type::BYTEA),
        (&call.token.as_bytes().as_slice(), Type::BYTEA),
        (&call.retention, Type::INT8),
        (&call.answer, Type::BYTEA),
        (&NO_WAIT_OF_ITS_OWN, Type::INT4),
    ];
    let row = transaction.query_typed_one(call.sql, &params).await?;
    row.try_get(0).map_err(|_| Failure::Store(unreadable()))
}

impl Sealed for tokio_postgres::Transaction<'_> {
    async fn once(&mut self, call: Once<'_>) -> Result<Found, Failure> {
        once(self, call).await
    }

    async fn complete(&mut self, call: Complete<'_>) -> Result<i16, Failure> {
        complete(self, call).await
    }
}

impl Sealed for deadpool_postgres::Transaction<'_> {
    async fn once(&mut self, call: Once<'_>) -> Result<Found, Failure> {
        once(self, call).await
    }

    async fn complete(&mut self, call: Complete<'_>) -> Result<i16, Failure> {
        complete(self, call).await
    }
}
