//! P19: a claim in PostgreSQL is one statement, and takes what that statement takes on a bare pool.
//!
//! Starts servers of its own, by the programs that `apt-get install postgresql` installs. With
//! `COUNTERSIGN_BENCH=counts` it only counts.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use countersign::{Answer, ClaimOutcome, Completion, Store as _};
use countersign_bench::process::cpu_with_children;
use countersign_bench::store::{key, request, token};
use countersign_bench::{Race, Report, Target};
use countersign_postgres::PostgresStore;
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod};
use tokio::runtime::Runtime;
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use tokio_postgres::NoTls;
use tokio_postgres::types::{ToSql, Type};

use crate::support::Server;

#[allow(dead_code, reason = "the tests of the store use the rest")]
#[path = "../../crates/countersign-postgres/tests/real/support/mod.rs"]
mod support;

const OURS: &str = "countersign";
const OURS_PREPARED: &str = "countersign, prepared";
const RAW: &str = "deadpool";
const RAW_PREPARED: &str = "deadpool, prepared";

/// What all pools have.
const CONNECTIONS: usize = 8;

const RETENTION: Duration = Duration::from_secs(24 * 3600);

/// The statement of a claim.
const CLAIM: &str = "SELECT * FROM \"countersign\".claim($1, $2, $3, $4, $5, $6, $7)";

fn main() -> ExitCode {
    let mut report = Report::new();
    let runtime = support::runtime();
    counts(&mut report, &runtime);
    if std::env::var_os("COUNTERSIGN_BENCH").is_some() {
        return report.finish();
    }
    for (name, setting) in [("on", "synchronous_commit=on"), ("off", "synchronous_commit=off")] {
        let server = Server::start_with(&[setting]);
        let cases = Cases::new(&runtime, &server);
        for (tasks, each) in [(1, 50), (16, 25), (128, 10)] {
            against_deadpool(&mut report, &cases, name, tasks, each);
        }
        cases.duplicates(name);
        cases.race_for_one(name);
        cases.cpu(name, &server);
    }
    report.finish()
}

/// By the server's own counts.
fn counts(report: &mut Report, runtime: &Runtime) {
    const EVENTS: u64 = 1000;
    let server = Server::start_with(&["fsync=off", "track_functions=pl"]);
    runtime.block_on(async {
        let store = store(&server, false).await;
        let client = server.client().await;
        let transactions = "SELECT pg_stat_clear_snapshot(), xact_commit + xact_rollback \
                            FROM pg_stat_database WHERE datname = 'postgres'";
        let count = async || -> i64 {
            // Counts are passed on when a connection ends, or after a while.
            tokio::time::sleep(Duration::from_millis(2500)).await;
            client.query_one(transactions, &[]).await.expect("it is counted").get(1)
        };
        let before = count().await;
        let quiet = count().await - before;
        let before = count().await;
        for number in 0..EVENTS {
            let request = request(token(number), RETENTION);
            store.claim(&key(number), &request).await.expect("it is claimed");
            let done = Completion::new(RETENTION, Answer::new(200));
            store.complete(&key(number), token(number), &done).await.expect("it is completed");
        }
        drop(store);
        let after = count().await;
        let made = u64::try_from(after - before - quiet).unwrap_or(0);
        // What a connection takes to be made is not a statement, but may be a transaction.
        let limit = EVENTS * 2 + 20;
        report.count("P19 transactions for 1,000 claims and completions", made, limit);
        let calls = "SELECT funcname, calls FROM pg_stat_user_functions ORDER BY funcname";
        for row in client.query(calls, &[]).await.expect("it is counted") {
            let (name, calls): (&str, i64) = (row.get(0), row.get(1));
            if ["claim", "complete"].contains(&name) {
                let calls = u64::try_from(calls).unwrap_or(u64::MAX);
                report.count(&format!("P19 calls of {name} for 1,000 events"), calls, EVENTS);
            }
        }
        let hot = "SELECT n_tup_hot_upd, n_tup_upd FROM pg_stat_user_tables \
                   WHERE relname = 'delivery'";
        let row = client.query_one(hot, &[]).await.expect("it is counted");
        let (hot, all): (i64, i64) = (row.get(0), row.get(1));
        println!("completions that touched no index: {hot} of {all}");
    });
}

