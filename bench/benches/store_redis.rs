//! P18: a claim in Redis is one command, takes what that command takes on the bare connection, and at
//! most twice what it takes to set a key.
//!
//! Starts servers of its own, by the program that `apt-get install redis-server` installs. With
//! `COUNTERSIGN_BENCH=counts` it only counts.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use countersign::{Answer, ClaimOutcome, Completion, Store as _};
use countersign_bench::store::{key, request, token};
use countersign_bench::{Race, Report, Target};
use countersign_redis::RedisStore;
use redis::aio::{ConnectionManager, ConnectionManagerConfig, MultiplexedConnection};
use redis::io::tcp::TcpSettings;
use redis::{IntoConnectionInfo as _, Script, Value};
use tokio::runtime::Runtime;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::support::Server;

#[allow(dead_code, reason = "the tests of the store use the rest")]
#[path = "../../crates/countersign-redis/tests/real/support/mod.rs"]
mod support;

const OURS: &str = "countersign";
const SCRIPT: &str = "the script alone";
const SET: &str = "a key alone";

const RETENTION: Duration = Duration::from_secs(24 * 3600);

/// What the store sends for a claim.
const CLAIM: &str = concat!(
    include_str!("../../crates/countersign-redis/src/scripts/fresh.lua"),
    include_str!("../../crates/countersign-redis/src/scripts/record.lua"),
    include_str!("../../crates/countersign-redis/src/scripts/claim.lua")
);

fn main() -> ExitCode {
    let mut report = Report::new();
    let runtime = support::runtime();
    counts(&mut report, &runtime);
    if std::env::var_os("COUNTERSIGN_BENCH").is_some() {
        return report.finish();
    }
    let server = Server::start();
    let cases = Cases::new(&runtime, &server);
    for (tasks, each) in [(1, 50), (16, 25), (128, 10)] {
        against_bare(&mut report, &cases, tasks, each);
    }
    cases.duplicates();
    cases.race_for_one();
    cases.cpu();
    report.finish()
}

/// By the server's own counts.
fn counts(report: &mut Report, runtime: &Runtime) {
    const EVENTS: u64 = 1000;
    /// What the scripts call, and what asks for the counts.
    const KNOWN: [&str; 6] = ["evalsha", "get", "set", "time", "config|resetstat", "info"];
    let server = Server::start();
    runtime.block_on(async {
        let store = server.store().await;
        let mut client = server.client().await;
        let done = Completion::new(RETENTION, Answer::new(200));
        let event = async |number: u64| {
            let request = request(token(number), RETENTION);
            store.claim(&key(number), &request).await.expect("it is claimed");
            store.complete(&key(number), token(number), &done).await.expect("it is completed");
        };
        // The server learns the scripts.
        event(0).await;
        let mut reset = redis::cmd("CONFIG");
        reset.arg("RESETSTAT").query_async::<()>(&mut client).await.expect("it is reset");
        for number in 1..=EVENTS {
            event(number).await;
        }
        let calls = calls(&mut client).await;
        let scripts = calls.get("evalsha").copied().unwrap_or(0);
        report.count("P18 EVALSHA for 1,000 claims and completions", scripts, EVENTS * 2);
        report.fact("P18 and no fewer", scripts == EVENTS * 2);
        let others = calls.iter().filter(|(name, _)| !KNOWN.contains(&name.as_str()));
        report.count("P18 other commands", others.map(|(_, calls)| calls).sum(), 0);
        println!("commands of 1,000 claims and completions, those within scripts included:");
        for (name, calls) in calls {
            println!("  {name:<20}{calls:>6}");
        }
    });
}

/// How often each command was called.
async fn calls(client: &mut MultiplexedConnection) -> BTreeMap<String, u64> {
    let text = info(client, "commandstats").await;
    let lines = text.lines().filter_map(|line| line.strip_prefix("cmdstat_")?.split_once(':'));
    let calls = lines.map(|(name, rest)| {
        let calls = rest.strip_prefix("calls=").and_then(|it| it.split(',').next());
        (name.to_owned(), calls.and_then(|it| it.parse().ok()).expect("it is counted"))
    });
    calls.collect()
}

