//! What stores that take part in the application's own transactions have in common.

use core::error::Error;
use core::fmt;
use core::time::Duration;

use super::{Answer, Completion, Seen, StoreError, Token};
use crate::key::Key;

/// A claim that is held, as a handler sees it: what completes it within a transaction of the
/// handler's own, so that the event's effects and their record are committed together or not at all.
///
/// It names the claim, and is not the claim: nothing happens when it is dropped. Whoever has it can
/// settle the claim, so it is not for logs or senders.
#[derive(Clone, Debug)]
pub struct OpenClaim {
    key: Key,
    token: Token,
    completion: Completion,
}

impl OpenClaim {
    /// The claim of `token` on `key`, which ends by `completion`.
    #[must_use]
    pub const fn new(key: Key, token: Token, completion: Completion) -> Self {
        Self { key, token, completion }
    }

    /// Has duplicates answered this, in place of an empty 200. The receiver's own completion comes
    /// after the transaction's, and does not change it.
    #[must_use]
    pub fn answered(mut self, answer: Answer) -> Self {
        self.completion.answer = answer;
        self
    }

    /// What names the event in the store.
    #[must_use]
    pub const fn key(&self) -> &Key {
        &self.key
    }

    /// What holds it.
    #[must_use]
    pub const fn token(&self) -> Token {
        self.token
    }

    /// What is recorded.
    #[must_use]
    pub const fn completion(&self) -> &Completion {
        &self.completion
    }
}

/// What came of recording an event as the first statement of a transaction.
#[derive(Clone, Debug, Eq, PartialEq)]
#[must_use = "only the first may have effects"]
#[expect(clippy::exhaustive_enums, reason = "callers must treat each")]
pub enum Once {
    /// The event is recorded, once the transaction is committed. If it is rolled back, or the
    /// process dies, it never was.
    First {
        /// What was known of earlier attempts; with this one counted.
        seen: Seen,
    },
    /// Its effects have happened. Nothing was changed.
    Duplicate {
        /// What was answered.
        answer: Answer,
        /// What is known of the event.
        seen: Seen,
    },
    /// Another is about to, in a transaction or under a claim. Nothing was changed; the sender
    /// should be told to try again.
    InFlight {
        /// What is left of the claim's lease; a second if it is a transaction.
        lease_left: Duration,
    },
}

/// Why a claim was not completed in a transaction. The transaction must be rolled back, as dropping
/// it does: so `?` is enough.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "callers must treat each")]
pub enum NotCompleted {
    /// Another token holds or completed the event, or the claim was released.
    Lost,
    /// This token completed it before, so the effects have happened: the reply to a commit may have
    /// been lost.
    AlreadyCompleted,
    /// The store could not tell.
    Store(StoreError),
}

impl fmt::Display for NotCompleted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Lost => "the claim was lost, so the transaction must be rolled back",
            Self::AlreadyCompleted => {
                "the event was completed before, so the transaction must be rolled back"
            }
            Self::Store(_) => "the claim could not be completed in the transaction",
        })
    }
}

impl Error for NotCompleted {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Store(error) => Some(error),
            Self::Lost | Self::AlreadyCompleted => None,
        }
    }
}
