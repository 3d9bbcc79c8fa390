//! One part of the store, behind one lock: the state machine of the contract.

use std::sync::Arc;
use std::time::Duration;

use countersign::{
    Answer, ClaimOutcome, ClaimRequest, CompleteOutcome, Completion, Content, ExtendOutcome, Key,
    ReleaseOutcome, Token, ceil_millis,
};

use crate::expiry::{Expiry, Kind};
use crate::index::Index;
use crate::record::{Record, State};
use crate::slab::Slab;

/// How many expired records make way for a new one. More than one, so that they never pile up.
const PURGED_PER_EVENT: usize = 4;

#[derive(Debug)]
pub(crate) struct Shard {
    index: Index,
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
    pub(crate) fn new() -> Self {
        Self { index: Index::new(), slab: Slab::new(), expiry: Expiry::new() }
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
            None => {
                self.purge(PURGED_PER_EVENT, now, room);
                self.insert(Record::new(*key, hash, request.token, now), room)?
            }
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
            None => self.insert(Record::new(*key, hash, token, now), room)?,
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
        found.inspect(|number| self.remove(*number, room)).is_some()
    }

    /// Removes up to `limit` records that have expired, and tells how many.
    pub(crate) fn purge(&mut self, limit: usize, now: u64, room: &impl Room) -> usize {
        let mut removed = 0;
        while removed < limit {
            let Some(number) = self.expiry.expired(now) else { break };
            self.remove(number, room);
            removed += 1;
        }
        removed
    }

    /// Removes a record of this kind that has not expired, if there is one that settled at least
    /// `age` milliseconds ago. The next to expire goes first.
    pub(crate) fn drop_early(&mut self, kind: Kind, age: u64, now: u64, room: &impl Room) -> bool {
        let is_old = |record: &Record| now.saturating_sub(record.settles) >= age;
        let Some(number) = self.expiry.next_of(&self.slab, kind, is_old) else { return false };
        self.remove(number, room);
        true
    }

    /// The record of a key, unless it has expired; it is then removed.
    fn find_live(&mut self, key: &Key, hash: u32, now: u64, room: &impl Room) -> Option<u32> {
        let number = self.find(key, hash)?;
        if self.slab.at(number).expires > now {
            return Some(number);
        }
        self.remove(number, room);
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
        self.index.find(hash, |number| self.slab.at(number).key == *key)
    }

    fn insert(&mut self, record: Record, room: &impl Room) -> Result<u32, Full> {
        let hash = record.hash;
        if !room.take_record() {
            return Err(Full);
        }
        let Some(number) = self.slab.insert(record) else {
            room.free_record();
            return Err(Full);
        };
        self.index.insert(hash, number);
        Ok(number)
    }

    fn remove(&mut self, number: u32, room: &impl Room) {
        self.index.remove(self.slab.at(number).hash, number);
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
