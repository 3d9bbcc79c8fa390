//! Configures a store.

use std::sync::Arc;
use std::time::Duration;

use countersign::StoreError;
#[cfg(feature = "rustls")]
use redis::ConnectionAddr;
use redis::aio::{ConnectionLike, ConnectionManager, ConnectionManagerConfig};
use redis::io::tcp::TcpSettings;
use redis::{Client, ConnectionInfo, IntoConnectionInfo as _, RedisError, Value};

use crate::error::{self, config};
use crate::scripts::Scripts;
use crate::store::{RedisStore, Replicas, Server};

/// What names of keys begin with unless told otherwise.
const PREFIX: &str = "countersign:";

const TIMEOUT: Duration = Duration::from_millis(250);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The longest pause before it is tried again to connect.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// How long a server may leave what was sent unacknowledged before its connection is given up.
#[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
const SILENCE: Duration = Duration::from_secs(5);

/// Configures a [`RedisStore`].
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `connect` or `with_connection`"]
pub struct RedisStoreBuilder {
    prefix: String,
    timeout: Duration,
    connect_timeout: Duration,
    replicas: Option<Replicas>,
    allow_eviction: bool,
    #[cfg(feature = "rustls")]
    certificates: Option<redis::TlsCertificates>,
}

impl RedisStoreBuilder {
    pub(crate) fn new() -> Self {
        Self {
            prefix: PREFIX.to_owned(),
            timeout: TIMEOUT,
            connect_timeout: CONNECT_TIMEOUT,
            replicas: None,
            allow_eviction: false,
            #[cfg(feature = "rustls")]
            certificates: None,
        }
    }

    /// What the names of all keys begin with; `countersign:` by default. A 43-letter digest of the
    /// event follows.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// How long an operation may take, waiting for a lost connection to come back included; 250 ms
    /// by default.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long it may take to connect; 5 seconds by default. Of no effect on a connection of your
    /// own.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Takes nothing for claimed or completed before this many replicas have it (`WAIT`), for up to
    /// `within` each time, on top of the [`timeout`](Self::timeout). If too few do, the outcome is
    /// an error; the claim may then have been made all the same.
    ///
    /// A failover then loses fewer claims. It may still lose some: the replica that is promoted
    /// need not be one that has them. It costs a round trip more, and as a connection waits for
    /// itself, operations that share it wait for one another.
    pub fn wait_for_replicas(mut self, number: u16, within: Duration) -> Self {
        self.replicas = Some(Replicas { number, within });
        self
    }

    /// Accepts a server that drops records when its memory is full, or that does not say whether it
    /// would. **Events whose records are dropped are handled again.**
    pub fn danger_allow_eviction(mut self) -> Self {
        self.allow_eviction = true;
        self
    }

    /// Has `rediss://` servers prove themselves by these certificates in place of the system's, or
    /// this client by its own. Of no effect on other URLs, and on a connection of your own.
    #[cfg(feature = "rustls")]
    #[cfg_attr(docsrs, doc(cfg(feature = "rustls")))]
    pub fn tls_certificates(mut self, certificates: redis::TlsCertificates) -> Self {
        self.certificates = Some(certificates);
        self
    }

