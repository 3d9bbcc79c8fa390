//! What names an event.

use crate::key::{Key, KeySource};
use crate::time::Timestamp;

/// Names an event, and holds what the store is told of the delivery.
#[derive(Clone, Debug)]
pub struct Identity {
    pub(super) key: Key,
    pub(super) source: KeySource,
    pub(super) fingerprint: Option<[u8; 16]>,
    pub(super) signed_at: Option<Timestamp>,
}

impl Identity {
    /// The idempotency key.
    #[must_use]
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// Where the key comes from.
    #[must_use]
    pub fn source(&self) -> KeySource {
        self.source
    }
}
