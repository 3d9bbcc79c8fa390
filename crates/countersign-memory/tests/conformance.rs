//! The memory store keeps the contract of stores.
#![cfg(not(any(loom, shuttle)))]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use countersign::{Answer, ClaimOutcome, ClaimRequest, Completion, Key, Store, Timestamp, Token};
use countersign_memory::{MemoryStore, MemoryStoreBuilder};
use countersign_testing::conformance::{Harness, check_all, checks, run_traces};

const CAPACITY: usize = 10_000;

/// Stores whose clock is moved by hand.
#[derive(Default)]
struct Fake {
    nanos: Arc<AtomicU64>,
}

impl Fake {
    fn builder(&self, capacity: usize) -> MemoryStoreBuilder {
        let nanos = Arc::clone(&self.nanos);
        let clock = move || Duration::from_nanos(nanos.load(Ordering::SeqCst));
        MemoryStore::builder(capacity).clock(clock)
    }
}

impl Harness for Fake {
    type Store = MemoryStore;

    fn store(&self) -> MemoryStore {
        self.builder(CAPACITY).build()
    }

    fn another(&self, store: &MemoryStore) -> Option<MemoryStore> {
        Some(store.clone())
    }

    fn small_store(&self, capacity: usize) -> Option<MemoryStore> {
        Some(self.builder(capacity).build())
    }

    fn advance(&self, _: &MemoryStore, by: Duration) {
        self.nanos.fetch_add(u64::try_from(by.as_nanos()).unwrap(), Ordering::SeqCst);
    }

    fn is_exact(&self) -> bool {
        true
    }
}

/// Stores whose time passes by itself.
struct Real;

impl Harness for Real {
    type Store = MemoryStore;

    fn store(&self) -> MemoryStore {
        MemoryStore::new(CAPACITY)
    }

    fn small_store(&self, capacity: usize) -> Option<MemoryStore> {
        Some(MemoryStore::new(capacity))
    }

    fn unit(&self) -> Duration {
        Duration::from_millis(60)
    }
}

/// Stores that hold just the three records that a trace is about, and drop handled events when
/// they are full: they never are.
struct Tight(Fake);

impl Harness for Tight {
    type Store = MemoryStore;

    fn store(&self) -> MemoryStore {
        self.0.builder(3).danger_drop_completed(Duration::ZERO).build()
    }

    fn advance(&self, store: &MemoryStore, by: Duration) {
        self.0.advance(store, by);
    }

    fn is_exact(&self) -> bool {
        true
    }
}

#[test]
fn the_store_keeps_the_contract() {
    check_all(&Fake::default());
}

#[test]
fn the_store_answers_as_the_model_does() {
    run_traces(&Fake::default(), 256);
}

#[test]
fn a_store_with_just_enough_room_answers_as_the_model_does() {
    run_traces(&Tight(Fake::default()), 256);
}

#[test]
fn the_store_keeps_the_contract_in_real_time() {
    checks::racing_claims_have_one_winner(&Real);
    checks::completing_and_taking_over_exclude_each_other(&Real);
    checks::a_lease_never_ends_early(&Real);
    checks::a_lapsed_lease_is_taken_over(&Real);
    checks::a_lapsed_lease_is_held_until_it_is_taken_over(&Real);
    checks::an_extended_lease_ends_when_it_says(&Real);
    checks::a_completed_event_is_remembered_for_its_retention(&Real);
    checks::a_claim_released_on_drop_is_free_with_its_lease(&Real);
    checks::a_full_store_refuses_new_events_and_loses_none(&Real);
    run_traces(&Real, 2);
}

/// The most contended of the races, at the size that the plan of failure tests asks for.
#[test]
fn plan_02_of_64_threads_one_claims_each_of_1000_events() {
    checks::race(&Fake::default(), 64, 1000);
}

/// Stores that are full of events that were handled, and may forget them.
#[test]
fn racing_claims_all_find_room_where_handled_events_may_be_dropped() {
    const EVENTS: u8 = 64;
    let harness = Fake::default();
    let key = |kind: u8, number: u8| {
        let mut bytes = [number; 32];
        bytes[16] = kind;
        Key::from_bytes(bytes)
    };
    let hour = Duration::from_secs(3600);
    for round in 0..20 {
        let store =
            harness.builder(usize::from(EVENTS)).danger_drop_completed(Duration::ZERO).build();
        for number in 0..EVENTS {
            let token = Token::from_bytes([number; 16]);
            let mut request = ClaimRequest::new(token, hour, hour);
            request.signed_at = Some(Timestamp::from_unix_seconds(1_790_000_000));
            let key = key(0, number);
            harness.block_on(store.claim(&key, &request)).unwrap();
            let completion = Completion::new(hour, Answer::new(200));
            harness.block_on(store.complete(&key, token, &completion)).unwrap();
        }
        let barrier = Barrier::new(usize::from(EVENTS));
        let claim = |number| {
            let request = ClaimRequest::new(Token::from_bytes([number; 16]), hour, hour);
            barrier.wait();
            harness.block_on(store.claim(&key(1, number), &request)).unwrap()
        };
        let claim = &claim;
        thread::scope(|scope| {
            let racers: Vec<_> =
                (0..EVENTS).map(|number| scope.spawn(move || claim(number))).collect();
            for racer in racers {
                let outcome = racer.join().unwrap();
                assert!(
                    matches!(outcome, ClaimOutcome::Claimed { .. }),
                    "round {round}: a claim came to {outcome:?}"
                );
            }
        });
        assert_eq!(store.stats().dropped_early, u64::from(EVENTS));
    }
}
