//! Durations as the statements take them.

use std::time::Duration;

use countersign::ceil_millis;

/// The longest that a statement is told: a century. Sums of it and today are times that the server
/// knows.
const LONGEST: u64 = 100 * 365 * 24 * 3600 * 1000;

/// In milliseconds, rounded up, so that nothing ends early.
pub(crate) fn millis(time: Duration) -> i64 {
    i64::try_from(std::cmp::min(ceil_millis(time), LONGEST)).unwrap_or(i64::MAX)
}

/// How long a statement may wait for another transaction: less than it may take, so that it is the
/// server that ends it.
pub(crate) fn wait_millis(timeout: Duration) -> i32 {
    let millis = millis(timeout.mul_f64(0.8));
    std::cmp::max(1, i32::try_from(millis).unwrap_or(i32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_lasts_longer_than_a_century() {
        assert_eq!(millis(Duration::from_nanos(1)), 1);
        assert_eq!(millis(Duration::MAX), 3_153_600_000_000);
    }

    #[test]
    fn a_statement_waits_for_less_than_it_may_take() {
        assert_eq!(wait_millis(Duration::from_millis(250)), 200);
        assert_eq!(wait_millis(Duration::ZERO), 1);
        assert_eq!(wait_millis(Duration::from_secs(u64::from(u32::MAX))), i32::MAX);
    }
}
