//! What the tasks think they hold, kept apart from the store, and held against its every answer.
//!
//! An answer says what was true at some moment between question and answer. So nothing is concluded
//! but from what must have been true at all of them: a lease lasts at least from the moment at
//! which it was asked for, and what overlaps with a `forget` proves nothing.
//!
//! The invariants:
//!
//! 1. At most one token has a live lease on a key.
//! 2. A completed record is left only when it expires or is forgotten.
//! 3. A token that has lost a key changes nothing.
//! 4. The attempt grows as long as the record lives.
//! 5. A live lease ends by nothing but its holder or a `forget`.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use countersign::{
    Answer, ClaimOutcome, ClaimRequest, CompleteOutcome, Completion, ExtendOutcome, Key,
    ReleaseOutcome, Store as _, Token,
};
use countersign_memory::{MemoryStore, MemoryStoreBuilder};
use shuttle::future::block_on;
use shuttle::sync::atomic::AtomicBool;

pub(crate) const LEASE: u64 = 10;

/// A store whose answers are checked.
///
/// Ledger and clock are not the tool's, so that no other task runs between two looks at them.
pub(crate) struct Witness {
    pub(crate) store: MemoryStore,
    clock: Arc<AtomicU64>,
    retention: u64,
    /// Whether records end within the test by themselves, so that attempts may start again.
    records_end: bool,
    events: Mutex<HashMap<Key, Event>>,
}

/// What is known of one key.
#[derive(Default)]
struct Event {
    holders: HashMap<Token, Holder>,
    completed: Option<Completed>,
    /// The answers of all completions that were asked for.
    answers: Vec<u16>,
    highest: u32,
    /// How often forgetting began or ended, and how many are at it.
    turns: u64,
    forgetting: usize,
}

#[derive(Clone, Copy)]
struct Holder {
    attempt: u32,
    until: u64,
    state: Held,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Held {
    Holds,
    /// It has given the key back, or has completed it.
    Settled,
    /// It has lost it to another.
    Lost,
}

impl Holder {
    fn holds(&self, now: u64) -> bool {
        self.state == Held::Holds && self.until > now
    }
}

#[derive(Clone, Copy)]
struct Completed {
    by: Token,
    until: u64,
}

/// What was known when the store was asked.
struct Question {
    at: u64,
    turns: u64,
    forgetting: bool,
    holder: Option<Holder>,
    was_completed: bool,
    highest: u32,
    /// Who held the key, if anyone did.
    held_by: Option<Token>,
}

impl Witness {
    pub(crate) fn new(
        capacity: usize,
        retention: u64,
        records_end: bool,
        set: impl FnOnce(MemoryStoreBuilder) -> MemoryStoreBuilder,
    ) -> Self {
        let clock = Arc::new(AtomicU64::new(0));
        let read = Arc::clone(&clock);
        // Whoever reads the clock may be preempted before it does.
        let preempt = AtomicBool::new(false);
        let builder = MemoryStore::builder(capacity).clock(move || {
            preempt.load(Ordering::SeqCst);
            Duration::from_millis(read.load(Ordering::SeqCst))
        });
        let store = set(builder).build();
        Self { store, clock, retention, records_end, events: Mutex::default() }
    }

    pub(crate) fn pass(&self, millis: u64) {
        self.clock.fetch_add(millis, Ordering::SeqCst);
    }

    fn now(&self) -> u64 {
        self.clock.load(Ordering::SeqCst)
    }

    fn events(&self) -> MutexGuard<'_, HashMap<Key, Event>> {
        self.events.lock().unwrap()
    }

    fn ask(&self, key: Key, token: Token) -> Question {
        let mut events = self.events();
        let event = events.entry(key).or_default();
        let at = self.now();
        let mut holders = event.holders.iter();
        Question {
            at,
            turns: event.turns,
            forgetting: event.forgetting > 0,
            holder: event.holders.get(&token).copied(),
            was_completed: event.completed.is_some(),
            highest: event.highest,
            held_by: holders.find(|(_, it)| it.holds(at)).map(|(token, _)| *token),
        }
    }

    /// Takes an answer down by `note`, unless it overlapped with a `forget`.
    fn note(&self, key: Key, question: &Question, note: impl FnOnce(&mut Event, u64)) {
        let mut events = self.events();
        let event = events.entry(key).or_default();
        if !question.forgetting && event.turns == question.turns {
            note(event, self.now());
        }
    }

    pub(crate) fn claim(&self, key: Key, token: Token) -> ClaimOutcome {
        let question = self.ask(key, token);
        let lease = Duration::from_millis(LEASE);
        let request = ClaimRequest::new(token, lease, Duration::from_millis(self.retention));
        let outcome = block_on(self.store.claim(&key, &request)).unwrap();
        self.note(key, &question, |event, now| match &outcome {
            ClaimOutcome::Claimed { seen } => {
                self.claimed(event, &question, token, seen.attempt.get(), now);
            }
            ClaimOutcome::Duplicate { .. } => {}
            _ => {
                if let ClaimOutcome::InFlight { lease_left, .. } = &outcome {
                    assert!(!lease_left.is_zero() && *lease_left <= lease, "{lease_left:?}");
                } else {
                    assert_eq!(outcome, ClaimOutcome::Saturated);
                    let holder = question.held_by.and_then(|it| event.holders.get(&it));
                    assert!(holder.is_none_or(|it| !it.holds(now)), "5: the record is gone");
                }
                let completed = event.completed.is_some_and(|it| it.until > now);
                assert!(!(completed && question.was_completed), "2: not a duplicate");
            }
        });
        if let ClaimOutcome::Duplicate { answer, .. } = &outcome {
            let is_known = self.events().get(&key).unwrap().answers.contains(&answer.status());
            assert!(is_known, "completed by no one");
        }
        outcome
    }

