//! Why an event is not handled now, and what the sender is answered.

use core::fmt;
use core::num::NonZeroU32;
use core::time::Duration;

use crate::scheme::Reply;
use crate::store::{Answer, NotCompleted, Once, Seen, StoreError};
use crate::time::Timestamp;

/// The longest `Retry-After` in seconds for an event that another has in flight.
const LONGEST_RETRY: u64 = 30;

/// Why a verified delivery is not handed to the handler.
#[derive(Debug)]
#[non_exhaustive]
pub enum Declined {
    /// The event was handled.
    Duplicate(Duplicate),
    /// Another has it in flight.
    InFlight {
        /// When its lease ends, from now.
        lease_left: Duration,
        /// What kind of duplicate this delivery is.
        kind: DuplicateKind,
    },
    /// Its id was seen before with another content ([`ContentPolicy::Refuse`](crate::ContentPolicy::Refuse)).
    ContentDiffers,
    /// The store is full.
    Saturated,
    /// The store could not tell.
    Unavailable(StoreError),
    /// The receiver is being [drained](super::Receiver::drain).
    Draining,
}

/// A delivery whose event was handled.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Duplicate {
    /// What the handler answered.
    pub answer: Answer,
    /// What kind of duplicate this delivery is.
    pub kind: DuplicateKind,
    /// How long ago the event was seen for the first time.
    pub first_seen: Duration,
    /// How often the handler was run for it.
    pub attempt: NonZeroU32,
    /// Whether its content is known to differ from the one that was handled.
    pub content_differs: bool,
}

/// Whether a delivery whose event was seen before is new or a copy.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "there is no third way")]
pub enum DuplicateKind {
    /// The sender signed it anew: its signed time is not that of the delivery before.
    Retry,
    /// Its signed time is that of the delivery before: a captured request, or a sender that
    /// repeats itself within its unit of time.
    Replay,
    /// No time is signed, so the two cannot be told apart.
    Unknown,
}

impl DuplicateKind {
    /// The name used in logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Retry => "retry",
            Self::Replay => "replay",
            Self::Unknown => "unknown",
        }
    }

    pub(super) fn of(before: Option<Timestamp>, now: Option<Timestamp>) -> Self {
        match (before, now) {
            (Some(before), Some(now)) if before == now => Self::Replay,
            (Some(_), Some(_)) => Self::Retry,
            _ => Self::Unknown,
        }
    }
}

impl Declined {
    /// A short, stable code, for logs and metrics.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Duplicate(_) => "duplicate",
            Self::InFlight { .. } => "in_flight",
            Self::ContentDiffers => "content_differs",
            Self::Saturated => "store_saturated",
            Self::Unavailable(_) => "store_unavailable",
            Self::Draining => "draining",
        }
    }

    /// The status that the sender is to be answered: 2xx for a duplicate, 409 for an event in
    /// flight, 422 for one whose content differs, and 503 otherwise; or another where the sender
    /// would misread it.
    #[must_use]
    pub fn status(&self, reply: &Reply) -> u16 {
        match self {
            Self::Duplicate(duplicate) => reply.success_status(duplicate.answer.status()),
            // A 2xx would lose the event if the other fails.
            Self::InFlight { .. } => reply.retry_status(409),
            Self::ContentDiffers => 422,
            Self::Saturated | Self::Unavailable(_) | Self::Draining => reply.retry_status(503),
        }
    }

    /// The seconds for a `Retry-After`, if there is to be one.
    #[must_use]
    pub fn retry_after(&self) -> Option<u64> {
        match self {
            Self::Duplicate(_) | Self::ContentDiffers => None,
            Self::InFlight { lease_left, .. } => {
                let seconds = lease_left.as_secs() + u64::from(lease_left.subsec_nanos() > 0);
                Some(seconds.clamp(1, LONGEST_RETRY))
            }
            Self::Saturated => Some(1),
            Self::Unavailable(_) | Self::Draining => Some(5),
        }
    }
}

impl Once {
    /// What was known of earlier attempts, if this is the first to succeed.
    ///
    /// # Errors
    ///
    /// What to tell the sender if it is not; adapters make an answer of it.
    pub fn first(self) -> Result<Seen, Declined> {
        match self {
            Self::First { seen } => Ok(seen),
            Self::Duplicate { answer, seen } => Err(Declined::Duplicate(Duplicate {
                answer,
                // Recorded is who was the first, and not by which delivery.
                kind: DuplicateKind::Unknown,
                first_seen: seen.first_seen,
                attempt: seen.attempt,
                content_differs: false,
            })),
            Self::InFlight { lease_left } => {
                Err(Declined::InFlight { lease_left, kind: DuplicateKind::Unknown })
            }
        }
    }
}

impl From<StoreError> for Declined {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error)
    }
}

impl From<NotCompleted> for Declined {
    /// Whoever has it, the sender's next delivery will find out.
    fn from(error: NotCompleted) -> Self {
        match error {
            NotCompleted::Lost | NotCompleted::AlreadyCompleted => {
                Self::InFlight { lease_left: Duration::ZERO, kind: DuplicateKind::Unknown }
            }
            NotCompleted::Store(error) => Self::Unavailable(error),
        }
    }
}

impl fmt::Display for Declined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Duplicate(duplicate) => {
                write!(f, "the event was handled before ({})", duplicate.kind.as_str())
            }
            Self::InFlight { .. } => f.write_str("another delivery of the event is being handled"),
            Self::ContentDiffers => f.write_str("the id was seen before with another content"),
            Self::Saturated => f.write_str("the idempotency store is full"),
            Self::Unavailable(error) => write!(f, "{error}"),
            Self::Draining => f.write_str("the receiver is shutting down"),
        }
    }
}

impl core::error::Error for Declined {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Unavailable(error) => Some(error),
            _ => None,
        }
    }
}
