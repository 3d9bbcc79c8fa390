//! What a layer and the services that it makes share.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use countersign::{Claims, Receiver, SharedStore, Timestamp};

use crate::runtime::Runtime;

pub(crate) struct Config<S> {
    pub(crate) receiver: Receiver<S>,
    /// What handlers get to claim the items of a batch with.
    pub(crate) claims: Option<Claims<SharedStore>>,
    pub(crate) body_limit: usize,
    #[cfg_attr(not(feature = "tokio"), expect(dead_code, reason = "there is no timer"))]
    pub(crate) read_timeout: Duration,
    /// Whether the runtime keeps time, once that is known.
    #[cfg(feature = "tokio")]
    timers: std::sync::OnceLock<bool>,
    pub(crate) clock: Option<Arc<dyn Fn() -> Timestamp + Send + Sync>>,
}

impl<S> Config<S> {
    pub(crate) fn new(
        receiver: Receiver<S>,
        claims: Option<Claims<SharedStore>>,
        body_limit: usize,
        read_timeout: Duration,
    ) -> Self {
        Self {
            receiver,
            claims,
            body_limit,
            read_timeout,
            #[cfg(feature = "tokio")]
            timers: std::sync::OnceLock::new(),
            clock: None,
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the adapter is what reads the clock")]
    pub(crate) fn now(&self) -> Timestamp {
        match &self.clock {
            Some(clock) => clock(),
            None => SystemTime::now().into(),
        }
    }

    /// What the runtime can do that the request is handled in.
    #[cfg(feature = "tokio")]
    pub(crate) fn runtime(&self) -> Runtime {
        if tokio::runtime::Handle::try_current().is_err() {
            return Runtime::NONE;
        }
        let timers = *self.timers.get_or_init(|| {
            // A runtime does not tell whether it was built with `enable_time`; timers panic then.
            let made = std::panic::catch_unwind(|| drop(tokio::time::sleep(Duration::ZERO)));
            if made.is_err() {
                tracing::warn!(
                    target: "countersign",
                    "the runtime was built without timers: nothing times out, and no lease is \
                     extended"
                );
            }
            made.is_ok()
        });
        Runtime::tokio(timers)
    }

    #[cfg(not(feature = "tokio"))]
    #[expect(clippy::unused_self, reason = "there is something to ask where there is a runtime")]
    pub(crate) fn runtime(&self) -> Runtime {
        Runtime::NONE
    }
}

impl<S> Clone for Config<S> {
    fn clone(&self) -> Self {
        Self {
            receiver: self.receiver.clone(),
            claims: self.claims.clone(),
            body_limit: self.body_limit,
            read_timeout: self.read_timeout,
            #[cfg(feature = "tokio")]
            timers: self.timers.clone(),
            clock: self.clock.clone(),
        }
    }
}
