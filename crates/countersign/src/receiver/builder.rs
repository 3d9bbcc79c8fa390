//! Configures a receiver.

use core::fmt;
use core::time::Duration;
use std::sync::Arc;

use super::desk::Desk;
use super::policy::{ContentPolicy, InFlightPolicy, MARGIN, Policy};
use super::{Claims, Receiver};
use crate::scheme::Text;
use crate::store::Store;
use crate::verify::Verifier;

/// How long the sender of an event may retry, where its page does not say.
const ASSUMED_HORIZON: Duration = Duration::from_secs(72 * 3600);

/// Configures a [`Receiver`]. Everything has a safe default.
#[must_use = "a builder does nothing until `build`"]
pub struct ReceiverBuilder<S> {
    verifier: Verifier,
    store: S,
    policy: Policy,
    retention: Option<Duration>,
    retry_horizon: Option<Duration>,
}

impl<S: Store> ReceiverBuilder<S> {
    pub(super) fn new(verifier: Verifier, store: S) -> Self {
        let policy = Policy {
            tenant: Text::default(),
            endpoint: Text::default(),
            lease: Duration::from_secs(30),
            heartbeat: true,
            handler_deadline: Duration::from_secs(60),
            retention: Duration::ZERO,
            store_timeout: Duration::from_millis(250),
            in_flight: InFlightPolicy::default(),
            content: ContentPolicy::default(),
            unsigned_id: None,
            run_without_store: false,
            abort_on_lost_lease: false,
            release_on_drop: true,
            completes_on: |status| (200..300).contains(&status),
        };
        Self { verifier, store, policy, retention: None, retry_horizon: None }
    }

    /// A name that keeps the events of this receiver apart from those of others that share its
    /// store and its sender. Empty by default. It must not change, or what was handled before is
    /// forgotten.
    pub fn endpoint(mut self, name: impl Into<Text>) -> Self {
        self.policy.endpoint = name.into();
        self
    }

    /// The tenant whose events these are, as [`endpoint`](Self::endpoint).
    pub fn tenant(mut self, name: impl Into<Text>) -> Self {
        self.policy.tenant = name.into();
        self
    }

    /// How long a claim holds unless it is extended; after a crash, the event can be claimed again
    /// when it ends. 30 seconds by default. While the handler runs, the lease is extended each time
    /// a third of it has passed; a handler that blocks its thread for that long prevents it.
    ///
    /// Where the adapter has no timer, nothing is extended, and a lease is at least five seconds
    /// longer than the [handler's deadline](Self::handler_deadline).
    pub fn lease(mut self, lease: Duration) -> Self {
        self.policy.lease = lease;
        self
    }

    /// Does not extend leases. They must then hold five seconds longer than the
    /// [handler's deadline](Self::handler_deadline).
    pub fn without_heartbeat(mut self) -> Self {
        self.policy.heartbeat = false;
        self
    }

    /// How long a handler may run before it is dropped and its claim released. 60 seconds by
    /// default. Senders hang up long before; where the adapter spawns, the handler goes on.
    pub fn handler_deadline(mut self, deadline: Duration) -> Self {
        self.policy.handler_deadline = deadline;
        self
    }

    /// How long a handled event is remembered. By default as long as is usual for the store, and
    /// at least as long as is needed: the sender's [retry horizon](Self::retry_horizon), twice the
    /// tolerance, and a lease.
    pub fn retention(mut self, retention: Duration) -> Self {
        self.retention = Some(retention);
        self
    }

    /// How long after its first attempt the sender may deliver an event again. By default what the
    /// [catalogue](crate::Scheme::retry_horizon) says, or 72 hours where it does not know. It decides on
    /// the shortest [retention](Self::retention) that is possible.
    pub fn retry_horizon(mut self, horizon: Duration) -> Self {
        self.retry_horizon = Some(horizon);
        self
    }

    /// How long the store may take for one operation. 250 milliseconds by default. Kept by the
    /// adapter's timer, if it has one.
    pub fn store_timeout(mut self, timeout: Duration) -> Self {
        self.policy.store_timeout = timeout;
        self
    }

    /// What a delivery is answered whose event another has in flight.
    pub fn in_flight(mut self, policy: InFlightPolicy) -> Self {
        self.policy.in_flight = policy;
        self
    }

    /// What happens to a delivery whose event id was seen before with another content.
    pub fn content(mut self, policy: ContentPolicy) -> Self {
        self.policy.content = policy;
        self
    }

    /// Which statuses of the handler complete a claim; all others release it. By default those from
    /// 200 to 299.
    pub fn completes_on(mut self, predicate: fn(u16) -> bool) -> Self {
        self.policy.completes_on = predicate;
        self
    }

    /// Drops the handler when another has taken its claim over. By default it runs on, since the
    /// effects that it had are not undone by stopping it.
    pub fn abort_on_lost_lease(mut self) -> Self {
        self.policy.abort_on_lost_lease = true;
        self
    }