    /// Connects, and makes the store. Must be called within a tokio runtime, which the store keeps
    /// using. A connection that is lost is made anew.
    ///
    /// `url` is `redis://user:password@host:port/database`, or with the feature `rustls` also
    /// `rediss://…`; a certificate must then be one that the system trusts. If the process has no
    /// default provider of cryptography for rustls yet, ring becomes that.
    ///
    /// # Errors
    ///
    /// [`Config`](countersign::StoreErrorKind::Config) if the URL is not valid, the server does not
    /// let this user in, or may [evict](Self::danger_allow_eviction) records;
    /// [`Unavailable`](countersign::StoreErrorKind::Unavailable) or
    /// [`Timeout`](countersign::StoreErrorKind::Timeout) if it cannot be reached. None holds the
    /// URL.
    pub async fn connect(self, url: &str) -> Result<RedisStore, StoreError> {
        self.check()?;
        // What is wrong with it may quote a password, so it is not told.
        let invalid = || config("the URL of the server is not valid");
        let info = url.into_connection_info().map_err(|_| invalid())?;
        #[cfg(not(feature = "rustls"))]
        if matches!(info.addr(), redis::ConnectionAddr::TcpTls { .. }) {
            return Err(config("`rediss:` needs the feature `rustls`"));
        }
        let info = info.set_tcp_settings(tcp_settings());
        #[cfg(feature = "rustls")]
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            // If another thread was faster, there is one, which is as well.
            _ = rustls::crypto::ring::default_provider().install_default();
        }
        let client = self.client(info).map_err(|_| invalid())?;
        let settings = ConnectionManagerConfig::new()
            .set_max_delay(LONGEST_PAUSE)
            .set_connection_timeout(Some(self.connect_timeout))
            // The store ends what takes too long, and by its own measure.
            .set_response_timeout(None);
        let connecting = ConnectionManager::new_with_config(client, settings);
        let connection = tokio::time::timeout(self.connect_timeout, connecting).await;
        let connection = connection
            .map_err(|_| error::timeout("the server could not be reached in time"))?
            .map_err(error::of)?;
        self.with_connection(connection).await
    }

    #[cfg(feature = "rustls")]
    fn client(&self, info: ConnectionInfo) -> Result<Client, RedisError> {
        match &self.certificates {
            Some(certificates) if matches!(info.addr(), ConnectionAddr::TcpTls { .. }) => {
                Client::build_with_tls(info, certificates.clone())
            }
            _ => Client::open(info),
        }
    }

    #[cfg(not(feature = "rustls"))]
    #[expect(clippy::unused_self, reason = "with the feature `rustls`, it is used")]
    fn client(&self, info: ConnectionInfo) -> Result<Client, RedisError> {
        Client::open(info)
    }

    /// Makes the store on a connection of your own, which it clones: a `ConnectionManager`, a
    /// `MultiplexedConnection`, or one to a cluster. Must be called within a tokio runtime, which
    /// the store keeps using.
    ///
    /// It must go to the primary server, and may be shared with all but what blocks it. Unless it
    /// was made with `TcpSettings` that say `nodelay`, small requests may wait for the replies to
    /// those before them; and unless they say a `user_timeout`, a server that is gone without a
    /// word is noticed only when the system gives up, after a quarter of an hour on Linux.
    ///
    /// # Errors
    ///
    /// As [`connect`](Self::connect).
    pub async fn with_connection<C>(self, connection: C) -> Result<RedisStore<C>, StoreError>
    where
        C: ConnectionLike + Clone + Send + Sync + 'static,
    {
        self.check()?;
        if !self.allow_eviction {
            let checked = refuse_eviction(connection.clone());
            let checked = tokio::time::timeout(self.connect_timeout, checked).await;
            checked.map_err(|_| error::timeout("the server did not answer in time"))??;
        }
        Ok(RedisStore::new(Server {
            connection,
            scripts: Arc::new(Scripts::new()),
            prefix: self.prefix.into(),
            timeout: self.timeout,
            replicas: self.replicas,
        }))
    }

    fn check(&self) -> Result<(), StoreError> {
        if self.timeout.is_zero() || self.connect_timeout.is_zero() {
            return Err(config("a timeout of nothing is too short"));
        }
        if self.replicas.is_some_and(|it| it.number == 0 || it.within.is_zero()) {
            // To wait for no time is to wait forever.
            return Err(config("to wait for replicas takes one at least, and some time"));
        }
        Ok(())
    }
}

/// Many small requests share a connection, so none waits to be sent with the next. Where the system
/// can tell, a server that is gone without a word is noticed.
fn tcp_settings() -> TcpSettings {
    let settings = TcpSettings::default().set_nodelay(true);
    #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
    let settings = settings.set_user_timeout(SILENCE);
    settings
}

