//! Every interleaving of two or three threads at one store.
//!
//! `RUSTFLAGS="--cfg loom" cargo test -p countersign-memory --lib --release loom`. A store has two
//! shards then, and keys fall into the same one each time.

use std::num::NonZeroU32;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use countersign::{
    Answer, ClaimOutcome, ClaimRequest, CompleteOutcome, Completion, Content, ExtendOutcome, Key,
    ReleaseOutcome, Store as _, Token,
};
use loom::sync::atomic::AtomicU64;
use loom::thread;

use super::{MemoryStore, MemoryStoreBuilder};

const LEASE: u64 = 10;
const RETENTION: u64 = 100;
/// A clock that stands here is past every lease, and before any expiry.
const LAPSED: u64 = 50;

const A: Token = Token::from_bytes([1; 16]);
const B: Token = Token::from_bytes([2; 16]);
const C: Token = Token::from_bytes([3; 16]);

/// Runs `check` in every interleaving of its threads.
fn model(name: &str, check: impl Fn() + Send + Sync + 'static) {
    let runs = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&runs);
    loom::model(move || {
        counted.fetch_add(1, Ordering::Relaxed);
        check();
    });
    println!("interleavings: {} {name}", runs.load(Ordering::Relaxed));
}

/// A store whose clock the threads share.
#[derive(Clone)]
struct Subject {
    store: MemoryStore,
    clock: Arc<AtomicU64>,
}

impl Subject {
    fn new(capacity: usize) -> Self {
        Self::with(capacity, |it| it)
    }

    fn with(capacity: usize, set: impl FnOnce(MemoryStoreBuilder) -> MemoryStoreBuilder) -> Self {
        let clock = Arc::new(AtomicU64::new(0));
        let read = Arc::clone(&clock);
        let builder = MemoryStore::builder(capacity)
            .clock(move || Duration::from_millis(read.load(Ordering::Relaxed)));
        Self { store: set(builder).build(), clock }
    }

    fn at(&self, time: u64) {
        self.clock.store(time, Ordering::Relaxed);
    }

    fn claim(&self, key: Key, token: Token) -> ClaimOutcome {
        let lease = Duration::from_millis(LEASE);
        let request = ClaimRequest::new(token, lease, Duration::from_millis(RETENTION));
        now(self.store.claim(&key, &request)).unwrap()
    }

    fn complete(&self, key: Key, token: Token) -> CompleteOutcome {
        self.answer(key, token, Answer::new(status(token)))
    }

    fn answer(&self, key: Key, token: Token, answer: Answer) -> CompleteOutcome {
        let completion = Completion::new(Duration::from_millis(RETENTION), answer);
        now(self.store.complete(&key, token, &completion)).unwrap()
    }

    fn release(&self, key: Key, token: Token) -> ReleaseOutcome {
        now(self.store.release(&key, token)).unwrap()
    }

    fn extend(&self, key: Key, token: Token) -> ExtendOutcome {
        now(self.store.extend(&key, token, Duration::from_millis(LEASE))).unwrap()
    }

    fn records(&self) -> usize {
        self.store.stats().records
    }

    /// Runs two acts at once.
    fn race<T, U>(
        &self,
        one: impl FnOnce(&Self) -> T + Send + 'static,
        other: impl FnOnce(&Self) -> U,
    ) -> (T, U)
    where
        T: Send + 'static,
    {
        let shared = self.clone();
        let thread = thread::spawn(move || one(&shared));
        let other = other(self);
        (thread.join().unwrap(), other)
    }
}

/// The store never waits but for a lock.
fn now<T>(work: impl Future<Output = T>) -> T {
    match pin!(work).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("the store waits"),
    }
}

/// What a token answers, so that it can be told who completed.
fn status(token: Token) -> u16 {
    200 + u16::from(token.as_bytes()[0])
}

/// Two keys of different shards, then another of the first one's.
fn keys(store: &MemoryStore) -> [Key; 3] {
    let key = |number| Key::from_bytes([number; 32]);
    let shard = |number| store.inner.place(&key(number)).0;
    let apart = (1..).find(|it| shard(*it) != shard(0)).unwrap();
    let beside = (1..).find(|it| shard(*it) == shard(0)).unwrap();
    [key(0), key(apart), key(beside)]
}

fn key() -> Key {
    Key::from_bytes([7; 32])
}

fn attempt(outcome: &ClaimOutcome) -> Option<u32> {
    match outcome {
        ClaimOutcome::Claimed { seen } => Some(NonZeroU32::get(seen.attempt)),
        _ => None,
    }
}

