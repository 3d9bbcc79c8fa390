//! Runs traces against a store and the model.

use std::time::Duration;

use countersign::{
    Answer, ClaimOutcome, ClaimRequest, Completion, Content, Key, Seen, Store, Timestamp, Token,
};
use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};

use super::harness::Harness;
use super::model::{Model, Outcome, Past};
use super::op::{KEYS, Op, TOKENS, traces};
use super::session::{Session, Verdict, fail, run};
use super::witness::Witness;

/// Runs a trace against a store and against the [`Model`]. All that they answer must be the same,
/// and the invariants must hold. In the end each key is claimed, so that nothing is left unseen.
///
/// # Panics
///
/// If the store breaks the contract.
#[track_caller]
pub fn check_trace<H: Harness>(harness: &H, ops: &[Op]) {
    run(harness, "all_answers_are_the_model's", |session| Run::new(session).all(ops));
}

/// Runs `cases` random traces as [`check_trace`] does. The steps of one that fails are reduced to
/// those that it takes to fail.
///
/// # Panics
///
/// If the store breaks the contract.
pub fn run_traces<H: Harness>(harness: &H, cases: u32) {
    let config = Config {
        cases,
        failure_persistence: None,
        max_global_rejects: cases.saturating_mul(4),
        // Where time passes by itself, each try takes seconds.
        max_shrink_iters: if harness.is_exact() { 4096 } else { 32 },
        ..Config::default()
    };
    let tried = TestRunner::new(config).run(&traces(), |ops| {
        let session = Session::new(harness, harness.store());
        Run::new(&session).all(&ops).map_err(|breach| {
            if session.is_late() {
                TestCaseError::reject("the unit is too short for this machine")
            } else {
                TestCaseError::fail(breach)
            }
        })
    });
    match tried {
        Ok(()) => {}
        Err(TestError::Fail(breach, ops)) => {
            fail("all_answers_are_the_model's", &format!("{breach}, at the end of {ops:#?}"));
        }
        Err(TestError::Abort(reason)) => fail("all_answers_are_the_model's", reason.message()),
    }
}

/// A trace that runs.
struct Run<'s, 'h, H: Harness> {
    session: &'s Session<'h, H>,
    keys: [Key; KEYS],
    tokens: [Token; TOKENS],
    model: Model,
    witness: Witness,
}

/// What a store answered.
#[derive(Debug)]
enum Reply {
    Claim(ClaimOutcome),
    /// What can be compared as it is.
    Other(Outcome),
}

impl<'s, 'h, H: Harness> Run<'s, 'h, H> {
    fn new(session: &'s Session<'h, H>) -> Self {
        Self {
            session,
            keys: std::array::from_fn(|_| session.key()),
            tokens: session.tokens(),
            model: Model::new(),
            witness: Witness::new(),
        }
    }

    fn all(mut self, ops: &[Op]) -> Verdict {
        let probe = |key| Op::Claim { key, token: 0, lease: 1, retention: 1, mark: None };
        let probes = (0..KEYS).map(probe);
        for (step, op) in ops.iter().copied().chain(probes).enumerate() {
            self.step(step, op)?;
        }
        Ok(())
    }

    fn step(&mut self, step: usize, op: Op) -> Verdict {
        let passed = self.session.settle();
        self.model.apply(&Op::Advance { by: passed });
        let now = self.model.now();
        let expected = self.model.apply(&op);
        let at = |breach| format!("step {step}, {op:?}: {breach}");
        let reply = self.ask(step, op).map_err(at)?;
        self.witness.observe(&op, &reply.observed(), now).map_err(at)?;
        if self.is_right(&reply, &expected) {
            return Ok(());
        }
        Err(at(format!("expected {expected:?}, but the store answered {reply:?}")))
    }

