//! The proof that a delivery passed every check.

use core::fmt;
use std::borrow::Cow;
use std::sync::Arc;

use crate::check::Checked;
use crate::delivery::Delivery;
use crate::judge::{Judge, Origin};
use crate::keyring::{Signed, SignedBy};
use crate::mac;
use crate::rejection::Rejection;
use crate::scheme::{Coverage, Reply, Scheme, Text};
use crate::time::Timestamp;

/// Proof that a delivery is authentic and fresh.
///
/// It has no other origin than [`Verifier::verify`](crate::Verifier::verify), so a function that
/// takes one cannot be reached by an unchecked request:
///
/// ```
/// use countersign::Verified;
///
/// fn charge(proof: &Verified, body: &[u8]) { /* … */ }
/// ```
///
/// It holds facts and no part of the request. What is read from the request is read on demand
/// from the delivery, which must be the one that was verified.
#[derive(Clone)]
pub struct Verified {
    verifier: Arc<Judge>,
    signer: Signer,
    signed_at: Option<Timestamp>,
    /// The label of the signature that was verified, if a delivery may have several.
    signature: Option<String>,
}

#[derive(Clone)]
enum Signer {
    /// The secret at this place of the keyring.
    Secret(usize),
    /// What a custom check reported.
    Check { secret: Text, coverage: Coverage },
}

impl Verified {
    #[inline]
    pub(crate) fn by_secret(
        verifier: Arc<Judge>,
        secret: usize,
        signed_at: Option<Timestamp>,
    ) -> Self {
        Self { verifier, signer: Signer::Secret(secret), signed_at, signature: None }
    }

    pub(crate) fn by_signature(verifier: Arc<Judge>, signed: Signed) -> Self {
        let signer = match signed.by {
            SignedBy::Secret(index) => Signer::Secret(index),
            SignedBy::Key(secret) => {
                let coverage = verifier.scheme().map(Scheme::coverage).unwrap_or_default();
                Signer::Check { secret, coverage }
            }
        };
        Self { verifier, signer, signed_at: signed.signed_at, signature: None }
    }

    pub(crate) fn by_check(verifier: Arc<Judge>, checked: Checked) -> Self {
        let Checked { signed_at, secret, coverage, signature } = checked;
        Self { verifier, signer: Signer::Check { secret, coverage }, signed_at, signature }
    }

    /// The sender's id: `stripe`.
    #[must_use]
    pub fn sender(&self) -> &str {
        self.verifier.sender()
    }

    /// The scheme by which the delivery was verified, unless a [`Check`](crate::Check) did it.
    #[must_use]
    pub fn scheme(&self) -> Option<&Scheme> {
        self.verifier.scheme()
    }

    /// Whose delivery it is, if the [verifier](crate::VerifierBuilder::tenant) says.
    #[must_use]
    pub fn tenant(&self) -> Option<&str> {
        self.verifier.tenant.as_deref()
    }

    /// What the sender makes of the answers it gets; see [`Verifier::reply`](crate::Verifier::reply).
    #[must_use]
    pub fn reply(&self) -> &Reply {
        self.verifier.reply()
    }

    /// The label of the secret that signed. An old label that is no longer seen can go.
    #[must_use]
    pub fn secret(&self) -> &str {
        match (&self.signer, &self.verifier.origin) {
            (Signer::Check { secret, .. }, _) => secret,
            (Signer::Secret(index), Origin::Scheme(ring)) => {
                ring.keys.get(*index).map_or("", |key| &key.label)
            }
            (Signer::Secret(_), Origin::Procedure(_) | Origin::Custom { .. }) => "",
        }
    }

    /// The time that was signed, if one was and its unit is known.
    #[must_use]
    pub fn signed_at(&self) -> Option<Timestamp> {
        self.signed_at
    }