async fn info(client: &mut MultiplexedConnection, section: &str) -> String {
    let mut info = redis::cmd("INFO");
    info.arg(section).query_async(client).await.expect("the server tells")
}

/// What is compared, over one connection.
struct Cases<'r> {
    runtime: &'r Runtime,
    ours: RedisStore,
    bare: Bare,
    key: Key,
    client: MultiplexedConnection,
    next: Arc<AtomicU64>,
}

impl<'r> Cases<'r> {
    fn new(runtime: &'r Runtime, server: &Server) -> Self {
        runtime.block_on(async {
            let client = server.client().await;
            let info = server.url().into_connection_info().expect("it is a URL");
            let info = info.set_tcp_settings(TcpSettings::default().set_nodelay(true));
            let url = redis::Client::open(info).expect("it is a URL");
            let settings = ConnectionManagerConfig::new().set_response_timeout(None);
            let connection = ConnectionManager::new_with_config(url, settings).await;
            let connection = connection.expect("the server runs");
            let ours = support::patient().with_connection(connection.clone()).await;
            let script = Script::new(CLAIM);
            let mut load = redis::cmd("SCRIPT");
            load.arg("LOAD").arg(CLAIM);
            let hash: String =
                load.query_async(&mut connection.clone()).await.expect("it is a script");
            assert_eq!(hash, script.get_hash());
            let bare = Bare { connection: connection.clone(), hash: hash.into() };
            let key = Key { connection };
            let ours = ours.expect("the server does not evict");
            Self { runtime, ours, bare, key, client, next: Arc::default() }
        })
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

    /// Drops all keys, so that memory does not grow from one race to the next.
    fn clear(&self) {
        let mut client = self.client.clone();
        self.runtime.block_on(async {
            redis::cmd("FLUSHDB")
                .arg("ASYNC")
                .query_async::<()>(&mut client)
                .await
                .expect("the server runs");
        });
    }

    /// Claims of what is completed, 16 tasks.
    fn duplicates(&self) {
        const EACH: u64 = 2500;
        let event = self.next.fetch_add(1, Ordering::Relaxed);
        self.runtime.block_on(async {
            let done = Completion::new(RETENTION, Answer::new(200));
            self.ours.complete(&key(event), token(event), &done).await.expect("it is completed");
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
            let mut times: Vec<Duration> = all.join_all().await.into_iter().flatten().collect();
            let took = start.elapsed();
            println!(
                "\nduplicates of one event, 16 tasks: {:.0}/s, {}",
                times.len() as f64 / took.as_secs_f64(),
                quantiles(&mut times)
            );
        });
    }

    /// 64 tasks want the same event, again and again.
    fn race_for_one(&self) {
        const TASKS: usize = 64;
        const EVENTS: u64 = 1000;
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
            let (won, times): (Vec<u64>, Vec<Vec<Duration>>) =
                all.join_all().await.into_iter().unzip();
            (won.into_iter().sum::<u64>(), times.concat())
        });
        println!(
            "race of 64 for each of {EVENTS} events: {winners} winners, {}",
            quantiles(&mut times)
        );
        assert_eq!(winners, EVENTS);
    }

    /// What the server takes for a claim, by its own account.
    fn cpu(&self) {
        println!("CPU of the server for a claim by INFO cpu, 16 tasks:");
        let used = || {
            let mut client = self.client.clone();
            let text = self.runtime.block_on(info(&mut client, "cpu"));
            let names = ["used_cpu_sys:", "used_cpu_user:"];
            let lines = text.lines().filter_map(|line| {
                names.iter().find_map(|name| line.strip_prefix(name)?.trim().parse::<f64>().ok())
            });
            lines.sum::<f64>()
        };
        let measure = |case: &str, run: &dyn Fn()| {
            run();
            let before = used();
            run();
            let micros = (used() - before) * 1e6 / (16.0 * 2500.0);
            println!("  {case:<18}{micros:>8.1} us   {}", command(case));
            self.clear();
        };
        measure(OURS, &|| self.claims(&self.ours, 16, 2500));
        measure(SCRIPT, &|| self.claims(&self.bare, 16, 2500));
        measure(SET, &|| self.claims(&self.key, 16, 2500));
    }
}

