//! Processes that are killed while they handle an event. Each is this test itself, started again.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test may panic, and reads the clock"
)]

use std::collections::HashMap;
use std::env;
use std::error::Error;
use std::fs::{File, OpenOptions};
use std::hash::{BuildHasher, RandomState};
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::{Path, PathBuf};
use std::process::{self, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use countersign::{
    Answer, ClaimOutcome, ClaimRequest, CompleteOutcome, Completion, Key, NotCompleted, Once,
    OpenClaim, Store, StoreErrorKind, Token,
};
use countersign_sqlite::{Inbox, SqliteStore};
use countersign_store_tests::{HOUR, wait};
use rusqlite::{Connection, TransactionBehavior};

const PATIENCE: Duration = Duration::from_secs(20);
const ROUNDS: i64 = 100;

fn open(path: &Path) -> SqliteStore {
    SqliteStore::builder().migrate(true).timeout(PATIENCE).open(path).unwrap()
}

fn connect(path: &Path) -> Connection {
    let connection = Connection::open(path).unwrap();
    connection.busy_timeout(PATIENCE).unwrap();
    connection
}

fn key(number: i64) -> Key {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    Key::from_bytes(bytes)
}

fn random(below: u64) -> u64 {
    RandomState::new().hash_one(0) % below
}

fn token() -> Token {
    let half = || RandomState::new().hash_one(0).to_ne_bytes();
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&half());
    bytes[8..].copy_from_slice(&half());
    Token::from_bytes(bytes)
}

fn completion() -> Completion {
    Completion::new(HOUR, Answer::new(200))
}

fn wall() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap()
}

