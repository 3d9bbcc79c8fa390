//! The door for what no scheme describes.

use std::borrow::Cow;

use crate::delivery::{Delivery, Head};
use crate::rejection::Rejection;
use crate::scheme::{Coverage, Text};
use crate::time::Timestamp;

/// A check that no [`Scheme`](crate::Scheme) describes.
///
/// It must compare in constant time and report only facts taken from authenticated bytes. The
/// tolerance is applied to what it reports by [`Verifier::verify`](crate::Verifier::verify).
pub trait Check: Send + Sync {
    /// Judges what can be judged before the body is there.
    ///
    /// # Errors
    ///
    /// The [`Rejection`] that names the first check that failed.
    fn precheck(&self, head: &Head<'_>, now: Timestamp) -> Result<(), Rejection> {
        let _ = (head, now);
        Ok(())
    }

    /// Judges one delivery.
    ///
    /// # Errors
    ///
    /// The [`Rejection`] that names the first check that failed.
    fn check(&self, delivery: &Delivery<'_>, now: Timestamp) -> Result<Checked, Rejection>;

    /// The id of the delivery, if it has one.
    fn delivery_id<'d>(&self, delivery: &Delivery<'d>) -> Option<Cow<'d, str>> {
        let _ = delivery;
        None
    }

    /// Whether [`delivery_id`](Self::delivery_id) is among the authenticated bytes.
    fn delivery_id_is_signed(&self) -> bool {
        false
    }

    /// The id of the event, if it has one that is authenticated, the same in every attempt to
    /// deliver the event, and in no delivery of another. Duplicates are told by it, and without one by
    /// the body: a check that does not cover the body must have one.
    fn event_id<'d>(&self, delivery: &Delivery<'d>) -> Option<Cow<'d, str>> {
        let _ = delivery;
        None
    }

    /// The type of the event, if it has one.
    fn event_type<'d>(&self, delivery: &Delivery<'d>) -> Option<Cow<'d, str>> {
        let _ = delivery;
        None
    }
}

/// What a [`Check`] found out.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Checked {
    /// The time that was signed, if one was.
    pub signed_at: Option<Timestamp>,
    /// Which secret or key matched.
    pub secret: Text,
    /// What the signature covers.
    pub coverage: Coverage,
    /// Which of several signatures of the delivery was found genuine, by its label.
    pub(crate) signature: Option<String>,
}

impl Checked {
    /// Reports that `secret` signed what `coverage` says.
    #[must_use]
    pub fn new(secret: impl Into<Text>, coverage: Coverage) -> Self {
        Self { signed_at: None, secret: secret.into(), coverage, signature: None }
    }

    /// Adds the time that was signed.
    #[must_use]
    pub fn signed_at(mut self, time: Timestamp) -> Self {
        self.signed_at = Some(time);
        self
    }
}