/// Asks every server that there is whether it evicts.
async fn refuse_eviction(mut connection: impl ConnectionLike) -> Result<(), StoreError> {
    let mut info = redis::cmd("INFO");
    info.arg("memory");
    let Ok(told) = info.query_async::<Value>(&mut connection).await else {
        return Err(config(
            "the server does not say whether it evicts records (INFO memory): \
             let this user ask, or call `danger_allow_eviction`",
        ));
    };
    let mut policies = Vec::new();
    collect_policies(&told, &mut policies);
    if policies.is_empty() {
        return Err(config(
            "the server does not say whether it evicts records: if it never does, call \
             `danger_allow_eviction`",
        ));
    }
    if policies.iter().any(|policy| policy != "noeviction") {
        return Err(config(
            "the server drops records when its memory is full, and their events would be handled \
             again: set maxmemory-policy to noeviction, or call `danger_allow_eviction`",
        ));
    }
    Ok(())
}

/// The policies in a text, or in one of each server of a cluster.
fn collect_policies(told: &Value, policies: &mut Vec<String>) {
    let mut read = |text: &str| {
        let lines = text.lines().filter_map(|line| line.strip_prefix("maxmemory_policy:"));
        policies.extend(lines.map(|policy| policy.trim().to_owned()));
    };
    match told {
        Value::BulkString(bytes) => read(&String::from_utf8_lossy(bytes)),
        Value::SimpleString(text) | Value::VerbatimString { text, .. } => read(text),
        Value::Array(values) => {
            values.iter().for_each(|value| collect_policies(value, policies));
        }
        Value::Map(pairs) => {
            pairs.iter().for_each(|(_, value)| collect_policies(value, policies));
        }
        _ => {}
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use countersign::StoreErrorKind;

    use super::*;

    #[test]
    fn the_policy_of_each_server_counts() {
        let text = |policy: &str| {
            let text = format!("# Memory\r\nmaxmemory:0\r\nmaxmemory_policy:{policy}\r\nx:1\r\n");
            Value::BulkString(text.into_bytes())
        };
        let node = |name: &str| Value::BulkString(name.as_bytes().to_vec());
        let cluster = Value::Map(vec![
            (node("a:1"), text("noeviction")),
            (node("b:2"), Value::Array(vec![text("allkeys-lru")])),
        ]);
        let mut policies = Vec::new();
        collect_policies(&cluster, &mut policies);
        assert_eq!(policies, ["noeviction", "allkeys-lru"]);
    }

    #[tokio::test]
    async fn what_cannot_be_is_refused_and_tells_no_password() {
        let connect = |builder: RedisStoreBuilder, url| async move {
            let error = builder.connect(url).await.unwrap_err();
            assert!(!format!("{error:?} {error}").contains("hunter2"), "{error:?}");
            error.kind()
        };
        let builder = RedisStore::builder;
        let second = Duration::from_secs(1);
        for (builder, url) in [
            (builder(), "hunter2"),
            (builder(), "http://:hunter2@localhost"),
            (builder(), "redis://:hunter2@localhost:port"),
            #[cfg(not(feature = "rustls"))]
            (builder(), "rediss://:hunter2@localhost"),
            (builder().timeout(Duration::ZERO), "redis://localhost"),
            (builder().wait_for_replicas(0, second), "redis://localhost"),
            (builder().wait_for_replicas(1, Duration::ZERO), "redis://localhost"),
        ] {
            assert_eq!(connect(builder, url).await, StoreErrorKind::Config, "{url}");
        }
        let down = connect(builder().connect_timeout(second), "redis://:hunter2@127.0.0.1:1").await;
        assert!(matches!(down, StoreErrorKind::Unavailable | StoreErrorKind::Timeout), "{down:?}");
    }
}
