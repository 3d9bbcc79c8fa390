//! P18: a claim in Redis is one command, takes what that command takes on the bare connection, and at
//! most twice what it takes to set a key.
//!
//! Starts servers of its own, by the program that `apt-get install redis-server` installs. With
//! `COUNTERSIGN_BENCH=counts` it only counts.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use countersign::{Answer, Completion, Store as _};
use countersign_bench::load::{Grants, Load, RETENTION};
use countersign_bench::store::{key, request, token};
use countersign_bench::{Race, Report, Target};
use countersign_redis::{RedisStore, RedisStoreBuilder};
use countersign_store_tests::redis::Server;
use redis::aio::{ConnectionManager, ConnectionManagerConfig, MultiplexedConnection};
use redis::io::tcp::TcpSettings;
use redis::{IntoConnectionInfo as _, Script, Value};
use tokio::runtime::Runtime;

const OURS: &str = "countersign";
const SCRIPT: &str = "the script alone";
const SET: &str = "a key alone";

/// What the store sends for a claim.
const CLAIM: &str = concat!(
    include_str!("../../crates/countersign-redis/src/scripts/fresh.lua"),
    include_str!("../../crates/countersign-redis/src/scripts/record.lua"),
    include_str!("../../crates/countersign-redis/src/scripts/claim.lua")
);

fn main() -> ExitCode {
    let mut report = Report::new();
    let runtime = countersign_store_tests::runtime();
    counts(&mut report, &runtime);
    if std::env::var_os("COUNTERSIGN_BENCH").is_some() {
        return report.finish();
    }
    let server = Server::start();
    let cases = Cases::new(&runtime, &server);
    for (tasks, each) in [(1, 50), (16, 25), (128, 10)] {
        against_bare(&mut report, &cases, tasks, each);
    }
    println!("\nduplicates of one event, {}", cases.load.duplicates(&cases.ours, 2500));
    println!("race of {}", cases.load.race(&cases.ours, 1000));
    cases.cpu();
    report.finish()
}

/// A store that has time, on a busy machine too.
fn patient() -> RedisStoreBuilder {
    RedisStore::builder().timeout(Duration::from_secs(20))
}

/// By the server's own counts.
fn counts(report: &mut Report, runtime: &Runtime) {
    const EVENTS: u64 = 1000;
    /// What the scripts call, and what asks for the counts.
    const KNOWN: [&str; 6] = ["evalsha", "get", "set", "time", "config|resetstat", "info"];
    let server = Server::start();
    runtime.block_on(async {
        let store = patient().connect(&server.url()).await.expect("the server runs");
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
    load: Load<'r>,
    ours: RedisStore,
    bare: Bare,
    key: Key,
    client: MultiplexedConnection,
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
            let ours = patient().with_connection(connection.clone()).await;
            let script = Script::new(CLAIM);
            let mut load = redis::cmd("SCRIPT");
            load.arg("LOAD").arg(CLAIM);
            let hash: String =
                load.query_async(&mut connection.clone()).await.expect("it is a script");
            assert_eq!(hash, script.get_hash());
            let bare = Bare { connection: connection.clone(), hash: hash.into() };
            let key = Key { connection };
            let ours = ours.expect("the server does not evict");
            Self { runtime, load: Load::new(runtime), ours, bare, key, client }
        })
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
        measure(OURS, &|| self.load.grants(&self.ours, 16, 2500));
        measure(SCRIPT, &|| self.load.grants(&self.bare, 16, 2500));
        measure(SET, &|| self.load.grants(&self.key, 16, 2500));
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
        .case(OURS, || cases.load.grants(&cases.ours, tasks, each))
        .case(SCRIPT, || cases.load.grants(&cases.bare, tasks, each))
        .case(SET, || cases.load.grants(&cases.key, tasks, each));
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
