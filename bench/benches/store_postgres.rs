//! P19: a claim in PostgreSQL is one statement, and takes what that statement takes on a bare pool.
//!
//! Starts servers of its own, by the programs that `apt-get install postgresql` installs. With
//! `COUNTERSIGN_BENCH=counts` it only counts.

use std::process::ExitCode;
use std::time::Duration;

use countersign::{Answer, Completion, Store as _};
use countersign_bench::load::{Grants, Load, RETENTION};
use countersign_bench::process::cpu_with_children;
use countersign_bench::store::{key, request, token};
use countersign_bench::{Race, Report, Target};
use countersign_postgres::PostgresStore;
use countersign_store_tests::postgres::Server;
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod};
use tokio::runtime::Runtime;
use tokio_postgres::NoTls;
use tokio_postgres::types::{ToSql, Type};

const OURS: &str = "countersign";
const OURS_PREPARED: &str = "countersign, prepared";
const RAW: &str = "deadpool";
const RAW_PREPARED: &str = "deadpool, prepared";

/// What all pools have.
const CONNECTIONS: usize = 8;

/// The statement of a claim.
const CLAIM: &str = "SELECT * FROM \"countersign\".claim($1, $2, $3, $4, $5, $6, $7)";

fn main() -> ExitCode {
    let mut report = Report::new();
    let runtime = countersign_store_tests::runtime();
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
        let duplicates = cases.load.duplicates(&cases.ours, 250);
        println!("\nduplicates of one event, synchronous_commit {name}, {duplicates}");
        println!("race, synchronous_commit {name}, of {}", cases.load.race(&cases.ours, 100));
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
    // It has time, on a busy machine too.
    let builder = PostgresStore::builder().migrate(true).timeout(Duration::from_secs(20));
    let builder = builder.pool_size(CONNECTIONS).prepared_statements(prepared);
    builder.connect(&server.url()).await.expect("the server runs")
}

/// What is compared, on one server.
struct Cases<'r> {
    load: Load<'r>,
    ours: PostgresStore,
    prepared: PostgresStore,
    pool: Pool,
}

impl<'r> Cases<'r> {
    fn new(runtime: &'r Runtime, server: &Server) -> Self {
        let (ours, prepared) =
            runtime.block_on(async { (store(server, false).await, store(server, true).await) });
        let config = server.url().parse().expect("it is a URL");
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_config(config, NoTls, recycling);
        let pool = Pool::builder(manager).max_size(CONNECTIONS).build().expect("it is a pool");
        Self { load: Load::new(runtime), ours, prepared, pool }
    }

    fn raw(&self, prepared: bool) -> Raw {
        Raw { pool: self.pool.clone(), prepared }
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
        measure(OURS, &|| self.load.grants(&self.ours, 16, 250));
        measure(RAW, &|| self.load.grants(&self.raw(false), 16, 250));
        measure(OURS_PREPARED, &|| self.load.grants(&self.prepared, 16, 250));
        measure(RAW_PREPARED, &|| self.load.grants(&self.raw(true), 16, 250));
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
        .case(OURS, || cases.load.grants(&cases.ours, tasks, each))
        .case(RAW, || cases.load.grants(&unnamed, tasks, each))
        .case(OURS_PREPARED, || cases.load.grants(&cases.prepared, tasks, each))
        .case(RAW_PREPARED, || cases.load.grants(&prepared, tasks, each));
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
