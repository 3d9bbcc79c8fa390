//! A Redis server of a test's own.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::{PATIENCE, free_port};

const MISSING: &str = "these tests need redis-server in the PATH: `apt-get install redis-server`, \
    which scripts/services does";

/// A server on a free port, with its data in a folder of its own. Stopped when it is dropped.
#[derive(Debug)]
pub struct Server {
    folder: TempDir,
    port: u16,
    settings: Vec<String>,
    process: Option<Child>,
}

impl Server {
    /// Starts one.
    #[must_use]
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts one with these arguments.
    #[must_use]
    pub fn start_with(settings: &[&str]) -> Self {
        let settings = settings.iter().map(|it| (*it).to_owned()).collect();
        let folder = tempfile::tempdir().unwrap();
        let mut server = Self { folder, port: free_port(), settings, process: None };
        server.run();
        server
    }

    /// Starts it, again if it was stopped.
    pub fn run(&mut self) {
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
        stream.write_all(b"PING\r\n").is_ok()
            && stream.read_exact(&mut answer).is_ok()
            && answer == *b"+PONG\r\n"
    }

    /// As `kill -9` does.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            _ = process.kill();
            process.wait().unwrap();
        }
    }

    /// Its process.
    #[must_use]
    pub fn process(&self) -> Option<u32> {
        self.process.as_ref().map(Child::id)
    }

    /// The port that it listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> String {
        self.url_at(self.port)
    }

    /// The URL of a proxy before it.
    #[must_use]
    pub fn url_at(&self, port: u16) -> String {
        format!("redis://127.0.0.1:{port}")
    }

    /// A connection beside the store.
    #[cfg(feature = "redis")]
    pub async fn client(&self) -> ::redis::aio::MultiplexedConnection {
        let client = ::redis::Client::open(self.url()).unwrap();
        client.get_multiplexed_async_connection().await.unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}