async fn store(server: &Server, prepared: bool) -> PostgresStore {
    let builder = support::patient().pool_size(CONNECTIONS).prepared_statements(prepared);
    builder.connect(&server.url()).await.expect("the server runs")
}

/// What is compared, on one server.
struct Cases<'r> {
    runtime: &'r Runtime,
    ours: PostgresStore,
    prepared: PostgresStore,
    pool: Pool,
    next: Arc<AtomicU64>,
}

impl<'r> Cases<'r> {
    fn new(runtime: &'r Runtime, server: &Server) -> Self {
        let (ours, prepared) =
            runtime.block_on(async { (store(server, false).await, store(server, true).await) });
        let config = server.url().parse().expect("it is a URL");
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_config(config, NoTls, recycling);
        let pool = Pool::builder(manager).max_size(CONNECTIONS).build().expect("it is a pool");
        Self { runtime, ours, prepared, pool, next: Arc::new(AtomicU64::new(0)) }
    }

    /// So many tasks claim so many new events each.
    fn claims<C: Grants>(&self, claims: &C, tasks: u64, each: u64) {
        self.runtime.block_on(async {
            let mut all = JoinSet::new();
            for _ in 0..tasks {
                let (claims, next) = (claims.clone(), Arc::clone(&self.next));
                all.spawn(async move {
                    for _ in 0..each {
                        claims.grant(next.fetch_add(1, Ordering::Relaxed)).await;
                    }
                });
            }
            all.join_all().await;
        });
    }

    fn raw(&self, prepared: bool) -> Raw {
        Raw { pool: self.pool.clone(), prepared }
    }

    /// Claims of what is completed, 16 tasks.
    fn duplicates(&self, name: &str) {
        const EACH: u64 = 250;
        let event = self.next.fetch_add(1, Ordering::Relaxed);
        self.runtime.block_on(async {
            let done = Completion::new(RETENTION, Answer::new(200));
            self.ours.complete(&key(event), token(event), &done).await.expect("it is completed");
            let mut times = Vec::new();
            let start = Instant::now();
            let mut all = JoinSet::new();
            for task in 0..16 {
                let store = self.ours.clone();
                all.spawn(async move {
                    let mut times = Vec::new();
                    for number in 0..EACH {
                        let start = Instant::now();
                        let request = request(token(1 << 50 | task << 20 | number), RETENTION);
                        let outcome = store.claim(&key(event), &request).await;
                        assert!(matches!(outcome, Ok(ClaimOutcome::Duplicate { .. })));
                        times.push(start.elapsed());
                    }
                    times
                });
            }
            all.join_all().await.into_iter().for_each(|it| times.extend(it));
            let took = start.elapsed();
            println!(
                "\nduplicates of one event, synchronous_commit {name}, 16 tasks: {:.0}/s, {}",
                times.len() as f64 / took.as_secs_f64(),
                quantiles(&mut times)
            );
        });
    }

    /// 64 tasks want the same event, again and again.
    fn race_for_one(&self, name: &str) {
        const TASKS: usize = 64;
        const EVENTS: u64 = 100;
        let first = self.next.fetch_add(EVENTS, Ordering::Relaxed);
        let (winners, mut times) = self.runtime.block_on(async {
            let barrier = Arc::new(Barrier::new(TASKS));
            let mut all = JoinSet::new();
            for task in 0..TASKS as u64 {
                let (store, barrier) = (self.ours.clone(), Arc::clone(&barrier));
                all.spawn(async move {
                    let (mut won, mut times) = (0_u64, Vec::new());
                    for event in first..first + EVENTS {
                        barrier.wait().await;
                        let start = Instant::now();
                        let request = request(token(1 << 51 | task), RETENTION);
                        let outcome = store.claim(&key(event), &request).await;
                        won += match outcome.expect("the server runs") {
                            ClaimOutcome::Claimed { .. } => 1,
                            ClaimOutcome::InFlight { .. } => 0,
                            other => panic!("{other:?}"),
                        };
                        times.push(start.elapsed());
                    }
                    (won, times)
                });
            }
            let mut all_times = Vec::new();
            let mut winners = 0;
            for (won, times) in all.join_all().await {
                winners += won;
                all_times.extend(times);
            }
            (winners, all_times)
        });
        println!(
            "race of 64 for each of {EVENTS} events, synchronous_commit {name}: {winners} winners, {}",
            quantiles(&mut times)
        );
        assert_eq!(winners, EVENTS);
    }

