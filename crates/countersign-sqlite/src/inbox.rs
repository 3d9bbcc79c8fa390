//! Effects that happen once, in the transaction that has them.

use std::fmt;
use std::time::Duration;

use countersign::{
    Answer, ClaimOutcome, CompleteOutcome, Completion, Key, NotCompleted, Once, OpenClaim,
    StoreError, StoreErrorKind, Token,
};
use rusqlite::Transaction;

use crate::clock::Clock;
use crate::error::Failure;
use crate::ledger::Ledger;

const RETENTION: Duration = Duration::from_secs(7 * 24 * 3600);

/// How long whoever finds the file locked is told to wait.
const LOCKED: Duration = Duration::from_secs(1);

/// Changes no row, but takes the lock, for which SQLite waits only as long as nothing was read.
const LOCK: &str = "UPDATE countersign_meta SET value = 0 WHERE name = ''";

/// Makes the effects of an event happen once: the event is recorded in the very transaction that
/// has the effects, so that both happen or neither.
///
/// There are two forms. [`once`](Self::once) needs no claim. [`complete_in`](Self::complete_in)
/// ends a claim that was made before, and so is for handlers behind a `Receiver`.
///
/// Both take a [`Transaction`] of a connection of your own to the file that the store is in. They
/// block, as all that connection does. How long it waits for others is its `busy_timeout`, and how
/// safe it is from a power cut its `synchronous`.
///
/// # What it does not protect against
///
/// - Effects outside the transaction: a mail that was sent is not taken back when it is rolled
///   back. Nor is what is in a file of its own, attached though it may be: in a power cut, a
///   transaction over two files with write-ahead logs may come to be in one of them only.
/// - **Waiting**: a file has one writer at a time. As long as your transaction has written, and is
///   not committed, all claims wait, and time out. So begin it when all that takes time is done.
///
/// # Example
///
/// ```
/// use countersign::{Key, Once};
/// use countersign_sqlite::Inbox;
/// use rusqlite::TransactionBehavior;
///
/// # fn example(
/// #     connection: &mut rusqlite::Connection, inbox: &Inbox, key: &Key,
/// # ) -> Result<(), Box<dyn std::error::Error>> {
/// let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
/// match inbox.once(&transaction, key)? {
///     Once::First { .. } => {
///         transaction.execute("UPDATE account SET balance = balance + 1", [])?;
///         transaction.commit()?;
///     }
///     Once::Duplicate { .. } => { /* answer 200 */ }
///     Once::InFlight { .. } => { /* answer 409, and the sender tries again */ }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Inbox {
    clock: Clock,
    completion: Completion,
}

impl Inbox {
    /// An inbox with a clock of its own. [`SqliteStore::inbox`](crate::SqliteStore::inbox) has the
    /// clock of its store.
    ///
    /// The tables must be there;
    /// [`SqliteStoreBuilder::migrate`](crate::SqliteStoreBuilder::migrate) makes them.
    #[must_use]
    pub fn new() -> Self {
        Self::with_clock(Clock::system())
    }

    pub(crate) fn with_clock(clock: Clock) -> Self {
        Self { clock, completion: Completion::new(RETENTION, Answer::new(200)) }
    }

    /// What [`once`](Self::once) records: for how long, seven days by default, and what duplicates
    /// are answered, 200 by default. It should be no less than the sender tries again for.
    #[must_use]
    pub fn completion(mut self, completion: Completion) -> Self {
        self.completion = completion;
        self
    }

    /// Records that the event is handled, unless it was: the first thing to do in a transaction.
    ///
    /// There is no lease. As long as the transaction is open, others wait for it, for as long as
    /// their connections say, and are then told that the event is a duplicate, or are the first if
    /// this one was rolled back; a process that dies frees the event at once.
    ///
    /// If the transaction has read before, and another has written since, SQLite does not wait and
    /// the event is in flight, as it is if the wait was too long.
    ///
    /// # Errors
    ///
    /// A [`StoreError`] if the file cannot tell. The transaction must then be rolled back.
    pub fn once(&self, transaction: &Transaction<'_>, key: &Key) -> Result<Once, StoreError> {
        let outcome = match self.try_once(transaction, key) {
            Err(failure) if failure.kind() == StoreErrorKind::Timeout => {
                return Ok(Once::InFlight { lease_left: LOCKED });
            }
            outcome => outcome?,
        };
        Ok(match outcome {
            ClaimOutcome::Claimed { seen } => Once::First { seen },
            ClaimOutcome::Duplicate { answer, seen } => Once::Duplicate { answer, seen },
            ClaimOutcome::InFlight { lease_left, .. } => Once::InFlight { lease_left },
            // There is no such outcome of a file.
            _ => return Err(StoreError::new(StoreErrorKind::Corrupt)),
        })
    }

    fn try_once(&self, transaction: &Transaction<'_>, key: &Key) -> Result<ClaimOutcome, Failure> {
        let ledger = self.open(transaction)?;
        // No one could tell this token, and no claim has it.
        let mut random = transaction.prepare_cached("SELECT randomblob(16)")?;
        let token = Token::from_bytes(random.query_row([], |row| row.get(0))?);
        let outcome = ledger.claim_completed(key, token, &self.completion)?;
        ledger.close()?;
        Ok(outcome)
    }

    /// Completes a claim: the last thing to do in a transaction before it is committed.
    ///
    /// A handler that is so slow that another took the event over does not get past this: `?` drops
    /// the transaction, and its effects with it. What is left of the lease is then of no
    /// consequence; until the transaction is committed, all others wait.
    ///
    /// A receiver that completes the claim afterwards finds it [already
    /// completed](CompleteOutcome::AlreadyCompleted), which it takes for done.
    ///
    /// # Errors
    ///
    /// [`NotCompleted`] says that the transaction must not be committed.
    ///
    /// # Example
    ///
    /// ```
    /// use countersign::OpenClaim;
    /// use countersign_sqlite::Inbox;
    /// use rusqlite::TransactionBehavior;
    ///
    /// # fn example(
    /// #     connection: &mut rusqlite::Connection,
    /// #     inbox: &Inbox,
    /// #     claim: &OpenClaim,
    /// # ) -> Result<(), Box<dyn std::error::Error>> {
    /// let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    /// transaction.execute("UPDATE account SET balance = balance + 1", [])?;
    /// inbox.complete_in(&transaction, claim)?;
    /// transaction.commit()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn complete_in(
        &self,
        transaction: &Transaction<'_>,
        claim: &OpenClaim,
    ) -> Result<(), NotCompleted> {
        let complete = || {
            let ledger = self.open(transaction)?;
            let outcome = ledger.complete(claim.key(), claim.token(), claim.completion())?;
            ledger.close()?;
            Ok(outcome)
        };
        match complete().map_err(|failure: Failure| NotCompleted::Store(failure.into()))? {
            CompleteOutcome::Completed => Ok(()),
            CompleteOutcome::AlreadyCompleted => Err(NotCompleted::AlreadyCompleted),
            CompleteOutcome::Lost => Err(NotCompleted::Lost),
        }
    }

    fn open<'t>(&self, transaction: &'t Transaction<'_>) -> Result<Ledger<'t>, Failure> {
        // Without the lock, what is read could change before something is written.
        transaction.prepare_cached(LOCK)?.execute([])?;
        Ledger::open(transaction, &self.clock)
    }
}

impl Default for Inbox {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Inbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inbox").field("completion", &self.completion).finish_non_exhaustive()
    }
}
