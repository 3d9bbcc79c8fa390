//! Calls of a store, and what they must answer.

use std::time::Duration;

use countersign::{
    Answer, ClaimOutcome, ClaimRequest, CompleteOutcome, Completion, ExtendOutcome, Key,
    ReleaseOutcome, Seen, Store, Token,
};

use super::harness::Harness;
use super::session::{Session, Verdict, ensure};

impl<H: Harness> Session<'_, H> {
    pub(super) fn request(&self, token: Token) -> ClaimRequest {
        ClaimRequest::new(token, self.long(), self.long())
    }

    pub(super) fn brief(&self, token: Token, lease: u32, retention: u32) -> ClaimRequest {
        ClaimRequest::new(token, self.span(lease), self.span(retention))
    }

    pub(super) fn claim(&self, key: &Key, request: &ClaimRequest) -> Verdict<ClaimOutcome> {
        self.call("claim", self.store.claim(key, request))
    }

    /// A claim that must succeed.
    pub(super) fn claimed(&self, key: &Key, request: &ClaimRequest, attempt: u32) -> Verdict<Seen> {
        match self.claim(key, request)? {
            ClaimOutcome::Claimed { seen } if seen.attempt.get() == attempt => Ok(seen),
            other => Err(format!("a claim must be attempt {attempt}, but came to {other:?}")),
        }
    }

    /// A claim by someone else that must be refused because the event is in flight.
    pub(super) fn in_flight(&self, key: &Key, attempt: u32) -> Verdict<(Duration, Seen)> {
        match self.claim(key, &self.request(self.token()))? {
            ClaimOutcome::InFlight { lease_left, seen } if seen.attempt.get() == attempt => {
                Ok((lease_left, seen))
            }
            other => Err(format!(
                "a claim while attempt {attempt} is in flight must be told so, but came to {other:?}"
            )),
        }
    }

    /// A claim by someone else that must be refused because the event was handled.
    pub(super) fn duplicate(&self, key: &Key, expected: &Answer) -> Verdict<Seen> {
        match self.claim(key, &self.request(self.token()))? {
            ClaimOutcome::Duplicate { answer, seen } => {
                ensure!(
                    answer == *expected,
                    "a duplicate must be answered {}, but was {}",
                    show(expected),
                    show(&answer)
                );
                Ok(seen)
            }
            other => Err(format!(
                "a claim of a completed event must be a duplicate, but came to {other:?}"
            )),
        }
    }

    /// Completes for a long time.
    pub(super) fn complete(
        &self,
        key: &Key,
        token: Token,
        answer: &Answer,
        expected: CompleteOutcome,
    ) -> Verdict {
        self.complete_for(key, token, &Completion::new(self.long(), answer.clone()), expected)
    }

    pub(super) fn complete_for(
        &self,
        key: &Key,
        token: Token,
        completion: &Completion,
        expected: CompleteOutcome,
    ) -> Verdict {
        let outcome = self.call("complete", self.store.complete(key, token, completion))?;
        ensure!(outcome == expected, "complete must come to {expected:?}, but came to {outcome:?}");
        Ok(())
    }

    pub(super) fn release(&self, key: &Key, token: Token, expected: ReleaseOutcome) -> Verdict {
        let outcome = self.call("release", self.store.release(key, token))?;
        ensure!(outcome == expected, "release must come to {expected:?}, but came to {outcome:?}");
        Ok(())
    }

    pub(super) fn extend(
        &self,
        key: &Key,
        token: Token,
        lease: Duration,
        expected: ExtendOutcome,
    ) -> Verdict {
        let outcome = self.call("extend", self.store.extend(key, token, lease))?;
        ensure!(outcome == expected, "extend must come to {expected:?}, but came to {outcome:?}");
        Ok(())
    }

    pub(super) fn forget(&self, key: &Key, expected: bool) -> Verdict {
        let existed = self.call("forget", self.store.forget(key))?;
        ensure!(existed == expected, "forget must tell {expected}, but told {existed}");
        Ok(())
    }

    pub(super) fn purge(&self, limit: usize) -> Verdict<usize> {
        let purged = self.call("purge", self.store.purge(limit))?;
        ensure!(purged <= limit, "purge with a limit of {limit} dropped {purged} records");
        Ok(purged)
    }

    /// Everything that a token could change must be lost to it.
    pub(super) fn is_powerless(&self, key: &Key, token: Token) -> Verdict {
        self.extend(key, token, self.long(), ExtendOutcome::Lost)?;
        self.release(key, token, ReleaseOutcome::Lost)?;
        self.complete(key, token, &Answer::new(599), CompleteOutcome::Lost)
    }
}

/// What a test prints of an answer, whose `Debug` says little of its content.
fn show(answer: &Answer) -> String {
    let content = answer.stored_content();
    let content = content.map(|it| (it.content_type.escape_ascii().to_string(), it.body.len()));
    format!("{answer:?} with type and length {content:?}")
}
