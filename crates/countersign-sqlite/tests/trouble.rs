//! Locks that are held, full queues, records that cannot be read, files of other versions.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test may panic, and reads the clock"
)]

use std::pin::{Pin, pin};
use std::sync::Barrier;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};

use countersign::{
    Answer, ClaimOutcome, ClaimRequest, CompleteOutcome, Completion, ExtendOutcome, Key,
    ReleaseOutcome, Store, StoreError, StoreErrorKind, Token,
};
use countersign_sqlite::{SqliteStore, SqliteStoreBuilder};
use countersign_store_tests::{HOUR, key, wait};
use rusqlite::Connection;
use tempfile::TempDir;

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn patient() -> SqliteStoreBuilder {
    SqliteStore::builder().migrate(true).timeout(Duration::from_secs(20))
}

fn token(number: u8) -> Token {
    Token::from_bytes([number; 16])
}

fn request(number: u8) -> ClaimRequest {
    ClaimRequest::new(token(number), HOUR, HOUR)
}

fn attempt(outcome: &ClaimOutcome) -> Option<u32> {
    match outcome {
        ClaimOutcome::Claimed { seen } => Some(seen.attempt.get()),
        _ => None,
    }
}

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn each_operation_is_one_message_and_one_transaction() {
    let folder = folder();
    let store = patient().open(folder.path().join("events.db")).unwrap();
    let completion = Completion::new(HOUR, Answer::new(200));
    let cost = |act: &dyn Fn()| {
        let before = store.stats();
        act();
        let after = store.stats();
        (after.operations - before.operations, after.transactions - before.transactions)
    };
    let claim = |number| drop(wait(store.claim(&key(1), &request(number))).unwrap());
    assert_eq!(cost(&|| claim(1)), (1, 1), "a first claim");
    assert_eq!(cost(&|| claim(2)), (1, 1), "a claim of what is in flight");
    let extend = || {
        assert_eq!(wait(store.extend(&key(1), token(1), HOUR)).unwrap(), ExtendOutcome::Extended);
    };
    assert_eq!(cost(&extend), (1, 1));
    let release =
        || assert_eq!(wait(store.release(&key(1), token(1))).unwrap(), ReleaseOutcome::Released);
    assert_eq!(cost(&release), (1, 1));
    assert_eq!(cost(&|| claim(2)), (1, 1), "a claim of what was released");
    let complete = || {
        assert_ne!(
            wait(store.complete(&key(1), token(2), &completion)).unwrap(),
            CompleteOutcome::Lost
        );
    };
    assert_eq!(cost(&complete), (1, 1));
    assert_eq!(cost(&complete), (1, 1), "completing again");
    assert_eq!(cost(&|| claim(3)), (1, 1), "a claim of a duplicate");
}

/// Refused claims write nothing: the log does not grow.
#[test]
fn a_claim_that_is_refused_writes_nothing() {
    let folder = folder();
    let path = folder.path().join("events.db");
    let store = patient().open(&path).unwrap();
    wait(store.claim(&key(1), &request(1))).unwrap();
    let completion = Completion::new(HOUR, Answer::new(200));
    wait(store.complete(&key(2), token(1), &completion)).unwrap();
    let log = folder.path().join("events.db-wal");
    let before = log.metadata().unwrap().len();
    for _ in 0..50 {
        let outcome = wait(store.claim(&key(1), &request(2))).unwrap();
        assert!(matches!(outcome, ClaimOutcome::InFlight { .. }));
        let outcome = wait(store.claim(&key(2), &request(2))).unwrap();
        assert!(matches!(outcome, ClaimOutcome::Duplicate { .. }));
        assert_eq!(wait(store.release(&key(1), token(2))).unwrap(), ReleaseOutcome::Lost);
    }
    assert_eq!(log.metadata().unwrap().len(), before);
}

