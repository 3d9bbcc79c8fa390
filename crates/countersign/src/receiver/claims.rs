//! Hands out claims on events.

use core::fmt;
use core::future::Future;
use core::time::Duration;
use std::sync::Arc;

use super::claim::Claim;
use super::counts::Counts;
use super::declined::{Declined, Duplicate, DuplicateKind};
use super::desk::Desk;
use super::identity::Identity;
use super::policy::{ContentPolicy, InFlightPolicy};
use crate::delivery::{Delivery, Occurrence, single};
use crate::key::{Key, KeySource, Scope};
use crate::rejection::Rejection;
use crate::store::{
    ClaimOutcome, ClaimRequest, DynStore, Seen, SharedStore, Store, StoreError, Token,
};
use crate::timer::Timer;
use crate::verified::Verified;

/// How often the store is asked while a delivery waits for another.
const ASK_EVERY: Duration = Duration::from_millis(250);

/// Hands out claims on events: the half of a [`Receiver`](super::Receiver) that has the store.
pub struct Claims<S> {
    pub(super) store: Arc<S>,
    pub(super) desk: Arc<Desk>,
    /// Whether they are made for a delivery that is being handled.
    pub(super) within: bool,
}

/// What comes of asking for a claim.
#[derive(Debug)]
#[must_use = "a claim that is dropped is released"]
#[expect(clippy::exhaustive_enums, reason = "adapters must treat both")]
pub enum Admission<S: Store> {
    /// The event is to be handled.
    Fresh(Claim<S>),
    /// It is not, or not now.
    Declined(Declined),
}

impl<S> Claims<S> {
    /// Names the event of a verified delivery.
    ///
    /// By its [event id](crate::Scheme::event_id) if the delivery has one, else by its
    /// [content](Verified::content_digest). Both are signed, where the sender signs
    /// anything of the body; where it does not, the content is the whole body, and who captured one
    /// delivery can make another event of it.
    ///
    /// # Errors
    ///
    /// The [`Rejection`] of a delivery that is not the one that was verified, if it cannot even be
    /// read.
    pub fn identify(
        &self,
        proof: &Verified,
        delivery: &Delivery<'_>,
    ) -> Result<Identity, Rejection> {
        let policy = &self.desk.policy;
        let scope = self.scope(proof);
        let signed_at = proof.signed_at();
        let unsigned = policy.unsigned_id.as_deref().map(|name| {
            match single(delivery.head().headers(), name) {
                Occurrence::Once(value) => value,
                _ => &[],
            }
        });
        let named = match unsigned {
            Some(id) if !id.is_empty() => {
                let source = KeySource::UnsignedId;
                Some((Key::of(&scope, source, &[id]), source))
            }
            _ => {
                let source = KeySource::EventId;
                proof.with_event_id(delivery, |id| (Key::of(&scope, source, id), source))
            }
        };
        if let Some((key, source)) = named {
            let fingerprint = match policy.content {
                ContentPolicy::Ignore => None,
                ContentPolicy::Observe | ContentPolicy::Refuse => {
                    proof.content_digest(delivery)?.first_chunk().copied()
                }
            };
            return Ok(Identity { key, source, fingerprint, signed_at });
        }
        let source = KeySource::Content;
        let key = Key::of(&scope, source, &[&proof.content_digest(delivery)?]);
        Ok(Identity { key, source, fingerprint: None, signed_at })
    }

    pub(super) fn scope<'s>(&'s self, proof: &'s Verified) -> Scope<'s> {
        let policy = &self.desk.policy;
        Scope {
            tenant: &policy.tenant,
            secrets_of: proof.tenant(),
            sender: proof.sender(),
            endpoint: &policy.endpoint,
        }
    }

    /// What has happened so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.desk.counters.snapshot()
    }

    /// How long handled events are remembered.
    #[must_use]
    pub fn retention(&self) -> Duration {
        self.desk.policy.retention
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &S {
        &self.store
    }

    /// Whether a status of the handler completes the claim.
    #[must_use]
    pub fn completes_on(&self, status: u16) -> bool {
        (self.desk.policy.completes_on)(status)
    }

    /// See [`Receiver::drain`](super::Receiver::drain).
    pub async fn drain(&self, limit: impl Future<Output = ()>) -> usize {
        self.desk.drain(limit).await
    }
}

