//! Durations as the scripts take them.

use std::time::Duration;

use countersign::ceil_millis;

/// The longest that a script is told: a century. Sums of it and today are whole numbers to a
/// script.
const LONGEST: u64 = 100 * 365 * 24 * 3600 * 1000;

/// In milliseconds, rounded up, so that nothing ends early.
pub(crate) fn millis(time: Duration) -> u64 {
    std::cmp::min(ceil_millis(time), LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_lasts_longer_than_a_century() {
        assert_eq!(millis(Duration::from_nanos(1)), 1);
        assert_eq!(millis(Duration::MAX), 3_153_600_000_000);
    }
}
