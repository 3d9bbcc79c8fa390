//! Which record expires next.
//!
//! Records are chained in queues, one for each state and each class of the time that they are kept;
//! there are eight classes between a time and its double. A record goes to the end of its queue, so
//! the heads are the next to expire, or nearly: one that is kept a little shorter than the one before
//! it waits for that, at most an eighth longer than it was to be kept. Nothing is sorted and nothing
//! is searched.

use crate::record::{Record, State};
use crate::slab::Slab;

/// No record.
pub(crate) const NONE: u32 = u32::MAX;

/// A record's neighbours in its queue.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Links {
    pub(crate) previous: u32,
    pub(crate) next: u32,
}

impl Default for Links {
    fn default() -> Self {
        Self { previous: NONE, next: NONE }
    }
}

/// What a queue's records have in common.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    InFlight,
    Released,
    /// Completed, and of a delivery with a signed time: replays are refused once that is too old.
    Completed,
    /// Completed, and replayable for ever.
    CompletedTimeless,
}

impl Kind {
    fn of(record: &Record) -> Self {
        match record.state {
            State::InFlight => Self::InFlight,
            State::Released => Self::Released,
            State::Completed if record.signed_at().is_some() => Self::Completed,
            State::Completed => Self::CompletedTimeless,
        }
    }
}

#[derive(Debug)]
struct Queue {
    kind: Kind,
    class: u16,
    head: u32,
    tail: u32,
    /// When the head expires, to save a look at it; a later time than any for an empty queue.
    due: u64,
}

#[derive(Debug)]
pub(crate) struct Expiry {
    /// As many as are in use, hardly ever more than six.
    queues: Vec<Queue>,
    /// No record expires before.
    due: u64,
}

impl Expiry {
    pub(crate) const fn new() -> Self {
        Self { queues: Vec::new(), due: u64::MAX }
    }

    /// Puts a record at the end of the queue for its state and for the time it is kept from now.
    pub(crate) fn link(&mut self, slab: &mut Slab, number: u32, now: u64) {
        let record = slab.at(number);
        let (kind, expires) = (Kind::of(record), record.expires);
        let class = class(expires.saturating_sub(now));
        let found = self.queues.iter().position(|it| it.kind == kind && it.class == class);
        let place = found.unwrap_or_else(|| {
            self.queues.push(Queue { kind, class, head: NONE, tail: NONE, due: u64::MAX });
            self.queues.len() - 1
        });
        let Some(queue) = self.queues.get_mut(place) else { return };
        let previous = core::mem::replace(&mut queue.tail, number);
        if previous == NONE {
            queue.head = number;
            queue.due = expires;
            self.due = std::cmp::min(self.due, expires);
        } else {
            slab.at_mut(previous).links.next = number;
        }
        let record = slab.at_mut(number);
        // Four kinds, and 488 classes of 64-bit numbers.
        record.queue = u16::try_from(place).unwrap_or(u16::MAX);
        record.links = Links { previous, next: NONE };
    }

    pub(crate) fn unlink(&mut self, slab: &mut Slab, number: u32) {
        let record = slab.at(number);
        let Links { previous, next } = record.links;
        let Some(queue) = self.queues.get_mut(usize::from(record.queue)) else { return };
        if previous == NONE {
            queue.head = next;
            queue.due = if next == NONE { u64::MAX } else { slab.at(next).expires };
        } else {
            slab.at_mut(previous).links.next = next;
        }
        if next == NONE {
            queue.tail = previous;
        } else {
            slab.at_mut(next).links.previous = previous;
        }
    }

    /// A record that has expired.
    pub(crate) fn expired(&mut self, now: u64) -> Option<u32> {
        if self.due > now {
            return None;
        }
        // Heads come and go; what was due may have gone.
        let next = self.queues.iter().min_by_key(|queue| queue.due)?;
        self.due = next.due;
        (next.due <= now).then_some(next.head)
    }

    /// The next record to expire among those that `may_go` at the head of the queues of a kind.
    pub(crate) fn next_of(
        &self,
        slab: &Slab,
        kind: Kind,
        may_go: impl Fn(&Record) -> bool,
    ) -> Option<u32> {
        let heads = self.queues.iter().filter(|it| it.kind == kind && it.head != NONE);
        let heads = heads.filter(|queue| may_go(slab.at(queue.head)));
        heads.min_by_key(|queue| queue.due).map(|queue| queue.head)
    }
}

/// The class of a time: its highest bit, and the three after it.
fn class(kept: u64) -> u16 {
    let bits = u64::BITS - kept.leading_zeros();
    let Some(shift) = bits.checked_sub(4) else {
        return u16::try_from(kept).unwrap_or(0); // Below eight, each time is a class of its own.
    };
    let eighth = u16::try_from(kept >> shift & 7).unwrap_or(0);
    u16::try_from(bits).unwrap_or(0) * 8 + eighth
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_one_class_differ_by_less_than_an_eighth() {
        let mut classes = 0;
        let mut first = 0;
        for kept in 1..100_000_u64 {
            if class(kept) != class(kept - 1) {
                classes += 1;
                first = kept;
            }
            assert!((kept - first) * 8 < std::cmp::max(first, 8), "{first} and {kept}");
        }
        // One for each up to 15, then eight for each doubling.
        assert_eq!(classes, 15 + 12 * 8 + 5);
        assert!(class(u64::MAX) < 520);
    }
}
