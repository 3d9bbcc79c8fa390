//! What a claim is told.

use std::num::NonZeroU32;
use std::time::Duration;

use countersign::{Answer, ClaimOutcome, Seen, StoreError, Timestamp};
use redis::{FromRedisValue, ParsingError, Value, from_redis_value};

use crate::error::corrupt;

/// The answer of the script, in its order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    outcome: i64,
    attempt: i64,
    seen_ms: i64,
    left_ms: i64,
    fingerprint: Vec<u8>,
    signed_at: Vec<u8>,
    answer: Vec<u8>,
}

impl FromRedisValue for Found {
    fn from_redis_value(value: Value) -> Result<Self, ParsingError> {
        let values: Vec<Value> = from_redis_value(value)?;
        let mut values = values.into_iter();
        let outcome = match values.next() {
            Some(value) => from_redis_value(value)?,
            None => 0,
        };
        // An unreadable record is told by that alone.
        if values.len() == 0 {
            return Ok(Self { outcome, ..Self::default() });
        }
        let mut next = || values.next().unwrap_or(Value::Nil);
        Ok(Self {
            outcome,
            attempt: from_redis_value(next())?,
            seen_ms: from_redis_value(next())?,
            left_ms: from_redis_value(next())?,
            fingerprint: from_redis_value(next())?,
            signed_at: from_redis_value(next())?,
            answer: from_redis_value(next())?,
        })
    }
}

impl Found {
    /// As the contract says it.
    pub(crate) fn outcome(&self) -> Result<ClaimOutcome, StoreError> {
        if self.outcome == -1 {
            return Err(unreadable());
        }
        let seen = self.seen()?;
        match self.outcome {
            1 => Ok(ClaimOutcome::Claimed { seen }),
            2 => Ok(ClaimOutcome::Duplicate { answer: Answer::decode(&self.answer)?, seen }),
            3 => {
                let left = u64::try_from(std::cmp::max(self.left_ms, 1)).unwrap_or(1);
                Ok(ClaimOutcome::InFlight { lease_left: Duration::from_millis(left), seen })
            }
            _ => Err(corrupt("the script answered something else")),
        }
    }

    fn seen(&self) -> Result<Seen, StoreError> {
        let attempt = u32::try_from(self.attempt).ok().and_then(NonZeroU32::new);
        let attempt = attempt.ok_or_else(|| corrupt("its attempt is not positive"))?;
        let ago = u64::try_from(self.seen_ms).unwrap_or(0);
        let mut seen = Seen::new(attempt, Duration::from_millis(ago));
        seen.fingerprint = array(&self.fingerprint)?;
        seen.signed_at =
            array(&self.signed_at)?.map(|it| Timestamp::from_unix_millis(i64::from_be_bytes(it)));
        Ok(seen)
    }
}

/// None or all of its bytes.
fn array<const N: usize>(bytes: &[u8]) -> Result<Option<[u8; N]>, StoreError> {
    if bytes.is_empty() {
        return Ok(None);
    }
    bytes.try_into().map(Some).map_err(|_| corrupt("a digest or a time has another length"))
}

pub(crate) fn unreadable() -> StoreError {
    corrupt("the record cannot be read: it is of another version, or of something else")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use countersign::StoreErrorKind;

    use super::*;

    fn found(outcome: i64) -> Found {
        Found { outcome, attempt: 2, answer: Answer::new(200).encode(), ..Found::default() }
    }

    #[test]
    fn what_is_in_order_is_read() {
        assert!(matches!(found(1).outcome(), Ok(ClaimOutcome::Claimed { .. })));
        assert!(matches!(found(2).outcome(), Ok(ClaimOutcome::Duplicate { .. })));
        assert!(matches!(found(3).outcome(), Ok(ClaimOutcome::InFlight { .. })));
        let before = Timestamp::from_unix_millis(-5);
        let signed = Found { signed_at: (-5_i64).to_be_bytes().to_vec(), ..found(1) };
        let Ok(ClaimOutcome::Claimed { seen }) = signed.outcome() else { unreachable!() };
        assert_eq!(seen.signed_at, Some(before));
    }

    #[test]
    fn what_is_not_is_corrupt() {
        for case in [
            found(-1),
            found(0),
            found(4),
            Found { attempt: 0, ..found(1) },
            Found { attempt: i64::MAX, ..found(1) },
            Found { fingerprint: vec![0; 15], ..found(1) },
            Found { signed_at: vec![0; 9], ..found(1) },
            Found { answer: vec![9, 9], ..found(2) },
        ] {
            assert_eq!(case.outcome().unwrap_err().kind(), StoreErrorKind::Corrupt, "{case:?}");
        }
        assert!(Found { seen_ms: i64::MIN, left_ms: i64::MIN, ..found(3) }.outcome().is_ok());
    }
}
