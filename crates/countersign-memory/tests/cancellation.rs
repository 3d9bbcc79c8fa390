//! The flow, dropped at each point where it waits.
//!
//! Store, timer and handler wait wherever they can. The whole flow is polled `n` times and then
//! dropped, for every `n` until it ends by itself. Afterwards its key can be claimed, at once or
//! once the lease has lapsed, or it is completed, and then the handler had run to its end.
#![cfg(not(any(loom, shuttle)))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::future::{pending, ready};
use std::panic::resume_unwind;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use countersign::{
    Admission, Answer, Check, Checked, ClaimOutcome, ClaimRequest, CompleteOutcome, Completion,
    Coverage, Declined, Delivery, ExtendOutcome, Held, Identity, InFlightPolicy, Key, NoTimer,
    Receiver, ReceiverBuilder, Rejection, ReleaseOutcome, Store, StoreError, StoreErrorKind, Timer,
    Timestamp, Token, Tolerance, Verifier,
};
use countersign_memory::MemoryStore;

const LEASE: Duration = Duration::from_millis(300);
const TIMEOUT: Duration = Duration::from_millis(100);
const RETENTION: Duration = Duration::from_secs(3600);

/// How much time passes from one poll to the next.
const STEP: u64 = 10;

const OURS: Token = Token::from_bytes([1; 16]);
const RIVAL: Token = Token::from_bytes([2; 16]);
const PROBE: Token = Token::from_bytes([3; 16]);
const LATER: Token = Token::from_bytes([4; 16]);

/// The polls so far, and the clock.
#[derive(Clone, Default)]
struct World {
    polls: Arc<AtomicU64>,
    now: Arc<AtomicU64>,
}

impl World {
    fn poll<T>(&self, work: std::pin::Pin<&mut impl Future<Output = T>>) -> Poll<T> {
        self.polls.fetch_add(1, SeqCst);
        self.now.fetch_add(STEP, SeqCst);
        work.poll(&mut Context::from_waker(Waker::noop()))
    }

    fn now(&self) -> Duration {
        Duration::from_millis(self.now.load(SeqCst))
    }

