//! The contract of a store that remembers which events were handled.

use core::fmt;
use core::future::Future;
use core::num::NonZeroU32;
use core::time::Duration;

use crate::key::Key;
use crate::time::Timestamp;

mod answer;
mod dynamic;
mod error;
mod left_to_handler;
mod once;

pub use self::answer::{Answer, Content, MAX_STORED_BODY};
pub use self::dynamic::{DynStore, SharedStore, StoreFuture};
pub use self::error::{StoreError, StoreErrorKind};
pub use self::left_to_handler::LeftToHandler;
pub use self::once::{NotCompleted, Once, OpenClaim};

/// Remembers which events were handled, so that each is handled once.
///
/// A record is in one of three states:
///
/// ```text
///             claim(t)                          complete(t)
///  absent ───────────────▶ in flight(t, attempt) ─────────────▶ completed(answer)
///    ▲  ▲                   │  ▲    │  ▲ extend(t)                │ claim ─▶ Duplicate
///    │  │ expires           │  │    └──┘                          │
///    │  └───────────────────┼──┼──────────────────────────────────┘ expires ─▶ absent
///    │            release(t)│  │ claim(t'): attempt + 1; from in flight only once
///    │                      ▼  │ the lease has lapsed
///    └── expires ──────── released(attempt)
/// ```
///
/// # What an implementation promises
///
/// - Each method is one atomic step: it happens whole or not at all, also if its future is
///   dropped, and repeating it with the same token changes nothing more.
/// - At most one token holds a live lease on a key. A token that has lost it can change nothing.
/// - A completed record is left only when it expires or is [forgotten](Self::forget), and a
///   record in flight is never dropped while its lease is live, whatever else must give way.
/// - The attempt grows with each claim as long as the record lives, so that it can be a fencing
///   number.
/// - Time is the store's: the clocks of the processes that use it do not shorten a lease. It is
///   counted in milliseconds or less; what lasts a part of one lasts all of it. A time has passed as
///   soon as it is reached: a lease of a second has lapsed a second after the claim.
/// - A record that has expired is absent, whether it was dropped or not.
///
/// `countersign_testing::conformance` checks all of this for any store.
///
/// # What it cannot promise
///
/// That the *effects* of a handler happen once: a handler that was cut off may have had some of
/// them. Only completing the claim in the transaction that has the effects does; see [`OpenClaim`].
pub trait Store: Send + Sync + 'static {
    /// Claims the right to handle an event.
    ///
    /// Claimed are keys that are absent, expired or released, and those in flight whose lease has
    /// lapsed, by whomever. The record is then kept for the retention asked for, and as long as the
    /// lease in any case.
    ///
    /// A key that this token has in flight under a live lease is claimed with the attempt it has, so
    /// that a call whose reply was lost can be repeated. Nothing is changed then: neither the lease
    /// nor what is known of the delivery.
    ///
    /// # Errors
    ///
    /// A [`StoreError`] if the store cannot tell. Whether it applied is then unknown.
    fn claim(
        &self,
        key: &Key,
        request: &ClaimRequest,
    ) -> impl Future<Output = Result<ClaimOutcome, StoreError>> + Send;

    /// Records that the event was handled, and for how long that is remembered.
    ///
    /// A lapsed lease that no one took over is still the token's; a claim that was released is not.
    /// If the record is gone, it is made anew, as the first attempt of a delivery that nothing is
    /// known of, since the effects have happened.
    ///
    /// # Errors
    ///
    /// A [`StoreError`] if the store cannot tell.
    fn complete(
        &self,
        key: &Key,
        token: Token,
        completion: &Completion,
    ) -> impl Future<Output = Result<CompleteOutcome, StoreError>> + Send;

    /// Gives the claim back, so that the next delivery is handled at once. The record, and with it
    /// the attempt, is kept as long as before.
    ///
    /// A lapsed lease that no one took over is still the token's.
    ///
    /// # Errors
    ///
    /// A [`StoreError`] if the store cannot tell; the lease then ends the claim.
    fn release(
        &self,
        key: &Key,
        token: Token,
    ) -> impl Future<Output = Result<ReleaseOutcome, StoreError>> + Send;

    /// Makes the lease end `lease` from now, be that later or sooner than before. The record is kept
    /// as long as the lease in any case.
    ///
    /// A lapsed lease that no one took over is still the token's.
    ///
    /// # Errors
    ///
    /// A [`StoreError`] if the store cannot tell.
    fn extend(
        &self,
        key: &Key,
        token: Token,
        lease: Duration,
    ) -> impl Future<Output = Result<ExtendOutcome, StoreError>> + Send;

    /// Drops the record, whatever its state, so that the event is handled again when it is next
    /// delivered. For operators. Tells whether there was one.
    ///
    /// # Errors
    ///
    /// A [`StoreError`] if the store cannot tell.
    fn forget(&self, key: &Key) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Drops up to `limit` expired records, and tells how many. Stores that expire records by
    /// themselves have nothing to do.
    ///
    /// # Errors
    ///
    /// A [`StoreError`] if the store is unavailable.
    fn purge(&self, limit: usize) -> impl Future<Output = Result<usize, StoreError>> + Send {
        let _ = limit;
        async { Ok(0) }
    }

    /// Releases a claim whose holder was dropped: best effort, and without blocking. If it cannot
    /// be done, the lease ends the claim.
    fn release_on_drop(&self, key: &Key, token: Token) {
        let _ = (key, token);
    }

    /// How long handled events are remembered unless the receiver is told otherwise. Seven days; a
    /// store that does not outlive the process says less.
    fn usual_retention(&self) -> Duration {
        Duration::from_secs(7 * 24 * 3600)
    }
}