impl<S: Store> Claims<S> {
    /// Claims an event for the holder of `token`, which must be fresh.
    ///
    /// Should the returned future be dropped in the middle, the claim is released if the store can
    /// do so without waiting, and ended by its lease otherwise.
    pub async fn admit(
        &self,
        identity: Identity,
        token: Token,
        timer: &impl Timer,
    ) -> Admission<S> {
        let Some(open) = self.desk.open(self.within) else {
            return Admission::Declined(Declined::Draining);
        };
        let policy = &self.desk.policy;
        let counters = &self.desk.counters;
        let lease = policy.lease(timer.is_running());
        let request = ClaimRequest {
            token,
            lease,
            retention: std::cmp::max(policy.retention, lease),
            fingerprint: identity.fingerprint,
            signed_at: identity.signed_at,
        };
        // Armed before the call: a future that is dropped in the middle may have applied.
        let mut claim = Claim::new(Arc::clone(&self.store), open, identity, token, lease);
        match self.ask(&claim, &request, timer).await {
            Ok(ClaimOutcome::Claimed { seen }) => {
                let counter =
                    if seen.attempt.get() == 1 { &counters.claimed } else { &counters.reclaimed };
                counter.add();
                _ = self.content_differs(&seen, claim.identity());
                claim.claimed(seen);
                Admission::Fresh(claim)
            }
            Err(error) if policy.run_without_store && error.is_outage() => {
                counters.claim_errors.add();
                counters.unprotected.add();
                claim.unprotected(error);
                Admission::Fresh(claim)
            }
            Err(error) => {
                // It stays armed: the claim may have been made although its reply was lost.
                counters.claim_errors.add();
                Admission::Declined(Declined::Unavailable(error))
            }
            Ok(ClaimOutcome::Saturated) => {
                counters.saturated.add();
                claim.disarm();
                Admission::Declined(Declined::Saturated)
            }
            Ok(ClaimOutcome::InFlight { lease_left, seen }) => {
                counters.in_flight.add();
                claim.disarm();
                if self.is_refused(&seen, claim.identity()) {
                    return Admission::Declined(Declined::ContentDiffers);
                }
                let kind = DuplicateKind::of(seen.signed_at, claim.identity().signed_at);
                Admission::Declined(Declined::InFlight { lease_left, kind })
            }
            Ok(ClaimOutcome::Duplicate { answer, seen }) => {
                claim.disarm();
                if self.is_refused(&seen, claim.identity()) {
                    return Admission::Declined(Declined::ContentDiffers);
                }
                let kind = DuplicateKind::of(seen.signed_at, claim.identity().signed_at);
                match kind {
                    DuplicateKind::Retry => counters.retries.add(),
                    DuplicateKind::Replay => counters.replays.add(),
                    DuplicateKind::Unknown => counters.unknown_duplicates.add(),
                }
                let content_differs = differs(&seen, claim.identity());
                Admission::Declined(Declined::Duplicate(Duplicate {
                    answer,
                    kind,
                    first_seen: seen.first_seen,
                    attempt: seen.attempt,
                    content_differs,
                }))
            }
        }
    }

    /// Asks the store for a claim, for as long as is allowed if another has it.
    async fn ask(
        &self,
        claim: &Claim<S>,
        request: &ClaimRequest,
        timer: &impl Timer,
    ) -> Result<ClaimOutcome, StoreError> {
        let mut patience = match self.desk.policy.in_flight {
            InFlightPolicy::Wait(most) if timer.is_running() => most,
            _ => Duration::ZERO,
        };
        loop {
            let asked = self.store.claim(&claim.identity().key, request);
            match claim.in_time(timer, asked).await? {
                ClaimOutcome::InFlight { lease_left, .. } if !patience.is_zero() => {
                    let pause = std::cmp::min(std::cmp::min(ASK_EVERY, patience), lease_left);
                    let pause = std::cmp::max(pause, Duration::from_millis(1));
                    patience = patience.saturating_sub(pause);
                    timer.sleep(pause).await;
                }
                outcome => return Ok(outcome),
            }
        }
    }

    /// Counts another content under the same id, and tells whether it is to be refused.
    fn is_refused(&self, seen: &Seen, identity: &Identity) -> bool {
        self.content_differs(seen, identity) && self.desk.policy.content == ContentPolicy::Refuse
    }

    fn content_differs(&self, seen: &Seen, identity: &Identity) -> bool {
        let differs = differs(seen, identity);
        if differs {
            self.desk.counters.content_differs.add();
        }
        differs
    }

    /// The same, with the store's type left out, for what cannot name it.
    #[must_use]
    pub fn shared(&self) -> Claims<SharedStore> {
        let store: Arc<dyn DynStore> = Arc::<S>::clone(&self.store);
        let (store, desk) = (Arc::new(SharedStore::from(store)), Arc::clone(&self.desk));
        Claims { store, desk, within: self.within }
    }

    /// The same, for the items of a delivery that is being handled: they are claimed also while the
    /// receiver is [drained](super::Receiver::drain), so that the delivery can be handled to its end.
    #[must_use]
    pub fn within_delivery(mut self) -> Self {
        self.within = true;
        self
    }
}

fn differs(seen: &Seen, identity: &Identity) -> bool {
    matches!((seen.fingerprint, identity.fingerprint), (Some(before), Some(now)) if before != now)
}

impl<S> fmt::Debug for Claims<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claims").field("counts", &self.counts()).finish_non_exhaustive()
    }
}
