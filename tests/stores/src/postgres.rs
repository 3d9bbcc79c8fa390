//! A PostgreSQL server of a test's own.

use std::fs;
use std::net::TcpStream;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::{PATIENCE, free_port};

const MISSING: &str = "these tests need the programs of PostgreSQL (initdb, postgres, pg_ctl): \
    `apt-get install postgresql`, which scripts/services does, or put them in the PATH";

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
        // These tests kill processes, not machines.
        Self::start_with(&["fsync=off"])
    }

    /// Starts one with these settings: `name=value`.
    #[must_use]
    pub fn start_with(settings: &[&str]) -> Self {
        let (folder, settings) = (folder(), settings.iter().map(|it| (*it).to_owned()).collect());
        let mut initdb = as_server(&tool("initdb"));
        initdb.args(["--no-sync", "--auth=trust", "--username=app", "--encoding=UTF8", "-D"]);
        let made = initdb.arg(folder.path().join("data")).output().expect(MISSING);
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let mut server = Self { folder, port: free_port(), settings, process: None };
        server.run();
        server
    }

    /// Starts it, again if it was stopped.
    pub fn run(&mut self) {
        let log = fs::File::create(self.folder.path().join("log")).unwrap();
        let mut postgres = as_server(&tool("postgres"));
        postgres.arg("-D").arg(self.folder.path().join("data"));
        postgres.args(["-p", &self.port.to_string()]);
        for setting in [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=100",
            "shared_buffers=32MB",
            "deadlock_timeout=200ms",
        ] {
            postgres.args(["-c", setting]);
        }
        for setting in &self.settings {
            postgres.args(["-c", setting]);
        }
        postgres.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.process = Some(postgres.spawn().expect(MISSING));
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() || !self.is_ready() {
            assert!(start.elapsed() < PATIENCE, "the server does not start: {}", self.log());
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn is_ready(&self) -> bool {
        let mut ready = Command::new(tool("pg_isready"));
        ready.args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()]);
        ready.status().is_ok_and(|it| it.success())
    }

    /// Stops it without letting anything end, as `pg_ctl -m immediate` does.
    pub fn stop_at_once(&mut self) {
        let Some(mut process) = self.process.take() else { return };
        let mut stop = as_server(&tool("pg_ctl"));
        stop.args(["stop", "-s", "-m", "immediate", "-D"]).arg(self.folder.path().join("data"));
        if !stop.status().is_ok_and(|it| it.success()) {
            _ = process.kill();
        }
        process.wait().unwrap();
    }

    /// Of the process that all others of the server come from.
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
        format!("postgres://app@127.0.0.1:{port}/postgres")
    }

    /// A folder that it may write to.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// A connection beside the store.
    #[cfg(feature = "tokio-postgres")]
    pub async fn client(&self) -> tokio_postgres::Client {
        client(&self.url()).await
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop_at_once();
    }
}

/// A connection beside the store, in any process.
#[cfg(feature = "tokio-postgres")]
pub async fn client(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// A command that runs as a user that the server accepts: not as root.
#[must_use]
pub fn as_server(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir("/");
    if let Some((user, group)) = other_than_root() {
        command.uid(user).gid(group);
    }
    command
}

/// The user `postgres`, if this is root.
fn other_than_root() -> Option<(u32, u32)> {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let uid = status.lines().find_map(|line| line.strip_prefix("Uid:")).unwrap();
    if uid.split_whitespace().next() != Some("0") {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").unwrap();
    let user = users.lines().find_map(|line| line.strip_prefix("postgres:")).expect(MISSING);
    let mut numbers = user.split(':').skip(1).map(|it| it.parse().unwrap());
    Some((numbers.next().unwrap(), numbers.next().unwrap()))
}

/// A program of PostgreSQL, where Debian has them or in the `PATH`.
fn tool(name: &str) -> PathBuf {
    let installed = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<_> =
        installed.map(|it| it.path().join("bin").join(name)).filter(|it| it.exists()).collect();
    versions.sort();
    versions.pop().unwrap_or_else(|| name.into())
}

/// A folder that the server may write to.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    if let Some((user, group)) = other_than_root() {
        chown(folder.path(), Some(user), Some(group)).unwrap();
    }
    folder
}
