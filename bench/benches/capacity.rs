//! How much one server or file carries, and what it keeps: the figures of `docs/scale.md`. It holds
//! them to no limit.
//!
//! Each event is claimed and completed. `cargo bench --bench capacity -- redis` is about one store;
//! the others are `postgres` and `sqlite`. The servers are its own, and on this machine, whose
//! processors they share with the tasks that ask.

#![allow(clippy::duplicate_mod, reason = "the tests of both stores have the same proxy")]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use countersign::{Answer, ClaimOutcome, CompleteOutcome, Completion, Content, Store};
use countersign_bench::process::{cpu, cpu_with_children};
use countersign_bench::store::{LEASE, key, request, token};
use countersign_postgres::PostgresStore;
use countersign_redis::RedisStore;
use countersign_sqlite::SqliteStore;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

const RETENTION: Duration = Duration::from_secs(24 * 3600);

/// How long each load is kept up.
const TIME: Duration = Duration::from_secs(2);

/// How long an operation may take, on a busy machine too.
const PATIENCE: Duration = Duration::from_secs(20);

/// How many records are weighed and dropped.
const RECORDS: u64 = 100_000;

fn main() {
    if std::env::var_os("COUNTERSIGN_BENCH").is_some() {
        return;
    }
    let wanted: Vec<String> = std::env::args().skip(1).filter(|it| !it.starts_with('-')).collect();
    let runtime = countersign_store_tests::runtime();
    for (name, run) in [
        ("redis", redis as fn(&Runtime)),
        ("postgres", postgres as fn(&Runtime)),
        ("sqlite", sqlite as fn(&Runtime)),
    ] {
        if wanted.is_empty() || wanted.iter().any(|it| it == name) {
            run(&runtime);
        }
    }
}

fn redis(runtime: &Runtime) {
    use countersign_store_tests::redis::Server;

    let patient = || RedisStore::builder().timeout(PATIENCE);
    for (title, settings) in [
        ("Redis, nothing on disk", &[][..]),
        ("Redis, appendfsync everysec", &["--appendonly", "yes"][..]),
        ("Redis, appendfsync always", &["--appendonly", "yes", "--appendfsync", "always"][..]),
    ] {
        let server = Server::start_with(settings);
        let process = server.process().expect("it runs");
        let nodes = |count: usize| -> Vec<RedisStore> {
            let one = || runtime.block_on(patient().connect(&server.url()));
            (0..count).map(|_| one().expect("the server runs")).collect()
        };
        table(title);
        let loads: &[_] = if settings.is_empty() {
            &[(1, 1), (1, 16), (1, 64), (1, 128), (2, 64), (4, 32), (8, 16), (16, 8)]
        } else {
            &[(1, 1), (1, 16), (1, 128)]
        };
        for (count, tasks) in loads {
            load(runtime, &nodes(*count), *tasks, &|| cpu(process)).show(*count, *tasks);
        }
        if settings.is_empty() {
            extensions(runtime, &nodes(1)[0]);
        }
    }
    let server = Server::start();
    let info = async |section: &str, name: &str| -> u64 {
        let mut client = server.client().await;
        let mut info = redis::cmd("INFO");
        let told: String = info.arg(section).query_async(&mut client).await.expect("it tells");
        let line = told.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line.map_or(0, |it| it.parse().expect("a number"))
    };
    let store = runtime.block_on(patient().connect(&server.url())).expect("the server runs");
    for (title, answer) in answers() {
        let before = runtime.block_on(info("memory", "used_memory"));
        let first = fill(runtime, &store, &answer, RETENTION);
        let after = runtime.block_on(info("memory", "used_memory"));
        let one: u64 = runtime.block_on(async {
            let mut usage = redis::cmd("MEMORY");
            usage.arg("USAGE").arg(format!("countersign:{}", key(first)));
            usage.query_async(&mut server.client().await).await.expect("it is there")
        });
        let each = (after - before) as f64 / RECORDS as f64;
        println!("bytes a key, {title}: {each:.0} of used_memory; MEMORY USAGE {one}");
    }
    let before = runtime.block_on(info("stats", "expired_keys"));
    fill(runtime, &store, &Answer::new(200), Duration::from_secs(20));
    runtime.block_on(async {
        let expired = async || info("stats", "expired_keys").await - before;
        while expired().await == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let (start, first) = (Instant::now(), expired().await);
        while expired().await < RECORDS * 9 / 10 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let rate = (expired().await - first) as f64 / start.elapsed().as_secs_f64();
        println!("expired by the server itself, as fast as they fell due: {rate:.0} keys/s");
    });
}

