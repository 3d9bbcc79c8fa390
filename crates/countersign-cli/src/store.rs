//! Where `listen` remembers events.

use std::env;
use std::time::Duration;

use countersign::{SharedStore, StoreError};
use countersign_memory::MemoryStore;
use countersign_postgres::PostgresStore;
use countersign_redis::RedisStore;
use countersign_sqlite::SqliteStore;

use crate::failure::Failure;

/// How many events are remembered without a store of their own, to show duplicates as such.
const REMEMBERED: usize = 100_000;

/// How often expired records are dropped.
const PURGE_EVERY: Duration = Duration::from_secs(60);

/// The store to use.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub(crate) struct Args {
    /// Remember events here, across restarts: `sqlite:FILE`, `postgres://…` or `redis://…`. Its tables
    /// are made if they are missing. Without it, in memory.
    #[arg(long = "store", value_name = "URL", conflicts_with = "env")]
    url: Option<String>,
    /// Take the URL of the store from this environment variable, as it may have a password.
    #[arg(long = "store-env", value_name = "VAR")]
    env: Option<String>,
}

impl Args {
    /// Opens the store, and names its kind.
    pub(crate) async fn open(&self) -> Result<(SharedStore, Option<&'static str>), Failure> {
        let from_env = match &self.env {
            Some(name) => {
                Some(env::var(name).map_err(|_| Failure::new(format!("{name} is not set")))?)
            }
            None => None,
        };
        let Some(url) = self.url.as_deref().or(from_env.as_deref()) else {
            return Ok((SharedStore::new(MemoryStore::new(REMEMBERED)), None));
        };
        // What has a password is never repeated.
        let (kind, opened) = match url.split(':').next().unwrap_or_default() {
            "sqlite" => {
                let builder = SqliteStore::builder().migrate(true).purge_every(PURGE_EVERY);
                ("sqlite", builder.open_url(url).map(SharedStore::new))
            }
            "postgres" | "postgresql" => {
                let builder = PostgresStore::builder().migrate(true).purge_every(PURGE_EVERY);
                ("postgres", builder.connect(url).await.map(SharedStore::new))
            }
            "redis" | "rediss" => ("redis", RedisStore::connect(url).await.map(SharedStore::new)),
            _ => {
                let expected = "--store takes sqlite:FILE, postgres://… or redis://…";
                return Err(Failure::new(expected));
            }
        };
        let store = opened.map_err(|error| failure(kind, &error))?;
        Ok((store, Some(kind)))
    }
}

/// Says why, with the causes.
fn failure(kind: &str, error: &StoreError) -> Failure {
    let mut text = format!("the {kind} store cannot be opened: {error}");
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    Failure::new(text)
}