    fn claimed(&self, event: &mut Event, asked: &Question, token: Token, attempt: u32, now: u64) {
        let until = asked.at + LEASE;
        let is_live = until > now;
        for holder in event.holders.values_mut() {
            assert!(!(holder.holds(now) && is_live), "1: two live leases");
            if holder.attempt < attempt && !self.records_end {
                holder.state = Held::Lost;
            }
        }
        if let Some(completed) = event.completed {
            let is_known = completed.until > now && (is_live || asked.was_completed);
            assert!(!is_known, "2: claimed although completed");
        }
        if !self.records_end {
            assert!(attempt > asked.highest, "4: attempt {attempt} after {}", asked.highest);
            let is_new = event.holders.values().all(|it| it.attempt != attempt);
            assert!(is_new, "4: attempt {attempt} twice");
        }
        event.highest = std::cmp::max(event.highest, attempt);
        event.holders.insert(token, Holder { attempt, until, state: Held::Holds });
    }

    /// Holds against the ledger whether a token could do what only a holder may.
    fn settled(event: &mut Event, asked: &Question, token: Token, could: bool, now: u64) {
        let Some(holder) = asked.holder else { return };
        if could {
            assert_ne!(holder.state, Held::Lost, "3: a token that has lost changed something");
        } else {
            assert!(!holder.holds(now), "5: a live lease was lost");
            Self::is_lost(event, token);
        }
    }

    /// From here on, the token changes nothing, unless it has completed the key.
    fn is_lost(event: &mut Event, token: Token) {
        let completed = event.completed.is_some_and(|it| it.by == token);
        if let Some(holder) = event.holders.get_mut(&token).filter(|_| !completed) {
            holder.state = Held::Lost;
        }
    }

    pub(crate) fn complete(&self, key: Key, token: Token, status: u16) {
        let question = self.ask(key, token);
        self.events().get_mut(&key).unwrap().answers.push(status);
        let completion =
            Completion::new(Duration::from_millis(self.retention), Answer::new(status));
        let outcome = block_on(self.store.complete(&key, token, &completion));
        self.note(key, &question, |event, now| {
            let Ok(outcome) = outcome else {
                // There was no record, and no room for one.
                let holder = question.holder;
                assert!(holder.is_none_or(|it| !it.holds(now)), "5: the record is gone");
                return;
            };
            let could = outcome != CompleteOutcome::Lost;
            // Where the record is gone, completing makes it anew.
            if !could || !self.records_end {
                Self::settled(event, &question, token, could, now);
            }
            if !could {
                return;
            }
            let until = question.at + self.retention;
            if let Some(before) = event.completed.filter(|it| it.until > now && until > now) {
                assert_eq!(before.by, token, "2: completed by two");
            }
            // What was completed before is not remembered for longer.
            if outcome == CompleteOutcome::Completed {
                event.completed = Some(Completed { by: token, until });
            }
            if let Some(holder) = event.holders.get_mut(&token) {
                holder.state = Held::Settled;
            }
        });
    }

    pub(crate) fn release(&self, key: Key, token: Token) {
        let question = self.give_back(key, token);
        let outcome = block_on(self.store.release(&key, token)).unwrap();
        self.note(key, &question, |event, now| {
            let could = outcome == ReleaseOutcome::Released;
            Self::settled(event, &question, token, could, now);
            Self::is_lost(event, token);
        });
    }

    pub(crate) fn release_on_drop(&self, key: Key, token: Token) {
        let question = self.give_back(key, token);
        self.store.release_on_drop(&key, token);
        self.note(key, &question, |event, _| Self::is_lost(event, token));
    }

    /// From here on, others may hold the key.
    fn give_back(&self, key: Key, token: Token) -> Question {
        let question = self.ask(key, token);
        if let Some(holder) = self.events().get_mut(&key).unwrap().holders.get_mut(&token)
            && holder.state == Held::Holds
        {
            holder.state = Held::Settled;
        }
        question
    }

    pub(crate) fn extend(&self, key: Key, token: Token) {
        let question = self.ask(key, token);
        let outcome = block_on(self.store.extend(&key, token, Duration::from_millis(LEASE)));
        self.note(key, &question, |event, now| {
            let could = outcome.unwrap() == ExtendOutcome::Extended;
            Self::settled(event, &question, token, could, now);
            if let Some(holder) = event.holders.get_mut(&token).filter(|_| could) {
                holder.until = std::cmp::max(holder.until, question.at + LEASE);
            }
        });
    }

    pub(crate) fn forget(&self, key: Key) {
        let turn = |forgetting: fn(usize) -> usize| {
            let mut events = self.events();
            let event = events.entry(key).or_default();
            *event = Event {
                answers: std::mem::take(&mut event.answers),
                turns: event.turns + 1,
                forgetting: forgetting(event.forgetting),
                ..Event::default()
            };
        };
        turn(|it| it + 1);
        block_on(self.store.forget(&key)).unwrap();
        turn(|it| it - 1);
    }

    /// Once no one is at work and all leases have lapsed, a key is completed or can be claimed.
    pub(crate) fn is_not_stuck(&self, key: Key) {
        let outcome = self.claim(key, crate::token());
        let events = self.events();
        let completed = events.get(&key).unwrap().completed.filter(|it| it.until > self.now());
        match outcome {
            ClaimOutcome::Claimed { .. } => assert!(completed.is_none(), "2: it was completed"),
            ClaimOutcome::Duplicate { .. } => {}
            _ => panic!("stuck: {outcome:?}"),
        }
    }
}