#[test]
fn what_is_asked_at_once_shares_transactions() {
    let folder = folder();
    let store = patient().open(folder.path().join("events.db")).unwrap();
    let request = request(1);
    let mut lock = Connection::open(folder.path().join("events.db")).unwrap();
    let held = lock.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).unwrap();
    let keys: Vec<Key> = (0..200).map(key).collect();
    let mut claims: Vec<_> = keys.iter().map(|it| Box::pin(store.claim(it, &request))).collect();
    for claim in &mut claims {
        assert!(poll(claim.as_mut()).is_pending());
    }
    held.rollback().unwrap();
    for claim in claims {
        assert_eq!(attempt(&wait(claim).unwrap()), Some(1));
    }
    let stats = store.stats();
    assert_eq!(stats.operations, 200);
    assert!(stats.transactions <= 2, "{stats:?}");
}

/// While another process holds the lock, operations end in time, and what was given up does not
/// happen later.
#[test]
fn plan_04_a_lock_that_is_held_is_not_waited_for_longer_than_the_timeout() {
    let folder = folder();
    let path = folder.path().join("events.db");
    let store = SqliteStore::builder().migrate(true).open(&path).unwrap();
    let mut lock = Connection::open(&path).unwrap();
    let held = lock.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).unwrap();
    for _ in 0..3 {
        let start = Instant::now();
        let error = wait(store.claim(&key(1), &request(1))).unwrap_err();
        let took = start.elapsed();
        assert_eq!(error.kind(), StoreErrorKind::Timeout);
        assert!(took >= Duration::from_millis(240), "{took:?}");
        assert!(took < Duration::from_millis(2500), "{took:?}");
    }
    held.rollback().unwrap();
    let store = reopen_patiently(store, &path);
    assert_eq!(attempt(&wait(store.claim(&key(1), &request(2))).unwrap()), Some(1));
}

fn reopen_patiently(store: SqliteStore, path: &std::path::Path) -> SqliteStore {
    store.close();
    patient().open(path).unwrap()
}

/// The writer is stuck, as it is in the hands of a disk that does not answer.
#[test]
fn operations_end_in_time_whatever_the_writer_does() {
    let folder = folder();
    let (stuck, go_on) = mpsc::channel::<()>();
    let go_on = std::sync::Mutex::new(Some(go_on));
    let reads = AtomicU64::new(0);
    let clock = move || {
        // Two readings are when the store is opened, the others on the thread that writes.
        if reads.fetch_add(1, Ordering::SeqCst) == 3
            && let Some(go_on) = go_on.lock().unwrap().take()
        {
            _ = go_on.recv_timeout(Duration::from_secs(20));
        }
        Duration::from_secs(1)
    };
    let builder = SqliteStore::builder().migrate(true).timeout(Duration::from_millis(100));
    let store = builder.clock(clock).open(folder.path().join("events.db")).unwrap();
    let start = Instant::now();
    let mut errors = Vec::new();
    while errors.len() < 3 && start.elapsed() < Duration::from_secs(10) {
        errors.extend(wait(store.claim(&key(1), &request(1))).err().map(|it| it.kind()));
    }
    assert_eq!(errors, [StoreErrorKind::Timeout; 3]);
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    drop(stuck);
}

#[test]
fn plan_18_a_claim_whose_reply_was_lost_is_repeated() {
    let folder = folder();
    let store = patient().open(folder.path().join("events.db")).unwrap();
    let (event, first) = (key(1), request(1));
    {
        let mut claim = pin!(store.claim(&event, &first));
        _ = poll(claim.as_mut());
        let patience = Instant::now();
        while store.stats().operations == 0 && patience.elapsed() < Duration::from_secs(10) {
            thread::sleep(Duration::from_millis(1));
        }
        // Applied, and the caller does not hear of it.
    }
    assert_eq!(attempt(&wait(store.claim(&event, &first)).unwrap()), Some(1));
    let outcome = wait(store.claim(&event, &request(2))).unwrap();
    assert!(matches!(outcome, ClaimOutcome::InFlight { .. }), "{outcome:?}");
}

