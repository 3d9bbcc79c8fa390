//! What is kept of one event.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use countersign::{Answer, Content, Key, Seen, Timestamp, Token};

use crate::expiry::Links;

/// One event. Times are milliseconds of the store's clock.
///
/// Aligned, so that reading one fetches two cache lines and not three.
#[derive(Clone, Debug)]
#[repr(align(64))]
pub(crate) struct Record {
    pub(crate) key: Key,
    /// The part of the key's hash that the table uses.
    pub(crate) hash: u32,
    pub(crate) token: Token,
    pub(crate) state: State,
    pub(crate) attempt: NonZeroU32,
    pub(crate) first_seen: u64,
    /// When the lease of a record in flight ends; when a completed one was completed.
    pub(crate) settles: u64,
    pub(crate) expires: u64,
    pub(crate) fingerprint: Option<[u8; 16]>,
    signed_at: i64,
    status: u16,
    permanent: bool,
    pub(crate) content: Option<Arc<Content>>,
    pub(crate) links: Links,
    /// Which queue the links are of.
    pub(crate) queue: u16,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum State {
    InFlight,
    Released,
    Completed,
}

/// Stands for no signed time; no sender signs this one.
const NOT_SIGNED: i64 = i64::MIN;

impl Record {
    pub(crate) fn new(key: Key, hash: u32, token: Token, now: u64) -> Self {
        Self {
            key,
            hash,
            token,
            state: State::InFlight,
            attempt: NonZeroU32::MIN,
            first_seen: now,
            settles: now,
            expires: now,
            fingerprint: None,
            signed_at: NOT_SIGNED,
            status: 0,
            permanent: false,
            content: None,
            links: Links::default(),
            queue: u16::MAX,
        }
    }

    pub(crate) fn signed_at(&self) -> Option<Timestamp> {
        (self.signed_at != NOT_SIGNED).then(|| Timestamp::from_unix_millis(self.signed_at))
    }

    pub(crate) fn set_signed_at(&mut self, signed_at: Option<Timestamp>) {
        self.signed_at = signed_at.map_or(NOT_SIGNED, Timestamp::as_unix_millis);
    }

    pub(crate) fn answer(&self) -> Answer {
        let answer = Answer::new(self.status).permanent_failure(self.permanent);
        match &self.content {
            Some(content) => answer.content(Arc::clone(content)),
            None => answer,
        }
    }

    /// Keeps the answer, but for its content.
    pub(crate) fn set_answer(&mut self, answer: &Answer) {
        self.status = answer.status();
        self.permanent = answer.is_permanent_failure();
    }

    pub(crate) fn seen(&self, now: u64) -> Seen {
        let first_seen = Duration::from_millis(now.saturating_sub(self.first_seen));
        let mut seen = Seen::new(self.attempt, first_seen);
        seen.fingerprint = self.fingerprint;
        seen.signed_at = self.signed_at();
        seen
    }

    /// Whether a claim by another token would be refused.
    pub(crate) fn is_settled_or_held(&self, now: u64) -> bool {
        match self.state {
            State::InFlight => self.settles > now,
            State::Released => false,
            State::Completed => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_takes_two_cache_lines() {
        assert_eq!(size_of::<Record>(), 128);
    }
}