/// What claims are made of.
trait Grants: Clone + Send + Sync + 'static {
    fn grant(&self, number: u64) -> impl Future<Output = ()> + Send;
}

impl Grants for RedisStore {
    async fn grant(&self, number: u64) {
        let request = request(token(number), RETENTION);
        let outcome = self.claim(&key(number), &request).await;
        assert!(matches!(outcome, Ok(ClaimOutcome::Claimed { .. })));
    }
}

/// The same script on the same connection, and nothing else.
#[derive(Clone)]
struct Bare {
    connection: ConnectionManager,
    hash: Arc<str>,
}

impl Grants for Bare {
    async fn grant(&self, number: u64) {
        let mut connection = self.connection.clone();
        let (key, token) = (key(number), token(number));
        let mut command = redis::cmd("EVALSHA");
        command.arg(&*self.hash).arg(1).arg(format!("bare:{key}")).arg(token.as_bytes());
        command.arg(5000).arg(86_400_000).arg(token.as_bytes());
        command.arg(&1_795_478_400_000_i64.to_be_bytes());
        let answer: Vec<Value> = command.query_async(&mut connection).await.expect("it runs");
        assert_eq!(answer.first(), Some(&Value::Int(1)));
    }
}

/// The least that a claim can be: a key that is set if it is not there.
#[derive(Clone)]
struct Key {
    connection: ConnectionManager,
}

impl Grants for Key {
    async fn grant(&self, number: u64) {
        let mut connection = self.connection.clone();
        let mut command = redis::cmd("SET");
        command.arg(format!("key:{}", key(number))).arg(token(number).as_bytes());
        command.arg("NX").arg("PX").arg(86_400_000);
        let answer: Option<String> = command.query_async(&mut connection).await.expect("it runs");
        assert_eq!(answer.as_deref(), Some("OK"));
    }
}

fn against_bare(report: &mut Report, cases: &Cases<'_>, tasks: u64, each: u64) {
    let mut race = Race::new()
        .case(OURS, || cases.claims(&cases.ours, tasks, each))
        .case(SCRIPT, || cases.claims(&cases.bare, tasks, each))
        .case(SET, || cases.claims(&cases.key, tasks, each));
    let label = |what| format!("P18 time of a claim / {what}, {tasks} tasks");
    let outcome = report.race(
        &mut race,
        &[
            Target::ratio(label("EVALSHA"), OURS, SCRIPT, 1.0 / 0.9),
            Target::ratio(label("SET NX PX"), OURS, SET, 1.0 / 0.5),
        ],
    );
    println!("\nclaims of new events, {tasks} tasks");
    for case in outcome.names() {
        let nanos = outcome.nanos(case) / (tasks * each) as f64;
        println!(
            "  {case:<18}{:>9.0}/s, {:>5.2} of the throughput of a key alone   {}",
            1e9 / nanos,
            outcome.ratio(SET, case),
            command(case)
        );
    }
    cases.clear();
}

/// What is sent.
fn command(case: &str) -> &'static str {
    match case {
        OURS => "RedisStore::claim",
        SCRIPT => "EVALSHA hash 1 key token lease retention fingerprint signed",
        _ => "SET key token NX PX retention",
    }
}

fn quantiles(times: &mut [Duration]) -> String {
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    format!("p50 {:.1?}, p99 {:.1?}", at(0.5), at(0.99))
}
