//! One event, as it is read and written.

use std::num::NonZeroU32;

use countersign::{Answer, Key, Seen, Timestamp, Token};
use rusqlite::{OptionalExtension as _, Row, named_params};

use crate::clock::between;
use crate::error::Failure;

const FIND: &str = "SELECT state, token, attempt, first_seen, lease_end, expires, fingerprint, \
     signed_at, answer FROM countersign_delivery WHERE key = ?1";

const PUT: &str = "INSERT INTO countersign_delivery \
     VALUES (:key, :state, :token, :attempt, :first_seen, :lease_end, :expires, :fingerprint, \
     :signed_at, :answer) \
     ON CONFLICT (key) DO UPDATE SET state = excluded.state, token = excluded.token, \
     attempt = excluded.attempt, first_seen = excluded.first_seen, lease_end = excluded.lease_end, \
     expires = excluded.expires, fingerprint = excluded.fingerprint, \
     signed_at = excluded.signed_at, answer = excluded.answer";

/// One event. Times are milliseconds since 1970.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) state: State,
    pub(crate) token: Token,
    pub(crate) attempt: NonZeroU32,
    pub(crate) first_seen: i64,
    pub(crate) lease_end: i64,
    pub(crate) expires: i64,
    pub(crate) fingerprint: Option<[u8; 16]>,
    pub(crate) signed_at: Option<Timestamp>,
}

#[derive(Debug)]
pub(crate) enum State {
    InFlight,
    /// The answer, as it is encoded. It is read only if someone wants to know it.
    Completed(Vec<u8>),
    Released,
}

impl Record {
    /// The record of an event that nothing is known of.
    pub(crate) fn new(token: Token, now: i64) -> Self {
        Self {
            state: State::InFlight,
            token,
            attempt: NonZeroU32::MIN,
            first_seen: now,
            lease_end: now,
            expires: now,
            fingerprint: None,
            signed_at: None,
        }
    }

    pub(crate) fn find(
        connection: &rusqlite::Connection,
        key: &Key,
    ) -> Result<Option<Self>, Failure> {
        let mut find = connection.prepare_cached(FIND)?;
        find.query_row([key.as_bytes()], Self::read).optional().map_err(Failure::from)
    }

    pub(crate) fn put(&self, connection: &rusqlite::Connection, key: &Key) -> Result<(), Failure> {
        let mut put = connection.prepare_cached(PUT)?;
        let (state, answer) = match &self.state {
            State::InFlight => (0, None),
            State::Completed(answer) => (1, Some(answer)),
            State::Released => (2, None),
        };
        put.execute(named_params! {
            ":key": key.as_bytes(),
            ":state": state,
            ":token": self.token.as_bytes(),
            ":attempt": self.attempt.get(),
            ":first_seen": self.first_seen,
            ":lease_end": self.lease_end,
            ":expires": self.expires,
            ":fingerprint": self.fingerprint,
            ":signed_at": self.signed_at.map(Timestamp::as_unix_millis),
            ":answer": answer,
        })?;
        Ok(())
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let state = match row.get(0)? {
            0_i64 => State::InFlight,
            1 => State::Completed(row.get(8)?),
            2 => State::Released,
            other => return Err(rusqlite::Error::IntegralValueOutOfRange(0, other)),
        };
        let attempt: u32 = row.get(2)?;
        let attempt = NonZeroU32::new(attempt);
        Ok(Self {
            state,
            token: Token::from_bytes(row.get(1)?),
            attempt: attempt.ok_or(rusqlite::Error::IntegralValueOutOfRange(2, 0))?,
            first_seen: row.get(3)?,
            lease_end: row.get(4)?,
            expires: row.get(5)?,
            fingerprint: row.get(6)?,
            signed_at: row.get::<_, Option<i64>>(7)?.map(Timestamp::from_unix_millis),
        })
    }

    pub(crate) fn seen(&self, now: i64) -> Seen {
        let mut seen = Seen::new(self.attempt, between(self.first_seen, now));
        seen.fingerprint = self.fingerprint;
        seen.signed_at = self.signed_at;
        seen
    }
}

pub(crate) fn decode(answer: &[u8]) -> Result<Answer, Failure> {
    Answer::decode(answer).map_err(|_| Failure::corrupt("the answer cannot be read"))
}
