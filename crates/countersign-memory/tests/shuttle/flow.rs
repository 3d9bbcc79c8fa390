//! Deliveries of one event at once: admitted, handled under a lease that is extended, and settled.

use std::future::ready;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use countersign::{
    Admission, Answer, Check, Checked, ClaimOutcome, ClaimRequest, CompleteOutcome, Completion,
    Coverage, Declined, Delivery, ExtendOutcome, Held, Identity, Key, Receiver, ReceiverBuilder,
    Rejection, ReleaseOutcome, Store, StoreError, StoreErrorKind, Timer as _, Timestamp, Token,
    Tolerance, Verifier,
};
use countersign_memory::MemoryStore;
use shuttle::future::{block_on, yield_now};
use shuttle::rand::{Rng as _, thread_rng};

use crate::world::{Clockwork, Haste, World};
use crate::{check, one_of, token};

const LEASE: Duration = Duration::from_secs(3);

/// Less than the store's timeout, and so little that a heartbeat at a third of the lease is in time.
const PUNCTUAL: Haste = Haste::AtMost(200);

/// Longer than two leases, and less than the handler's deadline.
const LONG: Duration = Duration::from_millis(7_500);

/// A store that is asked and answers a while before and after it acts.
struct Distant {
    store: MemoryStore,
    /// Whether leases cannot be extended.
    extends: AtomicBool,
}

/// Waits at least once. The flow polls what the store does twice at first, before it waits itself.
async fn travel() {
    yield_now().await;
    yield_now().await;
}

impl Store for Distant {
    async fn claim(&self, key: &Key, request: &ClaimRequest) -> Result<ClaimOutcome, StoreError> {
        travel().await;
        let outcome = self.store.claim(key, request).await;
        travel().await;
        outcome
    }

    async fn complete(
        &self,
        key: &Key,
        token: Token,
        completion: &Completion,
    ) -> Result<CompleteOutcome, StoreError> {
        travel().await;
        let outcome = self.store.complete(key, token, completion).await;
        travel().await;
        outcome
    }

    async fn release(&self, key: &Key, token: Token) -> Result<ReleaseOutcome, StoreError> {
        travel().await;
        let outcome = self.store.release(key, token).await;
        travel().await;
        outcome
    }

    async fn extend(
        &self,
        key: &Key,
        token: Token,
        lease: Duration,
    ) -> Result<ExtendOutcome, StoreError> {
        travel().await;
        if !self.extends.load(SeqCst) {
            return Err(StoreError::new(StoreErrorKind::Unavailable));
        }
        let outcome = self.store.extend(key, token, lease).await;
        travel().await;
        outcome
    }

    async fn forget(&self, key: &Key) -> Result<bool, StoreError> {
        self.store.forget(key).await
    }

    fn release_on_drop(&self, key: &Key, token: Token) {
        self.store.release_on_drop(key, token);
    }
}

/// Takes every delivery for genuine.
struct Credulous;

impl Check for Credulous {
    fn check(&self, _: &Delivery<'_>, _: Timestamp) -> Result<Checked, Rejection> {
        Ok(Checked::new("", Coverage::default()))
    }
}

/// A receiver with one event, and what its handler does.
#[derive(Clone)]
struct Scene {
    world: Arc<World>,
    timer: Clockwork,
    receiver: Receiver<Distant>,
    identity: Identity,
    /// The attempts at which the handler ran to its end.
    ended: Arc<Mutex<Vec<u32>>>,
    begun: Arc<AtomicU32>,
    running: Arc<AtomicUsize>,
}

/// What a sender gets to know.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Reply {
    Handled(Settled),
    Duplicate(u16),
    TryAgain,
    Closed,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Settled {
    Completed,
    Lost,
    GivenUp,
}

struct Running<'r>(&'r AtomicUsize);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, SeqCst);
    }
}

