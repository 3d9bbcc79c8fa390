//! A PostgreSQL server of a test's own, and a proxy before it.
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use countersign::{ClaimRequest, Key, Token};
use countersign_postgres::{PostgresStore, PostgresStoreBuilder};
use tokio_postgres::{Client, NoTls};

pub(crate) mod proxy;

/// How long a server may take to start or stop.
const PATIENCE: Duration = Duration::from_secs(60);

const MISSING: &str = "these tests need the programs of PostgreSQL (initdb, postgres, pg_ctl): \
    `apt-get install postgresql`, which scripts/services does, or put them in the PATH";

/// A server on a free port, with its data in a folder of its own. Stopped when it is dropped.
pub(crate) struct Server {
    folder: PathBuf,
    port: u16,
    settings: Vec<String>,
    process: Option<Child>,
}

impl Server {
    pub(crate) fn start() -> Self {
        // These tests kill processes, not machines.
        Self::start_with(&["fsync=off"])
    }

    pub(crate) fn start_with(settings: &[&str]) -> Self {
        let (folder, settings) = (folder(), settings.iter().map(|it| (*it).to_owned()).collect());
        let mut initdb = as_server(&tool("initdb"));
        initdb.args(["--no-sync", "--auth=trust", "--username=app", "--encoding=UTF8", "-D"]);
        let made = initdb.arg(folder.join("data")).output().expect(MISSING);
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let mut server = Self { folder, port: free_port(), settings, process: None };
        server.run();
        server
    }

    /// Starts it, again if it was stopped.
    pub(crate) fn run(&mut self) {
        let log = fs::File::create(self.folder.join("log")).unwrap();
        let mut postgres = as_server(&tool("postgres"));
        postgres.arg("-D").arg(self.folder.join("data"));
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
        while std::net::TcpStream::connect(("127.0.0.1", self.port)).is_err() || !self.is_ready() {
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
    pub(crate) fn stop_at_once(&mut self) {
        let Some(mut process) = self.process.take() else { return };
        let mut stop = as_server(&tool("pg_ctl"));
        stop.args(["stop", "-s", "-m", "immediate", "-D"]).arg(self.folder.join("data"));
        if !stop.status().is_ok_and(|it| it.success()) {
            _ = process.kill();
        }
        process.wait().unwrap();
    }

    /// Of the process that all others of the server come from.
    #[allow(dead_code, reason = "for the benchmark, which has this module too")]
    pub(crate) fn process(&self) -> Option<u32> {
        self.process.as_ref().map(Child::id)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn url(&self) -> String {
        self.url_at(self.port)
    }

    /// Of a proxy.
    pub(crate) fn url_at(&self, port: u16) -> String {
        format!("postgres://app@127.0.0.1:{port}/postgres")
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    /// A store that has time, on a busy machine too.
    pub(crate) async fn store(&self) -> PostgresStore {
        patient().connect(&self.url()).await.unwrap()
    }

    pub(crate) async fn client(&self) -> Client {
        client(&self.url()).await
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop_at_once();
        _ = fs::remove_dir_all(&self.folder);
    }
}

pub(crate) fn patient() -> PostgresStoreBuilder {
    PostgresStore::builder()
        .migrate(true)
        .timeout(Duration::from_secs(20))
        .connect_timeout(Duration::from_secs(20))
}

pub(crate) async fn client(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// A command that runs as a user that the server accepts: not as root.
pub(crate) fn as_server(program: &Path) -> Command {
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
pub(crate) fn tool(name: &str) -> PathBuf {
    let installed = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<_> =
        installed.map(|it| it.path().join("bin").join(name)).filter(|it| it.exists()).collect();
    versions.sort();
    versions.pop().unwrap_or_else(|| name.into())
}

/// A folder that the server may write to.
fn folder() -> PathBuf {
    static MADE: AtomicU32 = AtomicU32::new(0);
    let number = MADE.fetch_add(1, Ordering::Relaxed);
    let name = format!("countersign-postgres-{}-{number}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    _ = fs::remove_dir_all(&folder);
    fs::create_dir(&folder).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
    if let Some((user, group)) = other_than_root() {
        chown(&folder, Some(user), Some(group)).unwrap();
    }
    folder
}

pub(crate) fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
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
    ClaimRequest::new(token(number), lease, Duration::from_secs(3600))
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

    pub(crate) fn wait(&mut self) -> bool {
        self.process.wait().unwrap().success()
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Waits until something holds.
pub(crate) async fn until<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    let start = Instant::now();
    while !holds().await {
        assert!(start.elapsed() < PATIENCE, "{what}: not in time");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Waits until something succeeds.
#[allow(dead_code, reason = "not for the benchmark, which has this module too")]
pub(crate) async fn until_ok<T, E: std::fmt::Debug>(
    what: &str,
    mut attempt: impl AsyncFnMut() -> Result<T, E>,
) -> T {
    let start = Instant::now();
    loop {
        match attempt().await {
            Ok(done) => return done,
            Err(error) => assert!(start.elapsed() < PATIENCE, "{what}: not in time: {error:?}"),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
