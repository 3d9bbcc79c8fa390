//! Which record expires next.
//!
//! Records are chained in queues, one for each state and each power of two of the time they are
//! kept. A record goes to the end of its queue, so the heads are the next to expire, or nearly: one
//! that is kept half as long as the one before it waits for that, but for no longer than it was to
//! be kept itself. Nothing is sorted and nothing is searched.

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
    /// The power of two.
    class: u8,
    head: u32,
    tail: u32,
}

#[derive(Debug)]
pub(crate) struct Expiry {
    /// As many as are in use: at most four times sixty-four, hardly ever more than six.
    queues: Vec<Queue>,
}

impl Expiry {
    pub(crate) const fn new() -> Self {
        Self { queues: Vec::new() }
    }

    /// Puts a record at the end of the queue for its state and for the time it is kept from now.
    pub(crate) fn link(&mut self, slab: &mut Slab, number: u32, now: u64) {
        let record = slab.at(number);
        let kind = Kind::of(record);
        let kept = record.expires.saturating_sub(now);
        let class = u8::try_from(u64::BITS - kept.leading_zeros()).unwrap_or(u8::MAX);
        let found = self.queues.iter().position(|it| it.kind == kind && it.class == class);
        let place = found.unwrap_or_else(|| {
            self.queues.push(Queue { kind, class, head: NONE, tail: NONE });
            self.queues.len() - 1
        });
        let Some(queue) = self.queues.get_mut(place) else { return };
        let previous = core::mem::replace(&mut queue.tail, number);
        if previous == NONE {
            queue.head = number;
        } else {
            slab.at_mut(previous).links.next = number;
        }
        // Four kinds and sixty-five classes; the last are thousands of years.
        let record = slab.at_mut(number);
        record.queue = u8::try_from(place).unwrap_or(u8::MAX);
        record.links = Links { previous, next: NONE };
    }

    pub(crate) fn unlink(&mut self, slab: &mut Slab, number: u32) {
        let record = slab.at(number);
        let Links { previous, next } = record.links;
        let Some(queue) = self.queues.get_mut(usize::from(record.queue)) else { return };
        if previous == NONE {
            queue.head = next;
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
    pub(crate) fn expired(&self, slab: &Slab, now: u64) -> Option<u32> {
        let heads = self.queues.iter().map(|queue| queue.head).filter(|head| *head != NONE);
        heads.into_iter().find(|head| slab.at(*head).expires <= now)
    }

    /// The next record to expire among those that `may_go` at the head of the queues of a kind.
    pub(crate) fn next_of(
        &self,
        slab: &Slab,
        kind: Kind,
        may_go: impl Fn(&Record) -> bool,
    ) -> Option<u32> {
        let heads = self.queues.iter().filter(|it| it.kind == kind).map(|queue| queue.head);
        let heads = heads.filter(|head| *head != NONE && may_go(slab.at(*head)));
        heads.min_by_key(|head| slab.at(*head).expires)
    }
}
