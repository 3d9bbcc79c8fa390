//! What a handler is told of the event that it handles.

use std::num::NonZeroU32;

use countersign::{
    BatchError, Claim, Claims, Declined, Delivery, DuplicateKind, Identity, Item, Once, OnceError,
    SharedStore, Store, Timestamp, Verified,
};

use crate::runtime::{Runtime, token};

/// How an event comes to be handled. In the extensions of each request that a claim was made for.
#[derive(Clone, Debug)]
pub struct Handling {
    identity: Identity,
    attempt: Option<NonZeroU32>,
    first_seen: Timestamp,
    duplicate: Option<DuplicateKind>,
    claims: Claims<SharedStore>,
    runtime: Runtime,
}

impl Handling {
    pub(crate) fn new(
        claim: &Claim<impl Store>,
        claims: Claims<SharedStore>,
        now: Timestamp,
        runtime: Runtime,
    ) -> Self {
        let ago = i64::try_from(claim.first_seen().as_millis()).unwrap_or(i64::MAX);
        Self {
            identity: claim.identity().clone(),
            attempt: claim.attempt(),
            first_seen: Timestamp::from_unix_millis(now.as_unix_millis().saturating_sub(ago)),
            duplicate: claim.duplicate(),
            claims,
            runtime,
        }
    }

    /// What names the event in the store.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Which attempt to handle the event this is: one, unless earlier ones failed or were cut off.
    /// It grows with each, so effects elsewhere can be fenced with it. `None` if the store could not
    /// tell, and [may be done without](countersign::ReceiverBuilder::danger_run_without_store).
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

    /// Does `work` for an item of a batch, unless it was done before; see [`Claims::once`].
    ///
    /// # Errors
    ///
    /// An [`OnceError`]. The delivery must then not be answered with success, so that the sender
    /// delivers what is left once more.
    pub async fn once<T, E>(
        &self,
        item: &Item<'_>,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<Once<T>, OnceError<E>> {
        let token = token().map_err(|error| OnceError::Declined(Declined::Unavailable(error)))?;
        self.claims.once(item.identity().clone(), token, &self.runtime, work).await
    }
}

/// Put into the extensions of a response, says that the event failed for good: it is recorded as
/// handled and answered with success, so that the sender does not try again, and logged as an error.
#[derive(Clone, Debug)]
pub struct PermanentFailure {
    reason: String,
}

impl PermanentFailure {
    /// A failure for this reason, which is logged.
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