fn is_in_flight(outcome: &ClaimOutcome) -> bool {
    matches!(outcome, ClaimOutcome::InFlight { .. })
}

/// Who completed a key, by its answer.
fn completed_by(subject: &Subject, key: Key) -> Option<u16> {
    match subject.claim(key, C) {
        ClaimOutcome::Duplicate { answer, .. } => Some(answer.status()),
        _ => None,
    }
}

#[test]
fn of_two_claims_one_wins() {
    model("claim, claim", || {
        let subject = Subject::new(8);
        let (a, b) = subject.race(|it| it.claim(key(), A), |it| it.claim(key(), B));
        match (attempt(&a), attempt(&b)) {
            (Some(1), None) => assert!(is_in_flight(&b), "{b:?}"),
            (None, Some(1)) => assert!(is_in_flight(&a), "{a:?}"),
            _ => panic!("{a:?} {b:?}"),
        }
        assert_eq!(subject.records(), 1);
    });
}

#[test]
fn a_claim_that_is_repeated_is_one_claim() {
    model("claim, the same claim", || {
        let subject = Subject::new(8);
        let (a, again) = subject.race(|it| it.claim(key(), A), |it| it.claim(key(), A));
        assert_eq!((attempt(&a), attempt(&again)), (Some(1), Some(1)));
        assert_eq!(subject.records(), 1);
    });
}

#[test]
fn of_two_takeovers_of_a_lapsed_lease_one_wins() {
    model("takeover, takeover", || {
        let subject = Subject::new(8);
        subject.claim(key(), C);
        subject.at(LAPSED);
        let (a, b) = subject.race(|it| it.claim(key(), A), |it| it.claim(key(), B));
        match (attempt(&a), attempt(&b)) {
            (Some(2), None) => assert!(is_in_flight(&b), "{b:?}"),
            (None, Some(2)) => assert!(is_in_flight(&a), "{a:?}"),
            _ => panic!("{a:?} {b:?}"),
        }
        assert_eq!(subject.complete(key(), C), CompleteOutcome::Lost);
    });
}

#[test]
fn a_late_completion_and_a_takeover_never_both_complete() {
    model("complete, takeover and complete", || {
        let subject = Subject::new(8);
        subject.claim(key(), A);
        let (a, (claim, b)) = subject.race(
            |it| it.complete(key(), A),
            |it| {
                it.at(LAPSED);
                (it.claim(key(), B), it.complete(key(), B))
            },
        );
        match (a, b) {
            (CompleteOutcome::Completed, CompleteOutcome::Lost) => {
                assert!(matches!(claim, ClaimOutcome::Duplicate { .. }), "{claim:?}");
                assert_eq!(completed_by(&subject, key()), Some(status(A)));
            }
            (CompleteOutcome::Lost, CompleteOutcome::Completed) => {
                assert_eq!(attempt(&claim), Some(2));
                assert_eq!(completed_by(&subject, key()), Some(status(B)));
            }
            _ => panic!("{a:?} {b:?} {claim:?}"),
        }
    });
}

#[test]
fn time_does_not_go_back_within_a_key() {
    model("claim, time and claim", || {
        let subject = Subject::new(8);
        let (a, _) = subject.race(
            |it| it.claim(key(), A),
            |it| {
                it.at(LAPSED);
                it.claim(key(), B)
            },
        );
        if let ClaimOutcome::InFlight { lease_left, .. } = a {
            assert!(lease_left <= Duration::from_millis(LEASE), "{lease_left:?}");
        }
    });
}

#[test]
fn a_completion_that_is_repeated_is_one_completion() {
    model("complete, the same complete", || {
        let subject = Subject::new(8);
        subject.claim(key(), A);
        let (one, other) = subject.race(|it| it.complete(key(), A), |it| it.complete(key(), A));
        let mut outcomes = [one, other];
        outcomes.sort_by_key(|it| *it != CompleteOutcome::Completed);
        assert_eq!(outcomes, [CompleteOutcome::Completed, CompleteOutcome::AlreadyCompleted]);
    });
}

#[test]
fn a_release_frees_the_key_for_a_claim_that_comes_after_it() {
    model("release, claim", || {
        let subject = Subject::new(8);
        subject.claim(key(), A);
        let (released, b) = subject.race(|it| it.release(key(), A), |it| it.claim(key(), B));
        assert_eq!(released, ReleaseOutcome::Released);
        match attempt(&b) {
            Some(2) => assert!(is_in_flight(&subject.claim(key(), C))),
            None => assert_eq!(attempt(&subject.claim(key(), C)), Some(2), "{b:?}"),
            Some(_) => panic!("{b:?}"),
        }
    });
}