fn postgres(runtime: &Runtime) {
    use countersign_store_tests::postgres::Server;

    let patient = || PostgresStore::builder().migrate(true).timeout(PATIENCE);
    for (title, setting, loads) in [
        (
            "PostgreSQL, synchronous_commit on",
            "synchronous_commit=on",
            &[(1, 1, 8), (1, 16, 8), (1, 64, 8), (1, 128, 8), (1, 64, 1), (1, 64, 2), (1, 64, 4)][..],
        ),
        (
            "PostgreSQL, synchronous_commit on, more connections",
            "synchronous_commit=on",
            &[(1, 64, 16), (1, 64, 32), (2, 32, 8), (4, 16, 8), (8, 8, 8)][..],
        ),
        (
            "PostgreSQL, synchronous_commit off",
            "synchronous_commit=off",
            &[(1, 1, 8), (1, 16, 8), (1, 64, 8), (4, 16, 8)][..],
        ),
    ] {
        let server = Server::start_with(&[setting, "shared_buffers=128MB", "max_wal_size=4GB"]);
        let process = server.process().expect("it runs");
        table(title);
        for (count, tasks, connections) in loads {
            let url = server.url();
            let one = || {
                let connecting = patient().pool_size(*connections).connect(&url);
                runtime.block_on(connecting).expect("the server runs")
            };
            let nodes: Vec<PostgresStore> = (0..*count).map(|_| one()).collect();
            let (bytes, syncs) = runtime.block_on(wal(&server));
            let seen = load(runtime, &nodes, *tasks, &|| cpu_with_children(process));
            let (bytes_after, syncs_after) = runtime.block_on(wal(&server));
            seen.show(*count, *tasks);
            println!(
                "      {connections} connections a node; WAL {:.0} bytes, {:.2} syncs a delivery",
                (bytes_after - bytes) / seen.events() as f64,
                (syncs_after - syncs) / seen.events() as f64
            );
        }
        extensions(
            runtime,
            &runtime.block_on(patient().connect(&server.url())).expect("the server runs"),
        );
    }
    let server = Server::start_with(&["synchronous_commit=off", "shared_buffers=128MB"]);
    let store = runtime.block_on(patient().connect(&server.url())).expect("the server runs");
    let client = runtime.block_on(server.client());
    for (title, answer) in answers() {
        let run = |sql| runtime.block_on(client.batch_execute(sql)).expect("it is SQL");
        run("TRUNCATE countersign.delivery");
        // The room of rows as they were before their completion is used again once it is vacuumed.
        for _ in 0..3 {
            fill(runtime, &store, &answer, RETENTION);
            run("VACUUM countersign.delivery");
        }
        let sizes = "SELECT pg_total_relation_size('countersign.delivery'), \
                     pg_relation_size('countersign.delivery'), \
                     pg_relation_size('countersign.delivery_pkey'), \
                     pg_relation_size('countersign.delivery_expires_minute')";
        let row = runtime.block_on(client.query_one(sizes, &[])).expect("it is SQL");
        let each = |at: usize| row.get::<_, i64>(at) as f64 / (3 * RECORDS) as f64;
        println!(
            "bytes a row, {title}: {:.0}; table {:.0}, key {:.0}, expiry {:.0}",
            each(0),
            each(1),
            each(2),
            each(3)
        );
    }
    purge(runtime, &store);
}

