//! The plainest store there is, and faults that it can have.

use std::cmp;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::future::poll_fn;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::thread;
use std::time::Duration;

use countersign::{
    Answer, ClaimOutcome, ClaimRequest, CompleteOutcome, Completion, Content, ExtendOutcome, Key,
    ReleaseOutcome, Seen, Store, StoreError, StoreErrorKind, Timestamp, Token,
};

macro_rules! faults {
    ($($fault:ident,)+) => {
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub(crate) enum Fault {
            $($fault,)+
            /// No fault, as far as the suite can tell.
            IsSlow,
        }

        impl Fault {
            pub(crate) const ALL: &[Self] = &[$(Self::$fault),+];
        }
    };
}

faults! {
    CompleteIgnoresToken,
    ReleaseIgnoresToken,
    ExtendIgnoresToken,
    RepeatedClaimIsInFlight,
    RepeatedClaimCounts,
    RepeatedClaimRenewsLease,
    ReleaseForgetsAttempt,
    ReleaseDoesNothing,
    ReleasedCanBeCompleted,
    TakesOverLiveLease,
    TakeoverKeepsAttempt,
    LeaseNeverLapses,
    LeaseEndsEarly,
    LapsedIsLost,
    ExtendDoesNothing,
    ExtendLetsExpire,
    RetentionEndsLease,
    CompletesTwice,
    GoneIsLost,
    CompletionKeepsExpiry,
    CompletedNeverExpires,
    ExpiredKeepsAttempt,
    LosesAnswer,
    AnswerIsText,
    LosesEmptyContent,
    ClaimTellsOfItself,
    FirstSeenIsLastClaim,
    SignedAtInSeconds,
    ForgetSparesInFlight,
    ForgetSaysYes,
    PurgeDropsLive,
    PurgeIgnoresLimit,
    CutsKeys,
    ReadsThenWrites,
    RacesFail,
    HalfCompletes,
    DropReleasesAny,
    DropsInFlight,
    StaysFull,
    SaturatesInRaces,
    Overcommits,
    PanicsInRaces,
    SharesNothing,
}

/// The time in milliseconds.
#[derive(Clone)]
pub(crate) enum Clock {
    Fake(Arc<AtomicU64>),
    Real,
}

#[derive(Clone)]
pub(crate) struct Reference {
    records: Arc<Mutex<HashMap<[u8; 32], Record>>>,
    clock: Clock,
    capacity: usize,
    fault: Option<Fault>,
    /// How many claims are being made.
    claims: Arc<AtomicUsize>,
}

#[derive(Clone)]
struct Record {
    token: Token,
    state: State,
    attempt: u32,
    first_seen: u64,
    fingerprint: Option<[u8; 16]>,
    signed_at: Option<Timestamp>,
    expires: u64,
}

#[derive(Clone)]
enum State {
    InFlight { lease_end: u64 },
    Released,
    Completed(Answer),
}

impl Reference {
    pub(crate) fn new(clock: Clock, capacity: usize, fault: Option<Fault>) -> Self {
        Self { records: Arc::default(), clock, capacity, fault, claims: Arc::default() }
    }

    pub(crate) fn flush(&self) {
        self.records().clear();
    }

    fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    fn records(&self) -> MutexGuard<'_, HashMap<[u8; 32], Record>> {
        if self.has(Fault::IsSlow) {
            thread::sleep(Duration::from_millis(160));
        }
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[expect(clippy::disallowed_methods, reason = "the store is what reads this clock")]
    fn now(&self) -> u64 {
        match &self.clock {
            Clock::Fake(millis) => millis.load(Ordering::SeqCst),
            Clock::Real => {
                let now = std::time::SystemTime::now();
                millis(now.duration_since(std::time::UNIX_EPOCH).unwrap_or_default())
            }
        }
    }

    fn name(&self, key: &Key) -> [u8; 32] {
        let mut name = *key.as_bytes();
        if self.has(Fault::CutsKeys) {
            name[31] = 0;
        }
        name
    }

