//! Chance that can be repeated.

use std::time::Duration;

use fastrand::Rng;

/// What is chosen at random.
#[derive(Debug)]
pub(crate) struct Random {
    rng: Rng,
}

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self { rng: Rng::with_seed(seed) }
    }

    /// A stream of its own, which does not depend on how often others are asked.
    pub(crate) fn fork(&mut self) -> Self {
        Self { rng: self.rng.fork() }
    }

    pub(crate) fn seed(&mut self) -> u64 {
        self.rng.u64(..)
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.rng.u64(..std::cmp::max(end, 1))
    }

    /// Whether what happens this many times in a hundred does.
    pub(crate) fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// Between the two, in milliseconds, by the microsecond.
    pub(crate) fn pause(&mut self, from_ms: u64, to_ms: u64) -> Duration {
        Duration::from_micros(self.rng.u64(from_ms * 1000..=to_ms * 1000))
    }
}
