//! What the runtime can do that a request is handled in.

use std::future::pending;
use std::time::Duration;

use countersign::{StoreError, StoreErrorKind, Timer, Token};

#[cfg(feature = "tokio")]
use crate::log;

/// What the runtime can do: keep time, and run tasks. Made by
/// [`Endpoint::runtime`](crate::Endpoint::runtime).
#[derive(Clone, Copy, Debug)]
pub struct Runtime {
    /// Whether tasks can be spawned.
    #[cfg_attr(not(feature = "tokio"), expect(dead_code, reason = "nothing can be spawned"))]
    spawns: bool,
    timers: bool,
}

impl Runtime {
    /// It is not known, so nothing.
    pub(crate) const NONE: Self = Self { spawns: false, timers: false };

    #[cfg(feature = "tokio")]
    pub(crate) const fn tokio(timers: bool) -> Self {
        Self { spawns: true, timers }
    }

    /// Runs `work` in a task of its own, which goes on if the returned future is dropped. That resolves
    /// to `None` if the runtime shuts down first.
    ///
    /// # Errors
    ///
    /// The work, if there are no tasks.
    #[cfg(feature = "tokio")]
    pub fn spawn<F>(self, work: F) -> Result<impl Future<Output = Option<F::Output>> + Send, F>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        if !self.spawns {
            return Err(work);
        }
        let task = tokio::spawn(tracing::Instrument::in_current_span(work));
        // Panics of handlers are caught inside; a store's are not, nor is the end of the runtime.
        Ok(async {
            let ended = task.await;
            ended.inspect_err(|error| log::interrupted(error.is_panic())).ok()
        })
    }

    /// Runs `work` in a task of its own, where there are tasks.
    ///
    /// # Errors
    ///
    /// The work, as there are none.
    #[cfg(not(feature = "tokio"))]
    pub fn spawn<F>(self, work: F) -> Result<std::future::Pending<Option<F::Output>>, F>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        Err(work)
    }
}

impl Timer for Runtime {
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send {
        let timers = self.timers;
        async move {
            #[cfg(feature = "tokio")]
            if timers {
                return tokio::time::sleep(duration).await;
            }
            _ = (timers, duration);
            pending::<()>().await;
        }
    }

    fn is_running(&self) -> bool {
        self.timers
    }
}

/// A token that no one else has.
pub(crate) fn token() -> Result<Token, StoreError> {
    let mut bytes = [0; 16];
    match getrandom::fill(&mut bytes) {
        Ok(()) => Ok(Token::from_bytes(bytes)),
        Err(error) => Err(StoreError::because(StoreErrorKind::Config, error.to_string())),
    }
}
