//! The contract as a table.

use std::cmp;

use countersign::{CompleteOutcome, ExtendOutcome, ReleaseOutcome};

use super::op::{KEYS, Op};

/// What must come of an [`Op`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Outcome {
    /// The claim succeeds.
    Claimed(Past),
    /// Another holds the key.
    InFlight {
        /// For how long.
        lease_left: u32,
        /// What is known of the claim.
        past: Past,
    },
    /// The event was handled.
    Duplicate {
        /// What was answered.
        answer: u8,
        /// What is known of the claim.
        past: Past,
    },
    /// What comes of completing.
    Complete(CompleteOutcome),
    /// What comes of releasing.
    Release(ReleaseOutcome),
    /// What comes of extending.
    Extend(ExtendOutcome),
    /// Whether there was a record to forget.
    Forgotten(bool),
    /// The most records that can have been dropped.
    Purged(usize),
    /// Nothing is answered.
    Silent,
}

/// What must be known of an event: [`Seen`](countersign::Seen), in numbers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Past {
    /// How often it was claimed.
    pub attempt: u32,
    /// How long ago it was claimed for the first time.
    pub first_seen: u32,
    /// The mark that came with the claim before.
    pub mark: Option<u8>,
}

/// A store as the contract describes it, for [`KEYS`] keys.
#[derive(Clone, Debug, Default)]
pub struct Model {
    records: [Option<Record>; KEYS],
    now: u32,
}

#[derive(Clone, Copy, Debug)]
struct Record {
    state: State,
    attempt: u32,
    first_seen: u32,
    mark: Option<u8>,
    expires: u32,
}

#[derive(Clone, Copy, Debug)]
enum State {
    InFlight { token: usize, lease_end: u32 },
    Released,
    Completed { token: usize, answer: u8 },
}

impl Model {
    /// A store with nothing in it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What time it is.
    #[must_use]
    pub const fn now(&self) -> u32 {
        self.now
    }

    /// Does one step, and tells what must come of it. A key that there is not is always absent.
    pub fn apply(&mut self, op: &Op) -> Outcome {
        match *op {
            Op::Claim { key, token, lease, retention, mark } => {
                self.claim(key, token, lease, retention, mark)
            }
            Op::Complete { key, token, retention, answer } => {
                Outcome::Complete(self.complete(key, token, retention, answer))
            }
            Op::Release { key, token } => Outcome::Release(match self.held(key, token) {
                Some(record) => {
                    record.state = State::Released;
                    ReleaseOutcome::Released
                }
                None => ReleaseOutcome::Lost,
            }),
            Op::Extend { key, token, lease } => {
                let lease_end = self.now + lease;
                Outcome::Extend(match self.held(key, token) {
                    Some(record) => {
                        record.state = State::InFlight { token, lease_end };
                        record.expires = cmp::max(record.expires, lease_end);
                        ExtendOutcome::Extended
                    }
                    None => ExtendOutcome::Lost,
                })
            }
            Op::Forget { key } => {
                let existed = self.live(key).is_some();
                self.set(key, None);
                Outcome::Forgotten(existed)
            }
            Op::Purge { limit } => {
                // A store may have dropped them before, so they are only an upper bound.
                let expired = self.records.iter().flatten().filter(|it| it.expires <= self.now);
                Outcome::Purged(cmp::min(limit, expired.count()))
            }
            Op::Advance { by } => {
                self.now += by;
                Outcome::Silent
            }
            Op::Flush => {
                self.records = [None; KEYS];
                Outcome::Silent
            }
        }
    }

    fn claim(
        &mut self,
        key: usize,
        token: usize,
        lease: u32,
        retention: u32,
        mark: Option<u8>,
    ) -> Outcome {
        let now = self.now;
        let before = match self.live(key) {
            None => Record {
                state: State::Released,
                attempt: 0,
                first_seen: now,
                mark: None,
                expires: now,
            },
            Some(record) => {
                let past = record.past(now);
                match record.state {
                    State::Completed { answer, .. } => return Outcome::Duplicate { answer, past },
                    State::InFlight { token: holder, lease_end } if lease_end > now => {
                        // The reply to a claim was lost, and it is repeated.
                        return if holder == token {
                            Outcome::Claimed(past)
                        } else {
                            Outcome::InFlight { lease_left: lease_end - now, past }
                        };
                    }
                    State::InFlight { .. } | State::Released => record,
                }
            }
        };
        let attempt = before.attempt + 1;
        let lease_end = now + lease;
        self.set(
            key,
            Some(Record {
                state: State::InFlight { token, lease_end },
                attempt,
                first_seen: before.first_seen,
                mark,
                expires: cmp::max(now + retention, lease_end),
            }),
        );
        Outcome::Claimed(Past { attempt, ..before.past(now) })
    }

    fn complete(
        &mut self,
        key: usize,
        token: usize,
        retention: u32,
        answer: u8,
    ) -> CompleteOutcome {
        let now = self.now;
        let before = match self.live(key) {
            None => Record {
                state: State::Released,
                attempt: 1,
                first_seen: now,
                mark: None,
                expires: now,
            },
            Some(record) => match record.state {
                State::InFlight { token: holder, .. } if holder == token => record,
                State::Completed { token: holder, .. } if holder == token => {
                    return CompleteOutcome::AlreadyCompleted;
                }
                _ => return CompleteOutcome::Lost,
            },
        };
        let state = State::Completed { token, answer };
        self.set(key, Some(Record { state, expires: now + retention, ..before }));
        CompleteOutcome::Completed
    }

    /// The record of a key, unless it has expired.
    fn live(&self, key: usize) -> Option<Record> {
        let record = self.records.get(key).copied().flatten();
        record.filter(|record| record.expires > self.now)
    }

    /// The record of a key that a token has in flight, be its lease lapsed or not.
    fn held(&mut self, key: usize, token: usize) -> Option<&mut Record> {
        let record = self.records.get_mut(key)?.as_mut()?;
        let is_held = matches!(record.state, State::InFlight { token: it, .. } if it == token);
        (is_held && record.expires > self.now).then_some(record)
    }

    fn set(&mut self, key: usize, record: Option<Record>) {
        if let Some(slot) = self.records.get_mut(key) {
            *slot = record;
        }
    }
}

impl Record {
    const fn past(&self, now: u32) -> Past {
        Past { attempt: self.attempt, first_seen: now - self.first_seen, mark: self.mark }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::op::traces;
    use super::super::witness::Witness;
    use super::*;

    proptest! {
        #[test]
        fn the_model_itself_keeps_the_invariants(ops in traces()) {
            let mut model = Model::new();
            let mut witness = Witness::new();
            for op in &ops {
                let now = model.now();
                let outcome = model.apply(op);
                prop_assert_eq!(witness.observe(op, &outcome, now), Ok(()), "{:?}", op);
            }
        }
    }
}