    fn lease_end(&self, now: u64, lease: Duration) -> u64 {
        let lease = millis(lease);
        now + if self.has(Fault::LeaseEndsEarly) { lease - lease / 10 } else { lease }
    }

    /// Whether a token may change a record that is in flight.
    fn may_change(&self, record: &Record, token: Token, now: u64, ignores: Fault) -> bool {
        let State::InFlight { lease_end } = record.state else { return false };
        let is_lost = self.has(Fault::LapsedIsLost) && lease_end <= now;
        (record.token == token || self.has(ignores)) && !is_lost
    }

    fn seen(&self, record: &Record, now: u64) -> Seen {
        let attempt = NonZeroU32::new(record.attempt).unwrap();
        let mut seen = Seen::new(attempt, Duration::from_millis(now - record.first_seen));
        seen.fingerprint = record.fingerprint;
        seen.signed_at = record.signed_at;
        if self.has(Fault::SignedAtInSeconds) {
            let seconds = record.signed_at.map(|it| it.as_unix_millis() / 1000);
            seen.signed_at = seconds.map(|it| Timestamp::from_unix_millis(it * 1000));
        }
        seen
    }

    /// Makes room for one more record. Tells whether there is.
    fn make_room(&self, records: &mut HashMap<[u8; 32], Record>, now: u64) -> bool {
        if records.len() < self.capacity || self.has(Fault::Overcommits) {
            return true;
        }
        if self.has(Fault::SaturatesInRaces) && self.claims.load(Ordering::SeqCst) > 1 {
            return false;
        }
        if !self.has(Fault::StaysFull) {
            records.retain(|_, record| record.expires > now);
        }
        if self.has(Fault::DropsInFlight) {
            let first = records.keys().next().copied();
            first.map(|it| records.remove(&it));
        }
        records.len() < self.capacity
    }

    fn claim_now(&self, key: &Key, request: &ClaimRequest) -> ClaimOutcome {
        let name = self.name(key);
        if self.has(Fault::ReadsThenWrites) {
            let is_absent = !self.records().contains_key(&name);
            thread::sleep(Duration::from_millis(1));
            if is_absent {
                self.records().remove(&name);
            }
        }
        let mut records = self.records();
        let now = self.now();
        let mut attempt = 1;
        let mut first_seen = now;
        let mut before = None;
        let expired = records.get(&name).filter(|it| it.expires <= now);
        if self.has(Fault::ExpiredKeepsAttempt)
            && let Some(record) = expired
        {
            attempt = record.attempt + 1;
        }
        if let Some(record) = records.get_mut(&name).filter(|it| it.expires > now) {
            let seen = self.seen(record, now);
            match &mut record.state {
                State::Completed(answer) => {
                    return ClaimOutcome::Duplicate { answer: self.read(answer), seen };
                }
                State::InFlight { lease_end } => {
                    let is_own = record.token == request.token;
                    let is_live = *lease_end > now || self.has(Fault::LeaseNeverLapses);
                    let lease_left = Duration::from_millis(lease_end.saturating_sub(now));
                    if is_live && is_own && !self.has(Fault::RepeatedClaimIsInFlight) {
                        if self.has(Fault::RepeatedClaimRenewsLease) {
                            *lease_end = now + millis(request.lease);
                        }
                        if self.has(Fault::RepeatedClaimCounts) {
                            record.attempt += 1;
                        }
                        return ClaimOutcome::Claimed { seen: self.seen(record, now) };
                    }
                    if is_live && !self.has(Fault::TakesOverLiveLease) {
                        return ClaimOutcome::InFlight { lease_left, seen };
                    }
                    let keeps = self.has(Fault::TakeoverKeepsAttempt);
                    attempt = record.attempt + u32::from(!keeps);
                }
                State::Released => {
                    let forgets = self.has(Fault::ReleaseForgetsAttempt);
                    attempt = if forgets { 1 } else { record.attempt + 1 };
                }
            }
            if !self.has(Fault::FirstSeenIsLastClaim) {
                first_seen = record.first_seen;
            }
            before = Some((record.fingerprint, record.signed_at));
        } else if !records.contains_key(&name) && !self.make_room(&mut records, now) {
            return ClaimOutcome::Saturated;
        }
        let lease_end = self.lease_end(now, request.lease);
        let expires = now + millis(request.retention);
        let is_cut = self.has(Fault::RetentionEndsLease);
        let mut record = Record {
            token: request.token,
            state: State::InFlight { lease_end },
            attempt,
            first_seen,
            fingerprint: request.fingerprint,
            signed_at: request.signed_at,
            expires: if is_cut { expires } else { cmp::max(expires, lease_end) },
        };
        records.insert(name, record.clone());
        if !self.has(Fault::ClaimTellsOfItself) {
            (record.fingerprint, record.signed_at) = before.unwrap_or_default();
        }
        ClaimOutcome::Claimed { seen: self.seen(&record, now) }
    }

