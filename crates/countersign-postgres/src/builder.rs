//! Configures a store.

use std::fmt;
use std::str::FromStr as _;
use std::time::Duration;

use countersign::StoreError;
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod};
use tokio_postgres::NoTls;
use tokio_postgres::config::{Config, SslMode};

use crate::connections::Connections;
use crate::error::config;
use crate::schema::Schema;
use crate::store::PostgresStore;

/// The name of the schema unless another is given.
pub(crate) const SCHEMA: &str = "countersign";

const TIMEOUT: Duration = Duration::from_millis(250);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const MIGRATE_TIMEOUT: Duration = Duration::from_secs(30);
const POOL_SIZE: usize = 8;

/// Configures a [`PostgresStore`].
#[derive(Clone)]
#[must_use = "a builder does nothing until `connect` or `with_pool`"]
pub struct PostgresStoreBuilder {
    schema: String,
    timeout: Duration,
    connect_timeout: Duration,
    pool_size: usize,
    migrate: bool,
    prepared: bool,
    purge_every: Option<Duration>,
    #[cfg(feature = "rustls")]
    tls: Option<rustls::ClientConfig>,
}

impl PostgresStoreBuilder {
    pub(crate) fn new() -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            timeout: TIMEOUT,
            connect_timeout: CONNECT_TIMEOUT,
            pool_size: POOL_SIZE,
            migrate: false,
            prepared: false,
            purge_every: None,
            #[cfg(feature = "rustls")]
            tls: None,
        }
    }

    /// The schema that holds the table; `countersign` by default. Up to 63 small letters, digits
    /// and `_`, starting with neither a digit nor `pg_`.
    pub fn schema(mut self, name: impl Into<String>) -> Self {
        self.schema = name.into();
        self
    }

    /// How long an operation may take, waiting for a connection included; 250 ms by default. After
    /// four fifths of it the server gives up waiting for another transaction.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long it may take to connect; 5 seconds by default. An operation does not wait longer for
    /// that: it ends at its [`timeout`](Self::timeout), and the connection is there for the next.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How many connections there are at most; 8 by default. Of no effect on a pool of your own.
    pub fn pool_size(mut self, connections: usize) -> Self {
        self.pool_size = connections;
        self
    }

    /// Creates the schema, or brings it up to date, before the store is used. Off by default.
    ///
    /// Several processes may do so at once. The role needs the right to create in the database, or
    /// in the schema if there is one. Where the schema is up to date, it needs no right to create.
    pub fn migrate(mut self, migrate: bool) -> Self {
        self.migrate = migrate;
        self
    }

    /// Prepares each statement once a connection, which saves the server the work of parsing it.
    ///
    /// Off by default, since a pooler that lends out its connections for one transaction at a time
    /// must know of it: PgBouncer 1.21 or later, with `max_prepared_statements`. The first use of a
    /// statement on a connection takes a round trip more.
    pub fn prepared_statements(mut self, prepared: bool) -> Self {
        self.prepared = prepared;
        self
    }

    /// Drops expired records in a task of its own, once in this time, as long as there is a clone
    /// of the store. Off by default. Several processes may do so at once; they share the work.
    pub fn purge_every(mut self, interval: Duration) -> Self {
        self.purge_every = Some(interval);
        self
    }

    /// Encrypts all connections, as this says. Without it, they are encrypted only if the URL says
    /// `sslmode=require`; the certificate must then be one that the system trusts.
    #[cfg(feature = "rustls")]
    #[cfg_attr(docsrs, doc(cfg(feature = "rustls")))]
    pub fn tls_config(mut self, config: rustls::ClientConfig) -> Self {
        self.tls = Some(config);
        self
    }

    /// Connects, and makes the store. Must be called within a tokio runtime, which the store keeps
    /// using.
    ///
    /// `url` is what libpq takes, `postgres://user:password@host:port/database` or
    /// `host=… user=…`, with the parameters that [`Config`] knows.
    ///
    /// Unless `sslmode=require` is among them (and the feature `rustls` is on), **nothing is
    /// encrypted**, the `prefer` that they default to included.
    ///
    /// # Errors
    ///
    /// [`Config`](countersign::StoreErrorKind::Config) if the URL or the schema's name is not
    /// valid, the server does not let this role in, or the schema is missing, old or newer than
    /// this crate; [`Unavailable`](countersign::StoreErrorKind::Unavailable) or
    /// [`Timeout`](countersign::StoreErrorKind::Timeout) if the server cannot be reached. None
    /// holds the URL.
    pub async fn connect(self, url: &str) -> Result<PostgresStore, StoreError> {
        // What is wrong with it may quote a password, so it is not told.
        let mut server =
            Config::from_str(url).map_err(|_| config("the URL of the database is not valid"))?;
        if server.get_application_name().is_none() {
            server.application_name("countersign");
        }
        if server.get_connect_timeout().is_none() {
            server.connect_timeout(self.connect_timeout);
        }
        if self.pool_size == 0 {
            return Err(config("a pool needs room for a connection"));
        }
        let manager = self.manager(server)?;
        let pool = Pool::builder(manager).max_size(self.pool_size).build();
        let pool = pool.map_err(|_| config("the pool cannot be made"))?;
        self.with_pool(pool).await
    }

    #[cfg(feature = "rustls")]
    fn manager(&self, mut server: Config) -> Result<Manager, StoreError> {
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let tls = match &self.tls {
            Some(tls) => tls.clone(),
            None if server.get_ssl_mode() == SslMode::Require => crate::tls::system()?,
            None => {
                server.ssl_mode(SslMode::Disable);
                return Ok(Manager::from_config(server, NoTls, recycling));
            }
        };
        server.ssl_mode(SslMode::Require);
        let tls = tokio_postgres_rustls::MakeRustlsConnect::new(tls);
        Ok(Manager::from_config(server, tls, recycling))
    }

    #[cfg(not(feature = "rustls"))]
    #[expect(clippy::unused_self, reason = "with the feature `rustls`, it is used")]
    fn manager(&self, mut server: Config) -> Result<Manager, StoreError> {
        if server.get_ssl_mode() == SslMode::Require {
            return Err(config("`sslmode=require` needs the feature `rustls`"));
        }
        server.ssl_mode(SslMode::Disable);
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        Ok(Manager::from_config(server, NoTls, recycling))
    }

    /// Makes the store on a pool of your own. Must be called within a tokio runtime, which the
    /// store keeps using.
    ///
    /// Transactions must be `READ COMMITTED`, as they are unless `default_transaction_isolation`
    /// says otherwise. Connections must go to the primary server.
    ///
    /// # Errors
    ///
    /// As [`connect`](Self::connect).
    pub async fn with_pool(self, pool: Pool) -> Result<PostgresStore, StoreError> {
        let schema = Schema::new(&self.schema)?;
        if self.timeout.is_zero() || self.purge_every.is_some_and(|it| it.is_zero()) {
            return Err(config("a timeout or an interval of nothing is too short"));
        }
        let connections =
            Connections::new(pool, schema, self.timeout, self.connect_timeout, self.prepared);
        let mut client = connections.at_start().await?;
        if self.migrate {
            connections.schema.migrate(&mut client, MIGRATE_TIMEOUT).await?;
        } else {
            let checked = connections.schema.check(&client);
            let checked = tokio::time::timeout(self.connect_timeout, checked).await;
            checked.map_err(|_| crate::error::timeout("the schema was not found in time"))??;
        }
        drop(client);
        Ok(PostgresStore::new(connections, self.purge_every))
    }
}

impl fmt::Debug for PostgresStoreBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStoreBuilder")
            .field("schema", &self.schema)
            .field("timeout", &self.timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("pool_size", &self.pool_size)
            .field("migrate", &self.migrate)
            .field("prepared_statements", &self.prepared)
            .field("purge_every", &self.purge_every)
            .finish_non_exhaustive()
    }
}