    /// Leaves the claim of a handler that was dropped in the middle to its lease. By default it is released. For
    /// handlers that start work which outlives them.
    pub fn leave_lease_on_drop(mut self) -> Self {
        self.policy.release_on_drop = false;
        self
    }

    /// Handles events without a claim while the store is unavailable or too slow, so that they may be handled
    /// twice. For senders that do not retry, such as GitHub.
    pub fn danger_run_without_store(mut self) -> Self {
        self.policy.run_without_store = true;
        self
    }

    /// Tells duplicates by this header, although it is not signed: whoever captured a delivery can
    /// replay it under another id for as long as its signature is valid, and can make an event that
    /// has not come yet look like a duplicate.
    ///
    /// Deliveries without the header are told apart as they are by default.
    pub fn danger_unsigned_id(mut self, header: impl Into<Text>) -> Self {
        self.policy.unsigned_id = Some(header.into());
        self
    }

    /// Checks the configuration.
    ///
    /// # Errors
    ///
    /// A [`ReceiverError`] that names what is too short, and how long it must be.
    pub fn build(mut self) -> Result<Receiver<S>, ReceiverError> {
        let policy = &self.policy;
        if policy.lease.is_zero() || policy.handler_deadline.is_zero() {
            return Err(ReceiverError::ZeroDuration);
        }
        if !policy.heartbeat && policy.lease < policy.handler_deadline.saturating_add(MARGIN) {
            let needed = policy.handler_deadline.saturating_add(MARGIN);
            return Err(ReceiverError::LeaseTooShort { needed });
        }
        if policy.store_timeout.is_zero() || policy.store_timeout >= policy.lease {
            return Err(ReceiverError::StoreTimeout { below: policy.lease });
        }
        let needed = self.needed_retention();
        if let Some(given) = self.retention.filter(|given| *given < needed) {
            return Err(ReceiverError::RetentionTooShort { given, needed });
        }
        self.policy.retention = match self.retention {
            Some(retention) => retention,
            None => std::cmp::max(self.store.usual_retention(), needed),
        };
        Ok(self.assemble())
    }

    /// The receiver with every default, which never contradict each other.
    pub(super) fn build_default(mut self) -> Receiver<S> {
        self.policy.retention =
            std::cmp::max(self.store.usual_retention(), self.needed_retention());
        self.assemble()
    }

    fn assemble(self) -> Receiver<S> {
        let claims = Claims {
            store: Arc::new(self.store),
            desk: Arc::new(Desk::new(self.policy)),
            within: false,
        };
        Receiver { verifier: self.verifier, claims: Some(claims) }
    }

    /// The shortest retention that still knows an event when it is delivered for the last time.
    fn needed_retention(&self) -> Duration {
        let known = self.verifier.scheme().and_then(|scheme| scheme.retry_horizon);
        let known = known.map(|seconds| Duration::from_secs(seconds.into()));
        let horizon = self.retry_horizon.or(known).unwrap_or(ASSUMED_HORIZON);
        let tolerance = self.verifier.tolerance();
        let window = std::cmp::max(tolerance.past(), tolerance.future()).unwrap_or_default();
        horizon.saturating_add(window.saturating_mul(2)).saturating_add(self.policy.lease)
    }
}

impl<S> fmt::Debug for ReceiverBuilder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReceiverBuilder").field("verifier", &self.verifier).finish_non_exhaustive()
    }
}

/// Why a [`Receiver`] cannot be built.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ReceiverError {
    /// Events would be forgotten before the sender has stopped to retry them.
    RetentionTooShort {
        /// The retention that was asked for.
        given: Duration,
        /// The least that works.
        needed: Duration,
    },
    /// A lease that is not extended would lapse before the handler's deadline.
    LeaseTooShort {
        /// The least that works.
        needed: Duration,
    },
    /// The store would have no time, or more than a lease.
    StoreTimeout {
        /// What it must be below.
        below: Duration,
    },
    /// The lease or the handler's deadline is zero.
    ZeroDuration,
}

impl fmt::Display for ReceiverError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RetentionTooShort { given, needed } => write!(
                f,
                "a retention of {} s is too short: the sender's retry horizon, twice the tolerance \
                 and a lease need {} s",
                given.as_secs_f64(),
                needed.as_secs_f64()
            ),
            Self::LeaseTooShort { needed } => write!(
                f,
                "a lease that is not extended must hold for {} s: the handler's deadline and five \
                 seconds",
                needed.as_secs_f64()
            ),
            Self::StoreTimeout { below } => write!(
                f,
                "the store's timeout must be more than nothing and less than the lease of {} s",
                below.as_secs_f64()
            ),
            Self::ZeroDuration => {
                f.write_str("the lease and the handler's deadline cannot be zero")
            }
        }
    }
}

impl core::error::Error for ReceiverError {}
