//! How a receiver handles events.

use core::time::Duration;

use crate::scheme::Text;

/// How much longer than the handler a lease must hold that is not extended.
pub(super) const MARGIN: Duration = Duration::from_secs(5);

/// What a delivery is answered whose event another has in flight.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum InFlightPolicy {
    /// At once, with a status that makes the sender try again.
    #[default]
    Refuse,
    /// Wait up to this long for the other to end, and answer as it did; if it failed, this delivery
    /// is handled. It should be well below
    /// the sender's own deadline. The store is asked every quarter of a second.
    Wait(Duration),
}

/// What happens to a delivery whose event id was seen before with another content.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum ContentPolicy {
    /// It is not looked at, which saves a digest of the content.
    Ignore,
    /// It is a duplicate, since the sender says that it is the same event; that its content
    /// differs is counted and logged.
    #[default]
    Observe,
    /// It is refused with 422. For ids that the client of an API chooses. A sender of webhooks
    /// would only retry it in vain.
    Refuse,
}

pub(super) struct Policy {
    pub(super) tenant: Text,
    pub(super) endpoint: Text,
    pub(super) lease: Duration,
    pub(super) heartbeat: bool,
    pub(super) handler_deadline: Duration,
    pub(super) retention: Duration,
    pub(super) store_timeout: Duration,
    pub(super) in_flight: InFlightPolicy,
    pub(super) content: ContentPolicy,
    pub(super) unsigned_id: Option<Text>,
    pub(super) run_without_store: bool,
    pub(super) abort_on_lost_lease: bool,
    pub(super) release_on_drop: bool,
    pub(super) completes_on: fn(u16) -> bool,
}

impl Policy {
    /// How long a claim holds: longer than the handler runs, or until the next extension.
    pub(super) fn lease(&self, extended: bool) -> Duration {
        if extended && self.heartbeat {
            self.lease
        } else {
            std::cmp::max(self.lease, self.handler_deadline.saturating_add(MARGIN))
        }
    }
}