/// A process that is killed when it is dropped.
struct Process {
    child: process::Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Process {
    fn start(role: &str, path: &Path, number: i64) -> Self {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "child", "--ignored", "--nocapture"])
            .env("CHILD_ROLE", role)
            .env("CHILD_FILE", path)
            .env("CHILD_NUMBER", number.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    /// Waits for the child to say something; what it said, unless it ended before.
    fn hear(&mut self) -> Option<String> {
        self.lines.by_ref().map_while(Result::ok).find_map(|line| {
            // The test runner may have begun the line.
            line.split_once("> ").map(|(_, said)| said.to_owned())
        })
    }

    /// SIGKILL. Tells whether it had not ended before.
    fn kill(mut self) -> bool {
        let ended = self.child.try_wait().unwrap().is_some();
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        !ended
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

fn say(text: &str) {
    println!("> {text}");
}

#[test]
#[ignore = "it is what the other tests start and kill"]
fn child() {
    let (Ok(role), Ok(path)) = (env::var("CHILD_ROLE"), env::var("CHILD_FILE")) else { return };
    let path = PathBuf::from(path);
    let number = env::var("CHILD_NUMBER").unwrap().parse().unwrap();
    match role.as_str() {
        "claim and sleep" => {
            let store = open(&path);
            let before = wall();
            let mine = ClaimRequest::new(Token::from_bytes([1; 16]), Duration::from_secs(1), HOUR);
            wait(store.claim(&key(number), &mine)).unwrap();
            say(&before.as_millis().to_string());
            thread::sleep(PATIENCE);
        }
        "once and sleep" => {
            let mut connection = connect(&path);
            let transaction = connection.transaction().unwrap();
            let once = Inbox::new().once(&transaction, &key(number)).unwrap();
            assert!(matches!(once, Once::First { .. }));
            transaction.execute("INSERT INTO effect VALUES (?1, 'child')", [number]).unwrap();
            say("handling");
            thread::sleep(PATIENCE);
        }
        "once" => {
            let mut connection = connect(&path);
            say("ready");
            once(&mut connection, number, "child").unwrap();
        }
        "complete" => {
            let (store, mut connection) = (open(&path), connect(&path));
            say("ready");
            _ = claim_and_complete(&store, &mut connection, number, "child");
        }
        "mixed" => {
            let age = Duration::from_millis(u64::try_from(number).unwrap());
            mixed(&open(&path), &path, wall() - age);
        }
        other => panic!("{other} is no role"),
    }
}

fn file() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.db");
    open(&path);
    let table = "CREATE TABLE effect (event INTEGER NOT NULL, by TEXT NOT NULL)";
    connect(&path).execute_batch(table).unwrap();
    (folder, path)
}

fn effects(path: &Path) -> Vec<(i64, String)> {
    let connection = connect(path);
    let mut all = connection.prepare("SELECT event, by FROM effect ORDER BY event").unwrap();
    let all = all.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    all.map(Result::unwrap).collect()
}

/// Form A: whether the event is handled now, by whomever.
fn once(connection: &mut Connection, number: i64, by: &str) -> Result<bool, Box<dyn Error>> {
    let transaction = connection.transaction()?;
    match Inbox::new().once(&transaction, &key(number))? {
        Once::First { .. } => {}
        Once::Duplicate { .. } => return Ok(true),
        Once::InFlight { .. } => return Ok(false),
    }
    transaction.execute("INSERT INTO effect VALUES (?1, ?2)", (number, by))?;
    thread::sleep(Duration::from_millis(2));
    transaction.commit()?;
    Ok(true)
}

/// Form B: whether the event is handled now, by whomever.
fn claim_and_complete(
    store: &SqliteStore,
    connection: &mut Connection,
    number: i64,
    by: &str,
) -> Result<bool, Box<dyn Error>> {
    let token = token();
    let request = ClaimRequest::new(token, Duration::from_millis(100), HOUR);
    match wait(store.claim(&key(number), &request))? {
        ClaimOutcome::Claimed { .. } => {}
        ClaimOutcome::Duplicate { .. } => return Ok(true),
        _ => return Ok(false),
    }
    thread::sleep(Duration::from_millis(2));
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute("INSERT INTO effect VALUES (?1, ?2)", (number, by))?;
    store.inbox().complete_in(&transaction, &OpenClaim::new(key(number), token, completion()))?;
    transaction.commit()?;
    Ok(true)
}

#[test]
fn plan_03_a_killed_handler_runs_again_once_its_lease_has_lapsed() {
    let (_folder, path) = file();
    let store = open(&path);
    let mut process = Process::start("claim and sleep", &path, 1);
    let claimed: u64 = process.hear().unwrap().parse().unwrap();
    let claimed = Duration::from_millis(claimed);
    assert!(process.kill());
    // A restart of the same worker that remembers its token has its claim still.
    let same = ClaimRequest::new(Token::from_bytes([1; 16]), HOUR, HOUR);
    let outcome = wait(store.claim(&key(1), &same)).unwrap();
    assert!(matches!(outcome, ClaimOutcome::Claimed { seen } if seen.attempt.get() == 1));
    let start = Instant::now();
    loop {
        let request = ClaimRequest::new(token(), HOUR, HOUR);
        match wait(store.claim(&key(1), &request)).unwrap() {
            ClaimOutcome::Claimed { seen } => {
                assert_eq!(seen.attempt.get(), 2);
                break;
            }
            ClaimOutcome::InFlight { .. } => thread::sleep(Duration::from_millis(20)),
            other => panic!("{other:?}"),
        }
        assert!(start.elapsed() < PATIENCE, "the lease never ends");
    }
    let took = wall() - claimed;
    assert!(took >= Duration::from_secs(1), "{took:?}");
    // 1.5 s on an idle machine.
    assert!(took <= Duration::from_millis(3500), "{took:?}");
}

#[test]
fn plan_03_a_killed_transaction_frees_its_event_at_once() {
    let (_folder, path) = file();
    let mut connection = connect(&path);
    let mut process = Process::start("once and sleep", &path, 1);
    assert_eq!(process.hear().unwrap(), "handling");
    assert!(process.kill());
    let start = Instant::now();
    assert!(once(&mut connection, 1, "second").unwrap());
    // 100 ms on an idle machine.
    assert!(start.elapsed() <= Duration::from_millis(500), "{:?}", start.elapsed());
    assert_eq!(effects(&path), [(1, "second".to_owned())]);
}

/// Kills a child at a random time in each of a hundred rounds, lets another handle what it left,
/// and expects one effect of each event.
fn effects_happen_once(role: &str, again: impl Fn(&mut Connection, i64) -> bool) {
    let (_folder, path) = file();
    let mut connection = connect(&path);
    // How long the child needs.
    let start = Instant::now();
    let mut process = Process::start(role, &path, 0);
    process.hear();
    let ready = start.elapsed();
    process.child.wait().unwrap();
    let whole = start.elapsed();
    let mut killed = 0;
    for round in 1..=ROUNDS {
        let mut process = Process::start(role, &path, round);
        let window = if round % 4 == 0 {
            whole
        } else {
            process.hear();
            whole - ready
        };
        let window = u64::try_from(window.as_micros()).unwrap();
        thread::sleep(Duration::from_micros(random(window + 1)));
        killed += i64::from(process.kill());
        let start = Instant::now();
        while !again(&mut connection, round) {
            assert!(start.elapsed() < PATIENCE, "round {round} does not end");
            thread::sleep(Duration::from_millis(5));
        }
    }
    let effects = effects(&path);
    let events: Vec<i64> = effects.iter().map(|(event, _)| *event).collect();
    assert_eq!(events, (0..=ROUNDS).collect::<Vec<_>>());
    let by_child = effects.iter().filter(|(_, by)| by == "child").count();
    println!("{killed} of {ROUNDS} killed before their end, {by_child} had had their effect");
    assert!(killed >= ROUNDS / 10, "only {killed} were killed before their end");
}

#[test]
fn plan_22_effects_with_the_event_happen_once_whenever_a_handler_is_killed() {
    effects_happen_once("once", |connection, number| once(connection, number, "second").unwrap());
}

#[test]
fn plan_22_effects_with_the_completion_happen_once_whenever_a_handler_is_killed() {
    let store = std::cell::OnceCell::new();
    effects_happen_once("complete", |connection, number| {
        let path = connection.path().unwrap().to_owned();
        let store = store.get_or_init(|| open(Path::new(&path)));
        match claim_and_complete(store, connection, number, "second") {
            Ok(done) => done,
            // Too slow for its lease on a busy machine; then it is tried again.
            Err(error) if error.is::<NotCompleted>() => false,
            Err(error) => panic!("{error}"),
        }
    });
}

/// What the two processes do until they are killed. Events come and go with the time since `start`.
fn mixed(store: &SqliteStore, path: &Path, start: Duration) {
    let mut log = OpenOptions::new().append(true).open(path.with_extension("log")).unwrap();
    let mut note = |what: &str, number: i64, attempt: u32| {
        // One write, so that lines are whole, whoever is killed.
        log.write_all(format!("{what} {number} {attempt}\n").as_bytes()).unwrap();
    };
    let patience = Instant::now();
    while patience.elapsed() < Duration::from_secs(60) {
        let window = u64::try_from((wall() - start).as_millis()).unwrap() / 20;
        let number = i64::try_from(window + random(30)).unwrap();
        let token = token();
        let request = ClaimRequest::new(token, Duration::from_millis(500), HOUR);
        let outcome = match wait(store.claim(&key(number), &request)) {
            Ok(outcome) => outcome,
            Err(error) if error.kind() == StoreErrorKind::Timeout => continue,
            Err(error) => panic!("{error:?}"),
        };
        let ClaimOutcome::Claimed { seen } = outcome else { continue };
        let attempt = seen.attempt.get();
        note("ran", number, attempt);
        match random(10) {
            0 => drop(wait(store.release(&key(number), token))),
            1 => store.release_on_drop(&key(number), token),
            2 => {}
            _ => {
                _ = wait(store.extend(&key(number), token, Duration::from_millis(700)));
                let completed = wait(store.complete(&key(number), token, &completion()));
                if matches!(completed, Ok(CompleteOutcome::Completed)) {
                    note("done", number, attempt);
                }
            }
        }
    }
}

mod soak {
    use super::*;

    /// 6 seconds; `COUNTERSIGN_SOAK=30` makes it as many.
    #[test]
    fn plan_23_two_processes_that_are_killed_again_and_again_leave_the_file_whole() {
        let seconds = env::var("COUNTERSIGN_SOAK").ok().and_then(|it| it.parse().ok()).unwrap_or(6);
        let pause = Duration::from_millis(if seconds > 6 { 2000 } else { 500 });
        let (_folder, path) = file();
        File::create(path.with_extension("log")).unwrap();
        let start = Instant::now();
        let mixed = || {
            let age = i64::try_from(start.elapsed().as_millis()).unwrap();
            Process::start("mixed", &path, age)
        };
        let mut processes = [mixed(), mixed()];
        let mut kills = 0;
        while start.elapsed() < Duration::from_secs(seconds) {
            thread::sleep(pause);
            let process = std::mem::replace(&mut processes[kills % 2], mixed());
            assert!(process.kill(), "a process has ended by itself");
            kills += 1;
        }
        for process in processes {
            assert!(process.kill(), "a process has ended by itself");
        }
        examine(&path, kills);
    }

    fn examine(path: &Path, kills: usize) {
        let connection = connect(path);
        let check: String =
            connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(check, "ok");
        let (mut ran, mut done) = (HashMap::<i64, Vec<i64>>::new(), HashMap::new());
        for line in BufReader::new(File::open(path.with_extension("log")).unwrap()).lines() {
            let line = line.unwrap();
            let words: Vec<&str> = line.split(' ').collect();
            let [what, number, attempt] = words[..] else { panic!("{line}") };
            let (number, attempt) = (number.parse().unwrap(), attempt.parse().unwrap());
            match what {
                "ran" => ran.entry(number).or_default().push(attempt),
                _ => assert_eq!(done.insert(number, attempt), None, "{number} was completed twice"),
            }
        }
        let record = "SELECT state, attempt FROM countersign_delivery WHERE key = ?1";
        let mut record = connection.prepare(record).unwrap();
        for (number, attempts) in &ran {
            let (state, last): (i64, i64) = record
                .query_row([key(*number).as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
                .unwrap();
            let mut different = attempts.clone();
            different.sort_unstable();
            different.dedup();
            assert_eq!(different.len(), attempts.len(), "an attempt of {number} ran twice");
            assert!(attempts.iter().all(|it| *it <= last), "{number} ran more than it was claimed");
            if let Some(done) = done.get(number) {
                assert_eq!(state, 1, "{number} was completed");
                assert!(
                    attempts.iter().all(|it| it <= done),
                    "{number} ran after it was completed"
                );
            }
        }
        let runs: usize = ran.values().map(Vec::len).sum();
        println!("{kills} kills, {} events, {runs} runs, {} completed", ran.len(), done.len());
        assert!(done.len() >= 30 && kills >= 5, "{} done, {kills} kills", done.len());
    }
}
