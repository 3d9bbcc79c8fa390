//! The store.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use countersign::{
    ClaimOutcome, ClaimRequest, CompleteOutcome, Completion, ExtendOutcome, Key, ReleaseOutcome,
    Store, StoreError, Timestamp, Token,
};
use tokio::sync::mpsc;
use tokio_postgres::types::Type;

use crate::builder::PostgresStoreBuilder;
use crate::connections::{Connections, Param};
use crate::error::{Failure, corrupt};
use crate::inbox::Inbox;
use crate::row::{Found, locked};
use crate::time::millis;
use crate::work::{self, Stopped};

/// How many records one statement drops.
const BATCH: usize = 1000;

/// An idempotency store in PostgreSQL. See the [crate](crate) for what that means.
///
/// Clones share connections and tasks.
#[derive(Clone)]
pub struct PostgresStore {
    inner: Arc<Inner>,
}

struct Inner {
    connections: Connections,
    /// What is to be released, to the task that does.
    releases: mpsc::Sender<(Key, Token)>,
    counters: Arc<Counters>,
    _purge: Option<Stopped>,
}

#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) releases_left_out: AtomicU64,
    pub(crate) releases_failed: AtomicU64,
    pub(crate) purged: AtomicU64,
    pub(crate) purges_failed: AtomicU64,
}

/// What a [`PostgresStore`] has, and what its tasks did.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Stats {
    /// How many connections there are.
    pub connections: usize,
    /// How many of them are free.
    pub idle: usize,
    /// Claims that were dropped and not released, since too many were at once. Their leases end
    /// them.
    pub releases_left_out: u64,
    /// Claims that were dropped and could not be released. Their leases end them.
    pub releases_failed: u64,
    /// Expired records that the store's own task dropped.
    pub purged: u64,
    /// How often that task failed.
    pub purges_failed: u64,
}

impl PostgresStore {
    /// A store in the schema `countersign` of a database, which must have been migrated. See
    /// [`PostgresStoreBuilder::connect`], and [`builder`](Self::builder) for all else.
    ///
    /// # Errors
    ///
    /// As [`PostgresStoreBuilder::connect`].
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        Self::builder().connect(url).await
    }

    /// Starts to configure a store.
    pub fn builder() -> PostgresStoreBuilder {
        PostgresStoreBuilder::new()
    }

    pub(crate) fn new(connections: Connections, purge_every: Option<Duration>) -> Self {
        let counters = Arc::new(Counters::default());
        let releases = work::releases(connections.clone(), Arc::clone(&counters));
        let purge = purge_every
            .map(|interval| work::purge(connections.clone(), interval, Arc::clone(&counters)));
        Self { inner: Arc::new(Inner { connections, releases, counters, _purge: purge }) }
    }

    /// What has effects in your own transactions, with the records of this store.
    ///
    /// It is no clone of the store: what expires is [purged](PostgresStoreBuilder::purge_every) only
    /// as long as there is one.
    #[must_use]
    pub fn inbox(&self) -> Inbox {
        Inbox::in_schema(self.inner.connections.schema.clone())
    }

    /// What the store has now.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let Inner { connections, counters, .. } = &*self.inner;
        let pool = connections.pool.status();
        Stats {
            connections: pool.size,
            idle: pool.available,
            releases_left_out: counters.releases_left_out.load(Ordering::Relaxed),
            releases_failed: counters.releases_failed.load(Ordering::Relaxed),
            purged: counters.purged.load(Ordering::Relaxed),
            purges_failed: counters.purges_failed.load(Ordering::Relaxed),
        }
    }

    /// Runs a statement that answers with one number.
    async fn number(&self, sql: &str, params: &[Param<'_>]) -> Result<i16, StoreError> {
        number(&self.inner.connections, sql, params).await.map_err(Failure::into_store_error)
    }
}

