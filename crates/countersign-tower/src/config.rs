//! What a layer and the services that it makes share.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use countersign::{Timestamp, Verifier};

#[derive(Clone)]
pub(crate) struct Config {
    pub(crate) verifier: Verifier,
    pub(crate) body_limit: usize,
    #[cfg_attr(not(feature = "tokio"), expect(dead_code, reason = "there is no timer"))]
    pub(crate) read_timeout: Duration,
    /// Whether the runtime keeps time, once that is known.
    #[cfg(feature = "tokio")]
    pub(crate) timers: std::sync::OnceLock<bool>,
    pub(crate) clock: Option<Arc<dyn Fn() -> Timestamp + Send + Sync>>,
}

impl Config {
    #[expect(clippy::disallowed_methods, reason = "the adapter is what reads the clock")]
    pub(crate) fn now(&self) -> Timestamp {
        match &self.clock {
            Some(clock) => clock(),
            None => SystemTime::now().into(),
        }
    }

    /// Whether a timer can be made: whether there is a runtime, and it keeps time.
    #[cfg(feature = "tokio")]
    pub(crate) fn has_timers(&self) -> bool {
        if tokio::runtime::Handle::try_current().is_err() {
            return false;
        }
        *self.timers.get_or_init(|| {
            // A runtime does not tell whether it was built with `enable_time`; timers panic then.
            let made = std::panic::catch_unwind(|| drop(tokio::time::sleep(Duration::ZERO)));
            if made.is_err() {
                tracing::warn!(
                    target: "countersign",
                    "the runtime was built without timers: bodies are read without a timeout"
                );
            }
            made.is_ok()
        })
    }
}
