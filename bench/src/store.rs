//! Stores in a steady state: as many events come as are forgotten.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use countersign::{
    Answer, ClaimOutcome, ClaimRequest, CompleteOutcome, Completion, Key, Store, StoreError,
    Timestamp, Token,
};
use countersign_memory::MemoryStore;

pub use self::dash::DashStore;

mod dash;

/// After how many events the clock moves on, by as many milliseconds. Threads would otherwise
/// contend for this clock, as they do not for a real one.
const TICK: u64 = 50;

/// Longer than an event takes, shorter than any is remembered.
pub const LEASE: Duration = Duration::from_secs(5);

/// The time, as the benchmark has it.
#[derive(Clone, Default)]
pub struct Clock {
    millis: Arc<AtomicU64>,
}

impl Clock {
    /// The time since the start.
    #[must_use]
    pub fn now(&self) -> Duration {
        Duration::from_millis(self.millis.load(Ordering::Relaxed))
    }

    /// Lets time pass.
    pub fn advance(&self, millis: u64) {
        self.millis.fetch_add(millis, Ordering::Relaxed);
    }
}

/// What is measured of a store.
pub trait Claims: Sync {
    /// Claims an event.
    fn claim(&self, key: &Key, request: &ClaimRequest) -> ClaimOutcome;

    /// Completes a claim.
    fn complete(&self, key: &Key, token: Token, completion: &Completion) -> CompleteOutcome;
}

impl Claims for MemoryStore {
    fn claim(&self, key: &Key, request: &ClaimRequest) -> ClaimOutcome {
        ready(Store::claim(self, key, request))
    }

    fn complete(&self, key: &Key, token: Token, completion: &Completion) -> CompleteOutcome {
        ready(Store::complete(self, key, token, completion))
    }
}

/// A store, the clock it goes by, and the events it is given. One comes each millisecond and is
/// remembered for as many milliseconds as there are to be live events.
pub struct Steady<S> {
    /// The store.
    pub store: S,
    clock: Clock,
    live: u64,
    next: AtomicU64,
    asked: AtomicU64,
    completion: Completion,
}

impl<S: Claims> Steady<S> {
    /// A store with so many live events.
    pub fn new(live: u64, make: impl FnOnce(Clock) -> S) -> Self {
        let steady = Self::empty(live, make);
        steady.events(live);
        steady
    }

    /// A store that so many events will be live in.
    pub fn empty(live: u64, make: impl FnOnce(Clock) -> S) -> Self {
        let clock = Clock::default();
        let completion = Completion::new(Duration::from_millis(live), Answer::new(200));
        let store = make(clock.clone());
        let (next, asked) = (AtomicU64::new(0), AtomicU64::new(0));
        Self { store, clock, live, next, asked, completion }
    }

    /// Claims and completes so many new events.
    ///
    /// # Panics
    ///
    /// Panics if one of them is not claimed and completed, or if the clock's step does not divide
    /// their number.
    pub fn events(&self, count: u64) {
        assert_eq!(count % TICK, 0);
        for _ in 0..count / TICK {
            for number in self.coming() {
                let key = key(number);
                assert!(self.claim(number, &key));
                assert!(self.complete(number, &key));
            }
        }
    }

    /// Lets the clock move on, and names the events that come then.
    pub fn coming(&self) -> std::ops::Range<u64> {
        self.clock.advance(TICK);
        let first = self.next.fetch_add(TICK, Ordering::Relaxed);
        first..first + TICK
    }

    /// Claims an event; tells whether it was claimed.
    #[inline]
    pub fn claim(&self, number: u64, key: &Key) -> bool {
        let request = request(token(number), self.completion.retention);
        matches!(self.store.claim(key, &request), ClaimOutcome::Claimed { .. })
    }

    /// Completes a claim; tells whether it was completed.
    #[inline]
    pub fn complete(&self, number: u64, key: &Key) -> bool {
        self.store.complete(key, token(number), &self.completion) == CompleteOutcome::Completed
    }

    /// Claims so many events that are remembered, anywhere in the store.
    ///
    /// # Panics
    ///
    /// Panics if one of them is not a duplicate.
    pub fn duplicates(&self, count: u64) {
        let next = self.next.load(Ordering::Relaxed);
        let first = self.asked.fetch_add(count, Ordering::Relaxed);
        for number in first..first + count {
            // The oldest tenth may expire at any time.
            let age = mix(number) % (self.live * 9 / 10);
            let request = request(token(u64::MAX - number), self.completion.retention);
            let outcome = self.store.claim(&key(next - 1 - age), &request);
            assert!(matches!(outcome, ClaimOutcome::Duplicate { .. }));
        }
    }
}

/// The key of an event.
#[must_use]
pub fn key(number: u64) -> Key {
    let mut bytes = [0; 32];
    for (part, chunk) in (0_u64..).zip(bytes.chunks_exact_mut(8)) {
        chunk.copy_from_slice(&mix(number ^ part << 60).to_le_bytes());
    }
    Key::from_bytes(bytes)
}

/// The token of the one that handles an event.
#[must_use]
pub fn token(number: u64) -> Token {
    Token::from_bytes((u128::from(mix(number ^ 1 << 59)) << 64 | u128::from(number)).to_le_bytes())
}

/// A claim with all that there is to record.
#[must_use]
pub fn request(token: Token, retention: Duration) -> ClaimRequest {
    let mut request = ClaimRequest::new(token, LEASE, retention);
    request.fingerprint = Some(*token.as_bytes());
    request.signed_at = Some(Timestamp::from_unix_seconds(1_795_478_400));
    request
}

/// Runs a future of a store that never waits.
///
/// # Panics
///
/// Panics if it does, or if the store fails.
pub fn ready<T>(future: impl Future<Output = Result<T, StoreError>>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output.expect("the store works"),
        Poll::Pending => unreachable!("everything is in memory"),
    }
}

/// How much memory the process takes, in bytes.
///
/// # Panics
///
/// Panics where there is no `/proc`.
#[must_use]
pub fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("this is Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("it is told");
    let kibibytes: u64 = line.trim().trim_end_matches(" kB").parse().expect("a number");
    kibibytes * 1024
}

/// SplitMix64: a bijection whose results look random, as digests do.
#[must_use]
pub fn mix(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
