//! Configures a store.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use countersign::StoreError;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::clock::{Clock, instant};
use crate::error::Failure;
use crate::schema;
use crate::store::SqliteStore;

const TIMEOUT: Duration = Duration::from_millis(250);
const OPEN_TIMEOUT: Duration = Duration::from_secs(5);
const BATCH: usize = 256;
const QUEUE: usize = 1024;

/// Configures a [`SqliteStore`].
#[derive(Clone)]
#[must_use = "a builder does nothing until `open`"]
pub struct SqliteStoreBuilder {
    pub(crate) timeout: Duration,
    pub(crate) batch: usize,
    pub(crate) queue: usize,
    pub(crate) purge_every: Option<Duration>,
    migrate: bool,
    sync_normal: bool,
    clock: Option<Arc<dyn Fn() -> Duration + Send + Sync>>,
}

impl SqliteStoreBuilder {
    pub(crate) fn new() -> Self {
        Self {
            timeout: TIMEOUT,
            batch: BATCH,
            queue: QUEUE,
            purge_every: None,
            migrate: false,
            sync_normal: false,
            clock: None,
        }
    }

    /// How long an operation may take, waiting for its turn and for other processes included; 250
    /// ms by default. One that has not begun by then is not done; one that has may be.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Creates the file and the tables, or brings them up to date, before the store is used. Off by
    /// default. Several processes may do so at once.
    ///
    /// The tables are `countersign_delivery` and `countersign_meta`, and may be beside those of the
    /// application. A file that a newer version of this crate has made is refused.
    pub fn migrate(mut self, migrate: bool) -> Self {
        self.migrate = migrate;
        self
    }

    /// Removes expired records in the background, once in this time, up to 500 in a transaction.
    /// Off by default. It ends with the store.
    ///
    /// Several processes may do so at once; one is enough.
    pub fn purge_every(mut self, interval: Duration) -> Self {
        self.purge_every = Some(interval);
        self
    }

    /// How many operations may share a transaction; 256 by default. None waits for others to come:
    /// it is those that came while the last transaction was written that share the next.
    pub fn batch(mut self, operations: usize) -> Self {
        self.batch = operations;
        self
    }

    /// How many operations may wait for their turn; 1024 by default. More are refused as
    /// unavailable, so that the sender tries again.
    pub fn queue(mut self, operations: usize) -> Self {
        self.queue = operations;
        self
    }

    /// Writes with `synchronous = NORMAL`: a commit does not wait for the disk.
    ///
    /// Several times as fast, and a killed process still loses nothing. But **a power cut or a
    /// crash of the system takes back the last commits**, those of the last seconds or more: events
    /// whose handling was completed are then handled again, if the sender retries them or someone
    /// replays them. The file is whole all the same.
    ///
    /// It is of no effect on transactions of your own, which have the setting of their connection.
    pub fn danger_sync_normal(mut self) -> Self {
        self.sync_normal = true;
        self
    }

