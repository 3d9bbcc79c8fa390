//! The store.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use countersign::{
    ClaimOutcome, ClaimRequest, CompleteOutcome, Completion, ExtendOutcome, Key, ReleaseOutcome,
    Store, StoreError, Timestamp, Token,
};
use redis::aio::{ConnectionLike, ConnectionManager};
use redis::{FromRedisValue, RedisError, ToRedisArgs};
use tokio::sync::mpsc;

use crate::builder::RedisStoreBuilder;
use crate::error;
use crate::found::{Found, unreadable};
use crate::scripts::{Operation, Scripts};
use crate::time::millis;

/// How many claims may wait to be released.
const QUEUE: usize = 256;

/// An idempotency store in Redis. See the [crate](crate) for what that means.
///
/// Clones share a connection and a task.
#[derive(Clone)]
pub struct RedisStore<C = ConnectionManager> {
    server: Server<C>,
    /// What is to be released, to the task that does.
    releases: mpsc::Sender<(Key, Token)>,
    counters: Arc<Counters>,
}

/// What runs scripts.
#[derive(Clone)]
pub(crate) struct Server<C> {
    pub(crate) connection: C,
    pub(crate) scripts: Arc<Scripts>,
    pub(crate) prefix: Arc<str>,
    pub(crate) timeout: Duration,
    pub(crate) replicas: Option<Replicas>,
}

/// How many replicas must have what was claimed or completed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Replicas {
    pub(crate) number: u16,
    pub(crate) within: Duration,
}

#[derive(Debug, Default)]
struct Counters {
    releases_left_out: AtomicU64,
    releases_failed: AtomicU64,
}

/// What the task of a [`RedisStore`] did.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Stats {
    /// Claims that were dropped and not released, since too many were at once. Their leases end
    /// them.
    pub releases_left_out: u64,
    /// Claims that were dropped and could not be released. Their leases end them.
    pub releases_failed: u64,
}

impl RedisStore {
    /// A store on a connection of its own. See [`RedisStoreBuilder::connect`], and
    /// [`builder`](Self::builder) for all else.
    ///
    /// # Errors
    ///
    /// As [`RedisStoreBuilder::connect`].
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        Self::builder().connect(url).await
    }

    /// Starts to configure a store.
    pub fn builder() -> RedisStoreBuilder {
        RedisStoreBuilder::new()
    }
}

impl<C: ConnectionLike + Clone + Send + Sync + 'static> RedisStore<C> {
    pub(crate) fn new(server: Server<C>) -> Self {
        let counters = Arc::new(Counters::default());
        let (releases, mut receiver) = mpsc::channel::<(Key, Token)>(QUEUE);
        let (releasing, counted) = (server.clone(), Arc::clone(&counters));
        // It ends once no one can send any more.
        tokio::spawn(async move {
            while let Some((key, token)) = receiver.recv().await {
                if releasing.release(&key, token).await.is_err() {
                    counted.releases_failed.fetch_add(1, Ordering::Relaxed);
                }
            }
        });
        Self { server, releases, counters }
    }
}

impl<C> RedisStore<C> {
    /// What was not released.
    #[must_use]
    pub fn stats(&self) -> Stats {
        Stats {
            releases_left_out: self.counters.releases_left_out.load(Ordering::Relaxed),
            releases_failed: self.counters.releases_failed.load(Ordering::Relaxed),
        }
    }
}

impl<C: ConnectionLike + Clone + Send + Sync + 'static> Server<C> {
    fn name(&self, key: &Key) -> Vec<u8> {
        format!("{}{key}", self.prefix).into_bytes()
    }

    /// What a script answers.
    async fn run<T: FromRedisValue>(
        &self,
        operation: Operation,
        key: &Key,
        arguments: impl ToRedisArgs,
    ) -> Result<Result<T, RedisError>, StoreError> {
        let (mut connection, name) = (self.connection.clone(), self.name(key));
        let running = self.scripts.run(&mut connection, operation, &name, arguments, None);
        Ok(in_time(self.timeout, running).await?.map(|(answer, _)| answer))
    }

    /// The same, for an operation that enough replicas are to have, if any are.
    async fn run_replicated<T: FromRedisValue>(
        &self,
        operation: Operation,
        key: &Key,
        arguments: impl ToRedisArgs,
    ) -> Result<Result<Replicated<T>, RedisError>, StoreError> {
        let Some(replicas) = self.replicas else {
            let answer = self.run(operation, key, arguments).await?;
            return Ok(answer.map(|answer| Replicated { answer, enough: true }));
        };
        let (mut connection, name) = (self.connection.clone(), self.name(key));
        let mut wait = redis::cmd("WAIT");
        wait.arg(replicas.number).arg(millis(replicas.within));
        let running = self.scripts.run(&mut connection, operation, &name, arguments, Some(&wait));
        let within = self.timeout.saturating_add(replicas.within);
        Ok(in_time(within, running).await?.map(|(answer, have)| Replicated {
            answer,
            enough: have.is_some_and(|have| have >= u64::from(replicas.number)),
        }))
    }

    /// The answer of a script that answers with a number.
    async fn number(
        &self,
        operation: Operation,
        key: &Key,
        arguments: impl ToRedisArgs,
    ) -> Result<i64, StoreError> {
        match self.run(operation, key, arguments).await?.map_err(error::of)? {
            -1 => Err(unreadable()),
            number => Ok(number),
        }
    }

    async fn release(&self, key: &Key, token: Token) -> Result<ReleaseOutcome, StoreError> {
        match self.number(Operation::Release, key, token.as_bytes().as_slice()).await? {
            0 => Ok(ReleaseOutcome::Lost),
            1 => Ok(ReleaseOutcome::Released),
            _ => Err(unreadable()),
        }
    }
}

