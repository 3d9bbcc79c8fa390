//! The thread that writes: what is asked at the same time shares a transaction.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use countersign::{Key, Token};
use rusqlite::Connection;

use crate::clock::{Clock, instant};
use crate::error::Failure;
use crate::ledger::Ledger;
use crate::slot::Slot;

/// How many expired records are removed at a time. Others have their turn in between.
pub(crate) const PURGED_AT_ONCE: usize = 500;

/// How long the writer waits between its attempts to get the lock that another process holds: at
/// first, and later. SQLite's own waits grow until who asks most often is all that gets it.
const FIRST_WAITS: (i32, Duration) = (8, Duration::from_micros(250));
const LATER_WAITS: Duration = Duration::from_millis(1);

/// What the writer is asked.
pub(crate) enum Job {
    Work(Box<dyn Work>),
    /// Nothing more; what was asked before is done.
    Close,
}

/// Something to do within a transaction.
pub(crate) trait Work: Send {
    /// Until when the lock may be waited for.
    fn deadline(&self) -> Instant;
    /// Whether anyone still wants it. If not, it is not done.
    fn is_wanted(&self) -> bool;
    fn run(&mut self, ledger: &Ledger<'_>);
    /// The transaction was committed, or nothing has happened.
    fn settle(self: Box<Self>, committed: Result<(), &Failure>);
}

/// An operation whose outcome someone waits for.
pub(crate) struct Ask<T, F> {
    pub(crate) act: F,
    pub(crate) deadline: Instant,
    pub(crate) slot: Arc<Slot<T>>,
    pub(crate) outcome: Option<Result<T, Failure>>,
}

impl<T, F> Work for Ask<T, F>
where
    T: Send,
    F: Fn(&Ledger<'_>) -> Result<T, Failure> + Send,
{
    fn deadline(&self) -> Instant {
        self.deadline
    }

    fn is_wanted(&self) -> bool {
        self.slot.is_awaited()
    }

    fn run(&mut self, ledger: &Ledger<'_>) {
        self.outcome = Some((self.act)(ledger));
    }

    fn settle(mut self: Box<Self>, committed: Result<(), &Failure>) {
        let outcome = match committed {
            Ok(()) => self.outcome.take(),
            Err(failure) => Some(Err(failure.clone())),
        };
        if let Some(outcome) = outcome {
            self.slot.settle(outcome);
        }
    }
}

impl<T, F> Drop for Ask<T, F> {
    fn drop(&mut self) {
        // Of no effect on what is settled.
        self.slot.settle(Err(Failure::unavailable("the store is closed")));
    }
}

/// The release of a claim whose holder was dropped.
pub(crate) struct Dropped {
    pub(crate) key: Key,
    pub(crate) token: Token,
    pub(crate) deadline: Instant,
}

impl Work for Dropped {
    fn deadline(&self) -> Instant {
        self.deadline
    }

    fn is_wanted(&self) -> bool {
        true
    }

    fn run(&mut self, ledger: &Ledger<'_>) {
        // If it cannot be done, the lease ends the claim.
        _ = ledger.release(&self.key, self.token);
    }

    fn settle(self: Box<Self>, _: Result<(), &Failure>) {}
}

/// What was done, for [`Stats`](crate::Stats).
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) operations: AtomicU64,
    pub(crate) transactions: AtomicU64,
    pub(crate) failed_transactions: AtomicU64,
    pub(crate) refused: AtomicU64,
    pub(crate) releases_dropped: AtomicU64,
    pub(crate) purged: AtomicU64,
}

pub(crate) fn add(counter: &AtomicU64, more: usize) {
    counter.fetch_add(u64::try_from(more).unwrap_or(u64::MAX), Ordering::Relaxed);
}

/// Until when the lock is waited for.
#[derive(Clone)]
struct Patience {
    until: Arc<Mutex<Instant>>,
}

impl Patience {
    fn new() -> Self {
        Self { until: Arc::new(Mutex::new(instant())) }
    }

    fn set(&self, deadline: Instant) {
        *self.until.lock().unwrap_or_else(PoisonError::into_inner) = deadline;
    }

    /// What SQLite calls if another holds the lock: whether to try again.
    fn wait(&self, times: i32) -> bool {
        let until = *self.until.lock().unwrap_or_else(PoisonError::into_inner);
        let left = until.saturating_duration_since(instant());
        if left.is_zero() {
            return false;
        }
        let (few, first) = FIRST_WAITS;
        thread::sleep(std::cmp::min(left, if times < few { first } else { LATER_WAITS }));
        true
    }
}