impl Scene {
    fn new(
        extends: bool,
        set: impl FnOnce(ReceiverBuilder<Distant>) -> ReceiverBuilder<Distant>,
    ) -> Self {
        let world = Arc::new(World::default());
        let clock = Arc::clone(&world);
        let store = MemoryStore::builder(8).clock(move || clock.now()).build();
        let store = Distant { store, extends: AtomicBool::new(extends) };
        let verifier = Verifier::custom("credulous", Tolerance::ANY_AGE, Credulous);
        let delivery = Delivery::new("POST", "/", &[("a", "b"); 0], b"{}");
        let proof = verifier.verify(&delivery, Timestamp::from_unix_seconds(0)).unwrap();
        let receiver = set(Receiver::builder(verifier, store).lease(LEASE)).build().unwrap();
        let identity = receiver.claims().unwrap().identify(&proof, &delivery).unwrap();
        let timer = Clockwork { world: Arc::clone(&world) };
        Self {
            world,
            timer,
            receiver,
            identity,
            ended: Arc::default(),
            begun: Arc::default(),
            running: Arc::default(),
        }
    }

    fn store(&self) -> &Distant {
        self.receiver.claims().unwrap().store()
    }

    /// Delivers the event once, as an adapter does. The handler takes `takes`, and succeeds or not.
    async fn deliver(&self, takes: Duration, succeeds: bool) -> Reply {
        let timer = &self.timer;
        let admission =
            self.receiver.claims().unwrap().admit(self.identity.clone(), token(), timer).await;
        let claim = match admission {
            Admission::Fresh(claim) => claim,
            Admission::Declined(Declined::Duplicate(duplicate)) => {
                return Reply::Duplicate(duplicate.answer.status());
            }
            Admission::Declined(Declined::Draining) => return Reply::Closed,
            Admission::Declined(_) => return Reply::TryAgain,
        };
        let attempt = claim.attempt().unwrap().get();
        let work = async {
            self.running.fetch_add(1, SeqCst);
            let _running = Running(&self.running);
            self.begun.fetch_add(1, SeqCst);
            timer.sleep(takes / 2).await;
            yield_now().await;
            timer.sleep(takes / 2).await;
            if succeeds {
                self.ended.lock().unwrap().push(attempt);
            }
            succeeds
        };
        if claim.hold(work, timer).await != Held::Ended(true) {
            let _: Result<_, _> = claim.release(timer).await;
            return Reply::TryAgain;
        }
        let answer = Answer::new(200 + u16::try_from(attempt).unwrap());
        let settled = match claim.complete(answer, timer).await {
            Ok(outcome) => Ok(outcome),
            Err(unsettled) => unsettled.retry(timer).await,
        };
        Reply::Handled(match settled {
            Ok(CompleteOutcome::Completed | CompleteOutcome::AlreadyCompleted) => {
                Settled::Completed
            }
            Ok(CompleteOutcome::Lost) => Settled::Lost,
            Err(_) => Settled::GivenUp,
        })
    }

    /// Delivers the event until it is answered with success, as senders do.
    async fn send(&self, takes: Duration) -> Reply {
        let mut first = true;
        loop {
            let reply = self.deliver(takes, true).await;
            if reply != Reply::TryAgain {
                return reply;
            }
            if !std::mem::take(&mut first) {
                self.timer.sleep(Duration::from_millis(one_of(&[100, 250, 500]))).await;
            }
        }
    }

    /// What the store has of the event, past every lease.
    fn kept(&self) -> Option<u16> {
        let request = ClaimRequest::new(token(), LEASE, LEASE);
        match block_on(self.store().store.claim(self.identity.key(), &request)).unwrap() {
            ClaimOutcome::Duplicate { answer, .. } => Some(answer.status()),
            _ => None,
        }
    }

    fn ended(&self) -> Vec<u32> {
        let mut ended = self.ended.lock().unwrap().clone();
        ended.sort_unstable();
        ended
    }

    /// No claim is open, now that all is done.
    fn is_over(&self) {
        assert_eq!(self.running.load(SeqCst), 0);
        assert_eq!(block_on(self.receiver.drain(ready(()))), 0, "a claim is still open");
    }
}