#[test]
fn a_claim_is_either_completed_or_released() {
    model("complete, release on drop", || {
        let subject = Subject::new(8);
        subject.claim(key(), A);
        let (completed, ()) =
            subject.race(|it| it.complete(key(), A), |it| it.store.release_on_drop(&key(), A));
        match completed {
            CompleteOutcome::Completed => {
                assert_eq!(completed_by(&subject, key()), Some(status(A)));
            }
            CompleteOutcome::Lost => assert_eq!(attempt(&subject.claim(key(), C)), Some(2)),
            CompleteOutcome::AlreadyCompleted => panic!("{completed:?}"),
        }
    });
}

#[test]
fn a_lapsed_lease_is_extended_or_taken_over() {
    model("extend, takeover", || {
        let subject = Subject::new(8);
        subject.claim(key(), A);
        subject.at(LAPSED);
        let (extended, b) = subject.race(|it| it.extend(key(), A), |it| it.claim(key(), B));
        match extended {
            ExtendOutcome::Extended => assert!(is_in_flight(&b), "{b:?}"),
            ExtendOutcome::Lost => assert_eq!(attempt(&b), Some(2)),
        }
    });
}

#[test]
fn an_extended_lease_holds_from_then_on() {
    model("extend, time, claim", || {
        let subject = Subject::new(8);
        subject.claim(key(), A);
        let (extended, (b, time)) = subject.race(
            |it| it.extend(key(), A),
            |it| {
                it.at(LEASE - 1);
                let early = it.claim(key(), B);
                assert!(is_in_flight(&early), "{early:?}");
                it.at(LEASE);
                (it.claim(key(), B), LEASE)
            },
        );
        match extended {
            // It may have come before the time passed, and then counts from there.
            ExtendOutcome::Extended if attempt(&b).is_none() => {
                subject.at(time + LEASE);
                assert_eq!(attempt(&subject.claim(key(), C)), Some(2));
            }
            ExtendOutcome::Extended => {
                assert_eq!(subject.complete(key(), A), CompleteOutcome::Lost);
            }
            ExtendOutcome::Lost => assert_eq!(attempt(&b), Some(2)),
        }
    });
}

#[test]
fn a_purge_never_takes_a_record_that_was_claimed_anew() {
    model("claim of an expired record, purge", || {
        let subject = Subject::new(8);
        subject.claim(key(), A);
        subject.complete(key(), A);
        subject.at(RETENTION);
        let (b, _) = subject.race(|it| it.claim(key(), B), |it| now(it.store.purge(9)).unwrap());
        assert_eq!(attempt(&b), Some(1));
        assert!(is_in_flight(&subject.claim(key(), C)));
        assert_eq!(subject.records(), 1);
    });
}

#[test]
fn two_purges_count_each_record_once() {
    model("purge, purge", || {
        let subject = Subject::new(8);
        let [first, apart, _] = keys(&subject.store);
        subject.claim(first, A);
        subject.claim(apart, A);
        subject.at(RETENTION);
        let purge = |it: &Subject| now(it.store.purge(9)).unwrap();
        let (one, other) = subject.race(purge, purge);
        assert_eq!(one + other, 2);
        assert_eq!(subject.records(), 0);
    });
}

#[test]
fn two_claims_never_exceed_the_capacity() {
    model("claim at capacity, claim in the other shard", || {
        let subject = Subject::new(1);
        let [first, apart, _] = keys(&subject.store);
        let (a, b) = subject.race(
            move |it| it.claim(first, A),
            |it| {
                let claimed = it.claim(apart, B);
                assert!(it.records() <= 1);
                claimed
            },
        );
        match (attempt(&a), attempt(&b)) {
            (Some(1), None) => assert_eq!(b, ClaimOutcome::Saturated),
            (None, Some(1)) => assert_eq!(a, ClaimOutcome::Saturated),
            _ => panic!("{a:?} {b:?}"),
        }
        assert_eq!(subject.records(), 1);
    });
}

#[test]
fn two_claims_share_the_room_that_one_expired_record_leaves() {
    model("claim when an expired record fills the store, claim", || {
        let subject = Subject::new(1);
        let [first, apart, beside] = keys(&subject.store);
        subject.claim(first, C);
        subject.at(RETENTION);
        let (a, b) = subject.race(move |it| it.claim(beside, A), |it| it.claim(apart, B));
        assert!(attempt(&a).is_some() != attempt(&b).is_some(), "{a:?} {b:?}");
        assert_eq!(subject.records(), 1);
        assert_eq!(subject.store.stats().dropped_early, 0);
    });
}