    fn ask(&self, step: usize, op: Op) -> Verdict<Reply> {
        let session = self.session;
        let store = session.handle(step);
        Ok(Reply::Other(match op {
            Op::Claim { key, token, lease, retention, mark } => {
                let (key, token) = (self.key(key)?, self.token(token)?);
                let mut request = session.brief(token, lease, retention);
                set_mark(&mut request, mark);
                return session.call("claim", store.claim(&key, &request)).map(Reply::Claim);
            }
            Op::Complete { key, token, retention, answer } => {
                let (key, token) = (self.key(key)?, self.token(token)?);
                let completion = Completion::new(session.span(retention), answer_of(answer));
                let complete = store.complete(&key, token, &completion);
                Outcome::Complete(session.call("complete", complete)?)
            }
            Op::Release { key, token } => {
                let (key, token) = (self.key(key)?, self.token(token)?);
                Outcome::Release(session.call("release", store.release(&key, token))?)
            }
            Op::Extend { key, token, lease } => {
                let (key, token) = (self.key(key)?, self.token(token)?);
                let extend = store.extend(&key, token, session.span(lease));
                Outcome::Extend(session.call("extend", extend)?)
            }
            Op::Forget { key } => {
                let key = self.key(key)?;
                Outcome::Forgotten(session.call("forget", store.forget(&key))?)
            }
            Op::Purge { limit } => Outcome::Purged(session.call("purge", store.purge(limit))?),
            Op::Advance { by } => {
                session.advance(by);
                Outcome::Silent
            }
            Op::Flush => {
                if !session.harness.flush(&session.store) {
                    for key in &self.keys {
                        session.call("forget", store.forget(key))?;
                    }
                }
                Outcome::Silent
            }
        }))
    }

    fn key(&self, number: usize) -> Verdict<Key> {
        self.keys.get(number).copied().ok_or_else(|| format!("there are only {KEYS} keys"))
    }

    fn token(&self, number: usize) -> Verdict<Token> {
        self.tokens.get(number).copied().ok_or_else(|| format!("there are only {TOKENS} tokens"))
    }

    fn is_right(&self, reply: &Reply, expected: &Outcome) -> bool {
        match (reply, expected) {
            (Reply::Claim(ClaimOutcome::Claimed { seen }), Outcome::Claimed(past)) => {
                self.is_past(seen, past)
            }
            (
                Reply::Claim(ClaimOutcome::InFlight { lease_left: left, seen }),
                Outcome::InFlight { lease_left, past },
            ) => {
                self.is_past(seen, past)
                    && *left > Duration::ZERO
                    && self.session.is_near(*left, self.session.span(*lease_left))
            }
            (
                Reply::Claim(ClaimOutcome::Duplicate { answer, seen }),
                Outcome::Duplicate { answer: expected, past },
            ) => *answer == answer_of(*expected) && self.is_past(seen, past),
            (Reply::Other(Outcome::Purged(count)), Outcome::Purged(most)) => count <= most,
            (Reply::Other(outcome), _) => outcome == expected,
            (Reply::Claim(_), _) => false,
        }
    }

    fn is_past(&self, seen: &Seen, past: &Past) -> bool {
        let first_seen = self.session.harness.unit() * past.first_seen;
        let mut marked = self.session.request(Token::from_bytes([0; 16]));
        set_mark(&mut marked, past.mark);
        seen.attempt.get() == past.attempt
            && self.session.is_near(seen.first_seen, first_seen)
            && seen.fingerprint == marked.fingerprint
            && seen.signed_at == marked.signed_at
    }
}

impl Reply {
    /// What the witness needs to know of it.
    fn observed(&self) -> Outcome {
        let past = |seen: &Seen| Past { attempt: seen.attempt.get(), first_seen: 0, mark: None };
        match self {
            Self::Claim(ClaimOutcome::Claimed { seen }) => Outcome::Claimed(past(seen)),
            Self::Claim(ClaimOutcome::InFlight { seen, .. }) => {
                Outcome::InFlight { lease_left: 0, past: past(seen) }
            }
            Self::Claim(ClaimOutcome::Duplicate { seen, .. }) => {
                Outcome::Duplicate { answer: 0, past: past(seen) }
            }
            Self::Claim(_) => Outcome::Silent,
            Self::Other(outcome) => *outcome,
        }
    }
}

/// A mark as a fingerprint and a signed time.
fn set_mark(request: &mut ClaimRequest, mark: Option<u8>) {
    request.fingerprint = mark.map(|mark| [mark; 16]);
    request.signed_at =
        mark.map(|mark| Timestamp::from_unix_millis(1_790_000_000_000 + i64::from(mark)));
}

/// Each number is another answer; they differ in all that an answer has.
fn answer_of(number: u8) -> Answer {
    let answer = Answer::new(200 + u16::from(number)).permanent_failure(number.is_multiple_of(3));
    match number % 4 {
        0 => answer,
        1 => answer.content(Content::new("", [])),
        _ => answer.content(Content::new("application/octet-stream", [number, 0, 0xff])),
    }
}