    /// Waits for the next poll of the whole. That its own future is polled twice does not count.
    async fn wait(&self) {
        let at = self.polls.load(SeqCst);
        std::future::poll_fn(|_| {
            if self.polls.load(SeqCst) > at { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
}

impl Timer for World {
    async fn sleep(&self, duration: Duration) {
        let until = self.now.load(SeqCst) + u64::try_from(duration.as_millis()).unwrap();
        self.wait().await;
        while self.now.load(SeqCst) < until {
            self.wait().await;
        }
    }
}

/// What goes wrong with one call of the store.
#[derive(Clone, Copy)]
enum Fault {
    None,
    Refused,
    ReplyLost,
    NeverAsked,
    NeverAnswered,
}

/// The faults of the calls of each kind, the first call's first.
#[derive(Clone, Copy, Default)]
struct Faults {
    claim: &'static [Fault],
    complete: &'static [Fault],
    release: &'static [Fault],
    extend: &'static [Fault],
}

/// A store that waits before and after each act.
struct Slow {
    store: MemoryStore,
    world: World,
    faults: Mutex<Faults>,
}

impl Slow {
    async fn call<T>(
        &self,
        which: impl FnOnce(&mut Faults) -> &mut &'static [Fault],
        act: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let fault = {
            let mut faults = self.faults.lock().unwrap();
            let faults = which(&mut faults);
            let (first, rest) = faults.split_first().unwrap_or((&Fault::None, &[]));
            *faults = rest;
            *first
        };
        self.world.wait().await;
        match fault {
            Fault::Refused => return Err(StoreError::new(StoreErrorKind::Unavailable)),
            Fault::NeverAsked => return pending().await,
            Fault::None | Fault::ReplyLost | Fault::NeverAnswered => {}
        }
        let outcome = act.await;
        self.world.wait().await;
        match fault {
            Fault::ReplyLost => Err(StoreError::new(StoreErrorKind::Unavailable)),
            Fault::NeverAnswered => pending().await,
            Fault::None | Fault::Refused | Fault::NeverAsked => outcome,
        }
    }
}

impl Store for Slow {
    async fn claim(&self, key: &Key, request: &ClaimRequest) -> Result<ClaimOutcome, StoreError> {
        self.call(|it| &mut it.claim, self.store.claim(key, request)).await
    }

    async fn complete(
        &self,
        key: &Key,
        token: Token,
        completion: &Completion,
    ) -> Result<CompleteOutcome, StoreError> {
        self.call(|it| &mut it.complete, self.store.complete(key, token, completion)).await
    }

    async fn release(&self, key: &Key, token: Token) -> Result<ReleaseOutcome, StoreError> {
        self.call(|it| &mut it.release, self.store.release(key, token)).await
    }

    async fn extend(
        &self,
        key: &Key,
        token: Token,
        lease: Duration,
    ) -> Result<ExtendOutcome, StoreError> {
        self.call(|it| &mut it.extend, self.store.extend(key, token, lease)).await
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

/// How a handler ends, after it has waited a number of times.
#[derive(Clone, Copy)]
enum Handler {
    Succeeds(usize),
    Fails(usize),
    Panics(usize),
}

/// What another does with the same key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Rival {
    Claims,
    Completes,
    Releases,
}

/// How the flow ends if it is not dropped.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum End {
    Completed,
    Lost,
    GivenUp,
    /// The handler did not succeed.
    Failed,
    Declined(&'static str),
}

struct Scenario {
    set: fn(ReceiverBuilder<Slow>) -> ReceiverBuilder<Slow>,
    faults: Faults,
    handler: Handler,
    /// What a rival does before which poll.
    rival: &'static [(u64, Rival)],
    /// Without a timer.
    timeless: bool,
    /// Whether a dropped handler leaves the key to its lease.
    leaves_lease: bool,
    end: End,
}

impl Default for Scenario {
    fn default() -> Self {
        Self {
            set: |it| it,
            faults: Faults::default(),
            handler: Handler::Succeeds(5),
            rival: &[],
            timeless: false,
            leaves_lease: false,
            end: End::Completed,
        }
    }
}

/// The flow as an adapter has it.
async fn flow(
    receiver: &Receiver<Slow>,
    identity: Identity,
    work: impl Future<Output = Result<(), ()>>,
    timer: &impl Timer,
) -> End {
    let claims = receiver.claims().unwrap();
    let claim = match claims.admit(identity, OURS, timer).await {
        Admission::Fresh(claim) => claim,
        Admission::Declined(declined) => return End::Declined(Declined::code(&declined)),
    };
    if claim.hold(work, timer).await != Held::Ended(Ok(())) {
        let _: Result<_, _> = claim.release(timer).await;
        return End::Failed;
    }
    let settled = match claim.complete(Answer::new(200), timer).await {
        Ok(outcome) => Ok(outcome),
        Err(unsettled) => unsettled.retry(timer).await,
    };
    match settled {
        Ok(CompleteOutcome::Completed | CompleteOutcome::AlreadyCompleted) => End::Completed,
        Ok(CompleteOutcome::Lost) => End::Lost,
        Err(_) => End::GivenUp,
    }
}

/// What the memory store answers: it never waits.
fn now<T>(work: impl Future<Output = Result<T, StoreError>>) -> T {
    match pin!(work).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output.unwrap(),
        Poll::Pending => panic!("the store waits"),
    }
}

fn claim(store: &MemoryStore, key: &Key, token: Token) -> ClaimOutcome {
    now(store.claim(key, &ClaimRequest::new(token, LEASE, RETENTION)))
}

impl Scenario {
    /// Drops the flow after every number of polls, and tells how many there were.
    #[track_caller]
    fn check(&self) -> usize {
        for polls in 1.. {
            if let Some(end) = self.run(polls) {
                assert_eq!(end, self.end);
                return polls;
            }
            assert!(polls < 10_000, "it never ends");
        }
        unreachable!("it has ended")
    }

    fn set_up(&self, world: &World) -> (MemoryStore, Receiver<Slow>, Identity) {
        let clock = world.clone();
        let store = MemoryStore::builder(8).clock(move || clock.now()).build();
        let slow =
            Slow { store: store.clone(), world: world.clone(), faults: Mutex::new(self.faults) };
        let verifier = Verifier::custom("credulous", Tolerance::ANY_AGE, Credulous);
        let delivery = Delivery::new("POST", "/", &[("a", "b"); 0], b"{}");
        let proof = verifier.verify(&delivery, Timestamp::from_unix_seconds(0)).unwrap();
        let builder = Receiver::builder(verifier, slow).lease(LEASE).store_timeout(TIMEOUT);
        let receiver = (self.set)(builder).build().unwrap();
        let identity = receiver.claims().unwrap().identify(&proof, &delivery).unwrap();
        (store, receiver, identity)
    }

    /// Polls the flow so often, drops it, and sees what is left of its claim.
    #[track_caller]
    fn run(&self, polls: usize) -> Option<End> {
        let world = World::default();
        let (store, receiver, identity) = self.set_up(&world);
        let key = *identity.key();

        let (begun, ended) = (AtomicBool::new(false), AtomicBool::new(false));
        let ended_at = AtomicU64::new(0);
        let work = async {
            begun.store(true, SeqCst);
            let (Handler::Succeeds(waits) | Handler::Fails(waits) | Handler::Panics(waits)) =
                self.handler;
            for _ in 0..waits {
                world.wait().await;
            }
            match self.handler {
                Handler::Succeeds(_) => {
                    ended.store(true, SeqCst);
                    ended_at.store(world.now.load(SeqCst), SeqCst);
                    Ok(())
                }
                Handler::Fails(_) => Err(()),
                Handler::Panics(_) => resume_unwind(Box::new("as it should")),
            }
        };
        let flow = async {
            if self.timeless {
                flow(&receiver, identity, work, &NoTimer).await
            } else {
                flow(&receiver, identity, work, &world).await
            }
        };
        let mut flow = Box::pin(flow);
        let mut rival = None;
        let mut end = None;
        for _ in 0..polls {
            for (_, act) in self.rival.iter().filter(|(at, _)| *at == world.polls.load(SeqCst)) {
                self.rival_does(*act, &store, &key);
                rival = Some((*act, world.now()));
            }
            if let Poll::Ready(ended) = world.poll(flow.as_mut()) {
                end = Some(ended);
                break;
            }
        }
        drop(flow);

        let (begun, ended) = (begun.into_inner(), ended.into_inner());
        let place = format!("after {polls} polls, handler begun: {begun}, ended: {ended}");
        let lease_holds = |at| world.now() < at + LEASE;
        let rival = rival.filter(|(act, at)| *act != Rival::Claims || lease_holds(*at));
        let rival = rival.map(|(act, _)| act);
        if rival == Some(Rival::Claims) {
            let extended = now(store.extend(&key, RIVAL, LEASE));
            assert_eq!(extended, ExtendOutcome::Extended, "{place}: the rival lost its claim");
        }
        match claim(&store, &key, PROBE) {
            ClaimOutcome::Claimed { .. } => {
                assert_ne!(end, Some(End::Completed), "{place}: the completion is gone");
                // It was extended a third of a lease before at the latest, if that went well.
                let since = world.now() - Duration::from_millis(ended_at.into_inner());
                let is_held = self.faults.extend.is_empty() && self.faults.claim.is_empty();
                let given_back = ended && is_held && !self.timeless && since < LEASE / 2;
                assert!(!given_back, "{place}: given back although the effects have happened");
            }
            ClaimOutcome::InFlight { lease_left, .. } => {
                let may_be = ended || rival == Some(Rival::Claims) || self.leaves_lease;
                assert!(may_be, "{place}: the claim was not given back");
                // Without a timer, a lease outlasts the handler.
                assert!(self.timeless || lease_left <= LEASE, "{place}: {lease_left:?}");
                let left = u64::try_from(lease_left.as_millis()).unwrap();
                world.now.fetch_add(left, SeqCst);
                let later = claim(&store, &key, LATER);
                assert!(matches!(later, ClaimOutcome::Claimed { .. }), "{place}: stuck: {later:?}");
            }
            ClaimOutcome::Duplicate { .. } => {
                let was_run = ended || rival == Some(Rival::Completes);
                assert!(was_run, "{place}: completed without a run");
            }
            outcome => panic!("{place}: {outcome:?}"),
        }
        let mut drain = pin!(receiver.drain(ready(())));
        assert_eq!(world.poll(drain.as_mut()), Poll::Ready(0), "{place}: claims are open");
        end
    }

    fn rival_does(&self, act: Rival, store: &MemoryStore, key: &Key) {
        match act {
            Rival::Claims => {
                let outcome = claim(store, key, RIVAL);
                assert!(matches!(outcome, ClaimOutcome::Claimed { .. }), "{outcome:?}");
            }
            Rival::Completes => {
                let completion = Completion::new(RETENTION, Answer::new(201));
                let outcome = now(store.complete(key, RIVAL, &completion));
                assert_eq!(outcome, CompleteOutcome::Completed);
            }
            Rival::Releases => {
                assert_eq!(now(store.release(key, RIVAL)), ReleaseOutcome::Released);
            }
        }
    }
}

#[test]
fn a_handler_that_succeeds() {
    // Twice in the claim, five times in the handler, twice in the completion; then it ends.
    assert_eq!(Scenario::default().check(), 10);
}

#[test]
fn a_handler_that_fails() {
    let scenario = Scenario { handler: Handler::Fails(5), end: End::Failed, ..Scenario::default() };
    assert_eq!(scenario.check(), 10);
}

#[test]
fn a_handler_that_panics() {
    Scenario { handler: Handler::Panics(3), end: End::Failed, ..Scenario::default() }.check();
}

#[test]
fn a_handler_that_outlasts_its_first_lease() {
    let polls = Scenario { handler: Handler::Succeeds(100), ..Scenario::default() }.check();
    assert!(polls > 100);
}

#[test]
fn a_handler_that_overruns_its_deadline() {
    Scenario {
        set: |it| it.handler_deadline(Duration::from_millis(200)),
        handler: Handler::Succeeds(1_000),
        end: End::Failed,
        ..Scenario::default()
    }
    .check();
}

#[test]
fn without_a_timer() {
    Scenario { timeless: true, ..Scenario::default() }.check();
    Scenario {
        timeless: true,
        handler: Handler::Fails(2),
        end: End::Failed,
        ..Scenario::default()
    }
    .check();
    let faults = Faults { complete: &[Fault::Refused], ..Faults::default() };
    Scenario { timeless: true, faults, end: End::GivenUp, ..Scenario::default() }.check();
}

#[test]
fn a_completion_that_is_refused_twice() {
    let faults = Faults { complete: &[Fault::Refused; 2], ..Faults::default() };
    Scenario { faults, ..Scenario::default() }.check();
}

#[test]
fn a_completion_whose_reply_is_lost() {
    for fault in [&[Fault::ReplyLost], &[Fault::NeverAnswered]] {
        let faults = Faults { complete: fault, ..Faults::default() };
        Scenario { faults, ..Scenario::default() }.check();
    }
}

#[test]
fn a_completion_that_is_given_up() {
    for fault in [&[Fault::Refused; 9], &[Fault::NeverAsked; 9]] {
        let faults = Faults { complete: fault, ..Faults::default() };
        Scenario { faults, end: End::GivenUp, ..Scenario::default() }.check();
    }
}

#[test]
fn a_claim_that_the_store_does_not_decide() {
    let unavailable = End::Declined("store_unavailable");
    let faults =
        [&[Fault::Refused], &[Fault::ReplyLost], &[Fault::NeverAsked], &[Fault::NeverAnswered]];
    for fault in faults {
        let faults = Faults { claim: fault, ..Faults::default() };
        Scenario { faults, end: unavailable, ..Scenario::default() }.check();
        Scenario { faults, set: ReceiverBuilder::danger_run_without_store, ..Scenario::default() }
            .check();
    }
}

#[test]
fn a_release_that_the_store_does_not_take() {
    let faults =
        [&[Fault::Refused], &[Fault::ReplyLost], &[Fault::NeverAsked], &[Fault::NeverAnswered]];
    for fault in faults {
        let faults = Faults { release: fault, ..Faults::default() };
        let handler = Handler::Fails(2);
        Scenario { faults, handler, end: End::Failed, ..Scenario::default() }.check();
    }
}

#[test]
fn extensions_that_fail_now_and_then() {
    let extend: &[Fault] =
        &[Fault::Refused, Fault::None, Fault::NeverAnswered, Fault::ReplyLost, Fault::NeverAsked];
    let faults = Faults { extend, ..Faults::default() };
    Scenario { faults, handler: Handler::Succeeds(80), ..Scenario::default() }.check();
}

#[test]
fn a_lease_that_lapses_and_is_taken_over() {
    let faults = Faults { extend: &[Fault::Refused; 99], ..Faults::default() };
    let handler = Handler::Succeeds(60);
    Scenario {
        faults,
        handler,
        rival: &[(40, Rival::Claims)],
        end: End::Lost,
        ..Scenario::default()
    }
    .check();
    Scenario {
        faults,
        handler,
        rival: &[(40, Rival::Claims), (45, Rival::Completes)],
        end: End::Lost,
        ..Scenario::default()
    }
    .check();
    Scenario {
        faults: Faults { extend: &[Fault::Refused; 3], ..Faults::default() },
        set: ReceiverBuilder::abort_on_lost_lease,
        handler,
        rival: &[(40, Rival::Claims)],
        end: End::Failed,
        ..Scenario::default()
    }
    .check();
}

#[test]
fn a_delivery_that_waits_for_another() {
    let set =
        |it: ReceiverBuilder<Slow>| it.in_flight(InFlightPolicy::Wait(Duration::from_secs(1)));
    let check = |rival, end| Scenario { set, rival, end, ..Scenario::default() }.check();
    check(&[(0, Rival::Claims), (20, Rival::Completes)], End::Declined("duplicate"));
    check(&[(0, Rival::Claims), (20, Rival::Releases)], End::Completed);
    // Its lease lapses.
    check(&[(0, Rival::Claims)], End::Completed);
}

#[test]
fn a_delivery_whose_event_another_has_in_flight() {
    let rival = &[(0, Rival::Claims)];
    Scenario { rival, end: End::Declined("in_flight"), ..Scenario::default() }.check();
}

#[test]
fn a_handler_that_is_not_to_be_released_on_drop() {
    Scenario {
        set: ReceiverBuilder::leave_lease_on_drop,
        leaves_lease: true,
        ..Scenario::default()
    }
    .check();
}