    /// What the server's processes take for a claim.
    fn cpu(&self, name: &str, server: &Server) {
        println!("CPU of the server for a claim, 16 tasks, synchronous_commit {name}:");
        let process = server.process().expect("it runs");
        let measure = |case: &str, run: &dyn Fn()| {
            run();
            let before = cpu_with_children(process);
            run();
            let took = cpu_with_children(process) - before;
            println!("  {case:<26}{:>8.0} us", took.as_secs_f64() * 1e6 / 4000.0);
        };
        measure(OURS, &|| self.claims(&self.ours, 16, 250));
        measure(RAW, &|| self.claims(&self.raw(false), 16, 250));
        measure(OURS_PREPARED, &|| self.claims(&self.prepared, 16, 250));
        measure(RAW_PREPARED, &|| self.claims(&self.raw(true), 16, 250));
    }
}

/// What claims are made of.
trait Grants: Clone + Send + Sync + 'static {
    fn grant(&self, number: u64) -> impl Future<Output = ()> + Send;
}

impl Grants for PostgresStore {
    async fn grant(&self, number: u64) {
        let request = request(token(number), RETENTION);
        let outcome = self.claim(&key(number), &request).await;
        assert!(matches!(outcome, Ok(ClaimOutcome::Claimed { .. })));
    }
}

/// The same statement on a pool, and nothing else.
#[derive(Clone)]
struct Raw {
    pool: Pool,
    prepared: bool,
}

impl Grants for Raw {
    async fn grant(&self, number: u64) {
        let client = self.pool.get().await.expect("the server runs");
        let (key, token) = (key(number), token(number));
        let (key, token) = (key.as_bytes().as_slice(), token.as_bytes().as_slice());
        let fingerprint = Some(token);
        let signed_at = Some(1_795_478_400_000_i64);
        let params: [(&(dyn ToSql + Sync), Type); 7] = [
            (&key, Type::BYTEA),
            (&token, Type::BYTEA),
            (&5000_i64, Type::INT8),
            (&86_400_000_i64, Type::INT8),
            (&fingerprint, Type::BYTEA),
            (&signed_at, Type::INT8),
            (&16_000_i32, Type::INT4),
        ];
        let row = if self.prepared {
            let types: Vec<_> = params.iter().map(|(_, kind)| kind.clone()).collect();
            let statement = client.prepare_typed_cached(CLAIM, &types).await.expect("it is SQL");
            let values: Vec<_> = params.iter().map(|(value, _)| *value).collect();
            client.query_one(&statement, &values).await
        } else {
            client.query_typed_one(CLAIM, &params).await
        };
        assert_eq!(row.expect("the server runs").get::<_, i16>(0), 1);
    }
}

fn against_deadpool(report: &mut Report, cases: &Cases<'_>, name: &str, tasks: u64, each: u64) {
    let (unnamed, prepared) = (cases.raw(false), cases.raw(true));
    let mut race = Race::new()
        .case(OURS, || cases.claims(&cases.ours, tasks, each))
        .case(RAW, || cases.claims(&unnamed, tasks, each))
        .case(OURS_PREPARED, || cases.claims(&cases.prepared, tasks, each))
        .case(RAW_PREPARED, || cases.claims(&prepared, tasks, each));
    let label = |what| format!("P19 / deadpool{what}, synchronous_commit {name}, {tasks} tasks");
    let limit = 1.0 / 0.85;
    let outcome = report.race(
        &mut race,
        &[
            Target::ratio(label(""), OURS, RAW, limit),
            Target::ratio(label(" prepared"), OURS_PREPARED, RAW_PREPARED, limit),
        ],
    );
    println!("\nclaims of new events, synchronous_commit {name}, {tasks} tasks");
    for case in outcome.names() {
        let nanos = outcome.nanos(case) / (tasks * each) as f64;
        println!(
            "  {case:<26}{:>9.0}/s{:>8.2} of the prepared statement alone",
            1e9 / nanos,
            outcome.ratio(RAW_PREPARED, case)
        );
    }
}

fn quantiles(times: &mut [Duration]) -> String {
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    format!("p50 {:.1?}, p99 {:.1?}", at(0.5), at(0.99))
}
