//! What can go wrong between any store and its server.

use std::cell::Cell;
use std::sync::Arc;
use std::time::{Duration, Instant};

use countersign::{ClaimOutcome, CompleteOutcome, ReleaseOutcome, Store, StoreErrorKind, Token};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::{HOUR, Other, Proxy, attempt, claim, completion, key, token, until};

/// How long the operations of a store take at most, unless it is told otherwise.
const TIMEOUT: Duration = Duration::from_millis(250);

/// What a machine may be busy with meanwhile.
const SLACK: Duration = Duration::from_secs(1);

/// How many claims that were dropped wait to be released at most.
const QUEUE: u64 = 256;

/// 64 tasks claim the same thousand events, each at once.
pub async fn of_racing_claims_one_wins(store: impl Store + Clone) {
    const TASKS: usize = 64;
    const KEYS: u64 = 1000;
    let barrier = Arc::new(Barrier::new(TASKS));
    let mut tasks = JoinSet::new();
    for task in 0..TASKS as u64 {
        let (store, barrier) = (store.clone(), Arc::clone(&barrier));
        tasks.spawn(async move {
            let mut won = 0;
            for number in 0..KEYS {
                if number % 50 == 0 {
                    barrier.wait().await;
                }
                match store.claim(&key(number), &claim(task, HOUR)).await.unwrap() {
                    ClaimOutcome::Claimed { seen } => {
                        assert_eq!(seen.attempt.get(), 1);
                        won += 1;
                    }
                    ClaimOutcome::InFlight { lease_left, seen } => {
                        // Not made up: the winner's record was seen.
                        assert!(lease_left > HOUR / 2, "{lease_left:?}");
                        assert_eq!(seen.attempt.get(), 1);
                    }
                    other => panic!("{other:?}"),
                }
            }
            won
        });
    }
    assert_eq!(tasks.join_all().await.into_iter().sum::<u64>(), KEYS);
}

/// What the process does that [`a_killed_process_holds_an_event_as_long_as_its_lease`] kills.
pub async fn claim_and_hang(store: impl Store) {
    let outcome = store.claim(&key(1), &claim(1, Duration::from_secs(1))).await.unwrap();
    assert_eq!(attempt(&outcome), Some(1));
    // So that it can be told.
    store.complete(&key(2), token(1), &completion(200)).await.unwrap();
    std::future::pending::<()>().await;
}

