//! One part of the store, behind one lock: the state machine of the contract.

use std::sync::Arc;
use std::time::Duration;

use countersign::{
    Answer, ClaimOutcome, ClaimRequest, CompleteOutcome, Completion, Content, ExtendOutcome, Key,
    ReleaseOutcome, Token,
};
use hashbrown::HashTable;

use crate::clock::ceil_millis;
use crate::expiry::{Expiry, Kind};
use crate::record::{Record, State};
use crate::slab::Slab;

/// A record's place in the table: part of its key's hash, and its number.
#[derive(Clone, Copy, Debug)]
struct Entry {
    hash: u32,
    number: u32,
}

impl Entry {
    /// The table looks at the low and at the high bits.
    fn spread(hash: u32) -> u64 {
        u64::from(hash) | u64::from(hash) << 32
    }
}

#[derive(Debug)]
pub(crate) struct Shard {
    table: HashTable<Entry>,
    slab: Slab,
    expiry: Expiry,
}

/// What is needed to make a record is not there: room.
#[derive(Debug)]
pub(crate) struct Full;

/// What the shards share: how much they may hold between them.
pub(crate) trait Room {
    fn take_record(&self) -> bool;
    fn free_record(&self);
    fn take_bytes(&self, bytes: usize) -> bool;
    fn free_bytes(&self, bytes: usize);
}

impl Shard {
    pub(crate) const fn new() -> Self {
        Self { table: HashTable::new(), slab: Slab::new(), expiry: Expiry::new() }
    }

    pub(crate) fn claim(
        &mut self,
        key: &Key,
        hash: u32,
        request: &ClaimRequest,
        now: u64,
        room: &impl Room,
    ) -> Result<ClaimOutcome, Full> {
        let number = match self.find_live(key, hash, now, room) {
            Some(number) => {
                let record = self.slab.at(number);
                let seen = record.seen(now);
                let is_own = record.state == State::InFlight && record.token == request.token;
                if is_own && record.settles > now {
                    // A claim whose reply was lost.
                    return Ok(ClaimOutcome::Claimed { seen });
                }
                if record.is_settled_or_held(now) {
                    return Ok(match record.state {
                        State::Completed => {
                            ClaimOutcome::Duplicate { answer: record.answer(), seen }
                        }
                        State::InFlight | State::Released => {
                            let lease_left = Duration::from_millis(record.settles - now);
                            ClaimOutcome::InFlight { lease_left, seen }
                        }
                    });
                }
                self.expiry.unlink(&mut self.slab, number);
                let record = self.slab.at_mut(number);
                record.attempt = record.attempt.saturating_add(1);
                record.token = request.token;
                number
            }
            None => self.insert(Record::new(*key, request.token, now), hash, room)?,
        };
        let record = self.slab.at_mut(number);
        // What was known before this claim, under this attempt.
        let seen = record.seen(now);
        record.state = State::InFlight;
        record.settles = now.saturating_add(ceil_millis(request.lease));
        let expires = now.saturating_add(ceil_millis(request.retention));
        record.expires = std::cmp::max(expires, record.settles);
        record.fingerprint = request.fingerprint;
        record.set_signed_at(request.signed_at);
        self.expiry.link(&mut self.slab, number, now);
        Ok(ClaimOutcome::Claimed { seen })
    }

    pub(crate) fn complete(
        &mut self,
        key: &Key,
        hash: u32,
        token: Token,
        completion: &Completion,
        now: u64,
        room: &impl Room,
    ) -> Result<CompleteOutcome, Full> {
        let number = match self.find_live(key, hash, now, room) {
            Some(number) => {
                let record = self.slab.at(number);
                match record.state {
                    _ if record.token != token => return Ok(CompleteOutcome::Lost),
                    State::Completed => return Ok(CompleteOutcome::AlreadyCompleted),
                    // The claim was given back, and the event is free for others.
                    State::Released => return Ok(CompleteOutcome::Lost),
                    State::InFlight => {}
                }
                self.expiry.unlink(&mut self.slab, number);
                number
            }
            // The effects have happened, so they are worth remembering.
            None => self.insert(Record::new(*key, token, now), hash, room)?,
        };
        let content = keep(&completion.answer, room);
        let record = self.slab.at_mut(number);
        record.state = State::Completed;
        record.settles = now;
        record.expires = now.saturating_add(ceil_millis(completion.retention));
        record.set_answer(&completion.answer);
        record.content = content;
        self.expiry.link(&mut self.slab, number, now);
        Ok(CompleteOutcome::Completed)
    }