    /// What the signature covers.
    #[must_use]
    pub fn coverage(&self) -> Coverage {
        match (&self.signer, self.verifier.scheme()) {
            (Signer::Check { coverage, .. }, _) => *coverage,
            (Signer::Secret(_), Some(scheme)) => scheme.coverage(),
            (Signer::Secret(_), None) => Coverage::default(),
        }
    }

    /// Whether the delivery id is among the signed bytes. If it is not, anyone on the way may
    /// have changed it: good for a trace, not for telling duplicates.
    #[must_use]
    pub fn delivery_id_is_signed(&self) -> bool {
        match &self.verifier.origin {
            Origin::Custom { check, .. } => check.delivery_id_is_signed(),
            Origin::Scheme(_) | Origin::Procedure(_) => {
                self.scheme().is_some_and(Scheme::signs_delivery_id)
            }
        }
    }

    /// The id of the delivery, or of its event where the sender sends no other.
    #[must_use]
    pub fn delivery_id<'d>(&self, delivery: &Delivery<'d>) -> Option<Cow<'d, str>> {
        match self.verifier.reader(self.signature.as_deref()) {
            Ok(reader) => reader.read(&reader.scheme.delivery_id, delivery),
            Err(check) => check.delivery_id(delivery),
        }
    }

    /// The id of the event, which is signed and the same in every attempt to deliver it. `None` if
    /// the sender has no such id, or this delivery has none.
    #[must_use]
    pub fn event_id<'d>(&self, delivery: &Delivery<'d>) -> Option<Cow<'d, str>> {
        match self.verifier.reader(self.signature.as_deref()) {
            Ok(reader) => {
                reader.with_event_id(delivery, |_| ())?;
                reader.read(&reader.scheme.event_id, delivery)
            }
            Err(check) => check.event_id(delivery),
        }
    }

    /// Hands the parts of the event id to `name`, if there is one.
    #[cfg(feature = "json")]
    pub(crate) fn with_event_id<T>(
        &self,
        delivery: &Delivery<'_>,
        name: impl FnOnce(&[&[u8]]) -> T,
    ) -> Option<T> {
        match self.verifier.reader(self.signature.as_deref()) {
            Ok(reader) => reader.with_event_id(delivery, name),
            Err(check) => {
                let id = check.event_id(delivery).filter(|id| !id.is_empty())?;
                Some(name(&[id.as_bytes()]))
            }
        }
    }

    /// The type of the event.
    #[must_use]
    pub fn event_type<'d>(&self, delivery: &Delivery<'d>) -> Option<Cow<'d, str>> {
        match self.verifier.reader(self.signature.as_deref()) {
            Ok(reader) => reader.read(&reader.scheme.event_type, delivery),
            Err(check) => check.event_type(delivery),
        }
    }

    /// The SHA-256 of what is signed and the same in every attempt to deliver one event: the
    /// signed content without timestamp, delivery id and nonce.
    ///
    /// Two events with identical content have one digest. Where nothing of the body is signed, or only
    /// some fields are by which two events may be alike, it is the digest of the whole body, and
    /// [`coverage`](Self::coverage) says so.
    ///
    /// # Errors
    ///
    /// The [`Rejection`] of a delivery that is not the one that was verified, if it cannot even
    /// be read. For a [`Check`](crate::Check), the digest is of the body.
    pub fn content_digest(&self, delivery: &Delivery<'_>) -> Result<[u8; 32], Rejection> {
        match &self.verifier.origin {
            Origin::Scheme(ring) => ring.content_digest(delivery),
            Origin::Procedure(setup) => {
                let digest = setup.procedure()?.content_digest_of(
                    setup,
                    delivery,
                    self.signature.as_deref(),
                );
                Ok(digest.unwrap_or_else(|| mac::sha256(delivery.body())))
            }
            Origin::Custom { .. } => Ok(mac::sha256(delivery.body())),
        }
    }
}

impl fmt::Debug for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("sender", &self.sender())
            .field("secret", &self.secret())
            .field("signed_at", &self.signed_at)
            .finish_non_exhaustive()
    }
}
