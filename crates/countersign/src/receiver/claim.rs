//! The right to handle one event, and how it ends.

use core::fmt;
use core::num::NonZeroU32;
use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;
use std::sync::Arc;

use super::declined::DuplicateKind;
use super::desk::{Desk, Open};
use super::identity::Identity;
use crate::store::{
    Answer, CompleteOutcome, Completion, OpenClaim, ReleaseOutcome, Seen, Store, StoreError,
    StoreErrorKind, Token,
};
use crate::timer::{Timer, within};

/// The first pause before a completion is tried again, and the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// The right to handle one event.
///
/// [`complete`](Self::complete) it once the event was handled, or [`release`](Self::release) it. If
/// it is dropped, it is released if the store can do so without waiting, and ended by its lease
/// otherwise.
#[must_use = "a claim that is dropped is released"]
pub struct Claim<S: Store> {
    store: Arc<S>,
    open: Open,
    identity: Identity,
    token: Token,
    lease: Duration,
    state: State,
    /// Whether dropping it releases it.
    armed: bool,
    /// Whether it is known, and counted, that another took it over.
    lost: AtomicBool,
}

enum State {
    Asking,
    Held(Seen),
    /// Handled although the store could not tell.
    Unprotected(StoreError),
}

impl<S: Store> Claim<S> {
    pub(super) fn new(
        store: Arc<S>,
        open: Open,
        identity: Identity,
        token: Token,
        lease: Duration,
    ) -> Self {
        let state = State::Asking;
        let lost = AtomicBool::new(false);
        Self { store, open, identity, token, lease, state, armed: true, lost }
    }

    pub(super) fn claimed(&mut self, seen: Seen) {
        self.state = State::Held(seen);
    }

    pub(super) fn unprotected(&mut self, error: StoreError) {
        self.state = State::Unprotected(error);
    }

    pub(super) fn disarm(&mut self) {
        self.armed = false;
    }

    /// What names the event.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// What completes it within the transaction that has the event's effects, with an empty 200 for
    /// duplicates. [`complete`](Self::complete) it afterwards all the same: it is
    /// [already completed](CompleteOutcome::AlreadyCompleted) then.
    #[must_use]
    pub fn open_claim(&self) -> OpenClaim {
        let completion = self.completion(Answer::new(200));
        OpenClaim::new(*self.identity.key(), self.token, completion)
    }

    /// Which attempt to handle the event this is: one, unless earlier ones failed or their lease
    /// lapsed. It grows as long as the store remembers the event, so what is written for this event
    /// elsewhere can be fenced with it; the attempts of two events say nothing about each other. `None` if the store could not tell.
    #[must_use]
    pub fn attempt(&self) -> Option<NonZeroU32> {
        self.seen().map(|seen| seen.attempt)
    }

    /// How long before the claim was made the event was seen for the first time.
    #[must_use]
    pub fn first_seen(&self) -> Duration {
        self.seen().map(|seen| seen.first_seen).unwrap_or_default()
    }

    /// What kind of duplicate the delivery is, if an earlier attempt was made.
    #[must_use]
    pub fn duplicate(&self) -> Option<DuplicateKind> {
        let seen = self.seen().filter(|seen| seen.attempt.get() > 1)?;
        Some(DuplicateKind::of(seen.signed_at, self.identity.signed_at))
    }

    /// Why the event is handled without a claim, if it is.
    #[must_use]
    pub fn unprotected_because(&self) -> Option<&StoreError> {
        match &self.state {
            State::Unprotected(error) => Some(error),
            State::Asking | State::Held(_) => None,
        }
    }

    fn seen(&self) -> Option<&Seen> {
        match &self.state {
            State::Held(seen) => Some(seen),
            State::Asking | State::Unprotected(_) => None,
        }
    }

    /// Records that the event was handled, and what duplicates are to be answered.
    ///
    /// [`CompleteOutcome::Lost`] says that the lease had lapsed and another has taken the event
    /// over: it is or was handled twice. It is counted.
    ///
    /// # Errors
    ///
    /// What is left to do if the store could not take it. The handler's answer stands, since the
    /// effects have happened; [`Unsettled::retry`] tries again.
    pub async fn complete(
        mut self,
        answer: Answer,
        timer: &impl Timer,
    ) -> Result<CompleteOutcome, Unsettled<S>> {
        // The effects have happened: from here on, the lease must not be given back.
        self.armed = false;
        let completion = self.completion(answer);
        match self.try_to_complete(&completion, timer).await {
            Ok(outcome) => Ok(outcome),
            Err(error) => {
                self.desk().counters.complete_errors.add();
                Err(Unsettled { claim: self, completion, error })
            }
        }
    }