#[test]
fn what_is_held_is_not_dropped_to_make_room() {
    model("claim of a released key, claim that may drop it", || {
        let subject = Subject::with(1, |it| it.danger_drop_completed(Duration::ZERO));
        let [first, apart, _] = keys(&subject.store);
        subject.claim(first, C);
        subject.release(first, C);
        let (a, b) = subject.race(move |it| it.claim(first, A), |it| it.claim(apart, B));
        assert!(attempt(&a).is_some() != attempt(&b).is_some(), "{a:?} {b:?}");
        assert_eq!(subject.records(), 1);
        let (held, holder) = if attempt(&a).is_some() { (first, A) } else { (apart, B) };
        assert_eq!(subject.extend(held, holder), ExtendOutcome::Extended);
    });
}

#[test]
fn a_completion_survives_a_forget_that_came_before_it() {
    model("complete, forget", || {
        let subject = Subject::new(8);
        subject.claim(key(), A);
        let (completed, forgotten) =
            subject.race(|it| it.complete(key(), A), |it| now(it.store.forget(&key())).unwrap());
        assert_eq!(completed, CompleteOutcome::Completed);
        assert!(forgotten);
        let after = subject.claim(key(), C);
        match after {
            ClaimOutcome::Duplicate { .. } | ClaimOutcome::Claimed { .. } => {}
            _ => panic!("{after:?}"),
        }
        assert_eq!(subject.records(), 1);
    });
}

#[test]
fn answers_never_exceed_their_room() {
    model("complete with a body, complete with a body", || {
        let body = Arc::new(Content::new(*b"text/plain", *b"twelve bytes"));
        let answer = move || Answer::new(200).content(Arc::clone(&body));
        let probe = Subject::new(1);
        probe.answer(key(), A, answer());
        let room = probe.store.stats().answer_bytes;

        let subject = Subject::with(2, |it| it.answer_bytes(2 * room - 1));
        let [first, apart, _] = keys(&subject.store);
        let (one, other) = (answer(), answer());
        subject.race(move |it| it.answer(first, A, one), |it| it.answer(apart, B, other));
        let stats = subject.store.stats();
        assert_eq!((stats.answer_bytes, stats.answers_left_out), (room, 1));
        subject.at(RETENTION);
        assert_eq!(now(subject.store.purge(9)).unwrap(), 2);
        let stats = subject.store.stats();
        assert_eq!((stats.answer_bytes, stats.records), (0, 0));
    });
}

#[test]
fn a_key_that_is_claimed_released_and_completed_by_three_is_handled_by_one_at_a_time() {
    model("claim and complete, claim and release, time", || {
        let subject = Subject::new(8);
        let clock = subject.clone();
        let time = thread::spawn(move || clock.at(LAPSED));
        let (a, b) = subject.race(
            |it| attempt(&it.claim(key(), A)).map(|first| (first, it.complete(key(), A))),
            |it| attempt(&it.claim(key(), B)).map(|first| (first, it.release(key(), B))),
        );
        time.join().unwrap();
        match (a, b) {
            // One after the other, or both in turn.
            (Some((1, CompleteOutcome::Completed)), None) => {}
            (None, Some((1, ReleaseOutcome::Released))) => {
                assert_eq!(attempt(&subject.claim(key(), C)), Some(2));
                return;
            }
            (Some((2, CompleteOutcome::Completed)), Some((1, ReleaseOutcome::Released))) => {}
            // The lease lapsed while its holder was away.
            (Some((2, CompleteOutcome::Completed)), Some((1, ReleaseOutcome::Lost))) => {}
            (Some((1, CompleteOutcome::Lost)), Some((2, ReleaseOutcome::Released))) => {
                assert_eq!(attempt(&subject.claim(key(), C)), Some(3));
                return;
            }
            _ => panic!("{a:?} {b:?}"),
        }
        assert_eq!(completed_by(&subject, key()), Some(status(A)));
    });
}

#[test]
fn three_claims_never_exceed_the_capacity() {
    model("claim at capacity in three threads", || {
        let subject = Subject::new(2);
        let [first, apart, beside] = keys(&subject.store);
        let third = subject.clone();
        let third = thread::spawn(move || third.claim(beside, C));
        let (a, b) = subject.race(move |it| it.claim(first, A), |it| it.claim(apart, B));
        let outcomes = [a, b, third.join().unwrap()];
        let claimed = outcomes.iter().filter(|it| attempt(it).is_some()).count();
        assert_eq!((claimed, subject.records()), (2, 2), "{outcomes:?}");
        assert_eq!(subject.store.stats().saturated, 1);
    });
}
