//! Effects in transactions of the application.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::error::Error;
use std::path::Path;
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use countersign::{
    Answer, ClaimOutcome, ClaimRequest, CompleteOutcome, Completion, Key, NotCompleted, Once,
    OpenClaim, Store, StoreErrorKind, Token,
};
use countersign_sqlite::{Inbox, SqliteStore};
use countersign_store_tests::{HOUR, wait};
use rusqlite::{Connection, TransactionBehavior};
use tempfile::TempDir;

const KEY: Key = Key::from_bytes([7; 32]);
const FIRST: Token = Token::from_bytes([1; 16]);
const SECOND: Token = Token::from_bytes([2; 16]);

fn file() -> (TempDir, SqliteStore, Connection) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.db");
    let builder = SqliteStore::builder().migrate(true).timeout(Duration::from_secs(20));
    let store = builder.open(&path).unwrap();
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch("CREATE TABLE effect (by TEXT NOT NULL)").unwrap();
    (folder, store, connection)
}

fn effects(connection: &Connection) -> Vec<String> {
    let mut all = connection.prepare("SELECT by FROM effect").unwrap();
    all.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

fn completion() -> Completion {
    Completion::new(HOUR, Answer::new(201))
}

#[test]
fn the_first_transaction_has_the_effects_and_the_others_are_told() {
    let (_folder, store, mut connection) = file();
    let inbox = store.inbox().completion(completion());
    // Rolled back: it never was.
    let transaction = connection.transaction().unwrap();
    assert!(matches!(inbox.once(&transaction, &KEY).unwrap(), Once::First { .. }));
    transaction.execute("INSERT INTO effect VALUES ('dropped')", []).unwrap();
    drop(transaction);

    let transaction = connection.transaction().unwrap();
    let Once::First { seen } = inbox.once(&transaction, &KEY).unwrap() else {
        panic!("it is the first");
    };
    assert_eq!(seen.attempt.get(), 1);
    transaction.execute("INSERT INTO effect VALUES ('first')", []).unwrap();
    transaction.commit().unwrap();

    let transaction = connection.transaction().unwrap();
    let Once::Duplicate { answer, .. } = inbox.once(&transaction, &KEY).unwrap() else {
        panic!("it is a duplicate");
    };
    assert_eq!(answer, Answer::new(201));
    drop(transaction);
    assert_eq!(effects(&connection), ["first"]);
    // The store sees the same.
    let outcome = wait(store.claim(&KEY, &ClaimRequest::new(FIRST, HOUR, HOUR))).unwrap();
    assert!(matches!(outcome, ClaimOutcome::Duplicate { .. }), "{outcome:?}");
}

#[test]
fn of_16_racers_one_has_the_effect() {
    let (folder, store, connection) = file();
    let path = folder.path().join("app.db");
    let barrier = Barrier::new(16);
    let race = |number: usize| -> Result<bool, Box<dyn Error>> {
        let inbox = if number.is_multiple_of(2) { store.inbox() } else { Inbox::new() };
        let mut connection = Connection::open(&path)?;
        connection.busy_timeout(Duration::from_secs(20))?;
        // Whether it begins with the lock or takes it with `once`.
        let behavior = if number.is_multiple_of(3) {
            TransactionBehavior::Immediate
        } else {
            TransactionBehavior::Deferred
        };
        barrier.wait();
        let transaction = connection.transaction_with_behavior(behavior)?;
        let first = match inbox.once(&transaction, &KEY)? {
            Once::First { .. } => true,
            Once::Duplicate { .. } => false,
            other @ Once::InFlight { .. } => panic!("a racer was told {other:?}"),
        };
        if first {
            transaction.execute("INSERT INTO effect VALUES (?1)", [number.to_string()])?;
        }
        transaction.commit()?;
        Ok(first)
    };
    let race = &race;
    let winners = thread::scope(|scope| {
        let racers: Vec<_> =
            (0..16).map(|number| scope.spawn(move || race(number).unwrap())).collect();
        racers.into_iter().map(|it| it.join().unwrap()).filter(|it| *it).count()
    });
    assert_eq!(winners, 1);
    assert_eq!(effects(&connection).len(), 1);
}

#[test]
fn what_is_under_a_claim_or_locked_is_in_flight() {
    let (folder, store, mut connection) = file();
    wait(store.claim(&KEY, &ClaimRequest::new(FIRST, HOUR, HOUR))).unwrap();
    let inbox = store.inbox();
    let transaction = connection.transaction().unwrap();
    let Once::InFlight { lease_left } = inbox.once(&transaction, &KEY).unwrap() else {
        panic!("it is in flight");
    };
    assert!(lease_left > HOUR / 2);
    // That transaction holds the lock now.
    let mut other = Connection::open(folder.path().join("app.db")).unwrap();
    other.busy_timeout(Duration::from_millis(20)).unwrap();
    let waiting = other.transaction().unwrap();
    let once = inbox.once(&waiting, &KEY).unwrap();
    assert_eq!(once, Once::InFlight { lease_left: Duration::from_secs(1) });
    let error = inbox.complete_in(&waiting, &OpenClaim::new(KEY, FIRST, completion())).unwrap_err();
    let NotCompleted::Store(error) = error else { panic!("{error}") };
    assert_eq!(error.kind(), StoreErrorKind::Timeout);
    drop((waiting, transaction));
    // A released event is the next transaction's.
    wait(store.release(&KEY, FIRST)).unwrap();
    let transaction = other.transaction().unwrap();
    let Once::First { seen } = inbox.once(&transaction, &KEY).unwrap() else {
        panic!("it is the first");
    };
    assert_eq!(seen.attempt.get(), 2);
}

/// A transaction that has read sees an old state; it must not write on the strength of that.
#[test]
fn a_transaction_that_read_before_another_wrote_is_not_the_first() {
    let (folder, store, mut connection) = file();
    let inbox = store.inbox();
    let mut other = Connection::open(folder.path().join("app.db")).unwrap();
    let reader = connection.transaction().unwrap();
    let count: i64 = reader.query_row("SELECT count(*) FROM effect", [], |row| row.get(0)).unwrap();
    assert_eq!(count, 0);
    let writer = other.transaction().unwrap();
    assert!(matches!(inbox.once(&writer, &KEY).unwrap(), Once::First { .. }));
    writer.commit().unwrap();
    let once = inbox.once(&reader, &KEY).unwrap();
    assert!(matches!(once, Once::InFlight { .. }), "{once:?}");
    drop(reader);
    let reader = connection.transaction().unwrap();
    assert!(matches!(inbox.once(&reader, &KEY).unwrap(), Once::Duplicate { .. }));
}

/// The effect of one who holds a claim, with `?` alone to undo it.
fn effect(path: &Path, inbox: &Inbox, token: Token, by: &str) -> Result<(), Box<dyn Error>> {
    let mut connection = Connection::open(path)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute("INSERT INTO effect VALUES (?1)", [by])?;
    inbox.complete_in(&transaction, &OpenClaim::new(KEY, token, completion()))?;
    transaction.commit()?;
    Ok(())
}

/// The lease lapses while the first handler runs; a second one takes over.
#[test]
fn a_handler_that_was_taken_over_has_no_effect() {
    let (folder, store, connection) = file();
    let path = folder.path().join("app.db");
    let lease = Duration::from_millis(100);
    wait(store.claim(&KEY, &ClaimRequest::new(FIRST, lease, HOUR))).unwrap();
    thread::sleep(lease * 2);
    let outcome = wait(store.claim(&KEY, &ClaimRequest::new(SECOND, HOUR, HOUR))).unwrap();
    let ClaimOutcome::Claimed { seen } = outcome else { panic!("{outcome:?}") };
    assert_eq!(seen.attempt.get(), 2);

    for when in ["before the second is done", "after it"] {
        let error = effect(&path, &store.inbox(), FIRST, "first").unwrap_err();
        assert!(matches!(error.downcast_ref(), Some(NotCompleted::Lost)), "{when}: {error}");
        assert!(!effects(&connection).contains(&"first".to_owned()), "{when}");
        if effects(&connection).is_empty() {
            effect(&path, &store.inbox(), SECOND, "second").unwrap();
        }
    }
    let error = effect(&path, &store.inbox(), SECOND, "again").unwrap_err();
    assert!(matches!(error.downcast_ref(), Some(NotCompleted::AlreadyCompleted)), "{error}");
    assert_eq!(effects(&connection), ["second"]);
    // What the receiver does afterwards.
    let completed = wait(store.complete(&KEY, SECOND, &completion())).unwrap();
    assert_eq!(completed, CompleteOutcome::AlreadyCompleted);
    let completed = wait(store.complete(&KEY, FIRST, &completion())).unwrap();
    assert_eq!(completed, CompleteOutcome::Lost);
}

#[test]
fn an_inbox_without_tables_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let mut connection = Connection::open(folder.path().join("app.db")).unwrap();
    let transaction = connection.transaction().unwrap();
    let error = Inbox::new().once(&transaction, &KEY).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Config);
}