async fn number(
    connections: &Connections,
    sql: &str,
    params: &[Param<'_>],
) -> Result<i16, Failure> {
    let row = connections.row(sql, params).await?;
    row.try_get(0).map_err(|_| Failure::Store(unreadable()))
}

/// Releases a claim.
pub(crate) async fn release(
    connections: &Connections,
    key: &Key,
    token: Token,
) -> Result<ReleaseOutcome, StoreError> {
    let params: [Param<'_>; 3] = [
        (&key.as_bytes().as_slice(), Type::BYTEA),
        (&token.as_bytes().as_slice(), Type::BYTEA),
        (&connections.wait(), Type::INT4),
    ];
    match number(connections, &connections.schema.sql.release, &params).await {
        Ok(1) => Ok(ReleaseOutcome::Released),
        Ok(0) => Ok(ReleaseOutcome::Lost),
        Ok(_) => Err(unreadable()),
        Err(failure) => Err(failure.into_store_error()),
    }
}

/// Drops up to `limit` expired records.
pub(crate) async fn purge(connections: &Connections, limit: usize) -> Result<usize, StoreError> {
    let mut purged = 0;
    while purged < limit {
        let batch = std::cmp::min(limit - purged, BATCH);
        let most = i32::try_from(batch).unwrap_or(i32::MAX);
        let params: [Param<'_>; 1] = [(&most, Type::INT4)];
        let row = connections.row(&connections.schema.sql.purge, &params).await;
        let row = row.map_err(Failure::into_store_error)?;
        let count: i32 = row.try_get(0).map_err(|_| unreadable())?;
        let count = usize::try_from(count).map_err(|_| unreadable())?;
        purged += count;
        if count < batch {
            break;
        }
    }
    Ok(purged)
}

pub(crate) fn unreadable() -> StoreError {
    corrupt("the answer to a statement is not what was asked for")
}

/// How `complete` is told.
pub(crate) fn completed(outcome: i16) -> Result<CompleteOutcome, StoreError> {
    match outcome {
        0 => Ok(CompleteOutcome::Lost),
        1 => Ok(CompleteOutcome::Completed),
        2 => Ok(CompleteOutcome::AlreadyCompleted),
        _ => Err(unreadable()),
    }
}

impl Store for PostgresStore {
    async fn claim(&self, key: &Key, request: &ClaimRequest) -> Result<ClaimOutcome, StoreError> {
        let connections = &self.inner.connections;
        let lease = millis(request.lease);
        let retention = std::cmp::max(millis(request.retention), lease);
        let params: [Param<'_>; 7] = [
            (&key.as_bytes().as_slice(), Type::BYTEA),
            (&request.token.as_bytes().as_slice(), Type::BYTEA),
            (&lease, Type::INT8),
            (&retention, Type::INT8),
            (&request.fingerprint.as_ref().map(<[u8; 16]>::as_slice), Type::BYTEA),
            (&request.signed_at.map(Timestamp::as_unix_millis), Type::INT8),
            (&connections.wait(), Type::INT4),
        ];
        match connections.row(&connections.schema.sql.claim, &params).await {
            Ok(row) => Found::try_from(&row)?.outcome(),
            // Such as one that completes the event together with its effects.
            Err(Failure::Locked) => Ok(locked()),
            Err(failure) => Err(failure.into_store_error()),
        }
    }

    async fn complete(
        &self,
        key: &Key,
        token: Token,
        completion: &Completion,
    ) -> Result<CompleteOutcome, StoreError> {
        let connections = &self.inner.connections;
        let params: [Param<'_>; 5] = [
            (&key.as_bytes().as_slice(), Type::BYTEA),
            (&token.as_bytes().as_slice(), Type::BYTEA),
            (&millis(completion.retention), Type::INT8),
            (&completion.answer.encode(), Type::BYTEA),
            (&connections.wait(), Type::INT4),
        ];
        completed(self.number(&connections.schema.sql.complete, &params).await?)
    }

    async fn release(&self, key: &Key, token: Token) -> Result<ReleaseOutcome, StoreError> {
        release(&self.inner.connections, key, token).await
    }

    async fn extend(
        &self,
        key: &Key,
        token: Token,
        lease: Duration,
    ) -> Result<ExtendOutcome, StoreError> {
        let connections = &self.inner.connections;
        let params: [Param<'_>; 4] = [
            (&key.as_bytes().as_slice(), Type::BYTEA),
            (&token.as_bytes().as_slice(), Type::BYTEA),
            (&millis(lease), Type::INT8),
            (&connections.wait(), Type::INT4),
        ];
        match self.number(&connections.schema.sql.extend, &params).await? {
            0 => Ok(ExtendOutcome::Lost),
            1 => Ok(ExtendOutcome::Extended),
            _ => Err(unreadable()),
        }
    }

    async fn forget(&self, key: &Key) -> Result<bool, StoreError> {
        let connections = &self.inner.connections;
        let params: [Param<'_>; 2] =
            [(&key.as_bytes().as_slice(), Type::BYTEA), (&connections.wait(), Type::INT4)];
        match self.number(&connections.schema.sql.forget, &params).await? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(unreadable()),
        }
    }

    /// In statements of a thousand records each. Records that another transaction holds are left.
    async fn purge(&self, limit: usize) -> Result<usize, StoreError> {
        purge(&self.inner.connections, limit).await
    }

    /// Hands the claim to the store's own task. If more than 256 wait for it, the lease ends the
    /// claim.
    fn release_on_drop(&self, key: &Key, token: Token) {
        if self.inner.releases.try_send((*key, token)).is_err() {
            self.inner.counters.releases_left_out.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore")
            .field("schema", &self.inner.connections.schema.name())
            .field("stats", &self.stats())
            .finish_non_exhaustive()
    }
}
