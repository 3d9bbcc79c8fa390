//! P20: what it brings to write operations of the SQLite store in groups, where each transaction
//! waits for the disk.
//!
//! The files are in the folder that `COUNTERSIGN_BENCH_FOLDER` names, or that for temporary ones. It
//! must be on a disk: in memory there is nothing to wait for. Nothing here counts; with
//! `COUNTERSIGN_BENCH=counts` it does nothing.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use countersign::{Answer, ClaimOutcome, CompleteOutcome, Completion, Store as _};
use countersign_bench::store::{key, request, token};
use countersign_bench::{Outcome, Race, Report, Target};
use countersign_sqlite::{SqliteStore, SqliteStoreBuilder};
use rusqlite::Connection;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

const GROUPED: &str = "grouped";
const UNGROUPED: &str = "one a transaction";
const DIRECT: &str = "rusqlite, no thread";

const RETENTION: Duration = Duration::from_secs(24 * 3600);

/// How many claims each task makes in a turn.
const CLAIMS: u64 = 4;

fn main() -> ExitCode {
    let mut report = Report::new();
    if std::env::var_os("COUNTERSIGN_BENCH").is_some() {
        return report.finish();
    }
    let folder = std::env::var_os("COUNTERSIGN_BENCH_FOLDER");
    let folder = folder.map_or_else(std::env::temp_dir, PathBuf::from);
    let folder = tempfile::tempdir_in(folder).expect("a folder can be made");
    full(&mut report, folder.path());
    normal(&mut report, folder.path());
    pairs(&mut report, folder.path());
    report.finish()
}

/// `synchronous = FULL`, the default.
fn full(report: &mut Report, folder: &Path) {
    let grouped = Client::new(builder(), &folder.join("full.db"));
    let ungrouped = Client::new(builder().batch(1), &folder.join("full-1.db"));
    let direct = Direct::new(&folder.join("direct.db"));
    // At least 0.9 times the throughput at one task, and four times at 16.
    for (tasks, limit) in [(1, 1.0 / 0.9), (16, 1.0 / 4.0)] {
        let mut race = Race::new()
            .case(GROUPED, || grouped.claims(tasks))
            .case(UNGROUPED, || ungrouped.claims(tasks))
            .case(DIRECT, || direct.claims(tasks));
        let label = format!("P20 grouped / ungrouped, FULL, {tasks} tasks, time a claim");
        let outcome = report.race(&mut race, &[Target::ratio(label, GROUPED, UNGROUPED, limit)]);
        show("FULL", &outcome, tasks);
    }
    let mut race = Race::new().case(GROUPED, || grouped.claims(128));
    show("FULL", &report.race(&mut race, &[]), 128);
    println!("  operations a transaction, of all: {:.1}", grouped.operations_a_transaction());
}

/// `synchronous = NORMAL`, which does not wait for the disk.
fn normal(report: &mut Report, folder: &Path) {
    let grouped = Client::new(builder().danger_sync_normal(), &folder.join("normal.db"));
    let builder = builder().danger_sync_normal().batch(1);
    let ungrouped = Client::new(builder, &folder.join("normal-1.db"));
    for tasks in [1, 16] {
        let mut race = Race::new()
            .case(GROUPED, || grouped.claims(tasks))
            .case(UNGROUPED, || ungrouped.claims(tasks));
        show("NORMAL (no limit)", &report.race(&mut race, &[]), tasks);
    }
}

/// Claims that are completed, and duplicates, which wait for no disk.
fn pairs(report: &mut Report, folder: &Path) {
    let client = Client::new(builder(), &folder.join("pairs.db"));
    for tasks in [1, 16] {
        let mut race = Race::new()
            .case("claim and completion", || client.pairs(tasks))
            .case("claim of a duplicate", || client.duplicates(tasks));
        show("FULL (no limit)", &report.race(&mut race, &[]), tasks);
    }
}

