//! The tables, their versions, and what is asked of a connection.

use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OptionalExtension as _, TransactionBehavior};

use crate::clock::instant;
use crate::error::Failure;

/// What leads from each version to the next; from nothing to the first.
const STEPS: [&str; 1] = [include_str!("schema/1.sql")];

/// The version that this crate reads and writes.
pub(crate) const VERSION: i64 = 1;

/// How long to sleep before the next attempt to change the journal's mode.
const PAUSE: Duration = Duration::from_millis(5);

/// Makes the tables, or brings them up to date.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), Failure> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version = version(&transaction)?.unwrap_or(0);
    let done = usize::try_from(version).ok().filter(|it| *it <= STEPS.len());
    let Some(done) = done else { return Err(newer(version)) };
    for step in STEPS.iter().skip(done) {
        transaction.execute_batch(step)?;
    }
    let set = "UPDATE countersign_meta SET value = ?1 WHERE name = 'version' AND value <> ?1";
    transaction.execute(set, [VERSION])?;
    transaction.commit()?;
    Ok(())
}

/// Whether the tables are those of this crate.
pub(crate) fn check(connection: &Connection) -> Result<(), Failure> {
    match version(connection)? {
        None => Err(Failure::config("the file has no tables of countersign; `migrate` makes them")),
        Some(version) => expect_version(version),
    }
}

pub(crate) fn expect_version(version: i64) -> Result<(), Failure> {
    if version == VERSION {
        Ok(())
    } else if (1..=VERSION).contains(&version) {
        Err(Failure::config(
            "the tables are of an earlier version; `migrate` brings them up to date",
        ))
    } else {
        Err(newer(version))
    }
}

fn newer(version: i64) -> Failure {
    Failure::config(format!(
        "the tables are of version {version}, and this crate knows them up to {VERSION}"
    ))
}

fn version(connection: &Connection) -> Result<Option<i64>, Failure> {
    let table = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'countersign_meta'";
    if connection.query_row(table, [], |_| Ok(())).optional()?.is_none() {
        return Ok(None);
    }
    let value = "SELECT value FROM countersign_meta WHERE name = 'version'";
    let version = connection.query_row(value, [], |row| row.get(0)).optional()?;
    version.map(Some).ok_or_else(|| Failure::corrupt("the tables do not tell their version"))
}

/// Switches the file to a write-ahead log. SQLite does not wait where another does so just now.
pub(crate) fn use_log(connection: &Connection, deadline: Instant) -> Result<(), Failure> {
    loop {
        let set =
            connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get::<_, String>(0));
        match set {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(_) => {
                return Err(Failure::config("the file cannot have a write-ahead log where it is"));
            }
            Err(error) => {
                let is_busy = matches!(
                    error.sqlite_error_code(),
                    Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
                );
                if !is_busy || instant() >= deadline {
                    return Err(error.into());
                }
            }
        }
        std::thread::sleep(PAUSE);
    }
}