    async fn try_to_complete(
        &self,
        completion: &Completion,
        timer: &impl Timer,
    ) -> Result<CompleteOutcome, StoreError> {
        let asked = self.store.complete(&self.identity.key, self.token, completion);
        let outcome = self.in_time(timer, asked).await?;
        let counters = &self.desk().counters;
        match outcome {
            CompleteOutcome::Completed | CompleteOutcome::AlreadyCompleted => {
                counters.completed.add();
            }
            CompleteOutcome::Lost => {
                self.count_lost();
                counters.handled_twice.add();
            }
        }
        Ok(outcome)
    }

    /// Gives the claim back, so that the sender's next attempt is handled.
    ///
    /// # Errors
    ///
    /// The [`StoreError`] if the store could not take it; the lease then ends the claim.
    pub async fn release(mut self, timer: &impl Timer) -> Result<ReleaseOutcome, StoreError> {
        let asked = self.store.release(&self.identity.key, self.token);
        let outcome = self.in_time(timer, asked).await?;
        self.armed = false;
        let counters = &self.desk().counters;
        match outcome {
            ReleaseOutcome::Released => counters.released.add(),
            ReleaseOutcome::Lost => self.count_lost(),
        }
        Ok(outcome)
    }

    pub(super) async fn in_time<T>(
        &self,
        timer: &impl Timer,
        asked: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let answered = within(self.desk().policy.store_timeout, timer, asked).await;
        answered.unwrap_or_else(|| Err(StoreError::new(StoreErrorKind::Timeout)))
    }

    /// Counts once that another took the claim over.
    pub(super) fn count_lost(&self) {
        // What was never held cannot be taken over.
        let was_held = self.unprotected_because().is_none();
        if was_held && !self.lost.swap(true, Ordering::Relaxed) {
            self.desk().counters.lost.add();
        }
    }

    pub(super) fn desk(&self) -> &Desk {
        self.open.desk()
    }

    pub(super) fn store(&self) -> &S {
        &self.store
    }

    pub(super) fn token(&self) -> Token {
        self.token
    }

    /// What completing it with this answer records.
    fn completion(&self, answer: Answer) -> Completion {
        Completion::new(self.desk().policy.retention, answer)
    }

    pub(super) fn lease(&self) -> Duration {
        self.lease
    }
}

impl<S: Store> Drop for Claim<S> {
    fn drop(&mut self) {
        // Where no handler ran, there is no work that could outlive it.
        let asking = matches!(self.state, State::Asking);
        if self.armed && (asking || self.desk().policy.release_on_drop) {
            self.store.release_on_drop(&self.identity.key, self.token);
        }
    }
}

impl<S: Store> fmt::Debug for Claim<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claim")
            .field("key", &self.identity.key)
            .field("attempt", &self.attempt())
            .finish_non_exhaustive()
    }
}

/// A handled event whose completion the store could not take.
#[must_use = "the event is handled again unless its completion is tried again"]
pub struct Unsettled<S: Store> {
    claim: Claim<S>,
    completion: Completion,
    error: StoreError,
}

impl<S: Store> Unsettled<S> {
    /// Why the store could not take it.
    #[must_use]
    pub fn error(&self) -> &StoreError {
        &self.error
    }

    /// Tries again, after pauses that double from a tenth of a second to two seconds, until the
    /// length of a lease has passed.
    ///
    /// # Errors
    ///
    /// The last [`StoreError`]. The event is handled again if the sender retries it.
    pub async fn retry(self, timer: &impl Timer) -> Result<CompleteOutcome, StoreError> {
        let Self { claim, completion, mut error } = self;
        let mut left = if timer.is_running() { claim.lease } else { Duration::ZERO };
        let mut pause = FIRST_PAUSE;
        while !left.is_zero() {
            let this_pause = std::cmp::min(pause, left);
            timer.sleep(this_pause).await;
            left -= this_pause;
            pause = std::cmp::min(pause * 2, LONGEST_PAUSE);
            match claim.try_to_complete(&completion, timer).await {
                Ok(outcome) => return Ok(outcome),
                Err(again) => error = again,
            }
        }
        claim.desk().counters.completions_given_up.add();
        Err(error)
    }
}

impl<S: Store> fmt::Debug for Unsettled<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unsettled")
            .field("claim", &self.claim)
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}
