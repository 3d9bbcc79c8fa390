//! What a handler is told of the event that it handles, and how it handles the items of a batch.

use std::num::NonZeroU32;
use std::sync::Arc;

use countersign::{
    Admission, Answer, BatchError, Claim, Claims, Declined, Delivery, DuplicateKind, Held,
    Identity, Item, OpenClaim, SharedStore, Store, Timestamp, Verified, Verifier,
};

use crate::flow::{self, ShortAnswer};
use crate::log;
use crate::runtime::{Runtime, token};

/// How an event comes to be handled. In the extensions of each request that a claim was made for.
#[derive(Clone, Debug)]
pub struct Handling {
    identity: Identity,
    open_claim: OpenClaim,
    attempt: Option<NonZeroU32>,
    first_seen: Timestamp,
    duplicate: Option<DuplicateKind>,
    verifier: Verifier,
    claims: Claims<SharedStore>,
    runtime: Runtime,
}

impl Handling {
    pub(crate) fn new(
        claim: &Claim<impl Store>,
        verifier: Verifier,
        claims: Claims<SharedStore>,
        now: Timestamp,
        runtime: Runtime,
    ) -> Self {
        let ago = i64::try_from(claim.first_seen().as_millis()).unwrap_or(i64::MAX);
        Self {
            identity: claim.identity().clone(),
            open_claim: claim.open_claim(),
            attempt: claim.attempt(),
            first_seen: Timestamp::from_unix_millis(now.as_unix_millis().saturating_sub(ago)),
            duplicate: claim.duplicate(),
            verifier,
            claims,
            runtime,
        }
    }

    /// What names the event in the store.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// What completes the event within the transaction that has its effects.
    #[must_use]
    pub fn open_claim(&self) -> &OpenClaim {
        &self.open_claim
    }

    /// Which attempt to handle the event this is: one, unless earlier ones failed or were cut off.
    /// It grows with each, so what is written for this event elsewhere can be fenced with it. `None` if
    /// the store could not tell, and
    /// [may be done without](countersign::ReceiverBuilder::danger_run_without_store).
    #[must_use]
    pub fn attempt(&self) -> Option<NonZeroU32> {
        self.attempt
    }

    /// When the event was seen for the first time.
    #[must_use]
    pub fn first_seen(&self) -> Timestamp {
        self.first_seen
    }

    /// What kind of duplicate the delivery is, if there was an earlier attempt.
    #[must_use]
    pub fn duplicate(&self) -> Option<DuplicateKind> {
        self.duplicate
    }

    /// The events of a delivery that carries several; see [`Claims::items`].
    ///
    /// # Errors
    ///
    /// A [`BatchError`] if the sender sends no batches, or this is none.
    pub fn items<'d>(
        &self,
        proof: &Verified,
        delivery: &Delivery<'d>,
    ) -> Result<Vec<Item<'d>>, BatchError> {
        self.claims.items(proof, delivery)
    }

    /// Does `work` for an item of a batch, unless it was done before: claims it, extends its lease
    /// meanwhile, and settles, as it is done for whole deliveries.
    ///
    /// `None` says that there is nothing left to do: it was done before, or has now failed for good.
    ///
    /// # Errors
    ///
    /// A [`NotDone`]. The delivery must then not be answered with success, so that the sender delivers
    /// what is left once more.
    pub async fn once<T, F>(
        &self,
        item: &Item<'_>,
        work: impl Future<Output = Result<T, Failure<F>>>,
    ) -> Result<Option<T>, NotDone<F>> {
        let (sender, reply, runtime) =
            (self.verifier.sender(), self.verifier.reply(), self.runtime);
        let decline = |declined| {
            log::declined(sender, &declined);
            NotDone::Answer(ShortAnswer::of(declined, reply))
        };
        let token = token().map_err(|error| decline(Declined::Unavailable(error)))?;
        let claim = match self.claims.admit(item.identity().clone(), token, &runtime).await {
            Admission::Fresh(claim) => {
                if let Some(error) = claim.unprotected_because() {
                    log::unprotected(sender, error);
                }
                claim
            }
            Admission::Declined(declined @ Declined::Duplicate(_)) => {
                log::declined(sender, &declined);
                return Ok(None);
            }
            Admission::Declined(declined) => return Err(decline(declined)),
        };
        let failure = match claim.hold(work, &runtime).await {
            Held::Ended(Ok(output)) => {
                flow::complete(sender, claim, Answer::new(200), runtime).await;
                return Ok(Some(output));
            }
            Held::Ended(Err(Failure::ForGood(failure))) => {
                log::failed_for_good(sender, failure.reason());
                let answer = Answer::new(200).permanent_failure(true);
                flow::complete(sender, claim, answer, runtime).await;
                return Ok(None);
            }
            Held::Ended(Err(Failure::Again(failure))) => NotDone::Failed(failure),
            Held::Panicked => NotDone::Answer(flow::cut_off(sender, &claim, reply, flow::PANICKED)),
            Held::Overran => NotDone::Answer(flow::cut_off(sender, &claim, reply, flow::OVERRAN)),
            Held::LeaseLost => NotDone::Answer(flow::cut_off(sender, &claim, reply, flow::LOST)),
        };
        flow::release(sender, claim, runtime).await;
        Err(failure)
    }
}

/// How the work for an item fails.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "adapters tell them apart")]
pub enum Failure<F> {
    /// Trying again may help.
    Again(F),
    /// It will not.
    ForGood(PermanentFailure),
}

/// Why an item of a batch was not handled.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "adapters must treat each")]
pub enum NotDone<F> {
    /// The work failed. Its claim was released.
    Failed(F),
    /// It may not be done now, or was cut off.
    Answer(ShortAnswer),
}

/// In the extensions of a response, says that the event was not handled, or a batch not to its end:
/// whatever the status, the delivery is released.
#[derive(Clone, Debug, Default)]
pub struct Unfinished {
    because: Option<Arc<Declined>>,
}

impl Unfinished {
    /// Says so.
    #[must_use]
    pub const fn new() -> Self {
        Self { because: None }
    }

    /// Says so, and that the handler found out what a store tells others: that the event was handled,
    /// or is in flight. It is logged, and decides on the status.
    #[must_use]
    pub const fn because(declined: Arc<Declined>) -> Self {
        Self { because: Some(declined) }
    }

    pub(crate) fn declined(&self) -> Option<&Declined> {
        self.because.as_deref()
    }
}

/// Put into the extensions of a response, says that the event failed for good: it is recorded as
/// handled and answered with success, so that the sender does not try again, and logged as an error.
#[derive(Clone, Debug)]
pub struct PermanentFailure {
    reason: String,
}

impl PermanentFailure {
    /// A failure for this reason, which is logged: it must not hold anything of the payload that does
    /// not belong into a log.
    #[must_use]
    pub fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into() }
    }

    /// The reason.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }
}
