//! SQLite.

use std::path::PathBuf;
use std::thread;

use countersign::{OpenClaim, SharedStore, StoreError};
use countersign_sqlite::{Inbox, SqliteStore};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use super::{Failed, PATIENCE, Work};

const EFFECT: &str = "INSERT INTO effect VALUES (?1)";

#[derive(Clone)]
pub(crate) struct Sqlite {
    path: PathBuf,
    store: SqliteStore,
}

impl Sqlite {
    pub(super) fn open(path: &str) -> Result<Self, StoreError> {
        let store = SqliteStore::builder().timeout(PATIENCE).open(path)?;
        Ok(Self { path: path.into(), store })
    }

    pub(super) fn prepare(path: &str) -> Result<(), String> {
        SqliteStore::builder().migrate(true).open(path).map_err(|it| it.to_string())?;
        let made = || {
            Connection::open(path)?.execute_batch("CREATE TABLE effect (event INTEGER NOT NULL)")
        };
        made().map_err(|it| it.to_string())
    }

    /// The file must also be whole.
    pub(super) fn effects(path: &str) -> Result<Vec<u64>, String> {
        let read = || {
            let connection = Connection::open(path)?;
            let check = "PRAGMA integrity_check";
            let check: String = connection.query_row(check, [], |row| row.get(0))?;
            let mut effects = connection.prepare("SELECT event FROM effect")?;
            let effects = effects.query_map([], |row| row.get(0))?;
            Ok((check, effects.collect::<rusqlite::Result<Vec<i64>>>()?))
        };
        let (check, effects) = read().map_err(|error: rusqlite::Error| error.to_string())?;
        if check != "ok" {
            return Err(format!("the file is damaged: {check}"));
        }
        Ok(effects.into_iter().map(i64::cast_unsigned).collect())
    }

    pub(super) fn store(&self) -> SharedStore {
        SharedStore::new(self.store.clone())
    }

    pub(super) async fn first(&self, claim: &OpenClaim, work: Work) -> Result<(), Failed> {
        let key = *claim.key();
        // It waits for others in a statement that reports it.
        self.transaction(TransactionBehavior::Deferred, move |transaction, inbox| {
            inbox.once(transaction, &key)?.first()?;
            effect(transaction, work)
        })
        .await
    }

    pub(super) async fn last(&self, claim: &OpenClaim, work: Work) -> Result<(), Failed> {
        // What takes time comes first: a file has one writer.
        sleep(work.takes).await;
        let claim = claim.clone();
        let work = Work { takes: work.takes / 8, ..work };
        self.transaction(TransactionBehavior::Immediate, move |transaction, inbox| {
            effect(transaction, work)?;
            Ok(inbox.complete_in(transaction, &claim)?)
        })
        .await
    }

    pub(super) async fn unprotected(&self, work: Work) -> Result<(), Failed> {
        self.transaction(TransactionBehavior::Immediate, move |transaction, _| {
            effect(transaction, work)
        })
        .await
    }

    async fn transaction(
        &self,
        behavior: TransactionBehavior,
        work: impl FnOnce(&Transaction<'_>, &Inbox) -> Result<(), Failed> + Send + 'static,
    ) -> Result<(), Failed> {
        let Self { path, store } = self.clone();
        let transaction = spawn_blocking(move || {
            let mut connection = Connection::open(path)?;
            connection.busy_timeout(PATIENCE)?;
            let transaction = connection.transaction_with_behavior(behavior)?;
            work(&transaction, &store.inbox())?;
            Ok(transaction.commit()?)
        });
        transaction.await.expect("it does not panic")
    }
}

fn effect(transaction: &Transaction<'_>, work: Work) -> Result<(), Failed> {
    transaction.execute(EFFECT, [work.event.cast_signed()])?;
    thread::sleep(work.takes);
    if work.fails { Err(Failed::by_chance()) } else { Ok(()) }
}
