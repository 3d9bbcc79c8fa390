//! The store: shards, and what they share.

use std::fmt;
use std::hash::BuildHasher;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use countersign::{
    ClaimOutcome, ClaimRequest, CompleteOutcome, Completion, ExtendOutcome, Key, ReleaseOutcome,
    Store, StoreError, StoreErrorKind, Token, ceil_millis,
};

use crate::builder::MemoryStoreBuilder;
use crate::clock::Clock;
use crate::expiry::Kind;
use crate::shard::{Full, Room, Shard};
use crate::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use crate::sync::{Mutex, MutexGuard, RandomState};

#[cfg(test)]
#[cfg(loom)]
mod loom_tests;

/// How many locks there are. Tools that try out interleavings need few.
const SHARDS: usize = if cfg!(any(loom, shuttle)) { 2 } else { 64 };

/// How many expired records are removed from each shard when the store is full.
const PURGED_WHEN_FULL: usize = 64;

/// How often room is made for one record, since others may take it.
const TRIES: usize = 64;

/// An idempotency store in the memory of one process. See the [crate](crate) for what that means.
///
/// Clones share the records.
#[derive(Clone)]
pub struct MemoryStore {
    inner: Arc<Inner>,
}

struct Inner {
    shards: Box<[Padded<Mutex<Shard>>]>,
    seeds: [u64; 2],
    clock: Clock,
    drop_after: Option<u64>,
    usage: Usage,
    /// When all shards were last searched for expired records.
    swept: AtomicU64,
    saturated: AtomicU64,
    dropped: AtomicU64,
}

/// Keeps what every thread writes, like a lock, out of the cache line of its neighbours, or the pair
/// of lines that are fetched together.
#[repr(align(128))]
struct Padded<T> {
    value: T,
}

struct Usage {
    capacity: usize,
    records: Padded<AtomicUsize>,
    byte_limit: usize,
    bytes: AtomicUsize,
    contents_left_out: AtomicU64,
}

/// What a [`MemoryStore`] holds, and what it had to turn away.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Stats {
    /// How many records there are, expired ones that are not yet removed among them.
    pub records: usize,
    /// How many there may be.
    pub capacity: usize,
    /// How many bytes the bodies of stored answers take.
    pub answer_bytes: usize,
    /// Bodies that were not stored, for want of room.
    pub answers_left_out: u64,
    /// Claims that were refused, for want of room.
    pub saturated: u64,
    /// Events forgotten before their time
    /// ([`danger_drop_completed`](MemoryStoreBuilder::danger_drop_completed)).
    pub dropped_early: u64,
}

impl MemoryStore {
    /// A store for up to `capacity` events.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self::builder(capacity).build()
    }

    /// Starts to configure a store for up to `capacity` events.
    pub fn builder(capacity: usize) -> MemoryStoreBuilder {
        MemoryStoreBuilder::new(capacity)
    }

    pub(crate) fn from_builder(builder: MemoryStoreBuilder) -> Self {
        let shard = || Padded { value: Mutex::new(Shard::new()) };
        let seed = RandomState::default();
        let inner = Inner {
            shards: std::iter::repeat_with(shard).take(SHARDS).collect(),
            seeds: [0_u64, 1].map(|it| seed.hash_one(it)),
            clock: builder.clock,
            drop_after: builder.drop_after.map(ceil_millis),
            usage: Usage {
                capacity: builder.capacity,
                records: Padded { value: AtomicUsize::new(0) },
                byte_limit: builder.answer_bytes,
                bytes: AtomicUsize::new(0),
                contents_left_out: AtomicU64::new(0),
            },
            swept: AtomicU64::new(0),
            saturated: AtomicU64::new(0),
            dropped: AtomicU64::new(0),
        };
        Self { inner: Arc::new(inner) }
    }

    /// What the store holds now.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let Inner { usage, saturated, dropped, .. } = &*self.inner;
        Stats {
            records: usage.records.value.load(Ordering::Relaxed),
            capacity: usage.capacity,
            answer_bytes: usage.bytes.load(Ordering::Relaxed),
            answers_left_out: usage.contents_left_out.load(Ordering::Relaxed),
            saturated: saturated.load(Ordering::Relaxed),
            dropped_early: dropped.load(Ordering::Relaxed),
        }
    }
}

impl Inner {
    /// The shard of a key, and the hash that its index uses.
    ///
    /// A key is a digest, so its bits need no mixing. Secret seeds keep a sender from trying out ids
    /// until it has many that come to lie together.
    fn place(&self, key: &Key) -> (usize, u32) {
        let (words, _) = key.as_bytes().as_chunks();
        let [first, second, ..] = *words else { return (0, 0) };
        let [one, two] = self.seeds;
        let factor = |word, seed| u128::from(u64::from_ne_bytes(word) ^ seed);
        let product = factor(first, one) * factor(second, two);
        // The middle of the product depends on all bits of both factors; its shares do not overlap.
        let shard = usize::try_from(product >> 64 & 0xffff).unwrap_or(0) % SHARDS;
        (shard, u32::try_from(product >> 32 & 0xffff_ffff).unwrap_or(0))
    }