#[test]
fn a_full_queue_refuses_and_drops() {
    let folder = folder();
    let path = folder.path().join("events.db");
    let store = patient().queue(4).batch(1).open(&path).unwrap();
    wait(store.claim(&key(9), &request(9))).unwrap();
    let mut lock = Connection::open(&path).unwrap();
    let held = lock.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).unwrap();
    let request = request(1);
    let keys: Vec<Key> = (0..8).map(key).collect();
    let mut claims: Vec<_> = keys.iter().map(|it| Box::pin(store.claim(it, &request))).collect();
    let (mut pending, mut refused) = (Vec::new(), 0);
    for mut claim in claims.drain(..) {
        match poll(claim.as_mut()) {
            Poll::Pending => pending.push(claim),
            Poll::Ready(outcome) => {
                assert_eq!(outcome.unwrap_err().kind(), StoreErrorKind::Unavailable);
                refused += 1;
            }
        }
    }
    assert!(refused >= 3, "{refused} of 8 were refused");
    let start = Instant::now();
    for _ in 0..100 {
        store.release_on_drop(&key(9), token(9));
    }
    assert!(start.elapsed() < Duration::from_secs(1), "it does not wait");
    assert!(store.stats().releases_dropped >= 99, "{:?}", store.stats());
    held.rollback().unwrap();
    for claim in pending {
        assert_eq!(attempt(&wait(claim).unwrap()), Some(1));
    }
    // Its lease ends the claim; its holder still has it.
    let extended = wait(store.extend(&key(9), token(9), HOUR)).unwrap();
    assert!(matches!(extended, ExtendOutcome::Extended | ExtendOutcome::Lost));
}

/// One record that cannot be read is an error of those who ask for it, and of no one else.
#[test]
fn a_corrupt_record_spoils_nothing_but_itself() {
    let folder = folder();
    let path = folder.path().join("events.db");
    let store = patient().open(&path).unwrap();
    let completion = Completion::new(HOUR, Answer::new(200));
    wait(store.complete(&key(1), token(1), &completion)).unwrap();
    let raw = Connection::open(&path).unwrap();
    raw.execute_batch("PRAGMA ignore_check_constraints = ON").unwrap();
    let spoil = |assignment: &str| {
        let set = format!("UPDATE countersign_delivery SET {assignment} WHERE key = ?1");
        assert_eq!(raw.execute(&set, [key(1).as_bytes()]).unwrap(), 1);
    };
    for (number, assignment) in [
        "answer = x'ff'",
        "answer = NULL",
        "answer = zeroblob(40000)",
        "state = 9",
        "token = x'00'",
        "attempt = 0",
        "attempt = -1",
        "attempt = 4294967296",
        "fingerprint = x'01'",
    ]
    .into_iter()
    .enumerate()
    {
        spoil(assignment);
        let (spoilt, other) = (key(1), key(100 + number as u64));
        let requests = [request(2), request(3)];
        let (mut bad, mut good) =
            (pin!(store.claim(&spoilt, &requests[0])), pin!(store.claim(&other, &requests[1])));
        // So that both are in one transaction.
        raw.execute_batch("BEGIN IMMEDIATE").unwrap();
        assert!(poll(bad.as_mut()).is_pending() && poll(good.as_mut()).is_pending());
        raw.execute_batch("ROLLBACK").unwrap();
        assert_eq!(wait(bad).unwrap_err().kind(), StoreErrorKind::Corrupt, "{assignment}");
        assert_eq!(attempt(&wait(good).unwrap()), Some(1), "{assignment}");
        wait(store.forget(&key(1))).unwrap();
        assert_eq!(attempt(&wait(store.claim(&key(1), &request(1))).unwrap()), Some(1));
        let completed = wait(store.complete(&key(1), token(1), &completion)).unwrap();
        assert_eq!(completed, CompleteOutcome::Completed);
    }
    // Times that no one wrote are only odd.
    for assignment in [
        "first_seen = 9223372036854775807",
        "first_seen = -9223372036854775808",
        "signed_at = -9223372036854775808",
        "expires = 9223372036854775807",
    ] {
        spoil(assignment);
        let outcome = wait(store.claim(&key(1), &request(2))).unwrap();
        assert!(matches!(outcome, ClaimOutcome::Duplicate { .. }), "{assignment}: {outcome:?}");
    }
}

