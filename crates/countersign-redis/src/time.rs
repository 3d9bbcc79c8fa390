//! Durations as the scripts take them.

use std::time::Duration;

/// The longest that a script is told: a century. Sums of it and today are whole numbers to a
/// script.
const LONGEST: u64 = 100 * 365 * 24 * 3600 * 1000;

/// In milliseconds, rounded up, so that nothing ends early.
pub(crate) fn millis(time: Duration) -> u64 {
    let nanos = u64::from(time.subsec_nanos().div_ceil(1_000_000));
    std::cmp::min(time.as_secs().saturating_mul(1000).saturating_add(nanos), LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_millisecond_counts_as_one() {
        assert_eq!(millis(Duration::ZERO), 0);
        assert_eq!(millis(Duration::from_nanos(1)), 1);
        assert_eq!(millis(Duration::from_nanos(1_500_000_001)), 1501);
        assert_eq!(millis(Duration::MAX), 3_153_600_000_000);
    }
}