/// Bytes and syncs of the log so far.
async fn wal(server: &countersign_store_tests::postgres::Server) -> (f64, f64) {
    let client = server.client().await;
    // Counts are passed on after a while.
    tokio::time::sleep(Duration::from_millis(1200)).await;
    let sql = "SELECT (pg_current_wal_lsn() - '0/0')::float8, \
               (SELECT wal_sync::float8 FROM pg_stat_wal)";
    let row = client.query_one(sql, &[]).await.expect("PostgreSQL 14 or later");
    (row.get(0), row.get(1))
}

fn sqlite(runtime: &Runtime) {
    let folder = std::env::var_os("COUNTERSIGN_BENCH_FOLDER");
    let folder = folder.map_or_else(std::env::temp_dir, Into::into);
    let folder = tempfile::tempdir_in(folder).expect("a folder can be made");
    let builder = || SqliteStore::builder().migrate(true).timeout(Duration::from_secs(30));
    let process = std::process::id();
    for (title, builder) in [
        ("SQLite, synchronous FULL (server and tasks are one process)", builder()),
        ("SQLite, synchronous NORMAL", builder().danger_sync_normal()),
    ] {
        let path = folder.path().join(title);
        let store = builder.open(&path).expect("the folder can be written to");
        table(title);
        for tasks in [1, 16, 64, 128] {
            let nodes = std::slice::from_ref(&store);
            load(runtime, nodes, tasks, &|| cpu(process)).show(1, tasks);
        }
        extensions(runtime, &store);
    }
    for (title, answer) in answers() {
        let path = folder.path().join(format!("weighed-{title}.db"));
        let store = builder().danger_sync_normal().open(&path).expect("it can be written");
        fill(runtime, &store, &answer, RETENTION);
        drop(store);
        println!("bytes a row, {title}: {:.0}", size(&path) as f64 / RECORDS as f64);
    }
    let store = builder().open(folder.path().join("purged.db")).expect("it can be written");
    purge(runtime, &store);
}

/// Of a file, once the log is in it.
fn size(path: &Path) -> u64 {
    let connection = rusqlite::Connection::open(path).expect("it is there");
    connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .expect("no one else has it open");
    std::fs::metadata(path).expect("it is there").len()
}

