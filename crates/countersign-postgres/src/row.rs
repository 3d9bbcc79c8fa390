//! What the statements answer.

use std::num::NonZeroU32;
use std::time::Duration;

use countersign::{Answer, ClaimOutcome, Seen, StoreError, Timestamp};
use tokio_postgres::Row;

use crate::error::corrupt;

/// What `claim` and `once` answer of a key.
#[expect(unnameable_types, reason = "only the sealed trait of transactions names it")]
#[derive(Clone, Debug, Default)]
pub struct Found {
    pub(crate) outcome: i16,
    pub(crate) attempt: i32,
    pub(crate) seen_ms: i64,
    pub(crate) left_ms: i64,
    pub(crate) fingerprint: Option<Vec<u8>>,
    pub(crate) signed_at: Option<i64>,
    pub(crate) answer: Option<Vec<u8>>,
}

impl TryFrom<&Row> for Found {
    type Error = StoreError;

    fn try_from(row: &Row) -> Result<Self, StoreError> {
        let read = || {
            Ok::<_, tokio_postgres::Error>(Self {
                outcome: row.try_get(0)?,
                attempt: row.try_get(1)?,
                seen_ms: row.try_get(2)?,
                left_ms: row.try_get(3)?,
                fingerprint: row.try_get(4)?,
                signed_at: row.try_get(5)?,
                answer: row.try_get(6)?,
            })
        };
        read().map_err(|_| corrupt("the answer to a statement is not what was asked for"))
    }
}

impl Found {
    /// As the contract says it.
    pub(crate) fn outcome(&self) -> Result<ClaimOutcome, StoreError> {
        let seen = self.seen()?;
        match self.outcome {
            1 => Ok(ClaimOutcome::Claimed { seen }),
            2 => {
                let answer = self.answer.as_deref().ok_or_else(|| corrupt("it has no answer"))?;
                Ok(ClaimOutcome::Duplicate { answer: Answer::decode(answer)?, seen })
            }
            3 => Ok(ClaimOutcome::InFlight { lease_left: self.lease_left(), seen }),
            _ => Err(corrupt("its state is none that there is")),
        }
    }

    fn lease_left(&self) -> Duration {
        Duration::from_millis(u64::try_from(std::cmp::max(self.left_ms, 1)).unwrap_or(1))
    }

    fn seen(&self) -> Result<Seen, StoreError> {
        let attempt = u32::try_from(self.attempt).ok().and_then(NonZeroU32::new);
        let attempt = attempt.ok_or_else(|| corrupt("its attempt is not positive"))?;
        let ago = u64::try_from(self.seen_ms).unwrap_or(0);
        let mut seen = Seen::new(attempt, Duration::from_millis(ago));
        seen.fingerprint = match &self.fingerprint {
            None => None,
            Some(bytes) => Some(
                bytes
                    .as_slice()
                    .try_into()
                    .map_err(|_| corrupt("its fingerprint does not have 16 bytes"))?,
            ),
        };
        seen.signed_at = self.signed_at.map(Timestamp::from_unix_millis);
        Ok(seen)
    }
}

/// Another transaction holds the record, so that nothing can be told but that it is in flight.
pub(crate) fn locked() -> ClaimOutcome {
    let seen = Seen::new(NonZeroU32::MIN, Duration::ZERO);
    ClaimOutcome::InFlight { lease_left: Duration::from_secs(1), seen }
}

#[cfg(test)]
mod tests {
    use countersign::StoreErrorKind;

    use super::*;

    fn found(outcome: i16) -> Found {
        Found { outcome, attempt: 2, answer: Some(Answer::new(200).encode()), ..Found::default() }
    }

    #[test]
    fn what_is_in_order_is_read() {
        assert!(matches!(found(1).outcome(), Ok(ClaimOutcome::Claimed { .. })));
        assert!(matches!(found(2).outcome(), Ok(ClaimOutcome::Duplicate { .. })));
        let Ok(ClaimOutcome::InFlight { lease_left, .. }) = found(3).outcome() else { panic!() };
        assert_eq!(lease_left, Duration::from_millis(1));
    }

    #[test]
    fn what_is_not_is_corrupt() {
        let cases = [
            found(0),
            found(4),
            found(i16::MIN),
            Found { attempt: 0, ..found(1) },
            Found { attempt: i32::MIN, ..found(1) },
            Found { fingerprint: Some(vec![0; 15]), ..found(1) },
            Found { answer: None, ..found(2) },
            Found { answer: Some(vec![9, 9]), ..found(2) },
        ];
        for case in cases {
            assert_eq!(case.outcome().unwrap_err().kind(), StoreErrorKind::Corrupt, "{case:?}");
        }
        let odd = Found { seen_ms: i64::MIN, left_ms: i64::MIN, ..found(3) };
        assert!(odd.outcome().is_ok());
    }
}
