//! The time of a store: milliseconds since it was made.

use std::sync::Arc;
use std::time::{Duration, Instant};

#[derive(Clone)]
pub(crate) enum Clock {
    System(Instant),
    Given(Arc<dyn Fn() -> Duration + Send + Sync>),
}

impl Clock {
    #[expect(clippy::disallowed_methods, reason = "the store is what reads this clock")]
    pub(crate) fn system() -> Self {
        Self::System(Instant::now())
    }

    pub(crate) fn now(&self) -> u64 {
        match self {
            Self::System(start) => floor_millis(start.elapsed()),
            Self::Given(clock) => floor_millis(clock()),
        }
    }
}

fn floor_millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
