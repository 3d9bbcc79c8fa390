//! PostgreSQL.

use std::time::Duration;

use countersign::{OpenClaim, SharedStore, StoreError, StoreErrorKind};
use countersign_postgres::{Inbox, PostgresStore};
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime, Timeouts};
use tokio::time::sleep;
use tokio_postgres::{Client, NoTls};

use super::{Failed, PATIENCE, Work};

const EFFECT: &str = "INSERT INTO effect VALUES ($1)";

#[derive(Clone)]
pub(crate) struct Postgres {
    store: PostgresStore,
    pool: Pool,
    inbox: Inbox,
}

impl Postgres {
    pub(super) async fn connect(url: &str) -> Result<Self, StoreError> {
        let store = PostgresStore::builder().timeout(PATIENCE).connect(url).await?;
        let config = url.parse().map_err(|_| StoreError::new(StoreErrorKind::Config))?;
        let recycling_method = RecyclingMethod::Fast;
        let manager = Manager::from_config(config, NoTls, ManagerConfig { recycling_method });
        let mut timeouts = Timeouts::wait_millis(1000);
        timeouts.create = Some(Duration::from_secs(1));
        let pool = Pool::builder(manager).max_size(16).runtime(Runtime::Tokio1).timeouts(timeouts);
        let pool = pool.build().map_err(|_| StoreError::new(StoreErrorKind::Config))?;
        let inbox = store.inbox().lock_timeout(PATIENCE);
        Ok(Self { store, pool, inbox })
    }

    pub(super) async fn prepare(url: &str) -> Result<(), String> {
        PostgresStore::builder().migrate(true).connect(url).await.map_err(|it| it.to_string())?;
        let client = client(url).await?;
        let made = client.batch_execute("CREATE TABLE effect (event int8 NOT NULL)").await;
        made.map_err(|it| it.to_string())
    }

    pub(super) async fn effects(url: &str) -> Result<Vec<u64>, String> {
        let client = client(url).await?;
        let rows = client.query("SELECT event FROM effect", &[]).await;
        let rows = rows.map_err(|it| it.to_string())?;
        Ok(rows.iter().map(|row| row.get::<_, i64>(0).cast_unsigned()).collect())
    }

    pub(super) fn store(&self) -> SharedStore {
        SharedStore::new(self.store.clone())
    }

    pub(super) async fn first(&self, claim: &OpenClaim, work: Work) -> Result<(), Failed> {
        let mut client = self.pool.get().await?;
        let mut transaction = client.transaction().await?;
        self.inbox.once(&mut transaction, claim.key()).await?.first()?;
        effect(&transaction, work, work.takes).await?;
        Ok(transaction.commit().await?)
    }

    pub(super) async fn last(&self, claim: &OpenClaim, work: Work) -> Result<(), Failed> {
        sleep(work.takes / 2).await;
        let mut client = self.pool.get().await?;
        let mut transaction = client.transaction().await?;
        effect(&transaction, work, work.takes / 2).await?;
        self.inbox.complete_in(&mut transaction, claim).await?;
        Ok(transaction.commit().await?)
    }

    pub(super) async fn unprotected(&self, work: Work) -> Result<(), Failed> {
        let mut client = self.pool.get().await?;
        let transaction = client.transaction().await?;
        effect(&transaction, work, work.takes).await?;
        Ok(transaction.commit().await?)
    }
}

async fn effect(
    transaction: &deadpool_postgres::Transaction<'_>,
    work: Work,
    takes: Duration,
) -> Result<(), Failed> {
    transaction.execute(EFFECT, &[&work.event.cast_signed()]).await?;
    sleep(takes).await;
    if work.fails { Err(Failed::by_chance()) } else { Ok(()) }
}

async fn client(url: &str) -> Result<Client, String> {
    let connected = tokio_postgres::connect(url, NoTls).await;
    let (client, connection) = connected.map_err(|it| it.to_string())?;
    tokio::spawn(connection);
    Ok(client)
}