/// Names the holder of a claim: 16 random bytes, made anew for each claim.
///
/// The core has no source of randomness; an adapter hands the bytes in.
#[derive(Clone, Copy, Eq, Hash, PartialEq)]
pub struct Token {
    bytes: [u8; 16],
}

impl Token {
    /// A token with these bytes, which must come from a generator that does not repeat itself
    /// across the processes that share a store.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self { bytes }
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.bytes
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// What a claim asks for.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ClaimRequest {
    /// Who claims.
    pub token: Token,
    /// How long the claim holds unless it is extended.
    pub lease: Duration,
    /// How long the record is kept if it is never completed.
    pub retention: Duration,
    /// A digest of the signed content, to notice two events with one id.
    pub fingerprint: Option<[u8; 16]>,
    /// When the delivery was signed, to tell retries from replays.
    pub signed_at: Option<Timestamp>,
}

impl ClaimRequest {
    /// A claim of `token` that holds for `lease` and is remembered for `retention`.
    #[must_use]
    pub const fn new(token: Token, lease: Duration, retention: Duration) -> Self {
        Self { token, lease, retention, fingerprint: None, signed_at: None }
    }
}

/// What came of a claim.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ClaimOutcome {
    /// The event is the claimer's to handle.
    Claimed {
        /// The attempt that this claim is, and what was known of the ones before it.
        seen: Seen,
    },
    /// Another holds it.
    InFlight {
        /// When its lease ends, from now.
        lease_left: Duration,
        /// What is known of the claim.
        seen: Seen,
    },
    /// It was handled.
    Duplicate {
        /// What the handler answered.
        answer: Answer,
        /// What is known of the claim that was completed.
        seen: Seen,
    },
    /// The store is full, and has found nothing that it may drop.
    Saturated,
}

/// What a store knows of an event.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Seen {
    /// How often it was claimed: one for the first claim, and one more for each that follows
    /// while the record lives.
    pub attempt: NonZeroU32,
    /// How long ago it was claimed for the first time.
    pub first_seen: Duration,
    /// The fingerprint that came with the last claim before this one. A claim that is repeated is
    /// told of itself.
    pub fingerprint: Option<[u8; 16]>,
    /// The signed time that came with the last claim before this one.
    pub signed_at: Option<Timestamp>,
}

impl Seen {
    /// An event that was claimed `attempt` times, for the first time `first_seen` ago.
    #[must_use]
    pub const fn new(attempt: NonZeroU32, first_seen: Duration) -> Self {
        Self { attempt, first_seen, fingerprint: None, signed_at: None }
    }
}

/// How a claim ends well.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Completion {
    /// How long the event is remembered, from now.
    pub retention: Duration,
    /// What duplicates are answered.
    pub answer: Answer,
}

impl Completion {
    /// Remembers for `retention` that `answer` was given.
    #[must_use]
    pub const fn new(retention: Duration, answer: Answer) -> Self {
        Self { retention, answer }
    }
}

/// What came of completing a claim.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "callers must treat each")]
pub enum CompleteOutcome {
    /// It is recorded.
    Completed,
    /// It had been, by this token.
    AlreadyCompleted,
    /// Another token holds or completed the key, or the claim was released; nothing was changed.
    Lost,
}

/// What came of releasing a claim.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "callers must treat each")]
pub enum ReleaseOutcome {
    /// The key can be claimed.
    Released,
    /// The token does not hold the key; nothing was changed.
    Lost,
}

/// What came of extending a lease.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "callers must treat each")]
pub enum ExtendOutcome {
    /// The lease holds longer.
    Extended,
    /// The token does not hold the key; nothing was changed.
    Lost,
}

/// A duration as stores count it: in milliseconds, rounded up, so that nothing ends early. One that is
/// too long for that is `u64::MAX`.
///
/// ```
/// use std::time::Duration;
///
/// assert_eq!(countersign::ceil_millis(Duration::from_nanos(1_500_000_001)), 1501);
/// ```
#[must_use]
pub fn ceil_millis(time: Duration) -> u64 {
    let millis = u64::from(time.subsec_nanos().div_ceil(1_000_000));
    time.as_secs().saturating_mul(1000).saturating_add(millis)
}

/// The store of a receiver that has none: it cannot be made, so it is never asked.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_enums, reason = "it has no value, and that is the point")]
pub enum NoStore {}

impl Store for NoStore {
    async fn claim(&self, _: &Key, _: &ClaimRequest) -> Result<ClaimOutcome, StoreError> {
        match *self {}
    }

    async fn complete(
        &self,
        _: &Key,
        _: Token,
        _: &Completion,
    ) -> Result<CompleteOutcome, StoreError> {
        match *self {}
    }

    async fn release(&self, _: &Key, _: Token) -> Result<ReleaseOutcome, StoreError> {
        match *self {}
    }

    async fn extend(&self, _: &Key, _: Token, _: Duration) -> Result<ExtendOutcome, StoreError> {
        match *self {}
    }

    async fn forget(&self, _: &Key) -> Result<bool, StoreError> {
        match *self {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lasts_a_part_of_a_millisecond_lasts_all_of_it() {
        assert_eq!(ceil_millis(Duration::ZERO), 0);
        assert_eq!(ceil_millis(Duration::from_nanos(1)), 1);
        assert_eq!(ceil_millis(Duration::from_micros(1001)), 2);
        assert_eq!(ceil_millis(Duration::from_nanos(1_500_000_001)), 1501);
        assert_eq!(ceil_millis(Duration::MAX), u64::MAX);
    }
}
