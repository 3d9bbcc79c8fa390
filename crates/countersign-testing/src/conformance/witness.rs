//! The invariants of the contract, judged by what was answered alone.

use std::cmp;

use countersign::{CompleteOutcome, ExtendOutcome, ReleaseOutcome};

use super::model::Outcome;
use super::op::{KEYS, Op};
use super::session::{Verdict, ensure};

/// Follows a trace and what was answered. It computes no answers, as the model does, but only
/// remembers who was promised what:
///
/// 1. At most one token holds a live lease on a key.
/// 2. A completed record is left only when it expires or is forgotten.
/// 3. A token that lost its claim can change nothing.
/// 4. The attempt grows with each claim while the record lives.
/// 5. Nothing but expiry and forgetting makes a key claimable whose lease is live.
#[derive(Debug, Default)]
pub(super) struct Witness {
    keys: [Promise; KEYS],
}

/// What was promised of a key; nothing, if it has expired.
#[derive(Clone, Copy, Debug, Default)]
struct Promise {
    holder: Option<(usize, u32)>,
    completed_by: Option<usize>,
    attempt: u32,
    expires: u32,
}

impl Witness {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Judges one answer, given at the time `now`.
    pub(super) fn observe(&mut self, op: &Op, outcome: &Outcome, now: u32) -> Verdict {
        if matches!(op, Op::Flush) {
            *self = Self::new();
        }
        let (Op::Claim { key, .. }
        | Op::Complete { key, .. }
        | Op::Release { key, .. }
        | Op::Extend { key, .. }
        | Op::Forget { key }) = *op
        else {
            return Ok(());
        };
        let Some(promise) = self.keys.get_mut(key) else { return Ok(()) };
        if promise.expires <= now {
            *promise = Promise::default();
        }
        promise.observe(op, outcome, now)
    }
}

impl Promise {
    fn observe(&mut self, op: &Op, outcome: &Outcome, now: u32) -> Verdict {
        match (*op, *outcome) {
            (Op::Claim { token, lease, retention, .. }, Outcome::Claimed(past)) => {
                ensure!(self.completed_by.is_none(), "a completed event was claimed");
                let live = self.holder.filter(|(_, until)| *until > now);
                if let Some((holder, _)) = live {
                    ensure!(holder == token, "two tokens hold live leases on one key");
                    ensure!(past.attempt == self.attempt, "a repeated claim was a new attempt");
                    return Ok(());
                }
                ensure!(
                    past.attempt > self.attempt,
                    "attempt {} did not grow with a claim, but is {}",
                    self.attempt,
                    past.attempt
                );
                self.attempt = past.attempt;
                self.holder = Some((token, now + lease));
                self.expires = cmp::max(now + retention, now + lease);
            }
            (Op::Claim { .. }, Outcome::Duplicate { .. }) => {
                ensure!(
                    self.completed_by.is_some(),
                    "an event that nobody completed is a duplicate"
                );
            }
            (Op::Claim { .. }, Outcome::InFlight { .. }) => {
                let is_live = self.holder.is_some_and(|(_, until)| until > now);
                ensure!(is_live, "an event that nobody holds is in flight");
            }
            (
                Op::Complete { token, retention, .. },
                Outcome::Complete(CompleteOutcome::Completed),
            ) => {
                let is_absent = self.expires == 0;
                ensure!(
                    is_absent || self.is_held_by(token),
                    "a token that does not hold the key completed it"
                );
                *self = Self {
                    holder: None,
                    completed_by: Some(token),
                    attempt: cmp::max(self.attempt, 1),
                    expires: now + retention,
                };
            }
            (Op::Complete { token, .. }, Outcome::Complete(CompleteOutcome::AlreadyCompleted)) => {
                ensure!(self.completed_by == Some(token), "this token had not completed the event");
            }
            (Op::Release { token, .. }, Outcome::Release(ReleaseOutcome::Released)) => {
                ensure!(self.is_held_by(token), "a token that does not hold the key released it");
                self.holder = None;
            }
            (Op::Extend { token, lease, .. }, Outcome::Extend(ExtendOutcome::Extended)) => {
                ensure!(
                    self.is_held_by(token),
                    "a token that does not hold the key extended its lease"
                );
                self.holder = Some((token, now + lease));
                self.expires = cmp::max(self.expires, now + lease);
            }
            (Op::Forget { .. }, _) => *self = Self::default(),
            _ => {}
        }
        Ok(())
    }

    fn is_held_by(&self, token: usize) -> bool {
        self.holder.is_some_and(|(holder, _)| holder == token)
    }
}