    pub(crate) fn release(
        &mut self,
        key: &Key,
        hash: u32,
        token: Token,
        now: u64,
        room: &impl Room,
    ) -> ReleaseOutcome {
        let Some(number) = self.find_held(key, hash, token, now, room) else {
            return ReleaseOutcome::Lost;
        };
        self.expiry.unlink(&mut self.slab, number);
        self.slab.at_mut(number).state = State::Released;
        self.expiry.link(&mut self.slab, number, now);
        ReleaseOutcome::Released
    }

    pub(crate) fn extend(
        &mut self,
        key: &Key,
        hash: u32,
        token: Token,
        lease: Duration,
        now: u64,
        room: &impl Room,
    ) -> ExtendOutcome {
        let Some(number) = self.find_held(key, hash, token, now, room) else {
            return ExtendOutcome::Lost;
        };
        let record = self.slab.at_mut(number);
        record.settles = now.saturating_add(ceil_millis(lease));
        if record.settles > record.expires {
            record.expires = record.settles;
            self.expiry.unlink(&mut self.slab, number);
            self.expiry.link(&mut self.slab, number, now);
        }
        ExtendOutcome::Extended
    }

    pub(crate) fn forget(&mut self, key: &Key, hash: u32, now: u64, room: &impl Room) -> bool {
        let found = self.find_live(key, hash, now, room);
        found.inspect(|number| self.remove(*number, hash, room)).is_some()
    }

    /// Removes up to `limit` records that have expired, and tells how many.
    pub(crate) fn purge(
        &mut self,
        limit: usize,
        now: u64,
        hash: impl Fn(&Key) -> u32,
        room: &impl Room,
    ) -> usize {
        let mut removed = 0;
        while removed < limit {
            let Some(number) = self.expiry.expired(&self.slab, now) else { break };
            let hash = hash(&self.slab.at(number).key);
            self.remove(number, hash, room);
            removed += 1;
        }
        removed
    }

    /// Removes a record of this kind before it expires, the next to expire of those that were
    /// settled at least `age` milliseconds ago. Tells whether there was one.
    pub(crate) fn drop_early(
        &mut self,
        kind: Kind,
        age: u64,
        now: u64,
        hash: impl Fn(&Key) -> u32,
        room: &impl Room,
    ) -> bool {
        let is_old = |record: &Record| now.saturating_sub(record.settles) >= age;
        let Some(number) = self.expiry.next_of(&self.slab, kind, is_old) else { return false };
        let hash = hash(&self.slab.at(number).key);
        self.remove(number, hash, room);
        true
    }

    /// The record of a key, unless it has expired; it is then removed.
    fn find_live(&mut self, key: &Key, hash: u32, now: u64, room: &impl Room) -> Option<u32> {
        let number = self.find(key, hash)?;
        if self.slab.at(number).expires > now {
            return Some(number);
        }
        self.remove(number, hash, room);
        None
    }

    /// The record of a key that this token has in flight.
    fn find_held(
        &mut self,
        key: &Key,
        hash: u32,
        token: Token,
        now: u64,
        room: &impl Room,
    ) -> Option<u32> {
        let number = self.find_live(key, hash, now, room)?;
        let record = self.slab.at(number);
        (record.state == State::InFlight && record.token == token).then_some(number)
    }

    fn find(&self, key: &Key, hash: u32) -> Option<u32> {
        let is_it = |it: &Entry| it.hash == hash && self.slab.at(it.number).key == *key;
        self.table.find(Entry::spread(hash), is_it).map(|entry| entry.number)
    }

    fn insert(&mut self, record: Record, hash: u32, room: &impl Room) -> Result<u32, Full> {
        if !room.take_record() {
            return Err(Full);
        }
        let Some(number) = self.slab.insert(record) else {
            room.free_record();
            return Err(Full);
        };
        let entry = Entry { hash, number };
        self.table.insert_unique(Entry::spread(hash), entry, |it| Entry::spread(it.hash));
        Ok(number)
    }

    fn remove(&mut self, number: u32, hash: u32, room: &impl Room) {
        let found = self.table.find_entry(Entry::spread(hash), |it| it.number == number);
        if let Ok(entry) = found {
            entry.remove();
        }
        self.expiry.unlink(&mut self.slab, number);
        if let Some(content) = &self.slab.at(number).content {
            room.free_bytes(bytes_of(content));
        }
        self.slab.remove(number);
        room.free_record();
    }
}

/// The content of an answer, if there is room for it.
fn keep(answer: &Answer, room: &impl Room) -> Option<Arc<Content>> {
    let content = answer.stored_content()?;
    room.take_bytes(bytes_of(content)).then(|| Arc::clone(content))
}

/// What a stored content takes, with its bookkeeping.
fn bytes_of(content: &Content) -> usize {
    content.len() + size_of::<Content>() + 4 * size_of::<usize>()
}