#[test]
fn a_heartbeat_holds_the_claim_of_a_long_handler() {
    check("three deliveries, a handler of two and a half leases", || {
        let scene = Scene::new(true, |it| it);
        let senders: Vec<_> = (0..3)
            .map(|_| {
                let sender = scene.clone();
                scene.world.spawn(async move { sender.send(LONG).await })
            })
            .collect();
        block_on(scene.world.drive(PUNCTUAL));
        let mut replies: Vec<_> = senders.into_iter().map(|it| block_on(it).unwrap()).collect();
        replies.sort_by_key(|it| matches!(it, Reply::Duplicate(_)));
        let handled = Reply::Handled(Settled::Completed);
        assert_eq!(replies, [handled, Reply::Duplicate(201), Reply::Duplicate(201)]);
        assert_eq!(scene.ended(), [1]);
        let counts = scene.receiver.counts();
        assert_eq!((counts.claimed, counts.reclaimed, counts.completed), (1, 0, 1));
        assert_eq!((counts.lost, counts.extend_errors, counts.claim_errors), (0, 0, 0));
        scene.is_over();
    });
}

#[test]
fn without_extensions_the_first_of_two_runs_is_lost_and_counted() {
    check("two deliveries, leases that cannot be extended", || {
        let scene = Scene::new(false, |it| it);
        let senders: Vec<_> = (0..2)
            .map(|_| {
                let sender = scene.clone();
                scene.world.spawn(async move { sender.send(LONG).await })
            })
            .collect();
        block_on(scene.world.drive(PUNCTUAL));
        let mut replies: Vec<_> = senders.into_iter().map(|it| block_on(it).unwrap()).collect();
        replies.sort_by_key(|it| *it == Reply::Handled(Settled::Completed));
        let lost = Reply::Handled(Settled::Lost);
        assert_eq!(replies, [lost, Reply::Handled(Settled::Completed)]);
        assert_eq!(scene.ended(), [1, 2]);
        assert_eq!(scene.kept(), Some(202), "the answer of the one who held the event");
        let counts = scene.receiver.counts();
        assert_eq!((counts.claimed, counts.reclaimed), (1, 1));
        assert_eq!((counts.completed, counts.lost, counts.handled_twice), (1, 1, 1));
        assert!(counts.extend_errors > 0);
        scene.is_over();
    });
}

#[test]
fn a_handler_whose_lease_was_lost_is_stopped_if_it_is_to_be() {
    check("two deliveries, abort on a lost lease", || {
        let scene = Scene::new(false, ReceiverBuilder::abort_on_lost_lease);
        let senders: Vec<_> = (0..2)
            .map(|_| {
                let sender = scene.clone();
                scene.world.spawn(async move { sender.send(2 * LONG).await })
            })
            .collect();
        let (repair, begun) = (scene.clone(), Arc::clone(&scene.begun));
        drop(scene.world.spawn(async move {
            while begun.load(SeqCst) < 2 {
                repair.timer.sleep(Duration::from_millis(100)).await;
            }
            repair.store().extends.store(true, SeqCst);
        }));
        block_on(scene.world.drive(PUNCTUAL));
        let mut replies: Vec<_> = senders.into_iter().map(|it| block_on(it).unwrap()).collect();
        replies.sort_by_key(|it| matches!(it, Reply::Duplicate(_)));
        // The one that was stopped is sent again, and is a duplicate.
        assert_eq!(replies, [Reply::Handled(Settled::Completed), Reply::Duplicate(202)]);
        assert_eq!(scene.ended(), [2]);
        let counts = scene.receiver.counts();
        assert_eq!((counts.claimed, counts.reclaimed, counts.completed), (1, 1, 1));
        assert_eq!((counts.lost, counts.handled_twice), (1, 0));
        scene.is_over();
    });
}

