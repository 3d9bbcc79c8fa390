//! Effects that happen once, in the transaction that has them.

use std::time::Duration;

use countersign::{
    Answer, ClaimOutcome, CompleteOutcome, Completion, Key, NotCompleted, Once, OpenClaim,
    StoreError,
};

use crate::error::Failure;
use crate::schema::Schema;
use crate::store::completed;
use crate::time::millis;

#[cfg(feature = "sqlx")]
mod sqlx;
mod tokio_postgres;
mod transaction;

pub use self::transaction::InTransaction;

const RETENTION: Duration = Duration::from_secs(7 * 24 * 3600);
const LOCK_TIMEOUT: Duration = Duration::from_secs(2);

/// Makes the effects of an event happen once: the event is recorded in the very transaction that
/// has the effects, so that both happen or neither.
///
/// There are two forms. [`once`](Self::once) needs no claim. [`complete_in`](Self::complete_in)
/// ends a claim that was made before, and so is for handlers behind a
/// `Receiver`.
///
/// Both take a transaction of `tokio-postgres`, of `deadpool-postgres`, or with the feature `sqlx`
/// one of sqlx. It must be in the database of the schema, and `READ COMMITTED` or stricter.
///
/// # What it does not protect against
///
/// Effects outside the transaction: a mail that was sent is not taken back when it is rolled back.
/// And what a replica or a restored backup has forgotten.
///
/// # Example
///
/// ```no_run
/// use countersign::{Key, Once};
/// use countersign_postgres::Inbox;
///
/// # async fn example(
/// #     client: &mut tokio_postgres::Client, inbox: &Inbox, key: &Key,
/// # ) -> Result<(), Box<dyn std::error::Error>> {
/// let mut transaction = client.transaction().await?;
/// match inbox.once(&mut transaction, key).await? {
///     Once::First { .. } => {
///         transaction.execute("UPDATE account SET balance = balance + 1", &[]).await?;
///         transaction.commit().await?;
///     }
///     Once::Duplicate { .. } => { /* answer 200 */ }
///     Once::InFlight { .. } => { /* answer 409, and the sender tries again */ }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Inbox {
    schema: Schema,
    completion: Completion,
    lock_timeout: Duration,
}

impl Inbox {
    /// An inbox in a schema that
    /// [`PostgresStoreBuilder::migrate`](crate::PostgresStoreBuilder::migrate) made.
    /// [`PostgresStore::inbox`](crate::PostgresStore::inbox) has the schema of its store.
    ///
    /// # Errors
    ///
    /// [`Config`](countersign::StoreErrorKind::Config) if the schema cannot have this name.
    pub fn new(schema: &str) -> Result<Self, StoreError> {
        Schema::new(schema).map(Self::in_schema)
    }

    pub(crate) fn in_schema(schema: Schema) -> Self {
        let completion = Completion::new(RETENTION, Answer::new(200));
        Self { schema, completion, lock_timeout: LOCK_TIMEOUT }
    }

    /// What [`once`](Self::once) records: for how long, seven days by default, and what duplicates
    /// are answered, 200 by default. It should be no less than the sender tries again for.
    #[must_use]
    pub fn completion(mut self, completion: Completion) -> Self {
        self.completion = completion;
        self
    }

    /// How long [`once`](Self::once) waits for another transaction that handles the same event; two
    /// seconds by default, and at least a millisecond. It holds a connection meanwhile.
    #[must_use]
    pub fn lock_timeout(mut self, timeout: Duration) -> Self {
        self.lock_timeout = timeout;
        self
    }

    /// Records that the event is handled, unless it was: the first thing to do in a transaction,
    /// one round trip.
    ///
    /// There is no lease. As long as the transaction is open, another that handles the same event
    /// waits for it, and is then told that it is a duplicate, or is the first if this one was
    /// rolled back; a process that dies frees the event at once. If the wait is too long, it is in
    /// flight.
    ///
    /// The transaction's `lock_timeout` is as it was afterwards.
    ///
    /// # Errors
    ///
    /// A [`StoreError`] if the database cannot tell. The transaction is then of no use any more.
    pub async fn once(
        &self,
        transaction: &mut impl InTransaction,
        key: &Key,
    ) -> Result<Once, StoreError> {
        let completion = &self.completion;
        let wait = std::cmp::max(1, i32::try_from(millis(self.lock_timeout)).unwrap_or(i32::MAX));
        let call = transaction::Once {
            sql: &self.schema.sql.once,
            key,
            retention: millis(completion.retention),
            answer: &completion.answer.encode(),
            wait,
        };
        let found = match transaction.once(call).await {
            Ok(found) => found,
            // A transaction that is stricter than `READ COMMITTED` cannot see who came first.
            Err(Failure::Conflict(_) | Failure::Locked) => {
                return Ok(Once::InFlight { lease_left: Duration::from_secs(1) });
            }
            Err(Failure::Store(error)) => return Err(error),
        };
        Ok(match found.outcome()? {
            ClaimOutcome::Claimed { seen } => Once::First { seen },
            ClaimOutcome::Duplicate { answer, seen } => Once::Duplicate { answer, seen },
            ClaimOutcome::InFlight { lease_left, .. } => Once::InFlight { lease_left },
            _ => return Err(crate::store::unreadable()),
        })
    }

    /// Completes a claim: the last thing to do in a transaction before it is committed, one round
    /// trip.
    ///
    /// A handler that is so slow that another took the event over does not get past this: `?` drops
    /// the transaction, and its effects with it. Until it is committed, the claim's heartbeat and
    /// claims of others wait, so it should be committed at once.
    ///
    /// A receiver that completes the claim afterwards finds it [already
    /// completed](CompleteOutcome::AlreadyCompleted), which it takes for done.
    ///
    /// # Errors
    ///
    /// [`NotCompleted`] says that the transaction must not be committed.
    pub async fn complete_in(
        &self,
        transaction: &mut impl InTransaction,
        claim: &OpenClaim,
    ) -> Result<(), NotCompleted> {
        let call = transaction::Complete {
            sql: &self.schema.sql.complete,
            key: claim.key(),
            token: claim.token(),
            retention: millis(claim.completion().retention),
            answer: &claim.completion().answer.encode(),
        };
        let outcome = transaction.complete(call).await.map_err(Failure::into_store_error);
        match outcome.and_then(completed).map_err(NotCompleted::Store)? {
            CompleteOutcome::Completed => Ok(()),
            CompleteOutcome::AlreadyCompleted => Err(NotCompleted::AlreadyCompleted),
            CompleteOutcome::Lost => Err(NotCompleted::Lost),
        }
    }
}
