//! What every adapter's handlers may know of a delivery.

use std::fmt;
use std::num::NonZeroU32;

use countersign::{BatchError, DuplicateKind, Timestamp, Verified};

use crate::handling::Handling;

/// The proof of a delivery, and how its event comes to be handled if there is a store: what the `Event`
/// of each framework has in common.
#[derive(Clone)]
pub struct Receipt {
    proof: Verified,
    handling: Option<Handling>,
}

impl Receipt {
    /// What was left in the extensions of a request.
    #[must_use]
    pub fn new(proof: Verified, handling: Option<Handling>) -> Self {
        Self { proof, handling }
    }

    /// The proof that the delivery was verified.
    #[must_use]
    pub fn proof(&self) -> &Verified {
        &self.proof
    }

    /// The sender's id: `stripe`.
    #[must_use]
    pub fn sender(&self) -> &str {
        self.proof.sender()
    }

    /// The label of the secret that signed.
    #[must_use]
    pub fn secret(&self) -> &str {
        self.proof.secret()
    }

    /// The time that was signed, if one was.
    #[must_use]
    pub fn signed_at(&self) -> Option<Timestamp> {
        self.proof.signed_at()
    }

    /// Whether the delivery id is signed. If it is not, anyone on the way may have changed it: good
    /// for a trace, not for telling duplicates.
    #[must_use]
    pub fn delivery_id_is_signed(&self) -> bool {
        self.proof.delivery_id_is_signed()
    }

    /// Which attempt to handle the event this is: one, unless earlier ones failed or were cut off.
    /// What is written for this event elsewhere can be fenced with it; the attempts of two events say
    /// nothing about each other. `None` without a store, and where the store could not tell and
    /// [may be done without](countersign::ReceiverBuilder::danger_run_without_store).
    #[must_use]
    pub fn attempt(&self) -> Option<NonZeroU32> {
        self.handling.as_ref().and_then(Handling::attempt)
    }

    /// When the event was seen for the first time. `None` without a store.
    #[must_use]
    pub fn first_seen(&self) -> Option<Timestamp> {
        self.handling.as_ref().map(Handling::first_seen)
    }

    /// What kind of duplicate the delivery is, if there was an earlier attempt to handle its event.
    #[must_use]
    pub fn duplicate(&self) -> Option<DuplicateKind> {
        self.handling.as_ref().and_then(Handling::duplicate)
    }

    /// How the event comes to be handled.
    ///
    /// # Errors
    ///
    /// [`BatchError::NoStore`] without a store, for those who would claim items with it.
    pub fn handling(&self) -> Result<&Handling, BatchError> {
        self.handling.as_ref().ok_or(BatchError::NoStore)
    }
}

impl fmt::Debug for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receipt")
            .field("proof", &self.proof)
            .field("attempt", &self.attempt())
            .finish_non_exhaustive()
    }
}