/// What a script answered, and whether as many replicas have it as are to.
struct Replicated<T> {
    answer: T,
    enough: bool,
}

impl<T> Replicated<T> {
    fn check(&self) -> Result<(), StoreError> {
        if self.enough { Ok(()) } else { Err(error::timeout("too few replicas have it in time")) }
    }
}

/// What an operation on the server comes to, if it does in time.
async fn in_time<T>(
    timeout: Duration,
    operation: impl Future<Output = Result<T, RedisError>>,
) -> Result<Result<T, RedisError>, StoreError> {
    tokio::time::timeout(timeout, operation)
        .await
        .map_err(|_| error::timeout("the server did not answer in time"))
}

impl<C: ConnectionLike + Clone + Send + Sync + 'static> Store for RedisStore<C> {
    async fn claim(&self, key: &Key, request: &ClaimRequest) -> Result<ClaimOutcome, StoreError> {
        let lease = millis(request.lease);
        let retention = std::cmp::max(millis(request.retention), lease);
        let signed_at = request.signed_at.map(|it| Timestamp::as_unix_millis(it).to_be_bytes());
        let arguments = (
            request.token.as_bytes().as_slice(),
            lease,
            retention,
            request.fingerprint.as_ref().map_or(&[][..], <[u8; 16]>::as_slice),
            signed_at.as_ref().map_or(&[][..], <[u8; 8]>::as_slice),
        );
        let claimed = self.server.run_replicated::<Found>(Operation::Claim, key, arguments);
        let found = match claimed.await? {
            Ok(found) => found,
            Err(failure) if error::is_full(&failure) => return Ok(ClaimOutcome::Saturated),
            Err(failure) => return Err(error::of(failure)),
        };
        let outcome = found.answer.outcome()?;
        if matches!(outcome, ClaimOutcome::Claimed { .. }) {
            found.check()?;
        }
        Ok(outcome)
    }

    async fn complete(
        &self,
        key: &Key,
        token: Token,
        completion: &Completion,
    ) -> Result<CompleteOutcome, StoreError> {
        let arguments =
            (token.as_bytes().as_slice(), millis(completion.retention), completion.answer.encode());
        let completed = self.server.run_replicated::<i64>(Operation::Complete, key, arguments);
        let completed = completed.await?.map_err(error::of)?;
        let outcome = match completed.answer {
            0 => return Ok(CompleteOutcome::Lost),
            1 => CompleteOutcome::Completed,
            2 => CompleteOutcome::AlreadyCompleted,
            _ => return Err(unreadable()),
        };
        completed.check()?;
        Ok(outcome)
    }

    async fn release(&self, key: &Key, token: Token) -> Result<ReleaseOutcome, StoreError> {
        self.server.release(key, token).await
    }

    async fn extend(
        &self,
        key: &Key,
        token: Token,
        lease: Duration,
    ) -> Result<ExtendOutcome, StoreError> {
        let arguments = (token.as_bytes().as_slice(), millis(lease));
        match self.server.number(Operation::Extend, key, arguments).await? {
            0 => Ok(ExtendOutcome::Lost),
            1 => Ok(ExtendOutcome::Extended),
            _ => Err(unreadable()),
        }
    }

    async fn forget(&self, key: &Key) -> Result<bool, StoreError> {
        let mut connection = self.server.connection.clone();
        let mut delete = redis::cmd("DEL");
        delete.arg(self.server.name(key));
        let deleting = delete.query_async::<u64>(&mut connection);
        let deleted = in_time(self.server.timeout, deleting).await?;
        deleted.map(|count| count > 0).map_err(error::of)
    }

    /// Hands the claim to the store's own task. If more than 256 wait for it, the lease ends the
    /// claim.
    fn release_on_drop(&self, key: &Key, token: Token) {
        if self.releases.try_send((*key, token)).is_err() {
            self.counters.releases_left_out.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl<C> fmt::Debug for RedisStore<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisStore")
            .field("prefix", &self.server.prefix)
            .field("stats", &self.stats())
            .finish_non_exhaustive()
    }
}
