//! The store: what its handles share, and how the writer is asked.

use std::fmt;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, SyncSender, TrySendError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use countersign::{
    ClaimOutcome, ClaimRequest, CompleteOutcome, Completion, ExtendOutcome, Key, ReleaseOutcome,
    Store, StoreError, Token,
};
use rusqlite::Connection;

use crate::builder::SqliteStoreBuilder;
use crate::clock::{Clock, instant};
use crate::error::Failure;
use crate::inbox::Inbox;
use crate::ledger::Ledger;
use crate::slot::Slot;
use crate::watch::Watch;
use crate::writer::{Ask, Counters, Dropped, Job, PURGED_AT_ONCE, Writer, add};

/// An idempotency store in a SQLite file. See the [crate](crate) for what that means.
///
/// Clones share the connection and the thread that writes. When the last one is dropped, the thread
/// does what it was asked, and ends.
#[derive(Clone)]
pub struct SqliteStore {
    inner: Arc<Inner>,
}

struct Inner {
    jobs: SyncSender<Job>,
    watch: Watch,
    clock: Clock,
    counters: Arc<Counters>,
    timeout: Duration,
    writer: Mutex<Option<JoinHandle<()>>>,
}

/// What a [`SqliteStore`] and its clones have done since it was opened.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Stats {
    /// Operations that were done, those that failed among them.
    pub operations: u64,
    /// Transactions in which they were done, those that failed and those that purged in the
    /// background among them.
    pub transactions: u64,
    /// Transactions that came to nothing: the lock was not to be had in time, or the disk was full,
    /// say.
    pub failed_transactions: u64,
    /// Operations that were refused, since the queue was full or the store was closed.
    pub refused: u64,
    /// Claims that were not released when their holder was dropped, since the queue was full. Their
    /// lease ended them.
    pub releases_dropped: u64,
    /// Expired records that were removed in the background.
    pub purged: u64,
}

impl SqliteStore {
    /// Opens a file that has the tables. For anything else, see [`builder`](Self::builder).
    ///
    /// # Errors
    ///
    /// See [`SqliteStoreBuilder::open`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        Self::builder().open(path)
    }

    /// Starts to configure a store.
    pub fn builder() -> SqliteStoreBuilder {
        SqliteStoreBuilder::new()
    }

    pub(crate) fn start(
        connection: Connection,
        clock: Clock,
        builder: &SqliteStoreBuilder,
    ) -> Result<Self, Failure> {
        let no_thread = |error| Failure::unavailable(format!("no thread can be started: {error}"));
        let (sender, jobs) = mpsc::sync_channel(builder.queue);
        let counters = Arc::new(Counters::default());
        let limits = (builder.batch, builder.timeout, builder.purge_every);
        let writer = Writer::new(connection, jobs, clock.clone(), Arc::clone(&counters), limits)?;
        let watch = Watch::start().map_err(no_thread)?;
        let thread = thread::Builder::new().name("countersign-sqlite".to_owned());
        let writer = thread.spawn(move || writer.run()).map_err(no_thread)?;
        let inner = Inner {
            jobs: sender,
            watch,
            clock,
            counters,
            timeout: builder.timeout,
            writer: Mutex::new(Some(writer)),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// What records events in transactions of your own, by the clock of this store.
    #[must_use]
    pub fn inbox(&self) -> Inbox {
        Inbox::with_clock(self.inner.clock.clone())
    }

    /// What was done so far.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let counters = &self.inner.counters;
        Stats {
            operations: read(&counters.operations),
            transactions: read(&counters.transactions),
            failed_transactions: read(&counters.failed_transactions),
            refused: read(&counters.refused),
            releases_dropped: read(&counters.releases_dropped),
            purged: read(&counters.purged),
        }
    }

    /// Does what was asked so far, and closes the file. What is asked later, of clones too, fails.
    ///
    /// This blocks for as long as that takes. It is needed only where the file is to be moved or
    /// removed, or where the process ends and claims that were dropped should be released first.
    pub fn close(self) {
        let writer = self.inner.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(writer) = writer {
            // If it cannot be told, it has ended.
            _ = self.inner.jobs.send(Job::Close);
            _ = writer.join();
        }
    }

    async fn ask<T: Send + 'static>(
        &self,
        act: impl Fn(&Ledger<'_>) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, StoreError> {
        let Inner { jobs, watch, counters, timeout, .. } = &*self.inner;
        let deadline = instant() + *timeout;
        let (slot, outcome) = Slot::new();
        let ask = Ask { act, deadline, slot: Arc::clone(&slot), outcome: None };
        if let Err(error) = jobs.try_send(Job::Work(Box::new(ask))) {
            add(&counters.refused, 1);
            let failure = match error {
                TrySendError::Full(_) => Failure::unavailable("the queue is full"),
                TrySendError::Disconnected(_) => Failure::unavailable("the store is closed"),
            };
            return Err(failure.into());
        }
        watch.add(deadline, slot);
        outcome.await
    }
}

impl Store for SqliteStore {
    async fn claim(&self, key: &Key, request: &ClaimRequest) -> Result<ClaimOutcome, StoreError> {
        let (key, request) = (*key, request.clone());
        self.ask(move |ledger| ledger.claim(&key, &request)).await
    }

    async fn complete(
        &self,
        key: &Key,
        token: Token,
        completion: &Completion,
    ) -> Result<CompleteOutcome, StoreError> {
        let (key, completion) = (*key, completion.clone());
        self.ask(move |ledger| ledger.complete(&key, token, &completion)).await
    }

    async fn release(&self, key: &Key, token: Token) -> Result<ReleaseOutcome, StoreError> {
        let key = *key;
        self.ask(move |ledger| ledger.release(&key, token)).await
    }

    async fn extend(
        &self,
        key: &Key,
        token: Token,
        lease: Duration,
    ) -> Result<ExtendOutcome, StoreError> {
        let key = *key;
        self.ask(move |ledger| ledger.extend(&key, token, lease)).await
    }

    async fn forget(&self, key: &Key) -> Result<bool, StoreError> {
        let key = *key;
        self.ask(move |ledger| ledger.forget(&key)).await
    }

    /// Removes records in batches, each an operation with a timeout of its own.
    async fn purge(&self, limit: usize) -> Result<usize, StoreError> {
        let mut removed = 0;
        while removed < limit {
            let more = std::cmp::min(limit - removed, PURGED_AT_ONCE);
            let now_removed = self.ask(move |ledger| ledger.purge(more)).await?;
            removed += now_removed;
            if now_removed < more {
                break;
            }
        }
        Ok(removed)
    }

    fn release_on_drop(&self, key: &Key, token: Token) {
        let Inner { jobs, counters, timeout, .. } = &*self.inner;
        let deadline = instant() + *timeout;
        let release = Job::Work(Box::new(Dropped { key: *key, token, deadline }));
        if jobs.try_send(release).is_err() {
            add(&counters.releases_dropped, 1);
        }
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore").field("stats", &self.stats()).finish_non_exhaustive()
    }
}
