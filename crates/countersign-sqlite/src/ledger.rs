//! The state machine of the contract, on a connection that may write.

use std::cell::Cell;
use std::time::Duration;

use countersign::{
    ClaimOutcome, ClaimRequest, CompleteOutcome, Completion, ExtendOutcome, Key, ReleaseOutcome,
    Token,
};
use rusqlite::Connection;

use crate::clock::{Clock, between, ceil_millis};
use crate::error::Failure;
use crate::record::{Record, State, decode};
use crate::schema::expect_version;

const META: &str = "SELECT max(value) FILTER (WHERE name = 'version'), \
     max(value) FILTER (WHERE name = 'time') FROM countersign_meta";
const SET_TIME: &str = "UPDATE countersign_meta SET value = ?1 WHERE name = 'time'";
const FORGET: &str = "DELETE FROM countersign_delivery WHERE key = ?1 RETURNING expires";
const PURGE: &str = "DELETE FROM countersign_delivery WHERE key IN \
     (SELECT key FROM countersign_delivery INDEXED BY countersign_delivery_expires \
     WHERE expires <= ?1 ORDER BY expires LIMIT ?2)";

/// The records, as of one time, within a transaction that holds the lock for writing. So what is
/// read cannot change before it is written.
///
/// Each operation writes with one statement at most, the last one, so that one that fails has
/// changed nothing.
pub(crate) struct Ledger<'c> {
    connection: &'c Connection,
    now: i64,
    written: Cell<bool>,
}

impl<'c> Ledger<'c> {
    /// Opens the records within a transaction.
    pub(crate) fn open(connection: &'c Connection, clock: &Clock) -> Result<Self, Failure> {
        let mut meta = connection.prepare_cached(META)?;
        let (version, time): (Option<i64>, Option<i64>) =
            meta.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        expect_version(version.unwrap_or(0))?;
        let now = clock.catch_up(time.unwrap_or(0));
        Ok(Self { connection, now, written: Cell::new(false) })
    }

    /// Must be the last thing done before the transaction is committed: notes the time if anything
    /// was written, so that it does not go back for whoever comes next.
    pub(crate) fn close(self) -> Result<(), Failure> {
        if self.written.get() {
            self.connection.prepare_cached(SET_TIME)?.execute([self.now])?;
        }
        Ok(())
    }

    pub(crate) fn claim(&self, key: &Key, request: &ClaimRequest) -> Result<ClaimOutcome, Failure> {
        let now = self.now;
        let mut record = match self.next_attempt(key, request.token)? {
            Ok(record) => record,
            Err(outcome) => return Ok(outcome),
        };
        // What was known before this claim, under this attempt.
        let seen = record.seen(now);
        record.state = State::InFlight;
        record.token = request.token;
        record.lease_end = now.saturating_add(ceil_millis(request.lease));
        let expires = now.saturating_add(ceil_millis(request.retention));
        record.expires = std::cmp::max(expires, record.lease_end);
        record.fingerprint = request.fingerprint;
        record.signed_at = request.signed_at;
        self.put(key, &record)?;
        Ok(ClaimOutcome::Claimed { seen })
    }

    /// Claims and completes at once, for effects in the same transaction. The token must be one
    /// that nobody has.
    pub(crate) fn claim_completed(
        &self,
        key: &Key,
        token: Token,
        completion: &Completion,
    ) -> Result<ClaimOutcome, Failure> {
        let mut record = match self.next_attempt(key, token)? {
            Ok(record) => record,
            Err(outcome) => return Ok(outcome),
        };
        let seen = record.seen(self.now);
        record.token = token;
        (record.fingerprint, record.signed_at) = (None, None);
        self.put_completed(key, record, completion)?;
        Ok(ClaimOutcome::Claimed { seen })
    }