#[test]
fn the_longest_times_do_not_overflow() {
    let folder = folder();
    let store = patient().open(folder.path().join("events.db")).unwrap();
    let longest = ClaimRequest::new(token(1), Duration::MAX, Duration::MAX);
    assert_eq!(attempt(&wait(store.claim(&key(1), &longest)).unwrap()), Some(1));
    let extended = wait(store.extend(&key(1), token(1), Duration::MAX)).unwrap();
    assert_eq!(extended, ExtendOutcome::Extended);
    let completion = Completion::new(Duration::MAX, Answer::new(200));
    let completed = wait(store.complete(&key(1), token(1), &completion)).unwrap();
    assert_eq!(completed, CompleteOutcome::Completed);
    assert_eq!(wait(store.purge(usize::MAX)).unwrap(), 0);
}

fn refused(outcome: Result<SqliteStore, StoreError>) -> String {
    let error = outcome.map(drop).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Config, "{error:?}");
    std::error::Error::source(&error).unwrap().to_string()
}

#[test]
fn a_file_is_made_only_when_that_is_asked_for() {
    let folder = folder();
    let path = folder.path().join("events.db");
    refused(SqliteStore::open(&path));
    assert!(!path.exists());
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE mine (id)").unwrap();
    let reason = refused(SqliteStore::open(&path));
    assert!(reason.contains("migrate"), "{reason}");
    patient().open(&path).unwrap();
    SqliteStore::open(&path).unwrap();
    patient().open(&path).unwrap();
    patient().open_url(&format!("sqlite://{}", path.display())).unwrap();
    for nothing in ["", ":memory:"] {
        refused(patient().open(nothing));
    }
    refused(patient().timeout(Duration::ZERO).open(&path));
    refused(patient().batch(0).open(&path));
    refused(patient().open(folder.path().join("no/such/folder.db")));
    std::fs::write(folder.path().join("text"), "not a database, but long enough. ".repeat(50))
        .unwrap();
    let error = patient().open(folder.path().join("text")).map(drop).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Corrupt);
}

#[test]
fn a_newer_version_is_refused_before_and_after_the_start() {
    let folder = folder();
    let path = folder.path().join("events.db");
    let store = patient().open(&path).unwrap();
    wait(store.claim(&key(1), &request(1))).unwrap();
    let raw = Connection::open(&path).unwrap();
    raw.execute("UPDATE countersign_meta SET value = 99 WHERE name = 'version'", []).unwrap();
    assert!(refused(SqliteStore::open(&path)).contains("99"));
    assert!(refused(patient().open(&path)).contains("99"));
    let error = wait(store.claim(&key(2), &request(1))).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Config);
    let left: i64 =
        raw.query_row("SELECT count(*) FROM countersign_delivery", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 1, "and what is there is left as it is");
}

#[test]
fn many_may_make_the_tables_at_once() {
    for _ in 0..5 {
        let folder = folder();
        let path = folder.path().join("events.db");
        let barrier = Barrier::new(8);
        let open = || {
            barrier.wait();
            patient().open(&path).unwrap()
        };
        let stores: Vec<_> = thread::scope(|scope| {
            let opening: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
            opening.into_iter().map(|it| it.join().unwrap()).collect()
        });
        for (number, store) in (1..).zip(&stores) {
            let outcome = wait(store.claim(&key(1), &request(number))).unwrap();
            assert_eq!(attempt(&outcome).is_some(), number == 1);
        }
    }
}

