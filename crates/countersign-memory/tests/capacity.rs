//! What the store does when it is full.
#![cfg(not(any(loom, shuttle)))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use countersign::{
    Answer, ClaimOutcome, ClaimRequest, CompleteOutcome, Completion, Content, Key, Store,
    StoreErrorKind, Timestamp, Token,
};
use countersign_memory::{MemoryStore, MemoryStoreBuilder};

const LEASE: Duration = Duration::from_secs(30);
const RETENTION: Duration = Duration::from_secs(3600);

/// Runs a future of the store, which never waits.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("the memory store waits for nothing"),
    }
}

fn key(number: u64) -> Key {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&number.to_le_bytes());
    Key::from_bytes(bytes)
}

fn token(number: u64) -> Token {
    Token::from_bytes(u128::from(number).to_le_bytes())
}

fn claim(store: &MemoryStore, number: u64) -> ClaimOutcome {
    let mut request = ClaimRequest::new(token(number), LEASE, RETENTION);
    request.signed_at = Some(Timestamp::from_unix_seconds(1));
    now(store.claim(&key(number), &request)).unwrap()
}

fn is_claimed(store: &MemoryStore, number: u64) -> bool {
    matches!(claim(store, number), ClaimOutcome::Claimed { .. })
}

fn complete(store: &MemoryStore, number: u64) -> CompleteOutcome {
    let completion = Completion::new(RETENTION, Answer::new(200));
    now(store.complete(&key(number), token(number), &completion)).unwrap()
}

/// A store with a clock that is set by hand, in seconds.
fn store(
    capacity: usize,
    configure: impl FnOnce(MemoryStoreBuilder) -> MemoryStoreBuilder,
) -> (MemoryStore, Arc<AtomicU64>) {
    let clock = Arc::new(AtomicU64::new(0));
    let hand = Arc::clone(&clock);
    let builder = MemoryStore::builder(capacity)
        .clock(move || Duration::from_secs(hand.load(Ordering::Relaxed)));
    (configure(builder).build(), clock)
}

#[test]
fn plan_15_of_100_000_claims_in_flight_none_is_lost_to_five_times_as_many() {
    const CAPACITY: u64 = 100_000;
    let (store, clock) = store(100_000, |it| it);
    for number in 0..CAPACITY {
        assert!(is_claimed(&store, number));
    }
    let store = &store;
    thread::scope(|scope| {
        for part in 1..5 {
            scope.spawn(move || {
                for number in part * CAPACITY..(part + 1) * CAPACITY {
                    assert_eq!(claim(store, number), ClaimOutcome::Saturated);
                    if number % 1000 == 0 {
                        assert_eq!(store.stats().records, 100_000, "never above the capacity");
                    }
                }
            });
        }
    });
    assert_eq!(store.stats().saturated, 400_000);
    for number in 0..CAPACITY {
        let request = ClaimRequest::new(token(number + 1), LEASE, RETENTION);
        let other = now(store.claim(&key(number), &request)).unwrap();
        assert!(matches!(other, ClaimOutcome::InFlight { .. }), "{number} was lost: {other:?}");
        assert_eq!(complete(store, number), CompleteOutcome::Completed);
    }
    assert_eq!(claim(store, CAPACITY), ClaimOutcome::Saturated, "completed is not forgotten");
    clock.store(3601, Ordering::Relaxed);
    for number in CAPACITY..2 * CAPACITY {
        assert!(is_claimed(store, number), "{number}: there is room for all once they expired");
    }
    assert_eq!(store.stats().records, 100_000);
}

