//! What a verifier and the proofs it gives share.

use std::borrow::Cow;

use crate::check::Check;
use crate::delivery::Delivery;
use crate::handshake;
use crate::keyring::Keyring;
use crate::lookup::Reader;
use crate::procedure::Setup;
use crate::rejection::Rejection;
use crate::scheme::{Reply, Scheme, Text};
use crate::time::{Timestamp, Tolerance, Untimely};

/// What tells genuine deliveries from others.
pub(crate) struct Judge {
    pub(crate) origin: Origin,
    pub(crate) tolerance: Tolerance,
    /// Whose deliveries they are, if there are several.
    pub(crate) tenant: Option<Text>,
}

/// Who does the telling.
pub(crate) enum Origin {
    Scheme(Box<Keyring>),
    Procedure(Box<Setup>),
    Custom { sender: Text, check: Box<dyn Check> },
}

impl Judge {
    pub(crate) fn scheme(&self) -> Option<&Scheme> {
        match &self.origin {
            Origin::Scheme(ring) => Some(&ring.scheme),
            Origin::Procedure(setup) => Some(&setup.scheme),
            Origin::Custom { .. } => None,
        }
    }

    pub(crate) fn sender(&self) -> &str {
        match &self.origin {
            Origin::Scheme(ring) => &ring.scheme.id,
            Origin::Procedure(setup) => &setup.scheme.id,
            Origin::Custom { sender, .. } => sender,
        }
    }

    /// What reads metadata, or the check that does it by itself. The label is that of the signature
    /// that was verified, if a delivery may have several.
    pub(crate) fn reader<'j>(
        &'j self,
        signature: Option<&'j str>,
    ) -> Result<Reader<'j>, &'j dyn Check> {
        match &self.origin {
            Origin::Scheme(ring) => {
                let decoded_limit = ring.decoded_limit;
                Ok(Reader { scheme: &ring.scheme, decoded_limit, setup: None, signature })
            }
            Origin::Procedure(setup) => Ok(Reader {
                scheme: &setup.scheme,
                decoded_limit: 0,
                setup: Some(setup),
                signature,
            }),
            Origin::Custom { check, .. } => Err(&**check),
        }
    }

    pub(crate) fn reply(&self) -> &Reply {
        static USUAL: Reply = Reply {
            success: Cow::Borrowed(&[]),
            refused: 401,
            never: Cow::Borrowed(&[]),
            retried: Cow::Borrowed(&[]),
            empty_body: false,
        };
        self.scheme().map_or(&USUAL, |scheme| &scheme.reply)
    }

    /// Refuses what may be the answer to a handshake. Whoever asks for one gets the signature of the
    /// answer, so an event that has the same one proves nothing.
    #[inline]
    pub(crate) fn refuse_answer(&self, delivery: &Delivery<'_>) -> Result<(), Rejection> {
        match self.scheme().and_then(|scheme| scheme.handshake.as_ref()) {
            Some(handshake) if handshake::signs_alike(handshake, delivery) => {
                Err(Rejection::BadSignature)
            }
            _ => Ok(()),
        }
    }

    /// Holds a signed time against the tolerance.
    pub(crate) fn judge_time(
        &self,
        signed_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(), Rejection> {
        let Some(signed_at) = signed_at else { return Ok(()) };
        self.tolerance.check(signed_at, now).map_err(|untimely| match untimely {
            Untimely::TooOld => Rejection::TooOld,
            Untimely::FromTheFuture => Rejection::FromTheFuture,
        })
    }
}