    fn read(&self, answer: &Answer) -> Answer {
        let bare = Answer::new(answer.status()).permanent_failure(answer.is_permanent_failure());
        match answer.stored_content() {
            _ if self.has(Fault::LosesAnswer) => Answer::new(200),
            Some(content) if self.has(Fault::LosesEmptyContent) && content.is_empty() => bare,
            Some(content) if self.has(Fault::AnswerIsText) => {
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                bare.content(Content::new(text(&content.content_type), text(&content.body)))
            }
            _ => answer.clone(),
        }
    }

    fn complete_now(
        &self,
        key: &Key,
        token: Token,
        completion: &Completion,
    ) -> Result<CompleteOutcome, StoreError> {
        let mut records = self.records();
        let now = self.now();
        let mut expires = now + millis(completion.retention);
        if self.has(Fault::CompletedNeverExpires) {
            expires = u64::MAX;
        }
        let name = self.name(key);
        let is_new = !records.contains_key(&name);
        if is_new && !self.make_room(&mut records, now) {
            return Err(StoreError::new(StoreErrorKind::Unavailable));
        }
        let mut done = Record {
            token,
            state: State::Completed(completion.answer.clone()),
            attempt: 1,
            first_seen: now,
            fingerprint: None,
            signed_at: None,
            expires,
        };
        match records.entry(name) {
            Entry::Occupied(mut entry) if entry.get().expires > now => {
                let record = entry.get_mut();
                let is_own = record.token == token;
                match record.state {
                    State::Completed(_) if is_own && !self.has(Fault::CompletesTwice) => {
                        return Ok(CompleteOutcome::AlreadyCompleted);
                    }
                    State::Completed(_) if is_own => {}
                    State::Released if is_own && self.has(Fault::ReleasedCanBeCompleted) => {}
                    State::InFlight { .. }
                        if self.may_change(record, token, now, Fault::CompleteIgnoresToken) => {}
                    _ => return Ok(CompleteOutcome::Lost),
                }
                record.state = done.state;
                record.token = token;
                if !self.has(Fault::CompletionKeepsExpiry) {
                    record.expires = done.expires;
                }
            }
            _ if self.has(Fault::GoneIsLost) => return Ok(CompleteOutcome::Lost),
            Entry::Occupied(mut entry) => {
                if self.has(Fault::ExpiredKeepsAttempt) {
                    done.attempt = entry.get().attempt;
                }
                _ = entry.insert(done);
            }
            Entry::Vacant(entry) => _ = entry.insert(done),
        }
        Ok(CompleteOutcome::Completed)
    }

    fn release_now(&self, key: &Key, token: Token, ignores: Fault) -> ReleaseOutcome {
        let mut records = self.records();
        let now = self.now();
        let record = records.get_mut(&self.name(key)).filter(|it| it.expires > now);
        match record.filter(|it| self.may_change(it, token, now, ignores)) {
            Some(record) => {
                if !self.has(Fault::ReleaseDoesNothing) {
                    record.state = State::Released;
                }
                ReleaseOutcome::Released
            }
            None => ReleaseOutcome::Lost,
        }
    }
}

/// Rounded up.
fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_nanos().div_ceil(1_000_000)).unwrap()
}

