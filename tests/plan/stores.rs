//! The stores, each in a place of its own that a test may break.

use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

use countersign::SharedStore;
use countersign_memory::MemoryStore;
use countersign_postgres::PostgresStore;
use countersign_redis::RedisStore;
use countersign_sqlite::SqliteStore;
use countersign_store_tests::{postgres, redis, runtime};
use rusqlite::Connection;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::task::block_in_place;
use tokio::time::timeout;

/// No test takes longer, whatever goes wrong.
const LIMIT: Duration = Duration::from_secs(120);

/// How long a store may take that is not the matter of a test, on a busy machine too.
pub(crate) const PATIENT: Duration = Duration::from_secs(20);

pub(crate) struct Place {
    site: Site,
    runtime: Runtime,
}

enum Site {
    Memory,
    Sqlite { _folder: TempDir, path: PathBuf, lock: Mutex<Option<Connection>> },
    Postgres(Mutex<postgres::Server>),
    Redis(Mutex<redis::Server>),
}

impl Place {
    pub(crate) fn memory() -> Self {
        Self { site: Site::Memory, runtime: runtime() }
    }

    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.db");
        SqliteStore::builder().migrate(true).open(&path).unwrap();
        let site = Site::Sqlite { _folder: folder, path, lock: Mutex::default() };
        Self { site, runtime: runtime() }
    }

    pub(crate) fn postgres() -> Self {
        Self { site: Site::Postgres(Mutex::new(postgres::Server::start())), runtime: runtime() }
    }

    pub(crate) fn redis() -> Self {
        // It survives that its server is killed.
        let server = redis::Server::start_with(&["--appendonly", "yes", "--appendfsync", "always"]);
        Self { site: Site::Redis(Mutex::new(server)), runtime: runtime() }
    }

    pub(crate) fn block_on(&self, test: impl Future<Output = ()>) {
        self.runtime.block_on(async { timeout(LIMIT, test).await.unwrap() });
    }

    /// A handle to the store whose operations may take this long.
    pub(crate) async fn store(&self, timeout: Duration) -> SharedStore {
        match &self.site {
            Site::Memory => SharedStore::new(MemoryStore::new(10_000)),
            Site::Sqlite { path, .. } => {
                SharedStore::new(SqliteStore::builder().timeout(timeout).open(path).unwrap())
            }
            Site::Postgres(server) => {
                let url = server.lock().unwrap().url();
                let store = PostgresStore::builder().migrate(true).timeout(timeout).connect(&url);
                SharedStore::new(store.await.unwrap())
            }
            Site::Redis(server) => {
                let url = server.lock().unwrap().url();
                let store = RedisStore::builder().timeout(timeout).connect(&url);
                SharedStore::new(store.await.unwrap())
            }
        }
    }

    /// Makes the store unavailable: its server is stopped at once, or its file is locked.
    pub(crate) fn go_down(&self) {
        match &self.site {
            Site::Memory => panic!("there is nothing that goes down"),
            Site::Sqlite { path, lock, .. } => {
                let holder = Connection::open(path).unwrap();
                holder.busy_timeout(PATIENT).unwrap();
                holder.execute_batch("BEGIN IMMEDIATE").unwrap();
                *lock.lock().unwrap() = Some(holder);
            }
            Site::Postgres(server) => block_in_place(|| server.lock().unwrap().stop_at_once()),
            Site::Redis(server) => block_in_place(|| server.lock().unwrap().kill()),
        }
    }

    pub(crate) fn come_back(&self) {
        match &self.site {
            Site::Memory => {}
            Site::Sqlite { lock, .. } => drop(lock.lock().unwrap().take()),
            Site::Postgres(server) => block_in_place(|| server.lock().unwrap().run()),
            Site::Redis(server) => block_in_place(|| server.lock().unwrap().run()),
        }
    }
}
