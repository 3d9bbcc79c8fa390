//! What one would write without a store: a concurrent map, and a sweep over it now and then.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use countersign::{
    Answer, ClaimOutcome, ClaimRequest, CompleteOutcome, Completion, Content, Key, Seen, Timestamp,
    Token,
};
use dashmap::{DashMap, Entry};

use super::{Claims, Clock};

/// Claims in a [`DashMap`]. Of the contract of stores it has what claiming and completing take; it
/// has no capacity.
pub struct DashStore {
    records: DashMap<Key, Record>,
    clock: Clock,
    /// How often what has expired is swept out.
    interval: u64,
    next_sweep: AtomicU64,
}

/// The same fields as in a record of the memory store, but for its links.
struct Record {
    token: Token,
    completed: bool,
    attempt: NonZeroU32,
    first_seen: u64,
    /// When the lease ends, or when the claim was completed.
    settles: u64,
    expires: u64,
    fingerprint: Option<[u8; 16]>,
    signed_at: Option<Timestamp>,
    status: u16,
    permanent: bool,
    content: Option<Arc<Content>>,
}

impl DashStore {
    /// An empty one.
    #[must_use]
    pub fn new(clock: Clock, interval: Duration) -> Self {
        let interval = millis(interval);
        let next_sweep = AtomicU64::new(interval);
        Self { records: DashMap::new(), clock, interval, next_sweep }
    }

    /// How many records there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    fn sweep(&self, now: u64) {
        let due = self.next_sweep.load(Ordering::Relaxed);
        let next = now + self.interval;
        let (success, failure) = (Ordering::Relaxed, Ordering::Relaxed);
        if now >= due && self.next_sweep.compare_exchange(due, next, success, failure).is_ok() {
            self.records.retain(|_, record| record.expires > now);
        }
    }
}

impl Claims for DashStore {
    fn claim(&self, key: &Key, request: &ClaimRequest) -> ClaimOutcome {
        let now = millis(self.clock.now());
        self.sweep(now);
        let fresh = || Record {
            token: request.token,
            completed: false,
            attempt: NonZeroU32::MIN,
            first_seen: now,
            settles: now + millis(request.lease),
            expires: now + millis(request.retention.max(request.lease)),
            fingerprint: request.fingerprint,
            signed_at: request.signed_at,
            status: 0,
            permanent: false,
            content: None,
        };
        match self.records.entry(*key) {
            Entry::Vacant(entry) => {
                entry.insert(fresh());
                ClaimOutcome::Claimed { seen: Seen::new(NonZeroU32::MIN, Duration::ZERO) }
            }
            Entry::Occupied(mut entry) => {
                let record = entry.get_mut();
                let mut seen = record.seen(now);
                if record.expires <= now {
                    *record = fresh();
                    seen = record.seen(now);
                } else if record.completed {
                    return ClaimOutcome::Duplicate { answer: record.answer(), seen };
                } else if record.settles > now && record.token != request.token {
                    let lease_left = Duration::from_millis(record.settles - now);
                    return ClaimOutcome::InFlight { lease_left, seen };
                } else if record.settles <= now {
                    seen.attempt = record.attempt.saturating_add(1);
                    *record =
                        Record { attempt: seen.attempt, first_seen: record.first_seen, ..fresh() };
                }
                ClaimOutcome::Claimed { seen }
            }
        }
    }

    fn complete(&self, key: &Key, token: Token, completion: &Completion) -> CompleteOutcome {
        let now = millis(self.clock.now());
        let Some(mut record) = self.records.get_mut(key) else { return CompleteOutcome::Lost };
        if record.token != token {
            return CompleteOutcome::Lost;
        }
        if record.completed {
            return CompleteOutcome::AlreadyCompleted;
        }
        record.completed = true;
        record.settles = now;
        record.expires = now + millis(completion.retention);
        record.status = completion.answer.status();
        record.permanent = completion.answer.is_permanent_failure();
        record.content = completion.answer.stored_content().cloned();
        CompleteOutcome::Completed
    }
}

impl Record {
    fn seen(&self, now: u64) -> Seen {
        let first_seen = Duration::from_millis(now - self.first_seen);
        let mut seen = Seen::new(self.attempt, first_seen);
        seen.fingerprint = self.fingerprint;
        seen.signed_at = self.signed_at;
        seen
    }

    fn answer(&self) -> Answer {
        let answer = Answer::new(self.status).permanent_failure(self.permanent);
        match &self.content {
            Some(content) => answer.content(Arc::clone(content)),
            None => answer,
        }
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