fn answers() -> [(&'static str, Answer); 2] {
    let body = Content::new("application/json", vec![b'x'; 200]);
    [("no body", Answer::new(200)), ("a body of 200", Answer::new(200).content(body))]
}

/// Numbers of events, never the same twice.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// Claims and completes so many events; tells the first.
fn fill<S: Store + Clone>(rt: &Runtime, store: &S, answer: &Answer, retention: Duration) -> u64 {
    const TASKS: u64 = 64;
    let first = NEXT.fetch_add(RECORDS, Ordering::Relaxed);
    rt.block_on(async {
        let mut all = JoinSet::new();
        for task in 0..TASKS {
            let (store, done) = (store.clone(), Completion::new(retention, answer.clone()));
            all.spawn(async move {
                for number in (first + task..first + RECORDS).step_by(TASKS as usize) {
                    claim(&store, number).await;
                    complete(&store, number, &done).await;
                }
            });
        }
        all.join_all().await;
    });
    first
}

/// Drops expired records.
fn purge<S: Store + Clone>(runtime: &Runtime, store: &S) {
    fill(runtime, store, &Answer::new(200), Duration::from_millis(1));
    std::thread::sleep(Duration::from_millis(10));
    let start = Instant::now();
    let dropped = runtime.block_on(store.purge(usize::MAX)).expect("the store works");
    let rate = dropped as f64 / start.elapsed().as_secs_f64();
    println!("purged: {dropped} of {RECORDS} at {rate:.0} rows/s");
}

async fn claim(store: &impl Store, number: u64) {
    let outcome = store.claim(&key(number), &request(token(number), RETENTION)).await;
    assert!(matches!(outcome, Ok(ClaimOutcome::Claimed { .. })), "{outcome:?}");
}

async fn complete(store: &impl Store, number: u64, done: &Completion) {
    let outcome = store.complete(&key(number), token(number), done).await;
    assert!(matches!(outcome, Ok(CompleteOutcome::Completed)), "{outcome:?}");
}

/// What a load came to.
struct Seen {
    claims: Vec<Duration>,
    completions: Vec<Duration>,
    took: Duration,
    server: Duration,
    tasks: Duration,
}

/// Has so many tasks on each node claim and complete events for a while.
fn load<S: Store + Clone>(
    runtime: &Runtime,
    nodes: &[S],
    tasks: u64,
    server: &dyn Fn() -> Duration,
) -> Seen {
    runtime.block_on(async {
        let stop = Arc::new(AtomicBool::new(false));
        let own = || cpu(std::process::id());
        let (start, before) = (Instant::now(), (server(), own()));
        let mut all = JoinSet::new();
        for store in nodes {
            for _ in 0..tasks {
                let (store, stop) = (store.clone(), Arc::clone(&stop));
                all.spawn(async move {
                    let done = Completion::new(RETENTION, Answer::new(200));
                    let (mut claims, mut completions) = (Vec::new(), Vec::new());
                    while !stop.load(Ordering::Relaxed) {
                        let number = NEXT.fetch_add(1, Ordering::Relaxed);
                        let start = Instant::now();
                        claim(&store, number).await;
                        claims.push(start.elapsed());
                        let start = Instant::now();
                        complete(&store, number, &done).await;
                        completions.push(start.elapsed());
                    }
                    (claims, completions)
                });
            }
        }
        tokio::time::sleep(TIME).await;
        stop.store(true, Ordering::Relaxed);
        let (claims, completions): (Vec<_>, Vec<_>) = all.join_all().await.into_iter().unzip();
        let (took, after) = (start.elapsed(), (server(), own()));
        Seen {
            claims: claims.concat(),
            completions: completions.concat(),
            took,
            server: after.0 - before.0,
            tasks: after.1 - before.1,
        }
    })
}

/// Heartbeats of 16 tasks.
fn extensions<S: Store + Clone>(runtime: &Runtime, store: &S) {
    const EACH: u64 = 200;
    let first = NEXT.fetch_add(16, Ordering::Relaxed);
    let took = runtime.block_on(async {
        for number in first..first + 16 {
            claim(store, number).await;
        }
        let start = Instant::now();
        let mut all = JoinSet::new();
        for number in first..first + 16 {
            let store = store.clone();
            all.spawn(async move {
                for _ in 0..EACH {
                    let extended = store.extend(&key(number), token(number), LEASE * 10).await;
                    extended.expect("the store works");
                }
            });
        }
        all.join_all().await;
        start.elapsed()
    });
    println!("  heartbeats, 16 tasks: {:.0}/s", (16 * EACH) as f64 / took.as_secs_f64());
}

fn table(title: &str) {
    println!("\n{title}");
    println!(
        "  nodes  tasks each  deliveries/s   claim p50, p99   completion  CPU of server, of tasks"
    );
    println!(
        "                              /s               us           us           us a delivery"
    );
}

impl Seen {
    fn events(&self) -> usize {
        self.claims.len()
    }

    fn show(&self, nodes: usize, tasks: u64) {
        let quantiles = |times: &[Duration]| {
            let mut times = times.to_vec();
            times.sort();
            let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
            format!("{:>6} {:>6}", at(0.5).as_micros(), at(0.99).as_micros())
        };
        let each = |time: Duration| time.as_secs_f64() * 1e6 / self.events() as f64;
        println!(
            "  {nodes:>5}  {tasks:>10}  {:>12.0}    {}  {}    {:>7.1} {:>7.1}",
            self.events() as f64 / self.took.as_secs_f64(),
            quantiles(&self.claims),
            quantiles(&self.completions),
            each(self.server),
            each(self.tasks)
        );
    }
}