#[test]
fn a_delivery_that_is_dropped_leaves_its_key_free() {
    check("a delivery that is aborted, and one after it", || {
        let scene = Scene::new(true, |it| it);
        let (first, after) = (scene.clone(), scene.clone());
        let aborted = scene.world.spawn(async move { first.deliver(LONG, true).await });
        let sender = scene.world.spawn(async move {
            match one_of(&[0, 1, 3_749, 7_500]) {
                0 => {}
                // While it completes, or nearly.
                7_500 => {
                    while after.ended().is_empty() {
                        after.timer.sleep(Duration::from_millis(1)).await;
                    }
                }
                millis => after.timer.sleep(Duration::from_millis(millis)).await,
            }
            for _ in 0..thread_rng().gen_range(0..8) {
                yield_now().await;
            }
            aborted.abort();
            let aborted = aborted.await;
            let had_ended = !after.ended().is_empty();
            let at = after.world.now();
            let reply = after.deliver(Duration::ZERO, true).await;
            match reply {
                Reply::Handled(Settled::Completed) => {
                    assert_eq!(aborted.ok(), None);
                    assert!(!had_ended, "given back although the effects have happened");
                }
                Reply::Duplicate(status) => {
                    assert!(had_ended, "completed without a run");
                    assert_eq!(status, 201);
                }
                // It was dropped while it completed: it must not give the key back.
                Reply::TryAgain => {
                    assert!(had_ended, "the claim was not given back");
                    let reply = after.send(Duration::ZERO).await;
                    assert_eq!(reply, Reply::Handled(Settled::Completed));
                    assert!(after.world.now() - at <= LEASE + Duration::from_secs(1));
                }
                _ => panic!("{reply:?}"),
            }
        });
        block_on(scene.world.drive(PUNCTUAL));
        block_on(sender).unwrap();
        assert!(scene.kept().is_some());
        assert_eq!(scene.receiver.counts().lost, 0);
        scene.is_over();
    });
}

#[test]
fn whatever_the_clock_does_each_run_is_completed_lost_or_given_up() {
    check("three deliveries, one aborted, at any pace", || {
        let scene = Scene::new(true, |it| it.store_timeout(LEASE / 2));
        let takes = |_| Duration::from_millis(one_of(&[0, 1_000, 4_000]));
        let senders: Vec<_> = (0..3)
            .map(|number| {
                let sender = scene.clone();
                let takes = takes(number);
                scene.world.spawn(async move {
                    if number == 0 {
                        sender.deliver(takes, false).await;
                    }
                    sender.send(takes).await
                })
            })
            .collect();
        let last = scene.clone();
        let aborted = scene.world.spawn(async move { last.send(LONG).await });
        let waiting = scene.clone();
        drop(scene.world.spawn(async move {
            waiting.timer.sleep(Duration::from_millis(one_of(&[0, 1, 2_000]))).await;
            aborted.abort();
        }));
        block_on(scene.world.drive(Haste::Any(4_000)));
        let replies: Vec<_> = senders.into_iter().map(|it| block_on(it).unwrap()).collect();
        let completed = replies.iter().filter(|it| **it == Reply::Handled(Settled::Completed));
        assert!(completed.count() <= 1, "{replies:?}");
        let counts = scene.receiver.counts();
        assert!(counts.completed <= 1, "{counts:?}");
        let runs = scene.ended().len();
        let settled = counts.completed + counts.handled_twice + counts.completions_given_up;
        // But for the one that may have been aborted in the middle of its completion.
        let left = u64::try_from(runs).unwrap() - settled;
        assert!(left <= 1, "{runs} runs, {counts:?}");
        if scene.kept().is_some() {
            assert!(runs > 0, "completed without a run");
        } else {
            assert_eq!(counts.completed, 0, "a completed event was handled again");
            // Or the one that had taken the event over was aborted, after the others had lost it.
            assert!(counts.completions_given_up + counts.lost > 0, "{replies:?} {counts:?}");
        }
        assert_eq!(scene.ended().windows(2).filter(|it| it[0] == it[1]).count(), 0);
        scene.is_over();
    });
}

#[test]
fn a_drain_waits_for_all_that_was_admitted() {
    check("two deliveries and a drain", || {
        let scene = Scene::new(true, |it| it);
        for takes in [Duration::ZERO, LEASE] {
            let sender = scene.clone();
            drop(scene.world.spawn(async move { sender.send(takes).await }));
        }
        let draining = scene.clone();
        drop(scene.world.spawn(async move {
            let open = draining.receiver.drain(std::future::pending()).await;
            assert_eq!((open, draining.running.load(SeqCst)), (0, 0));
            assert_eq!(draining.deliver(Duration::ZERO, true).await, Reply::Closed);
        }));
        block_on(scene.world.drive(PUNCTUAL));
        assert_eq!(scene.kept().is_some(), !scene.ended().is_empty());
        scene.is_over();
    });
}
