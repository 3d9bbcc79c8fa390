//! Configuration.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use countersign::{Timestamp, Verifier};
use tower_layer::Layer;

use crate::config::Config;
use crate::service::Verify;

/// How long a body may take, unless the layer is told another time.
const READ_TIMEOUT: Duration = Duration::from_secs(10);

/// Wraps services so that only verified webhooks reach them. See the [crate](crate) for what that
/// means.
#[derive(Clone)]
pub struct VerifyLayer {
    pub(crate) config: Arc<Config>,
}

impl VerifyLayer {
    /// Lets through what `verifier` accepts.
    ///
    /// What an operator should know about the verifier's configuration, such as a short secret, is
    /// logged once, here.
    #[must_use]
    pub fn new(verifier: Verifier) -> Self {
        for warning in verifier.warnings() {
            tracing::warn!(
                target: "countersign",
                { webhook.provider = verifier.sender() },
                "{warning}"
            );
        }
        let body_limit = verifier.max_body();
        let config = Config {
            verifier,
            body_limit,
            read_timeout: READ_TIMEOUT,
            #[cfg(feature = "tokio")]
            timers: std::sync::OnceLock::new(),
            clock: None,
        };
        Self { config: Arc::new(config) }
    }

    /// The most bytes that a body may have. By default 1 MiB, or what the sender's page states if
    /// that is more.
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        Arc::make_mut(&mut self.config).body_limit = bytes;
        self
    }

    /// How long the whole body may take to arrive. 10 seconds by default.
    ///
    /// The time is kept by the tokio runtime that the service runs in. Outside of one, and in one
    /// that was built without `enable_time` or `enable_all`, it is not limited; the latter is logged
    /// once.
    #[must_use]
    #[cfg(feature = "tokio")]
    #[cfg_attr(docsrs, doc(cfg(feature = "tokio")))]
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        Arc::make_mut(&mut self.config).read_timeout = timeout;
        self
    }

    /// Replaces the system's clock, for tests.
    #[must_use]
    pub fn clock(mut self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Arc::make_mut(&mut self.config).clock = Some(Arc::new(clock));
        self
    }
}

impl<S> Layer<S> for VerifyLayer {
    type Service = Verify<S>;

    fn layer(&self, inner: S) -> Verify<S> {
        Verify { inner, config: Arc::clone(&self.config) }
    }
}

impl fmt::Debug for VerifyLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyLayer")
            .field("verifier", &self.config.verifier)
            .field("body_limit", &self.config.body_limit)
            .finish_non_exhaustive()
    }
}
