//! The workers: two processes that are started, killed and started again.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::options::{Break, Mode, StoreKind};
use crate::random::Random;

/// How long a worker may take to start.
const PATIENCE: Duration = Duration::from_secs(20);

/// What every worker is told.
#[derive(Clone, Debug)]
pub(crate) struct Orders {
    pub(crate) store: StoreKind,
    pub(crate) mode: Mode,
    pub(crate) at: String,
    pub(crate) folder: PathBuf,
    pub(crate) lease: Duration,
    pub(crate) broken: Option<Break>,
}

/// One of the workers, or its place while it is dead.
pub(crate) struct Worker {
    orders: Orders,
    seen: Arc<Seen>,
    process: Mutex<Option<Process>>,
}

/// What is known of a worker from what it said.
#[derive(Debug, Default)]
struct Seen {
    /// Zero while it does not listen.
    port: AtomicU16,
    /// Handlers that have begun and not ended.
    running: AtomicUsize,
}

struct Process {
    child: Child,
    listener: JoinHandle<()>,
}

impl Orders {
    pub(crate) fn ledger(&self) -> PathBuf {
        self.folder.join("ledger")
    }

    /// What workers complained about.
    pub(crate) fn complaints(&self) -> PathBuf {
        self.folder.join("complaints")
    }
}

impl Worker {
    pub(crate) fn new(orders: Orders) -> Self {
        Self { orders, seen: Arc::default(), process: Mutex::new(None) }
    }

    /// Where it listens, if it does.
    pub(crate) fn port(&self) -> Option<u16> {
        match self.seen.port.load(Ordering::SeqCst) {
            0 => None,
            port => Some(port),
        }
    }

    /// Whether it handles something.
    pub(crate) fn is_busy(&self) -> bool {
        self.seen.running.load(Ordering::SeqCst) > 0
    }

    /// Starts it, and waits until it listens.
    pub(crate) async fn start(&self, random: &mut Random) -> Result<(), String> {
        let orders = &self.orders;
        let complaints = OpenOptions::new().append(true).create(true).open(orders.complaints());
        let mut command = Command::new(std::env::current_exe().map_err(|it| it.to_string())?);
        command
            .arg("worker")
            .args(["--store", &orders.store.to_string()])
            .args(["--mode", &orders.mode.to_string()])
            .args(["--at", &orders.at])
            .arg("--ledger")
            .arg(orders.ledger())
            .args(["--lease-ms", &orders.lease.as_millis().to_string()])
            .args(["--seed", &random.seed().to_string()]);
        if let Some(broken) = orders.broken {
            command.args(["--break", &broken.to_string()]);
        }
        // It ends when its standard input does, whatever becomes of this process.
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        command.stderr(complaints.map_err(|it| it.to_string())?).kill_on_drop(true);
        let mut child = command.spawn().map_err(|it| it.to_string())?;
        let said = child.stdout.take().ok_or("a worker without a standard output")?;
        self.seen.running.store(0, Ordering::SeqCst);
        let listener = tokio::spawn(listen(said, Arc::clone(&self.seen)));
        let started = timeout(PATIENCE, async {
            while self.port().is_none() && !listener.is_finished() {
                sleep(Duration::from_millis(1)).await;
            }
        });
        _ = started.await;
        *self.process.lock().await = Some(Process { child, listener });
        match self.port() {
            Some(_) => Ok(()),
            None => Err("a worker does not start".to_owned()),
        }
    }

    /// Kills it, as `kill -9` does, and tells whether it was handling something. Fails if it had ended
    /// by itself.
    pub(crate) async fn kill(&self) -> Result<bool, String> {
        let Some(Process { mut child, listener }) = self.process.lock().await.take() else {
            return Ok(false);
        };
        let ended = child.try_wait().map_err(|it| it.to_string())?;
        if let Some(status) = ended {
            return Err(format!("a worker ended by itself: {status}"));
        }
        child.start_kill().map_err(|it| it.to_string())?;
        child.wait().await.map_err(|it| it.to_string())?;
        self.seen.port.store(0, Ordering::SeqCst);
        // What it said before it died.
        listener.await.map_err(|it| it.to_string())?;
        Ok(self.is_busy())
    }

    /// Stops it for a while, as if its machine had been suspended.
    pub(crate) async fn pause(&self, time: Duration) -> Result<(), String> {
        let process = self.process.lock().await;
        let Some(id) = process.as_ref().and_then(|it| it.child.id()) else { return Ok(()) };
        signal("STOP", id).await?;
        sleep(time).await;
        signal("CONT", id).await
    }
}

async fn listen(said: ChildStdout, seen: Arc<Seen>) {
    let mut lines = BufReader::new(said).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        match line.as_str() {
            "start" => _ = seen.running.fetch_add(1, Ordering::SeqCst),
            "end" => _ = seen.running.fetch_sub(1, Ordering::SeqCst),
            other => {
                if let Some(port) = other.strip_prefix("port ").and_then(|it| it.parse().ok()) {
                    seen.port.store(port, Ordering::SeqCst);
                }
            }
        }
    }
}

/// The shell has a `kill` of its own.
async fn signal(name: &str, process: u32) -> Result<(), String> {
    let mut kill = Command::new("sh");
    kill.args(["-c", &format!("kill -{name} {process}")]);
    let status = kill.status().await.map_err(|it| it.to_string())?;
    if status.success() { Ok(()) } else { Err(format!("kill -{name}: {status}")) }
}

/// The end of what the workers complained about.
pub(crate) fn complaints(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines.iter().rev().take(20).rev().fold(String::new(), |all, line| all + line + "\n")
}