    /// The record as the next attempt finds it, or what a claim comes to that makes none.
    fn next_attempt(
        &self,
        key: &Key,
        token: Token,
    ) -> Result<Result<Record, ClaimOutcome>, Failure> {
        let now = self.now;
        let Some(mut record) = self.find_live(key)? else {
            return Ok(Ok(Record::new(token, now)));
        };
        let seen = record.seen(now);
        match &record.state {
            State::Completed(answer) => {
                let answer = decode(answer)?;
                return Ok(Err(ClaimOutcome::Duplicate { answer, seen }));
            }
            State::InFlight if record.lease_end > now => {
                // A claim whose reply was lost is repeated by the one who has it.
                return Ok(Err(if record.token == token {
                    ClaimOutcome::Claimed { seen }
                } else {
                    let lease_left = between(now, record.lease_end);
                    ClaimOutcome::InFlight { lease_left, seen }
                }));
            }
            State::InFlight | State::Released => {}
        }
        record.attempt = record.attempt.saturating_add(1);
        Ok(Ok(record))
    }

    pub(crate) fn complete(
        &self,
        key: &Key,
        token: Token,
        completion: &Completion,
    ) -> Result<CompleteOutcome, Failure> {
        let record = match self.find_live(key)? {
            // The effects have happened, so they are worth remembering.
            None => Record::new(token, self.now),
            Some(record) if record.token != token => return Ok(CompleteOutcome::Lost),
            Some(record) => match record.state {
                State::InFlight => record,
                State::Completed(_) => return Ok(CompleteOutcome::AlreadyCompleted),
                // The claim was given back, and the event is free for others.
                State::Released => return Ok(CompleteOutcome::Lost),
            },
        };
        self.put_completed(key, record, completion)?;
        Ok(CompleteOutcome::Completed)
    }

    pub(crate) fn release(&self, key: &Key, token: Token) -> Result<ReleaseOutcome, Failure> {
        let Some(mut record) = self.find_held(key, token)? else {
            return Ok(ReleaseOutcome::Lost);
        };
        record.state = State::Released;
        self.put(key, &record)?;
        Ok(ReleaseOutcome::Released)
    }

    pub(crate) fn extend(
        &self,
        key: &Key,
        token: Token,
        lease: Duration,
    ) -> Result<ExtendOutcome, Failure> {
        let Some(mut record) = self.find_held(key, token)? else {
            return Ok(ExtendOutcome::Lost);
        };
        record.lease_end = self.now.saturating_add(ceil_millis(lease));
        record.expires = std::cmp::max(record.expires, record.lease_end);
        self.put(key, &record)?;
        Ok(ExtendOutcome::Extended)
    }

    /// Reads nothing else of the record, so that one that cannot be read can be got rid of.
    pub(crate) fn forget(&self, key: &Key) -> Result<bool, Failure> {
        let mut forget = self.connection.prepare_cached(FORGET)?;
        let mut rows = forget.query([key.as_bytes()])?;
        let mut existed = false;
        while let Some(row) = rows.next()? {
            self.written.set(true);
            existed = row.get::<_, i64>(0)? > self.now;
        }
        Ok(existed)
    }

    /// Removes up to `limit` records that have expired, and tells how many.
    pub(crate) fn purge(&self, limit: usize) -> Result<usize, Failure> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut purge = self.connection.prepare_cached(PURGE)?;
        let removed = purge.execute([self.now, limit])?;
        if removed > 0 {
            self.written.set(true);
        }
        Ok(removed)
    }

    /// The record of a key, unless it has expired.
    fn find_live(&self, key: &Key) -> Result<Option<Record>, Failure> {
        let found = Record::find(self.connection, key)?;
        Ok(found.filter(|record| record.expires > self.now))
    }

    /// The record of a key that this token has in flight, be its lease lapsed or not.
    fn find_held(&self, key: &Key, token: Token) -> Result<Option<Record>, Failure> {
        let is_held =
            |record: &Record| matches!(record.state, State::InFlight) && record.token == token;
        Ok(self.find_live(key)?.filter(is_held))
    }

    fn put_completed(
        &self,
        key: &Key,
        mut record: Record,
        completion: &Completion,
    ) -> Result<(), Failure> {
        record.state = State::Completed(completion.answer.encode());
        record.lease_end = self.now;
        record.expires = self.now.saturating_add(ceil_millis(completion.retention));
        self.put(key, &record)
    }

    fn put(&self, key: &Key, record: &Record) -> Result<(), Failure> {
        record.put(self.connection, key)?;
        self.written.set(true);
        Ok(())
    }
}
