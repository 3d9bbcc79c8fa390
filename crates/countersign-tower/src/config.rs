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
}
