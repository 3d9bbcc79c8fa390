//! The SQLite store keeps the contract of stores.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use countersign_sqlite::{SqliteStore, SqliteStoreBuilder};
use countersign_testing::conformance::{Harness, check_all, checks, run_traces};
use tempfile::TempDir;

/// Longer than a busy machine needs for what the suite asks at once.
const PATIENCE: Duration = Duration::from_secs(20);

/// Each store has a file of its own.
struct Files {
    folder: TempDir,
    made: AtomicU64,
}

impl Files {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), made: AtomicU64::new(0) }
    }

    fn last(&self) -> PathBuf {
        self.folder.path().join(format!("{}.db", self.made.load(Ordering::SeqCst)))
    }

    fn next(&self) -> PathBuf {
        self.made.fetch_add(1, Ordering::SeqCst);
        self.last()
    }
}

fn builder() -> SqliteStoreBuilder {
    // What is tested here does not depend on the disk.
    SqliteStore::builder().migrate(true).timeout(PATIENCE).danger_sync_normal()
}

/// Stores whose clock is moved by hand.
struct Fake {
    files: Files,
    nanos: Arc<AtomicU64>,
}

impl Fake {
    fn new() -> Self {
        Self { files: Files::new(), nanos: Arc::default() }
    }

    fn open(&self, path: PathBuf) -> SqliteStore {
        let nanos = Arc::clone(&self.nanos);
        let clock = move || Duration::from_nanos(nanos.load(Ordering::SeqCst));
        builder().clock(clock).open(path).unwrap()
    }
}

impl Harness for Fake {
    type Store = SqliteStore;

    fn store(&self) -> SqliteStore {
        self.open(self.files.next())
    }

    /// A connection of its own, as another process would have.
    fn another(&self, _: &SqliteStore) -> Option<SqliteStore> {
        Some(self.open(self.files.last()))
    }

    fn advance(&self, _: &SqliteStore, by: Duration) {
        self.nanos.fetch_add(u64::try_from(by.as_nanos()).unwrap(), Ordering::SeqCst);
    }

    fn is_exact(&self) -> bool {
        true
    }
}

/// Stores whose time passes by itself.
struct Real {
    files: Files,
}

impl Harness for Real {
    type Store = SqliteStore;

    fn store(&self) -> SqliteStore {
        builder().open(self.files.next()).unwrap()
    }

    fn another(&self, _: &SqliteStore) -> Option<SqliteStore> {
        builder().open(self.files.last()).ok()
    }

    fn unit(&self) -> Duration {
        Duration::from_millis(200)
    }
}

#[test]
fn the_store_keeps_the_contract() {
    check_all(&Fake::new());
}

#[test]
fn the_store_answers_as_the_model_does() {
    run_traces(&Fake::new(), 128);
}

#[test]
fn the_store_keeps_the_contract_in_real_time() {
    let real = Real { files: Files::new() };
    checks::completing_and_taking_over_exclude_each_other(&real);
    checks::a_lease_never_ends_early(&real);
    checks::a_lapsed_lease_is_taken_over(&real);
    checks::a_lapsed_lease_is_held_until_it_is_taken_over(&real);
    checks::an_extended_lease_ends_when_it_says(&real);
    checks::a_completed_event_is_remembered_for_its_retention(&real);
    checks::a_claim_released_on_drop_is_free_with_its_lease(&real);
    run_traces(&real, 1);
}

/// The most contended of the races, at the size that the plan of failure tests asks for.
#[test]
fn plan_02_of_64_threads_one_claims_each_of_1000_events() {
    checks::race(&Fake::new(), 64, 1000);
}