/// The time is that of the file: a handle whose clock is behind does not lag.
#[test]
fn plan_08_time_does_not_go_back_with_the_clock() {
    let folder = folder();
    let path = folder.path().join("events.db");
    let millis = Arc::new(AtomicU64::new(1_000_000));
    let open = || {
        let millis = Arc::clone(&millis);
        let clock = move || Duration::from_millis(millis.load(Ordering::SeqCst));
        patient().clock(clock).open(&path).unwrap()
    };
    let brief = |number| ClaimRequest::new(token(number), Duration::from_secs(1), HOUR);
    let store = open();
    wait(store.claim(&key(1), &brief(1))).unwrap();
    millis.store(1000, Ordering::SeqCst);
    let late = open();
    for store in [&store, &late] {
        let ClaimOutcome::InFlight { lease_left, .. } =
            wait(store.claim(&key(1), &brief(2))).unwrap()
        else {
            panic!("the claim is live");
        };
        assert_eq!(lease_left, Duration::from_secs(1));
    }
    // Not before its time, and not long after it.
    millis.store(1999, Ordering::SeqCst);
    let outcome = wait(late.claim(&key(1), &brief(2))).unwrap();
    assert!(matches!(outcome, ClaimOutcome::InFlight { .. }), "{outcome:?}");
    millis.store(2000, Ordering::SeqCst);
    assert_eq!(attempt(&wait(late.claim(&key(1), &brief(2))).unwrap()), Some(2));
    let outcome = wait(store.claim(&key(1), &brief(3))).unwrap();
    assert!(matches!(outcome, ClaimOutcome::InFlight { .. }), "{outcome:?}");
}

#[test]
fn expired_records_are_removed_in_the_background_until_the_store_is_closed() {
    let folder = folder();
    let path = folder.path().join("events.db");
    let store = patient().purge_every(Duration::from_millis(20)).open(&path).unwrap();
    let brief = Completion::new(Duration::from_millis(1), Answer::new(200));
    for number in 0..600 {
        wait(store.complete(&key(number), token(1), &brief)).unwrap();
    }
    let raw = Connection::open(&path).unwrap();
    let count = || -> i64 {
        raw.query_row("SELECT count(*) FROM countersign_delivery", [], |row| row.get(0)).unwrap()
    };
    let start = Instant::now();
    while count() > 0 && start.elapsed() < Duration::from_secs(20) {
        thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(count(), 0);
    assert_eq!(store.stats().purged, 600);
    let clone = store.clone();
    store.close();
    let closed = clone.stats();
    let error = wait(clone.claim(&key(1), &request(1))).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Unavailable);
    clone.release_on_drop(&key(1), token(1));
    thread::sleep(Duration::from_millis(100));
    assert_eq!(clone.stats().transactions, closed.transactions);
}

#[test]
fn a_purge_removes_more_than_one_batch() {
    let folder = folder();
    let store = patient().danger_sync_normal().open(folder.path().join("events.db")).unwrap();
    let brief = Completion::new(Duration::ZERO, Answer::new(200));
    for number in 0..1100 {
        wait(store.complete(&key(number), token(1), &brief)).unwrap();
    }
    assert_eq!(wait(store.purge(7)).unwrap(), 7);
    assert_eq!(wait(store.purge(usize::MAX)).unwrap(), 1093);
}

#[test]
fn claims_that_were_dropped_are_released_before_the_store_ends() {
    let folder = folder();
    let path = folder.path().join("events.db");
    let store = patient().open(&path).unwrap();
    wait(store.claim(&key(1), &request(1))).unwrap();
    store.release_on_drop(&key(1), token(1));
    store.close();
    let store = patient().open(&path).unwrap();
    assert_eq!(attempt(&wait(store.claim(&key(1), &request(2))).unwrap()), Some(2));
}

#[test]
fn types_can_be_shared_and_say_little() {
    fn check<T: Send + Sync + std::fmt::Debug>() {}
    check::<SqliteStore>();
    check::<SqliteStoreBuilder>();
    check::<countersign_sqlite::Inbox>();
    check::<countersign_sqlite::Stats>();
}
