//! The database schema: its name, its version, and the statements that are run in it.

use std::sync::Arc;
use std::time::Duration;

use countersign::StoreError;
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use crate::error::{Failure, config, timeout};

/// What brings the schema from each version to the next.
const MIGRATIONS: [&str; 1] = [include_str!("schema/1.sql")];

/// The longest name that PostgreSQL keeps whole.
const LONGEST_NAME: usize = 63;

/// How often a migration is tried again that ran into that of another process.
const TRIES: u32 = 20;

/// The statements, in a schema with a valid name.
#[derive(Clone, Debug)]
pub(crate) struct Schema {
    name: Arc<str>,
    pub(crate) sql: Arc<Statements>,
}

/// The text of each statement.
#[derive(Debug)]
pub(crate) struct Statements {
    pub(crate) claim: String,
    pub(crate) complete: String,
    pub(crate) release: String,
    pub(crate) extend: String,
    pub(crate) forget: String,
    pub(crate) purge: String,
    pub(crate) once: String,
}

impl Schema {
    /// The schema of this name: small letters, digits and `_`, at most 63, no digit first.
    pub(crate) fn new(name: &str) -> Result<Self, StoreError> {
        let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        let starts_well = name.bytes().next().is_some_and(|it| !it.is_ascii_digit());
        let is_reserved = name.starts_with("pg_") || name == "information_schema";
        if !starts_well || is_reserved || name.len() > LONGEST_NAME || !name.bytes().all(is_word) {
            return Err(config(
                "the name of a schema has up to 63 small letters, digits and `_`, and starts with \
                 neither a digit nor `pg_`",
            ));
        }
        let call = |call: &str| format!("SELECT * FROM \"{name}\".{call}");
        let sql = Statements {
            claim: call("claim($1, $2, $3, $4, $5, $6, $7)"),
            complete: call("complete($1, $2, $3, $4, $5)"),
            release: call("release($1, $2, $3)"),
            extend: call("extend($1, $2, $3, $4)"),
            forget: call("forget($1, $2)"),
            purge: call("purge($1)"),
            once: call("once($1, $2, $3, $4)"),
        };
        Ok(Self { name: name.into(), sql: Arc::new(sql) })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    fn quoted(&self) -> String {
        format!("\"{}\"", self.name)
    }

    /// Which version the database has; zero if none.
    async fn version(&self, client: &impl tokio_postgres::GenericClient) -> Result<i32, Failure> {
        let table = format!("{}.migration", self.quoted());
        // Of a role without rights to the schema this asks nothing.
        let exists = "SELECT to_regclass($1) IS NOT NULL";
        let kind = tokio_postgres::types::Type::TEXT;
        let rows = client.query_typed(exists, &[(&table, kind)]).await?;
        if !rows.first().is_some_and(|row| row.get::<_, bool>(0)) {
            return Ok(0);
        }
        let newest = format!("SELECT coalesce(max(version), 0) FROM {table}");
        let rows = client.query_typed(&newest, &[]).await?;
        Ok(rows.first().map_or(0, |row| row.get(0)))
    }

    /// Fails unless the database has the version that this crate was written for.
    pub(crate) async fn check(&self, client: &Client) -> Result<(), StoreError> {
        let version = self.version(client).await.map_err(Failure::into_store_error)?;
        match version.cmp(&newest()) {
            std::cmp::Ordering::Equal => Ok(()),
            std::cmp::Ordering::Less => {
                Err(config("the schema is missing or old; migrate it, as by `migrate(true)`"))
            }
            std::cmp::Ordering::Greater => Err(too_new()),
        }
    }

    /// Brings the database to the version that this crate was written for. Several processes may do
    /// so at once.
    ///
    /// Two that create the same thing at once are told apart by the catalogue's own unique indexes:
    /// the second waits for the first, fails, and finds it done when it tries again. From then on,
    /// the lock on the table of versions lets one at a time go on.
    pub(crate) async fn migrate(
        &self,
        client: &mut Client,
        patience: Duration,
    ) -> Result<(), StoreError> {
        let tries = async {
            let mut pause = Duration::from_millis(5);
            for _ in 0..TRIES {
                match self.try_to_migrate(client).await {
                    Ok(done) => return done,
                    Err(error) if is_race(&error) => tokio::time::sleep(pause).await,
                    Err(error) => return Err(Failure::from(error).into_store_error()),
                }
                pause = std::cmp::min(pause * 2, Duration::from_millis(200));
            }
            Err(timeout("other processes migrate the schema"))
        };
        let migrated = tokio::time::timeout(patience, tries).await;
        migrated.unwrap_or_else(|_| Err(timeout("the schema was not migrated in time")))
    }

    async fn try_to_migrate(
        &self,
        client: &mut Client,
    ) -> Result<Result<(), StoreError>, tokio_postgres::Error> {
        // A role that may not create anything can still find that nothing is to be done.
        match self.version(client).await {
            Ok(version) if version == newest() => return Ok(Ok(())),
            Ok(version) if version > newest() => return Ok(Err(too_new())),
            Ok(_) => {}
            Err(failure) => return Ok(Err(failure.into_store_error())),
        }
        let schema = self.quoted();
        let transaction = client
            .build_transaction()
            .isolation_level(tokio_postgres::IsolationLevel::ReadCommitted)
            .start()
            .await?;
        transaction
            .batch_execute(&format!(
                "CREATE SCHEMA IF NOT EXISTS {schema};
                 CREATE TABLE IF NOT EXISTS {schema}.migration (
                   version int4 PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now());
                 LOCK TABLE {schema}.migration IN SHARE ROW EXCLUSIVE MODE;"
            ))
            .await?;
        let newest_there = format!("SELECT coalesce(max(version), 0) FROM {schema}.migration");
        let version: i32 = transaction.query_one(&newest_there, &[]).await?.get(0);
        if version > newest() {
            return Ok(Err(too_new()));
        }
        for (number, migration) in (1..).zip(MIGRATIONS).filter(|(number, _)| *number > version) {
            transaction.batch_execute(&migration.replace("{schema}", &schema)).await?;
            let insert = format!("INSERT INTO {schema}.migration (version) VALUES ({number})");
            transaction.batch_execute(&insert).await?;
        }
        transaction.commit().await?;
        Ok(Ok(()))
    }
}

/// Whether another process did the same at the same time.
fn is_race(error: &tokio_postgres::Error) -> bool {
    let Some(code) = error.code() else { return false };
    [
        SqlState::UNIQUE_VIOLATION,
        SqlState::DUPLICATE_SCHEMA,
        SqlState::DUPLICATE_TABLE,
        SqlState::DUPLICATE_OBJECT,
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::T_R_SERIALIZATION_FAILURE,
        // "tuple concurrently updated"
        SqlState::INTERNAL_ERROR,
    ]
    .contains(code)
}

fn newest() -> i32 {
    i32::try_from(MIGRATIONS.len()).unwrap_or(i32::MAX)
}

fn too_new() -> StoreError {
    config("the schema is newer than this program knows")
}

#[cfg(test)]
mod tests {
    use countersign::StoreErrorKind;

    use super::*;

    #[test]
    fn the_name_of_a_schema_is_a_plain_word() {
        for name in ["countersign", "_a", "a1", &"x".repeat(63), "select"] {
            assert_eq!(Schema::new(name).unwrap().name(), name);
        }
        let long = "x".repeat(64);
        for name in
            ["", "1a", "A", "a b", "a\"b", "a;b", "a.b", "a'", "ä", "pg_x", "a\0", long.as_str()]
        {
            assert_eq!(Schema::new(name).unwrap_err().kind(), StoreErrorKind::Config, "{name:?}");
        }
    }
}