/// A handler's process is killed; its lease of a second frees the event, and no earlier.
pub async fn a_killed_process_holds_an_event_as_long_as_its_lease(
    store: impl Store,
    mut process: Other,
) {
    until("the process claims", async || store.forget(&key(2)).await.unwrap()).await;
    process.kill();
    let asked = Instant::now();
    let outcome = store.claim(&key(1), &claim(2, HOUR)).await.unwrap();
    let ClaimOutcome::InFlight { lease_left, .. } = outcome else { panic!("{outcome:?}") };
    assert!(lease_left <= Duration::from_secs(1), "{lease_left:?}");
    let told = Instant::now();
    let taken = loop {
        let outcome = store.claim(&key(1), &claim(2, HOUR)).await.unwrap();
        if let Some(attempt) = attempt(&outcome) {
            assert_eq!(attempt, 2);
            break Instant::now();
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    // What is left is rounded up to a millisecond.
    assert!(taken + Duration::from_millis(1) >= asked + lease_left, "it was freed too early");
    assert!(taken < told + lease_left + Duration::from_millis(2500), "it was freed too late");
}

/// The server did it, and its reply is cut off: the same token may ask again.
///
/// `store` goes through the proxy, and `direct` does not.
pub async fn what_was_done_without_a_reply_can_be_repeated(
    store: impl Store,
    direct: impl Store,
    proxy: &Proxy,
) {
    // What a server learns at the first use is known.
    direct.claim(&key(0), &claim(1, HOUR)).await.unwrap();
    direct.release(&key(0), token(1)).await.unwrap();
    direct.complete(&key(9), token(1), &completion(200)).await.unwrap();
    for number in [2, 3] {
        store.claim(&key(number), &claim(number, HOUR)).await.unwrap();
    }
    let before = (proxy.cut(), proxy.connections());

    proxy.cut_replies();
    let error = store.claim(&key(1), &claim(1, HOUR)).await.unwrap_err();
    assert!(error.is_outage(), "{error:?}");
    proxy.pass();
    let outcome = direct.claim(&key(1), &claim(2, HOUR)).await.unwrap();
    assert!(matches!(outcome, ClaimOutcome::InFlight { .. }), "it was done: {outcome:?}");
    let outcome = store.claim(&key(1), &claim(1, HOUR)).await.unwrap();
    assert_eq!(attempt(&outcome), Some(1));

    proxy.cut_replies();
    let error = store.complete(&key(2), token(2), &completion(200)).await.unwrap_err();
    assert!(error.is_outage(), "{error:?}");
    proxy.pass();
    let outcome = store.complete(&key(2), token(2), &completion(200)).await.unwrap();
    assert_eq!(outcome, CompleteOutcome::AlreadyCompleted);

    proxy.cut_replies();
    let error = store.release(&key(3), token(3)).await.unwrap_err();
    assert!(error.is_outage(), "{error:?}");
    proxy.pass();
    let outcome = store.release(&key(3), token(3)).await.unwrap();
    assert_eq!(outcome, ReleaseOutcome::Lost);
    let outcome = store.claim(&key(3), &claim(9, HOUR)).await.unwrap();
    assert_eq!(attempt(&outcome), Some(2));

    let after = (proxy.cut(), proxy.connections());
    assert_eq!(after, (before.0 + 3, before.1 + 3), "it connects again, and no more than it must");
}

/// The server is there, and says nothing: operations end in time, and no sooner. `store` goes through
/// the proxy, and may take a quarter of a second.
pub async fn a_server_that_says_nothing_is_given_up_in_time(
    store: impl Store + Clone,
    proxy: &Proxy,
) {
    proxy.hold();
    let mut tasks = JoinSet::new();
    for number in 0..64 {
        let store = store.clone();
        tasks.spawn(async move {
            let start = Instant::now();
            let error = store.claim(&key(number), &claim(number, HOUR)).await.unwrap_err();
            let took = start.elapsed();
            assert_eq!(error.kind(), StoreErrorKind::Timeout);
            assert!((TIMEOUT..TIMEOUT + SLACK).contains(&took), "{took:?}");
        });
    }
    tasks.join_all().await;
    proxy.pass();
    until("it answers again", async || {
        let outcome = store.claim(&key(99), &claim(99, HOUR)).await;
        matches!(outcome, Ok(ClaimOutcome::Claimed { .. }))
    })
    .await;
}

/// Dropping a claim never waits, however many there are and whatever the server does. `left_out` tells
/// how many were not released, as too many were at once.
pub async fn claims_that_are_dropped_are_released_or_left_to_their_lease(
    store: impl Store,
    direct: impl Store,
    proxy: &Proxy,
    left_out: impl Fn() -> u64,
) {
    let claims = 0..20_u64;
    for number in claims.clone() {
        direct.claim(&key(number), &claim(number, HOUR)).await.unwrap();
        store.release_on_drop(&key(number), token(number));
    }
    for number in claims {
        until("it is released", async || {
            let outcome = direct.claim(&key(number), &claim(99, HOUR)).await.unwrap();
            attempt(&outcome) == Some(2)
        })
        .await;
    }
    assert_eq!(left_out(), 0);

    proxy.hold();
    let start = Instant::now();
    for number in 0..1000 {
        store.release_on_drop(&key(number), Token::from_bytes([1; 16]));
    }
    assert!(start.elapsed() < Duration::from_millis(500));
    assert!(left_out() >= 1000 - QUEUE - 1);
}

/// Each operation is one round trip, whatever comes of it. `store` goes through the proxy, and has not
/// been used.
pub async fn each_operation_is_one_round_trip(store: impl Store, proxy: &Proxy) {
    let before = Cell::new(proxy.round_trips());
    let one = |what: &str| {
        let now = proxy.round_trips();
        assert_eq!(now - before.replace(now), 1, "{what}");
    };
    let brief = Duration::from_millis(100);
    store.claim(&key(1), &claim(1, HOUR)).await.unwrap();
    one("a claim");
    store.claim(&key(1), &claim(1, HOUR)).await.unwrap();
    one("a claim that is repeated");
    store.claim(&key(1), &claim(2, HOUR)).await.unwrap();
    one("a claim of what is in flight");
    store.extend(&key(1), token(1), HOUR).await.unwrap();
    one("an extension");
    store.extend(&key(1), token(2), HOUR).await.unwrap();
    one("an extension that is lost");
    store.release(&key(1), token(2)).await.unwrap();
    one("a release that is lost");
    store.release(&key(1), token(1)).await.unwrap();
    one("a release");
    store.complete(&key(1), token(1), &completion(200)).await.unwrap();
    one("a completion that is lost");
    store.claim(&key(1), &claim(2, brief)).await.unwrap();
    one("a claim of what was released");
    tokio::time::sleep(brief).await;
    store.claim(&key(1), &claim(3, HOUR)).await.unwrap();
    one("a claim of what has lapsed");
    store.complete(&key(1), token(3), &completion(200)).await.unwrap();
    one("a completion");
    store.complete(&key(1), token(3), &completion(200)).await.unwrap();
    one("a completion that is repeated");
    store.claim(&key(1), &claim(4, HOUR)).await.unwrap();
    one("a claim of what is completed");
    store.complete(&key(2), token(3), &completion(200)).await.unwrap();
    one("a completion of what is gone");
    store.forget(&key(2)).await.unwrap();
    one("forgetting");
    store.forget(&key(2)).await.unwrap();
    one("forgetting what is not there");
    assert_eq!(proxy.connections(), 1);
}
