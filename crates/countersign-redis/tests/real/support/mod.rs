//! A Redis server of a test's own, and a proxy before it.
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use countersign::{Answer, ClaimOutcome, ClaimRequest, Completion, Key, Token};
use countersign_redis::{RedisStore, RedisStoreBuilder};
use redis::aio::MultiplexedConnection;
use tempfile::TempDir;

#[path = "../../../../countersign-postgres/tests/real/support/proxy.rs"]
pub(crate) mod proxy;

/// How long a server may take to start or stop.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) const HOUR: Duration = Duration::from_secs(3600);

const MISSING: &str = "these tests need redis-server in the PATH: `apt-get install redis-server`, \
    which scripts/services does";

/// A server on a free port, with its data in a folder of its own. Stopped when it is dropped.
pub(crate) struct Server {
    folder: TempDir,
    port: u16,
    settings: Vec<String>,
    process: Option<Child>,
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    pub(crate) fn start_with(settings: &[&str]) -> Self {
        let settings = settings.iter().map(|it| (*it).to_owned()).collect();
        let folder = tempfile::tempdir().unwrap();
        let mut server = Self { folder, port: free_port(), settings, process: None };
        server.run();
        server
    }

    /// Starts it, again if it was stopped.
    pub(crate) fn run(&mut self) {
        let mut redis = Command::new("redis-server");
        redis.args(["--port", &self.port.to_string(), "--bind", "127.0.0.1", "--save", ""]);
        redis.arg("--dir").arg(self.folder.path());
        redis.args(&self.settings);
        redis.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        self.process = Some(redis.spawn().expect(MISSING));
        let start = Instant::now();
        while !self.is_ready() {
            assert!(start.elapsed() < PATIENCE, "the server does not start");
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn is_ready(&self) -> bool {
        let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) else { return false };
        let mut answer = [0; 7];
        std::io::Write::write_all(&mut stream, b"PING\r\n").is_ok()
            && std::io::Read::read_exact(&mut stream, &mut answer).is_ok()
            && answer == *b"+PONG\r\n"
    }

    /// As `kill -9` does.
    pub(crate) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            _ = process.kill();
            process.wait().unwrap();
        }
    }

    #[allow(dead_code, reason = "for the benchmark, which has this module too")]
    pub(crate) fn process(&self) -> Option<u32> {
        self.process.as_ref().map(Child::id)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn url(&self) -> String {
        url_at(self.port)
    }

    /// A store that has time, on a busy machine too.
    pub(crate) async fn store(&self) -> RedisStore {
        patient().connect(&self.url()).await.unwrap()
    }

    /// A connection beside the store.
    pub(crate) async fn client(&self) -> MultiplexedConnection {
        let client = redis::Client::open(self.url()).unwrap();
        client.get_multiplexed_async_connection().await.unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

pub(crate) fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

pub(crate) fn url_at(port: u16) -> String {
    format!("redis://127.0.0.1:{port}")
}

pub(crate) fn patient() -> RedisStoreBuilder {
    let patience = Duration::from_secs(20);
    RedisStore::builder().timeout(patience).connect_timeout(patience)
}

/// A runtime with threads for the tests that block.
pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

pub(crate) fn key(number: u64) -> Key {
    let mut bytes = [7; 32];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    Key::from_bytes(bytes)
}

pub(crate) fn token(number: u64) -> Token {
    let mut bytes = [9; 16];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    Token::from_bytes(bytes)
}

pub(crate) fn claim(number: u64, lease: Duration) -> ClaimRequest {
    ClaimRequest::new(token(number), lease, HOUR)
}

pub(crate) fn completion(status: u16) -> Completion {
    Completion::new(HOUR, Answer::new(status))
}

pub(crate) fn attempt(outcome: &ClaimOutcome) -> Option<u32> {
    match outcome {
        ClaimOutcome::Claimed { seen } => Some(seen.attempt.get()),
        _ => None,
    }
}

/// Runs a test that is left out of this run in a process of its own, which is killed if it is
/// dropped.
pub(crate) struct Other {
    process: Child,
}

impl Other {
    pub(crate) fn run(test: &str, variables: &[(&str, &str)]) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", test, "--ignored", "--nocapture", "--test-threads=1"]);
        command.envs(variables.iter().copied());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Self { process: command.spawn().unwrap() }
    }

    /// As `kill -9` does.
    pub(crate) fn kill(&mut self) {
        _ = self.process.kill();
        self.process.wait().unwrap();
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Waits until something holds.
pub(crate) async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let start = Instant::now();
    while !holds().await {
        assert!(start.elapsed() < PATIENCE, "{what}: not in time");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