    /// Nothing panics while a shard is locked; should it, the shard is still whole enough to refuse
    /// what it holds.
    fn lock(&self, shard: usize) -> Option<MutexGuard<'_, Shard>> {
        Some(self.shards.get(shard)?.value.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn with<T>(&self, key: &Key, act: impl FnOnce(&mut Shard, u32, u64) -> T) -> Option<T> {
        let (place, hash) = self.place(key);
        let mut shard = self.lock(place)?;
        // Read under the lock, so that the shard's time does not go back.
        let now = self.clock.now();
        Some(act(&mut shard, hash, now))
    }

    fn claim(&self, key: &Key, request: &ClaimRequest) -> Option<ClaimOutcome> {
        let claim =
            || self.with(key, |shard, hash, now| shard.claim(key, hash, request, now, &self.usage));
        for _ in 0..TRIES {
            if let Ok(outcome) = claim()? {
                return Some(outcome);
            }
            if !self.make_room(self.place(key).0) {
                break;
            }
        }
        self.saturated.fetch_add(1, Ordering::Relaxed);
        Some(ClaimOutcome::Saturated)
    }

    fn complete(
        &self,
        key: &Key,
        token: Token,
        completion: &Completion,
    ) -> Result<CompleteOutcome, StoreError> {
        let complete = || {
            self.with(key, |shard, hash, now| {
                shard.complete(key, hash, token, completion, now, &self.usage)
            })
        };
        for _ in 0..TRIES {
            match complete() {
                Some(Ok(outcome)) => return Ok(outcome),
                Some(Err(Full)) if self.make_room(self.place(key).0) => {}
                _ => break,
            }
        }
        // Only a record that was forgotten or has expired needs room to be completed.
        Err(StoreError::because(StoreErrorKind::Unavailable, "the store is full"))
    }

    /// Removes records that have expired, anywhere, and if none has and that is allowed, one that
    /// has not. Tells whether there is room.
    fn make_room(&self, first: usize) -> bool {
        let now = self.clock.now();
        // Once in a millisecond is enough: between two of them nothing expires.
        if self.swept.load(Ordering::Acquire) != now {
            let purge = |shard| {
                self.lock(shard).map_or(0, |mut it| it.purge(PURGED_WHEN_FULL, now, &self.usage))
            };
            let removed: usize = (0..SHARDS).map(purge).sum();
            // Not before: who comes meanwhile must not take the store for full.
            self.swept.store(now, Ordering::Release);
            if removed > 0 {
                return true;
            }
        }
        if self.usage.has_room() {
            return true;
        }
        let Some(age) = self.drop_after else { return false };
        // A released event loses no more than its number of attempts.
        let dropped =
            [(Kind::Released, 0), (Kind::Completed, age)].into_iter().any(|(kind, age)| {
                (first..SHARDS).chain(0..first).any(|shard| {
                    self.lock(shard)
                        .is_some_and(|mut it| it.drop_early(kind, age, now, &self.usage))
                })
            });
        if dropped {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
        dropped
    }
}

impl Usage {
    fn has_room(&self) -> bool {
        self.records.value.load(Ordering::Relaxed) < self.capacity
    }
}

impl Room for Usage {
    fn take_record(&self) -> bool {
        take(&self.records.value, 1, self.capacity)
    }

    fn free_record(&self) {
        self.records.value.fetch_sub(1, Ordering::Relaxed);
    }

    fn take_bytes(&self, bytes: usize) -> bool {
        let taken = take(&self.bytes, bytes, self.byte_limit);
        if !taken {
            self.contents_left_out.fetch_add(1, Ordering::Relaxed);
        }
        taken
    }

    fn free_bytes(&self, bytes: usize) {
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
    }
}

/// Adds to a number, unless it would exceed a limit.
fn take(number: &AtomicUsize, more: usize, limit: usize) -> bool {
    let add = |number: usize| number.checked_add(more).filter(|sum| *sum <= limit);
    number.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add).is_ok()
}

/// What a shard that is not there would answer; there always is one.
fn no_shard() -> StoreError {
    StoreError::new(StoreErrorKind::Unavailable)
}

impl Store for MemoryStore {
    async fn claim(&self, key: &Key, request: &ClaimRequest) -> Result<ClaimOutcome, StoreError> {
        self.inner.claim(key, request).ok_or_else(no_shard)
    }

    async fn complete(
        &self,
        key: &Key,
        token: Token,
        completion: &Completion,
    ) -> Result<CompleteOutcome, StoreError> {
        self.inner.complete(key, token, completion)
    }

    async fn release(&self, key: &Key, token: Token) -> Result<ReleaseOutcome, StoreError> {
        let inner = &self.inner;
        let released =
            inner.with(key, |shard, hash, now| shard.release(key, hash, token, now, &inner.usage));
        released.ok_or_else(no_shard)
    }

    async fn extend(
        &self,
        key: &Key,
        token: Token,
        lease: Duration,
    ) -> Result<ExtendOutcome, StoreError> {
        let inner = &self.inner;
        let extended = inner
            .with(key, |shard, hash, now| shard.extend(key, hash, token, lease, now, &inner.usage));
        extended.ok_or_else(no_shard)
    }

    async fn forget(&self, key: &Key) -> Result<bool, StoreError> {
        let inner = &self.inner;
        let forgotten =
            inner.with(key, |shard, hash, now| shard.forget(key, hash, now, &inner.usage));
        forgotten.ok_or_else(no_shard)
    }

    async fn purge(&self, limit: usize) -> Result<usize, StoreError> {
        let inner = &self.inner;
        let now = inner.clock.now();
        let mut removed = 0;
        for shard in 0..SHARDS {
            let Some(mut shard) = inner.lock(shard) else { continue };
            removed += shard.purge(limit - removed, now, &inner.usage);
        }
        Ok(removed)
    }

    fn release_on_drop(&self, key: &Key, token: Token) {
        let inner = &self.inner;
        _ = inner.with(key, |shard, hash, now| shard.release(key, hash, token, now, &inner.usage));
    }

    /// A day: more would seldom outlive the process.
    fn usual_retention(&self) -> Duration {
        Duration::from_secs(24 * 3600)
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").field("stats", &self.stats()).finish()
    }
}