fn builder() -> SqliteStoreBuilder {
    SqliteStore::builder().migrate(true).timeout(Duration::from_secs(30))
}

/// Tasks that ask a store.
struct Client {
    store: SqliteStore,
    runtime: Runtime,
    next: Arc<AtomicU64>,
}

impl Client {
    fn new(builder: SqliteStoreBuilder, path: &Path) -> Self {
        let store = builder.open(path).expect("the folder can be written to");
        let runtime = Builder::new_current_thread().build().expect("a runtime");
        Self { store, runtime, next: Arc::default() }
    }

    /// Has each of the tasks do something with so many numbers that no one had before.
    fn each<F>(&self, tasks: u64, act: impl Fn(SqliteStore, u64) -> F + Copy + Send + 'static)
    where
        F: Future<Output = ()> + Send,
    {
        self.runtime.block_on(async {
            let mut running = JoinSet::new();
            for _ in 0..tasks {
                let (store, next) = (self.store.clone(), Arc::clone(&self.next));
                running.spawn(async move {
                    for _ in 0..CLAIMS {
                        act(store.clone(), next.fetch_add(1, Ordering::Relaxed)).await;
                    }
                });
            }
            while let Some(ended) = running.join_next().await {
                ended.expect("a task does not panic");
            }
        });
    }

    fn claims(&self, tasks: u64) {
        self.each(tasks, |store, number| async move {
            claim(&store, number).await;
        });
    }

    fn pairs(&self, tasks: u64) {
        self.each(tasks, |store, number| async move {
            claim(&store, number).await;
            let completion = Completion::new(RETENTION, Answer::new(200));
            let completed = store.complete(&key(number), token(number), &completion).await;
            assert_eq!(completed.expect("the store works"), CompleteOutcome::Completed);
        });
    }

    /// The first pair that was completed, again and again.
    fn duplicates(&self, tasks: u64) {
        self.each(tasks, |store, number| async move {
            let request = request(token(number), RETENTION);
            let outcome = store.claim(&key(0), &request).await.expect("the store works");
            assert!(matches!(outcome, ClaimOutcome::Duplicate { .. }));
        });
    }

    fn operations_a_transaction(&self) -> f64 {
        let stats = self.store.stats();
        stats.operations as f64 / stats.transactions as f64
    }
}

async fn claim(store: &SqliteStore, number: u64) {
    let request = request(token(number), RETENTION);
    let outcome = store.claim(&key(number), &request).await.expect("the store works");
    assert!(matches!(outcome, ClaimOutcome::Claimed { .. }));
}

/// The least that a claim can be: one statement in a transaction, on the thread that asks.
struct Direct {
    connection: Connection,
    next: AtomicU64,
}

impl Direct {
    fn new(path: &Path) -> Self {
        let connection = Connection::open(path).expect("the folder can be written to");
        connection
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
                 CREATE TABLE event (key BLOB PRIMARY KEY, token BLOB, lease_end INTEGER)
                 STRICT, WITHOUT ROWID",
            )
            .expect("it is SQL");
        Self { connection, next: AtomicU64::new(0) }
    }

    fn claims(&self, tasks: u64) {
        for _ in 0..tasks * CLAIMS {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let insert = "INSERT INTO event VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
            let mut insert = self.connection.prepare_cached(insert).expect("it is SQL");
            let (key, token) = (key(number), token(number));
            insert.execute((key.as_bytes(), token.as_bytes(), 0)).expect("the disk has room");
        }
    }
}

fn show(title: &str, outcome: &Outcome, tasks: u64) {
    println!("\n{title}, {tasks} tasks: median us, operations a second");
    let base = outcome.names().next().expect("there are cases");
    for name in outcome.names() {
        let micros = outcome.nanos(name) / 1000.0 / (tasks * CLAIMS) as f64;
        let ratio = outcome.ratio(name, base);
        println!("  {name:<26}{micros:>9.1}{:>9.0}{ratio:>8.2}x", 1e6 / micros);
    }
}
