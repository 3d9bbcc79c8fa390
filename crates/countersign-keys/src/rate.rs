//! How often documents are asked for that are not known yet.

use std::time::Duration;

/// A bucket of permits that fills up over time.
#[derive(Debug)]
pub(crate) struct Bucket {
    per_minute: u32,
    /// Permits, in parts of a minute of `per_minute` each.
    filled: Duration,
    at: Duration,
}

impl Bucket {
    /// A full bucket.
    pub(crate) fn new(per_minute: u32) -> Self {
        Self { per_minute, filled: Duration::from_secs(60), at: Duration::ZERO }
    }

    /// Takes a permit, if there is one.
    pub(crate) fn take(&mut self, now: Duration) -> bool {
        let passed = now.saturating_sub(self.at);
        self.at = now;
        self.filled = std::cmp::min(self.filled.saturating_add(passed), Duration::from_secs(60));
        let cost = Duration::from_secs(60).checked_div(self.per_minute);
        match cost.and_then(|cost| self.filled.checked_sub(cost)) {
            Some(left) => {
                self.filled = left;
                true
            }
            None => false,
        }
    }

    /// Takes back a permit.
    pub(crate) fn give_back(&mut self) {
        let cost = Duration::from_secs(60).checked_div(self.per_minute).unwrap_or_default();
        self.filled = std::cmp::min(self.filled + cost, Duration::from_secs(60));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permits_come_back_over_a_minute() {
        let mut bucket = Bucket::new(2);
        let second = Duration::from_secs;
        let taken = [0, 0, 0, 29, 30, 30, 90, 90, 90].map(|at| bucket.take(second(at)));
        assert_eq!(taken, [true, true, false, false, true, false, true, true, false]);
        assert!(!Bucket::new(0).take(second(1)));
    }
}
