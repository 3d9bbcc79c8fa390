//! The time of a store: milliseconds since 1970, and never going back.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

/// The clock of one handle to a file.
///
/// It reads the system's clock once, when it is made, and counts on from there by the steady one,
/// so that it is of no consequence to live leases if the system's clock is set. It never lags
/// behind a time that was written to the file ([`catch_up`](Self::catch_up)).
#[derive(Clone)]
pub(crate) struct Clock {
    source: Source,
    base: Arc<Mutex<Base>>,
}

#[derive(Clone)]
enum Source {
    System,
    Given(Arc<dyn Fn() -> Duration + Send + Sync>),
}

/// What the time was, and what the source said then.
struct Base {
    time: Duration,
    read: Reading,
}

#[derive(Clone, Copy)]
enum Reading {
    Steady(Instant),
    Given(Duration),
}

impl Clock {
    #[expect(clippy::disallowed_methods, reason = "the store is what reads this clock")]
    pub(crate) fn system() -> Self {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        Self::new(Source::System, since.unwrap_or_default())
    }

    pub(crate) fn given(clock: Arc<dyn Fn() -> Duration + Send + Sync>) -> Self {
        let time = clock();
        Self::new(Source::Given(clock), time)
    }

    fn new(source: Source, time: Duration) -> Self {
        let base = Base { time, read: source.read() };
        Self { source, base: Arc::new(Mutex::new(base)) }
    }

    /// The time, which is at least the one given.
    pub(crate) fn catch_up(&self, at_least: i64) -> i64 {
        let mut base = self.base();
        let read = self.source.read();
        let now = base.time.saturating_add(read.since(base.read));
        let at_least = Duration::from_millis(u64::try_from(at_least).unwrap_or(0));
        if at_least > now {
            *base = Base { time: at_least, read };
        }
        floor_millis(std::cmp::max(now, at_least))
    }

    /// No code that could panic runs while it is locked.
    fn base(&self) -> MutexGuard<'_, Base> {
        self.base.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Source {
    fn read(&self) -> Reading {
        match self {
            Self::System => Reading::Steady(instant()),
            Self::Given(clock) => Reading::Given(clock()),
        }
    }
}

impl Reading {
    fn since(self, earlier: Self) -> Duration {
        match (self, earlier) {
            (Self::Steady(now), Self::Steady(then)) => now.saturating_duration_since(then),
            (Self::Given(now), Self::Given(then)) => now.saturating_sub(then),
            (Self::Steady(_) | Self::Given(_), _) => Duration::ZERO,
        }
    }
}

/// The steady clock, for timeouts.
#[expect(clippy::disallowed_methods, reason = "what a store is asked takes its time")]
pub(crate) fn instant() -> Instant {
    Instant::now()
}

fn floor_millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

/// In milliseconds, rounded up, as SQLite has numbers.
pub(crate) fn ceil_millis(time: Duration) -> i64 {
    i64::try_from(countersign::ceil_millis(time)).unwrap_or(i64::MAX)
}

/// How long it is from one time to a later one.
pub(crate) fn between(earlier: i64, later: i64) -> Duration {
    Duration::from_millis(u64::try_from(later.saturating_sub(earlier)).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    fn set() -> (Clock, Arc<AtomicU64>) {
        let millis = Arc::new(AtomicU64::new(1000));
        let read = Arc::clone(&millis);
        let clock =
            Clock::given(Arc::new(move || Duration::from_millis(read.load(Ordering::SeqCst))));
        (clock, millis)
    }

    #[test]
    fn time_is_never_before_what_was_written() {
        let (clock, millis) = set();
        assert_eq!(clock.catch_up(0), 1000);
        assert_eq!(clock.catch_up(5000), 5000);
        millis.store(1200, Ordering::SeqCst);
        assert_eq!(clock.catch_up(5000), 5200, "it goes on from there");
        millis.store(900, Ordering::SeqCst);
        assert_eq!(clock.catch_up(5200), 5200);
    }

    #[test]
    fn the_clock_of_the_system_tells_the_time() {
        let clock = Clock::system();
        let first = clock.catch_up(0);
        assert!(first > 1_700_000_000_000, "{first} is after 2023");
        assert!(clock.catch_up(first) >= first);
        assert_eq!(clock.catch_up(i64::MAX), i64::MAX);
    }

    #[test]
    fn what_lasts_longer_than_there_are_numbers_lasts_as_long_as_there_are() {
        assert_eq!(ceil_millis(Duration::from_nanos(1)), 1);
        assert_eq!(ceil_millis(Duration::MAX), i64::MAX);
    }
}