    /// Replaces the store's clock, for tests: the time since some start. All handles to a file need
    /// the same.
    pub fn clock(mut self, clock: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// Opens the file and starts the store. It blocks while it waits for the disk, and for other
    /// processes, up to five seconds.
    ///
    /// The file is switched to a write-ahead log and stays so; beside it are two more, `-wal` and
    /// `-shm`. All must be on a disk of this machine: such logs do not work over a network.
    ///
    /// # Errors
    ///
    /// [`Config`](countersign::StoreErrorKind::Config) if the file, or the tables in it, are not
    /// there, may not be written, or are of another version, or if what was configured cannot be;
    /// [`Corrupt`](countersign::StoreErrorKind::Corrupt) if it is not a file of SQLite;
    /// [`Timeout`](countersign::StoreErrorKind::Timeout) if another process holds it for too long;
    /// [`Unavailable`](countersign::StoreErrorKind::Unavailable) if the disk fails.
    pub fn open(self, path: impl AsRef<Path>) -> Result<SqliteStore, StoreError> {
        self.open_file(path.as_ref()).map_err(StoreError::from)
    }

    /// [`open`](Self::open), for the setting of a command or a service: `sqlite:` and a path, such
    /// as `sqlite:events.db` and `sqlite:///var/lib/app/events.db`.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open); [`Config`](countersign::StoreErrorKind::Config) also if this is not
    /// such a URL, or has parameters or escapes.
    pub fn open_url(self, url: &str) -> Result<SqliteStore, StoreError> {
        let path = path_of(url)?;
        self.open_file(&path).map_err(StoreError::from)
    }

    fn open_file(self, path: &Path) -> Result<SqliteStore, Failure> {
        if path.as_os_str().is_empty() || path == Path::new(":memory:") {
            return Err(Failure::config("the store needs a file"));
        }
        let is_zero = |it: Duration| it.is_zero();
        if is_zero(self.timeout) || self.purge_every.is_some_and(is_zero) {
            return Err(Failure::config("a timeout or an interval of nothing is too short"));
        }
        if self.batch == 0 || self.queue == 0 {
            return Err(Failure::config("there must be room for an operation"));
        }
        let connection = self.connect(path)?;
        let clock = match &self.clock {
            Some(clock) => Clock::given(Arc::clone(clock)),
            None => Clock::system(),
        };
        SqliteStore::start(connection, clock, &self)
    }

    fn connect(&self, path: &Path) -> Result<Connection, Failure> {
        let deadline = instant() + OPEN_TIMEOUT;
        let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        if self.migrate {
            flags |= OpenFlags::SQLITE_OPEN_CREATE;
        }
        let mut connection = Connection::open_with_flags(path, flags).map_err(cannot_open)?;
        connection.busy_timeout(OPEN_TIMEOUT)?;
        if !self.migrate {
            // Before the file is changed in any way.
            schema::check(&connection)?;
        }
        schema::use_log(&connection, deadline)?;
        connection.pragma_update(
            None,
            "synchronous",
            if self.sync_normal { "NORMAL" } else { "FULL" },
        )?;
        // Where `fsync` does not wait for the disk itself, on macOS.
        connection.pragma_update(None, "fullfsync", true)?;
        connection.pragma_update(None, "checkpoint_fullfsync", true)?;
        connection.pragma_update(None, "cell_size_check", true)?;
        connection.pragma_update(None, "trusted_schema", false)?;
        if self.migrate {
            schema::migrate(&mut connection)?;
        }
        Ok(connection)
    }
}

/// A file that cannot be opened is missing, or not ours to write.
fn cannot_open(error: rusqlite::Error) -> Failure {
    match error.sqlite_error_code() {
        Some(ErrorCode::CannotOpen) => Failure::config(error.to_string()),
        _ => error.into(),
    }
}

fn path_of(url: &str) -> Result<PathBuf, Failure> {
    let rest = url.strip_prefix("sqlite:");
    let rest = rest.ok_or_else(|| Failure::config("the URL does not begin with `sqlite:`"))?;
    let path = rest.strip_prefix("//").unwrap_or(rest);
    if path.contains(['?', '%', '#']) {
        return Err(Failure::config(
            "the URL of a file is `sqlite:` and its path, without parameters and escapes",
        ));
    }
    Ok(PathBuf::from(path))
}

impl fmt::Debug for SqliteStoreBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStoreBuilder")
            .field("timeout", &self.timeout)
            .field("migrate", &self.migrate)
            .field("purge_every", &self.purge_every)
            .field("batch", &self.batch)
            .field("queue", &self.queue)
            .field("sync_normal", &self.sync_normal)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_a_path_behind_the_name_of_the_scheme() {
        for (url, path) in [
            ("sqlite:events.db", "events.db"),
            ("sqlite://events.db", "events.db"),
            ("sqlite:/var/events.db", "/var/events.db"),
            ("sqlite:///var/events.db", "/var/events.db"),
        ] {
            assert_eq!(path_of(url).unwrap(), Path::new(path));
        }
        for url in ["events.db", "postgres://localhost", "sqlite:a?mode=ro", "sqlite:a%20b"] {
            assert!(path_of(url).is_err(), "{url}");
        }
    }
}