#[test]
fn a_completed_event_may_give_way_if_that_is_allowed_and_one_in_flight_never() {
    let (store, clock) = store(100, |it| it.danger_drop_completed(Duration::from_secs(600)));
    for number in 0..100 {
        assert!(is_claimed(&store, number));
    }
    // Half are handled, of which half sign no time.
    for number in 0..50 {
        if number % 2 == 0 {
            let timeless = ClaimRequest::new(token(number), LEASE, RETENTION);
            now(store.release(&key(number), token(number))).unwrap();
            now(store.claim(&key(number), &timeless)).unwrap();
        }
        assert_eq!(complete(&store, number), CompleteOutcome::Completed);
    }
    assert_eq!(claim(&store, 1000), ClaimOutcome::Saturated, "they are too young");
    clock.store(600, Ordering::Relaxed);
    for number in 1000..1025 {
        assert!(is_claimed(&store, number), "{number}");
    }
    assert_eq!(claim(&store, 1025), ClaimOutcome::Saturated);
    assert_eq!((store.stats().dropped_early, store.stats().records), (25, 100));
    for number in 0..100 {
        let dropped = number < 50 && number % 2 == 1;
        let outcome = complete_again(&store, number);
        assert_eq!(outcome.is_err(), dropped, "{number}: {outcome:?}");
    }
}

/// Completes what may be gone: the store is full then, and says so.
fn complete_again(store: &MemoryStore, number: u64) -> Result<CompleteOutcome, StoreErrorKind> {
    let completion = Completion::new(RETENTION, Answer::new(200));
    let outcome = now(store.complete(&key(number), token(number), &completion));
    outcome.map_err(|error| error.kind())
}

#[test]
fn a_released_event_gives_way_before_a_completed_one() {
    let (store, _) = store(2, |it| it.danger_drop_completed(Duration::ZERO));
    assert!(is_claimed(&store, 1) && is_claimed(&store, 2));
    assert_eq!(complete(&store, 1), CompleteOutcome::Completed);
    now(store.release(&key(2), token(2))).unwrap();
    assert!(is_claimed(&store, 3));
    assert!(matches!(claim(&store, 1), ClaimOutcome::Duplicate { .. }));
}

#[test]
fn bodies_beyond_their_budget_are_left_out_and_their_events_remembered() {
    let (store, clock) = store(100, |it| it.answer_bytes(10_000));
    let answer = Answer::new(200).content(Content::new("text/plain", vec![b'x'; 4000]));
    for number in 0..3 {
        assert!(is_claimed(&store, number));
        let completion = Completion::new(RETENTION, answer.clone());
        now(store.complete(&key(number), token(number), &completion)).unwrap();
    }
    let body = |number| match claim(&store, number) {
        ClaimOutcome::Duplicate { answer, .. } => answer.stored_content().is_some(),
        other => panic!("{other:?}"),
    };
    assert_eq!([body(0), body(1), body(2)], [true, true, false]);
    let stats = store.stats();
    assert_eq!(stats.answers_left_out, 1);
    assert!((8000..=10_000).contains(&stats.answer_bytes), "{}", stats.answer_bytes);
    clock.store(3601, Ordering::Relaxed);
    assert_eq!(now(store.purge(2)).unwrap(), 2, "no more than asked for");
    assert_eq!(now(store.purge(usize::MAX)).unwrap(), 1);
    assert_eq!((store.stats().answer_bytes, store.stats().records), (0, 0));
}

#[test]
fn short_retentions_do_not_wait_for_long_ones() {
    let (store, clock) = store(2000, |it| it);
    // A long-lived event before each short-lived one.
    for number in 0..1000 {
        assert!(is_claimed(&store, number));
        complete(&store, number);
        let short = Completion::new(Duration::from_secs(60), Answer::new(200));
        assert!(is_claimed(&store, 10_000 + number));
        now(store.complete(&key(10_000 + number), token(10_000 + number), &short)).unwrap();
    }
    assert_eq!(claim(&store, 5000), ClaimOutcome::Saturated);
    clock.store(61, Ordering::Relaxed);
    assert_eq!(now(store.purge(usize::MAX)).unwrap(), 1000);
}

#[test]
fn retentions_that_are_alike_wait_no_more_than_an_eighth() {
    let (store, clock) = store(400, |it| it);
    // 80 and 50 seconds, or nearly: within one power of two.
    for (first, retention) in [(0, 80), (200, 50)] {
        for number in first..first + 200 {
            assert!(is_claimed(&store, number));
            let kept = Completion::new(Duration::from_secs(retention), Answer::new(200));
            now(store.complete(&key(number), token(number), &kept)).unwrap();
        }
    }
    clock.store(57, Ordering::Relaxed);
    for number in 1000..1200 {
        assert!(is_claimed(&store, number), "{number}: there is room");
    }
}