/// What the thread has.
pub(crate) struct Writer {
    connection: Connection,
    jobs: Receiver<Job>,
    clock: Clock,
    counters: Arc<Counters>,
    patience: Patience,
    batch: usize,
    timeout: Duration,
    purge: Option<(Duration, Instant)>,
}

impl Writer {
    pub(crate) fn new(
        mut connection: Connection,
        jobs: Receiver<Job>,
        clock: Clock,
        counters: Arc<Counters>,
        (batch, timeout, purge_every): (usize, Duration, Option<Duration>),
    ) -> Result<Self, Failure> {
        let patience = Patience::new();
        let waits = patience.clone();
        connection.busy_handler(Some(move |times| waits.wait(times)))?;
        let purge = purge_every.map(|interval| (interval, instant()));
        Ok(Self { connection, jobs, clock, counters, patience, batch, timeout, purge })
    }

    /// Serves until no one can ask any more.
    pub(crate) fn run(mut self) {
        let mut open = true;
        while open {
            let mut jobs = Vec::new();
            open = self.collect(&mut jobs);
            self.serve(jobs);
            self.purge_if_due();
        }
    }

    /// Waits for a job, and takes those that have come meanwhile. Tells whether there may be more.
    fn collect(&self, jobs: &mut Vec<Box<dyn Work>>) -> bool {
        let first = match self.purge {
            None => self.jobs.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some((_, due)) => self.jobs.recv_timeout(due.saturating_duration_since(instant())),
        };
        match first {
            Ok(Job::Work(work)) => jobs.push(work),
            Err(RecvTimeoutError::Timeout) => return true,
            Ok(Job::Close) | Err(RecvTimeoutError::Disconnected) => return false,
        }
        while jobs.len() < self.batch {
            match self.jobs.try_recv() {
                Ok(Job::Work(work)) => jobs.push(work),
                Ok(Job::Close) => return false,
                Err(_) => break,
            }
        }
        true
    }

    fn serve(&self, mut jobs: Vec<Box<dyn Work>>) {
        jobs.retain(|it| it.is_wanted());
        let Some(deadline) = jobs.iter().map(|it| it.deadline()).max() else { return };
        let committed = self.transact(deadline, |ledger| {
            // The wait for the lock may have been too long for some.
            for job in jobs.iter_mut().filter(|it| it.is_wanted()) {
                job.run(ledger);
                add(&self.counters.operations, 1);
                if self.connection.is_autocommit() {
                    // A full disk, say, ends the transaction for all.
                    return Err(Failure::unavailable("the transaction was rolled back"));
                }
            }
            Ok(())
        });
        for job in jobs {
            job.settle(committed.as_ref().copied());
        }
    }

    /// One transaction.
    fn transact<T>(
        &self,
        deadline: Instant,
        act: impl FnOnce(&Ledger<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.patience.set(deadline);
        let connection = &self.connection;
        let done = execute(connection, "BEGIN IMMEDIATE").and_then(|()| {
            let ledger = Ledger::open(connection, &self.clock)?;
            let done = act(&ledger)?;
            ledger.close()?;
            execute(connection, "COMMIT")?;
            Ok(done)
        });
        if done.is_err() && !connection.is_autocommit() {
            _ = execute(connection, "ROLLBACK");
        }
        add(&self.counters.transactions, 1);
        add(&self.counters.failed_transactions, usize::from(done.is_err()));
        done
    }

    /// Removes some of what has expired, if it is time.
    fn purge_if_due(&mut self) {
        let Some((interval, due)) = self.purge else { return };
        let now = instant();
        if due > now {
            return;
        }
        let purged = self.transact(now + self.timeout, |ledger| ledger.purge(PURGED_AT_ONCE));
        let removed = purged.unwrap_or(0);
        add(&self.counters.purged, removed);
        // There may be more.
        let pause = if removed == PURGED_AT_ONCE { Duration::ZERO } else { interval };
        self.purge = Some((interval, now + pause));
    }
}

fn execute(connection: &Connection, statement: &str) -> Result<(), Failure> {
    connection.prepare_cached(statement)?.execute([])?;
    Ok(())
}