/// Lets others run once, as a call over a network does.
async fn pause() {
    let mut is_done = false;
    poll_fn(|context| {
        if is_done {
            return Poll::Ready(());
        }
        is_done = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

impl Store for Reference {
    async fn claim(&self, key: &Key, request: &ClaimRequest) -> Result<ClaimOutcome, StoreError> {
        let others = self.claims.fetch_add(1, Ordering::SeqCst);
        pause().await;
        if [Fault::RacesFail, Fault::SaturatesInRaces, Fault::PanicsInRaces]
            .contains(&self.fault.unwrap_or(Fault::IsSlow))
        {
            // So that others come meanwhile, however busy the machine is.
            thread::sleep(Duration::from_millis(1));
        }
        let outcome = self.claim_now(key, request);
        pause().await;
        self.claims.fetch_sub(1, Ordering::SeqCst);
        assert!(others == 0 || !self.has(Fault::PanicsInRaces), "a bug of the store");
        if others > 0 && self.has(Fault::RacesFail) {
            return Err(StoreError::because(StoreErrorKind::Unavailable, "could not serialize"));
        }
        Ok(outcome)
    }

    async fn complete(
        &self,
        key: &Key,
        token: Token,
        completion: &Completion,
    ) -> Result<CompleteOutcome, StoreError> {
        pause().await;
        if self.has(Fault::HalfCompletes) {
            let name = self.name(key);
            let taken = self.records().remove(&name);
            pause().await;
            taken.and_then(|it| self.records().insert(name, it));
        }
        let outcome = self.complete_now(key, token, completion);
        pause().await;
        outcome
    }

    async fn release(&self, key: &Key, token: Token) -> Result<ReleaseOutcome, StoreError> {
        pause().await;
        let outcome = self.release_now(key, token, Fault::ReleaseIgnoresToken);
        pause().await;
        Ok(outcome)
    }

    async fn extend(
        &self,
        key: &Key,
        token: Token,
        lease: Duration,
    ) -> Result<ExtendOutcome, StoreError> {
        pause().await;
        let mut records = self.records();
        let now = self.now();
        let record = records.get_mut(&self.name(key)).filter(|it| it.expires > now);
        let ignores = Fault::ExtendIgnoresToken;
        let Some(record) = record.filter(|it| self.may_change(it, token, now, ignores)) else {
            return Ok(ExtendOutcome::Lost);
        };
        if !self.has(Fault::ExtendDoesNothing) {
            let lease_end = self.lease_end(now, lease);
            record.state = State::InFlight { lease_end };
            if !self.has(Fault::ExtendLetsExpire) {
                record.expires = cmp::max(record.expires, lease_end);
            }
        }
        Ok(ExtendOutcome::Extended)
    }

    async fn forget(&self, key: &Key) -> Result<bool, StoreError> {
        pause().await;
        let mut records = self.records();
        let now = self.now();
        let name = self.name(key);
        let is_in_flight = |it: &Record| matches!(it.state, State::InFlight { .. });
        if self.has(Fault::ForgetSparesInFlight) && records.get(&name).is_some_and(is_in_flight) {
            return Ok(false);
        }
        let existed = records.remove(&name).is_some_and(|it| it.expires > now);
        Ok(existed || self.has(Fault::ForgetSaysYes))
    }

    async fn purge(&self, limit: usize) -> Result<usize, StoreError> {
        pause().await;
        let mut records = self.records();
        let now = self.now();
        let drops_live = self.has(Fault::PurgeDropsLive);
        let expired = |(_, record): &(_, &Record)| drops_live || record.expires <= now;
        let limit = if self.has(Fault::PurgeIgnoresLimit) { usize::MAX } else { limit };
        let names: Vec<_> =
            records.iter().filter(expired).take(limit).map(|(name, _)| *name).collect();
        for name in &names {
            records.remove(name);
        }
        Ok(names.len())
    }

    fn release_on_drop(&self, key: &Key, token: Token) {
        let ignores = if self.has(Fault::DropReleasesAny) {
            Fault::DropReleasesAny
        } else {
            Fault::ReleaseIgnoresToken
        };
        self.release_now(key, token, ignores);
    }
}
