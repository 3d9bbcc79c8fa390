//! Connections, and one statement on one of them in time.

use std::sync::Arc;
use std::time::Duration;

use countersign::{StoreError, StoreErrorKind};
use deadpool_postgres::{Object, Pool};
use tokio::sync::Semaphore;
use tokio_postgres::Row;
use tokio_postgres::types::{ToSql, Type};

use crate::error::{Failure, timeout};
use crate::schema::Schema;
use crate::time::wait_millis;

/// How often a statement is run that loses against others.
const TRIES: usize = 3;

/// A value for a statement, and its type, which the server then need not be asked for.
pub(crate) type Param<'p> = (&'p (dyn ToSql + Sync), Type);

#[derive(Clone, Debug)]
pub(crate) struct Connections {
    pub(crate) pool: Pool,
    pub(crate) schema: Schema,
    pub(crate) timeout: Duration,
    pub(crate) connect_timeout: Duration,
    pub(crate) prepared: bool,
    /// Bounds how many connections are being made.
    making: Arc<Semaphore>,
}

impl Connections {
    pub(crate) fn new(
        pool: Pool,
        schema: Schema,
        timeout: Duration,
        connect_timeout: Duration,
        prepared: bool,
    ) -> Self {
        let making = Arc::new(Semaphore::new(pool.status().max_size));
        Self { pool, schema, timeout, connect_timeout, prepared, making }
    }

    /// For how many milliseconds a statement may wait for a lock.
    pub(crate) fn wait(&self) -> i32 {
        wait_millis(self.timeout)
    }

    /// Runs a statement, and gives its one row.
    pub(crate) async fn row(&self, sql: &str, params: &[Param<'_>]) -> Result<Row, Failure> {
        let in_time = tokio::time::timeout(self.timeout, self.tries(sql, params)).await;
        in_time.unwrap_or_else(|_| Err(Failure::Store(StoreError::new(StoreErrorKind::Timeout))))
    }

    async fn tries(&self, sql: &str, params: &[Param<'_>]) -> Result<Row, Failure> {
        let mut left = TRIES;
        loop {
            left -= 1;
            match self.ask(sql, params).await {
                Err(Failure::Conflict(_)) if left > 0 => {}
                answered => return answered,
            }
        }
    }

    async fn ask(&self, sql: &str, params: &[Param<'_>]) -> Result<Row, Failure> {
        let asked = Asked { client: Some(self.client().await?) };
        let answered = match &asked.client {
            Some(client) => self.ask_on(client, sql, params).await,
            None => return Err(Failure::Store(StoreError::new(StoreErrorKind::Unavailable))),
        };
        asked.answered();
        Ok(answered?)
    }

    async fn ask_on(
        &self,
        client: &Object,
        sql: &str,
        params: &[Param<'_>],
    ) -> Result<Row, tokio_postgres::Error> {
        if !self.prepared {
            return client.query_typed_one(sql, params).await;
        }
        let types: Vec<_> = params.iter().map(|(_, kind)| kind.clone()).collect();
        let values: Vec<_> = params.iter().map(|(value, _)| *value).collect();
        let statement = client.prepare_typed_cached(sql, &types).await?;
        client.query_one(&statement, &values).await
    }

    /// A connection. One that is to be made is made in a task of its own, so that it is there for
    /// the next who asks if this one cannot wait for it.
    async fn client(&self) -> Result<Object, Failure> {
        let status = self.pool.status();
        if status.available == 0
            && status.size < status.max_size
            && let Ok(permit) = Arc::clone(&self.making).try_acquire_owned()
        {
            let pool = self.pool.clone();
            let patience = self.connect_timeout;
            let making = tokio::spawn(async move {
                let _permit = permit;
                tokio::time::timeout(patience, pool.get()).await
            });
            return match making.await {
                Ok(Ok(got)) => Ok(got?),
                Ok(Err(_)) => Err(Failure::Store(timeout("no connection was made in time"))),
                Err(error) => {
                    Err(Failure::Store(StoreError::because(StoreErrorKind::Unavailable, error)))
                }
            };
        }
        Ok(self.pool.get().await?)
    }

    /// A connection for what happens at the start.
    pub(crate) async fn at_start(&self) -> Result<Object, StoreError> {
        let got = tokio::time::timeout(self.connect_timeout, self.pool.get()).await;
        let got = got.map_err(|_| timeout("no connection was made in time"))?;
        got.map_err(|error| Failure::from(error).into_store_error())
    }
}

/// A connection that was asked something. Until it has answered, it is of no use to others: they
/// would wait for that answer first. So it is closed if the one who asked does not wait.
struct Asked {
    client: Option<Object>,
}

impl Asked {
    /// Gives the connection back for others.
    fn answered(mut self) {
        drop(self.client.take());
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            // Out of the pool, and closed.
            drop(Object::take(client));
        }
    }
}
