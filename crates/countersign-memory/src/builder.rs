//! Configures a store.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::Clock;
use crate::store::MemoryStore;

/// Configures a [`MemoryStore`].
#[derive(Clone)]
#[must_use = "a builder does nothing until `build`"]
pub struct MemoryStoreBuilder {
    pub(crate) capacity: usize,
    pub(crate) answer_bytes: usize,
    pub(crate) drop_after: Option<Duration>,
    pub(crate) clock: Clock,
}

impl MemoryStoreBuilder {
    pub(crate) fn new(capacity: usize) -> Self {
        let answer_bytes = 16 * 1024 * 1024;
        Self { capacity, answer_bytes, drop_after: None, clock: Clock::system() }
    }

    /// How many bytes the bodies of stored answers may take together. 16 MiB by default. Over it,
    /// events are remembered without their bodies, which is counted.
    pub fn answer_bytes(mut self, bytes: usize) -> Self {
        self.answer_bytes = bytes;
        self
    }

    /// When the store is full, makes room by forgetting events that were released, then events that
    /// were handled at least `after` ago, roughly the next to expire first.
    ///
    /// A retry of such an event is handled again. `after` should be at least twice the tolerance of
    /// the senders, so that a replay of it is refused as too old by then. Events whose sender signs
    /// no time are never dropped, since they could be replayed for ever; neither is an event that is
    /// being handled.
    pub fn danger_drop_completed(mut self, after: Duration) -> Self {
        self.drop_after = Some(after);
        self
    }

    /// Replaces the store's clock, for tests: the time since some start. It must not go back.
    pub fn clock(mut self, clock: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        self.clock = Clock::Given(Arc::new(clock));
        self
    }

    /// Makes the store.
    #[must_use]
    pub fn build(self) -> MemoryStore {
        MemoryStore::from_builder(self)
    }
}

impl std::fmt::Debug for MemoryStoreBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemoryStoreBuilder")
            .field("capacity", &self.capacity)
            .field("answer_bytes", &self.answer_bytes)
            .field("drop_after", &self.drop_after)
            .finish_non_exhaustive()
    }
}
