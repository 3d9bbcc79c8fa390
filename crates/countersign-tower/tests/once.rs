//! The layer with a store: claims, settlements, and what goes wrong with them. Time is virtual.
#![cfg(feature = "tokio")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use countersign::{
    ClaimOutcome, ClaimRequest, CompleteOutcome, Completion, ContentPolicy, Declined,
    DuplicateKind, ExtendOutcome, InFlightPolicy, Key, Receiver, ReceiverBuilder, ReleaseOutcome,
    Scheme, Secret, Store, StoreError, StoreErrorKind, Timestamp, Token, Verifier, catalog,
};
use countersign_memory::MemoryStore;
use countersign_testing::Signer;
use countersign_tower::{Handling, PermanentFailure, VerifiedBody, VerifyLayer};
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use tokio::time::{Instant, sleep};
use tower::{Layer as _, ServiceExt as _, service_fn};

const SECRET: &str = "It's a Secret to Everybody";
const NOW: i64 = 1_790_000_000;

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// A memory store on tokio's clock that fails as it is told.
#[derive(Clone)]
struct Flaky {
    store: MemoryStore,
    faults: Arc<Faults>,
}

#[derive(Default)]
struct Faults {
    claims: AtomicBool,
    /// Claims are made, and their replies lost.
    replies: AtomicBool,
    hangs: AtomicBool,
    completions: AtomicBool,
    extensions: AtomicBool,
}

impl Faults {
    fn set(flag: &AtomicBool, on: bool) {
        flag.store(on, Ordering::SeqCst);
    }
}

fn fail(flag: &AtomicBool) -> Result<(), StoreError> {
    match flag.load(Ordering::SeqCst) {
        true => Err(StoreError::because(StoreErrorKind::Unavailable, "connection refused")),
        false => Ok(()),
    }
}

impl Flaky {
    fn new(capacity: usize) -> Self {
        let start = Instant::now();
        let store = MemoryStore::builder(capacity).clock(move || start.elapsed()).build();
        Self { store, faults: Arc::default() }
    }
}

impl Store for Flaky {
    async fn claim(&self, key: &Key, request: &ClaimRequest) -> Result<ClaimOutcome, StoreError> {
        fail(&self.faults.claims)?;
        if self.faults.hangs.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        let outcome = Store::claim(&self.store, key, request).await?;
        fail(&self.faults.replies)?;
        Ok(outcome)
    }

    async fn complete(
        &self,
        key: &Key,
        token: Token,
        completion: &Completion,
    ) -> Result<CompleteOutcome, StoreError> {
        fail(&self.faults.completions)?;
        Store::complete(&self.store, key, token, completion).await
    }

    async fn release(&self, key: &Key, token: Token) -> Result<ReleaseOutcome, StoreError> {
        Store::release(&self.store, key, token).await
    }

    async fn extend(
        &self,
        key: &Key,
        token: Token,
        lease: Duration,
    ) -> Result<ExtendOutcome, StoreError> {
        fail(&self.faults.extensions)?;
        Store::extend(&self.store, key, token, lease).await
    }

    async fn forget(&self, key: &Key) -> Result<bool, StoreError> {
        Store::forget(&self.store, key).await
    }

    fn release_on_drop(&self, key: &Key, token: Token) {
        Store::release_on_drop(&self.store, key, token);
    }
}

/// What the handler does for an attempt.
#[derive(Clone, Debug)]
enum Does {
    Answers(u16),
    AnswersAfter(Duration, u16),
    Says(&'static str),
    Panics,
    FailsForGood,
}

/// An endpoint with a handler that does one thing after the other, then answers 200.
#[derive(Clone)]
struct Endpoint {
    layer: VerifyLayer<Flaky>,
    receiver: Receiver<Flaky>,
    store: Flaky,
    script: Arc<Mutex<Vec<Does>>>,
    runs: Arc<AtomicUsize>,
    handlings: Arc<Mutex<Vec<Handling>>>,
}

impl Endpoint {
    fn new(
        scheme: Scheme,
        script: &[Does],
        configure: impl FnOnce(ReceiverBuilder<Flaky>) -> ReceiverBuilder<Flaky>,
    ) -> Self {
        Self::with_store(Flaky::new(1000), scheme, script, configure)
    }

    fn with_store(
        store: Flaky,
        scheme: Scheme,
        script: &[Does],
        configure: impl FnOnce(ReceiverBuilder<Flaky>) -> ReceiverBuilder<Flaky>,
    ) -> Self {
        let verifier = Verifier::builder(scheme).secret(Secret::new(SECRET)).build().unwrap();
        let receiver = configure(Receiver::builder(verifier, store.clone())).build().unwrap();
        let start = Instant::now();
        let clock = move || {
            let passed = i64::try_from(start.elapsed().as_millis()).unwrap();
            Timestamp::from_unix_millis(NOW * 1000 + passed)
        };
        Self {
            layer: VerifyLayer::new(receiver.clone()).clock(clock),
            receiver,
            store,
            script: Arc::new(Mutex::new(script.iter().rev().cloned().collect())),
            runs: Arc::default(),
            handlings: Arc::default(),
        }
    }

    async fn send(&self, request: Request<Full<Bytes>>) -> Response<Full<Bytes>> {
        let endpoint = self.clone();
        let handler = service_fn(move |request| endpoint.clone().handle(request));
        self.layer.layer(handler).oneshot(request).await.unwrap()
    }

    async fn handle(
        self,
        request: Request<VerifiedBody>,
    ) -> Result<Response<Full<Bytes>>, Infallible> {
        self.runs.fetch_add(1, Ordering::SeqCst);
        let handling = request.extensions().get::<Handling>().unwrap().clone();
        self.handlings.lock().unwrap().push(handling);
        let does = self.script.lock().unwrap().pop().unwrap_or(Does::Answers(200));
        let mut response = Response::<Full<Bytes>>::default();
        match does {
            Does::Answers(status) => *response.status_mut() = StatusCode::from_u16(status).unwrap(),
            Does::AnswersAfter(pause, status) => {
                sleep(pause).await;
                *response.status_mut() = StatusCode::from_u16(status).unwrap();
            }
            Does::Says(text) => {
                *response.body_mut() = Full::from(text);
                response.headers_mut().insert("content-type", "text/xml".parse().unwrap());
                response.headers_mut().insert("set-cookie", "a=b".parse().unwrap());
            }
            Does::Panics => panic!("as it should"),
            Does::FailsForGood => {
                response.extensions_mut().insert(PermanentFailure::new("no such customer"));
                *response.status_mut() = StatusCode::BAD_REQUEST;
            }
        }
        Ok(response)
    }

    fn runs(&self) -> usize {
        self.runs.load(Ordering::SeqCst)
    }

    fn handling(&self, run: usize) -> Handling {
        self.handlings.lock().unwrap()[run].clone()
    }

    /// Sends in a task of its own.
    fn start(
        &self,
        request: Request<Full<Bytes>>,
    ) -> tokio::task::JoinHandle<Response<Full<Bytes>>> {
        let endpoint = self.clone();
        tokio::spawn(async move { endpoint.send(request).await })
    }
}

/// What `sender` sends, signed `seconds` after the start.
fn delivery(scheme: &Scheme, body: &str, seconds: i64) -> Request<Full<Bytes>> {
    let signer = Signer::new(scheme, SECRET).unwrap();
    let signer = signer.at(Timestamp::from_unix_seconds(NOW + seconds));
    let signed = signer.sign("POST", "/hooks", body.as_bytes()).unwrap();
    let mut request = Request::post("/hooks");
    for (name, value) in &signed.headers {
        request = request.header(name, value);
    }
    request.body(Full::from(signed.body)).unwrap()
}

fn stripe(id: &str, seconds: i64) -> Request<Full<Bytes>> {
    delivery(&catalog::STRIPE, &format!(r#"{{"id":"{id}","type":"invoice.paid"}}"#), seconds)
}

fn github(body: &str) -> Request<Full<Bytes>> {
    delivery(&catalog::GITHUB, body, 0)
}

fn header(response: &Response<Full<Bytes>>, name: &str) -> Option<String> {
    response.headers().get(name).map(|value| value.to_str().unwrap().to_owned())
}

fn declined(response: &Response<Full<Bytes>>) -> &Declined {
    response.extensions().get::<Arc<Declined>>().unwrap()
}

#[tokio::test(start_paused = true)]
async fn an_event_is_handled_once_and_its_answer_given_again() {
    let endpoint = Endpoint::new(catalog::STRIPE, &[Does::Answers(202)], |it| it);
    let first = endpoint.send(stripe("evt_1", 0)).await;
    assert_eq!(first.status(), 202);
    assert_eq!(header(&first, "idempotent-replayed"), None);

    let replay = endpoint.send(stripe("evt_1", 0)).await;
    assert_eq!(replay.status(), 202, "the stored status");
    assert_eq!(header(&replay, "idempotent-replayed").as_deref(), Some("true"));
    let Declined::Duplicate(duplicate) = declined(&replay) else { panic!("{replay:?}") };
    assert_eq!(duplicate.kind, DuplicateKind::Replay);

    sleep(ms(7000)).await;
    let retry = endpoint.send(stripe("evt_1", 7)).await;
    let Declined::Duplicate(duplicate) = declined(&retry) else { panic!("{retry:?}") };
    assert_eq!(duplicate.kind, DuplicateKind::Retry);
    assert_eq!(duplicate.first_seen, ms(7000));

    assert_eq!(endpoint.send(stripe("evt_2", 7)).await.status(), 200);
    assert_eq!(endpoint.runs(), 2);
    let counts = endpoint.receiver.counts();
    assert_eq!((counts.claimed, counts.completed), (2, 2));
    assert_eq!((counts.replays, counts.retries, counts.unknown_duplicates), (1, 1, 0));
}

#[tokio::test(start_paused = true)]
async fn without_a_signed_time_retry_and_replay_are_not_told_apart() {
    let endpoint = Endpoint::new(catalog::GITHUB, &[], |it| it);
    assert_eq!(endpoint.send(github("{}")).await.status(), 200);
    let mut swapped = github("{}");
    // GitHub's delivery id is not signed: another one does not make another event.
    swapped.headers_mut().insert("x-github-delivery", "another".parse().unwrap());
    let again = endpoint.send(swapped).await;
    let Declined::Duplicate(duplicate) = declined(&again) else { panic!("{again:?}") };
    assert_eq!(duplicate.kind, DuplicateKind::Unknown);
    assert_eq!(endpoint.runs(), 1);
}

#[tokio::test(start_paused = true)]
async fn plan_21_a_replay_is_a_duplicate_within_the_tolerance_and_refused_after() {
    let endpoint = Endpoint::new(catalog::STRIPE, &[], |it| it);
    assert_eq!(endpoint.send(stripe("evt_1", 0)).await.status(), 200);
    sleep(ms(299_000)).await;
    assert_eq!(
        header(&endpoint.send(stripe("evt_1", 0)).await, "idempotent-replayed").unwrap(),
        "true"
    );
    sleep(ms(2000)).await;
    assert_eq!(endpoint.send(stripe("evt_1", 0)).await.status(), 401);
    assert_eq!(endpoint.runs(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_failure_releases_the_event_for_the_next_attempt() {
    let script = [Does::Answers(500), Does::Answers(404), Does::Answers(201)];
    let endpoint = Endpoint::new(catalog::STRIPE, &script, |it| it);
    for (attempt, status) in [(1, 500), (2, 404), (3, 201)] {
        assert_eq!(endpoint.send(stripe("evt_1", attempt)).await.status(), status);
        let handling = endpoint.handling(endpoint.runs() - 1);
        assert_eq!(i64::from(handling.attempt().unwrap().get()), attempt);
        let expected = (attempt > 1).then_some(DuplicateKind::Retry);
        assert_eq!(handling.duplicate(), expected);
        assert_eq!(handling.first_seen(), Timestamp::from_unix_millis(NOW * 1000));
    }
    assert_eq!(endpoint.send(stripe("evt_1", 4)).await.status(), 201);
    assert_eq!(endpoint.runs(), 3);
    let counts = endpoint.receiver.counts();
    assert_eq!((counts.claimed, counts.reclaimed, counts.released), (1, 2, 2));
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_answered_500_and_releases_the_event() {
    let endpoint = Endpoint::new(catalog::STRIPE, &[Does::Panics], |it| it);
    assert_eq!(endpoint.send(stripe("evt_1", 0)).await.status(), 500);
    assert_eq!(endpoint.send(stripe("evt_1", 1)).await.status(), 200);
    assert_eq!(endpoint.handling(1).attempt().unwrap().get(), 2);
    assert_eq!(endpoint.receiver.counts().panicked, 1);
}

#[tokio::test(start_paused = true)]
async fn a_failure_for_good_is_recorded_and_not_retried() {
    let endpoint = Endpoint::new(catalog::SHOPIFY, &[Does::FailsForGood], |it| it);
    let request = || delivery(&catalog::SHOPIFY, "{}", 0);
    assert_eq!(endpoint.send(request()).await.status(), 200, "what Shopify takes for success");
    let again = endpoint.send(request()).await;
    assert_eq!(again.status(), 200);
    let Declined::Duplicate(duplicate) = declined(&again) else { panic!("{again:?}") };
    assert!(duplicate.answer.is_permanent_failure());
    assert_eq!(endpoint.runs(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_duplicate_in_flight_is_told_to_come_again() {
    let script = [Does::AnswersAfter(ms(20_000), 500)];
    let endpoint = Endpoint::new(catalog::STRIPE, &script, |it| it);
    let first = endpoint.start(stripe("evt_1", 0));
    sleep(ms(500)).await;
    let second = endpoint.send(stripe("evt_1", 0)).await;
    assert_eq!(second.status(), 409, "a 2xx would lose the event if the first fails");
    assert_eq!(header(&second, "retry-after").as_deref(), Some("30"));
    assert_eq!(first.await.unwrap().status(), 500);
    assert_eq!(endpoint.send(stripe("evt_1", 21)).await.status(), 200);
    assert_eq!(endpoint.runs(), 2);
    assert_eq!(endpoint.receiver.counts().in_flight, 1);
}

#[tokio::test(start_paused = true)]
async fn senders_that_do_not_retry_upon_409_are_answered_what_they_do() {
    for (scheme, expected) in [(catalog::ZOOM, 503), (catalog::FRONT, 500), (catalog::GITHUB, 409)]
    {
        let script = [Does::AnswersAfter(ms(1000), 200)];
        let endpoint = Endpoint::new(scheme.clone(), &script, |it| it);
        let request = || delivery(&scheme, "{\"event\":\"x\"}", 0);
        let first = endpoint.start(request());
        sleep(ms(500)).await;
        assert_eq!(endpoint.send(request()).await.status(), expected, "{}", scheme.id);
        assert_eq!(first.await.unwrap().status(), 200);
    }
}

#[tokio::test(start_paused = true)]
async fn a_duplicate_may_wait_for_the_first() {
    let wait = InFlightPolicy::Wait(ms(5000));
    let script = [Does::AnswersAfter(ms(3000), 201), Does::AnswersAfter(ms(9000), 200)];
    let endpoint = Endpoint::new(catalog::STRIPE, &script, |it| it.in_flight(wait));
    let first = endpoint.start(stripe("evt_1", 0));
    sleep(ms(100)).await;
    let asked = Instant::now();
    let second = endpoint.send(stripe("evt_1", 0)).await;
    assert_eq!(second.status(), 201);
    assert_eq!(header(&second, "idempotent-replayed").as_deref(), Some("true"));
    assert!(asked.elapsed() < ms(3300), "{:?}", asked.elapsed());
    assert_eq!(first.await.unwrap().status(), 201);

    // Not for ever.
    let slow = endpoint.start(stripe("evt_2", 0));
    sleep(ms(100)).await;
    let asked = Instant::now();
    assert_eq!(endpoint.send(stripe("evt_2", 0)).await.status(), 409);
    assert!(asked.elapsed() >= ms(5000) && asked.elapsed() < ms(5500), "{:?}", asked.elapsed());
    assert_eq!(slow.await.unwrap().status(), 200);
    assert_eq!(endpoint.runs(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_slow_handler_keeps_its_lease() {
    let script = [Does::AnswersAfter(ms(50_000), 200)];
    let endpoint = Endpoint::new(catalog::STRIPE, &script, |it| it.lease(ms(1000)));
    let first = endpoint.start(stripe("evt_1", 0));
    for _ in 0..40 {
        sleep(ms(1000)).await;
        assert_eq!(endpoint.send(stripe("evt_1", 0)).await.status(), 409);
    }
    assert_eq!(first.await.unwrap().status(), 200);
    assert_eq!(endpoint.runs(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_lapses_is_taken_over_and_the_late_completion_changes_nothing() {
    let script = [Does::AnswersAfter(ms(1000), 202), Does::Answers(201)];
    let endpoint =
        Endpoint::new(catalog::STRIPE, &script, |it| it.lease(ms(200)).store_timeout(ms(50)));
    Faults::set(&endpoint.store.faults.extensions, true);
    let first = endpoint.start(stripe("evt_1", 0));
    sleep(ms(190)).await;
    assert_eq!(endpoint.send(stripe("evt_1", 0)).await.status(), 409, "never before the lease");
    sleep(ms(20)).await;
    let second = endpoint.send(stripe("evt_1", 0)).await;
    assert_eq!(second.status(), 201);
    assert_eq!(endpoint.handling(1).attempt().unwrap().get(), 2);

    assert_eq!(first.await.unwrap().status(), 202, "the handler's answer stands");
    let third = endpoint.send(stripe("evt_1", 0)).await;
    assert_eq!(third.status(), 201, "the stored answer is the second's");
    assert_eq!(endpoint.runs(), 2);
    let counts = endpoint.receiver.counts();
    assert_eq!((counts.lost, counts.completed, counts.reclaimed), (1, 1, 1));
    assert_eq!(counts.handled_twice, 1);
    assert!(counts.extend_errors > 0);
}

#[tokio::test(start_paused = true)]
async fn a_handler_may_be_stopped_once_its_lease_is_lost() {
    let script = [Does::AnswersAfter(ms(50_000), 200)];
    let endpoint =
        Endpoint::new(catalog::STRIPE, &script, |it| it.lease(ms(900)).abort_on_lost_lease());
    Faults::set(&endpoint.store.faults.extensions, true);
    let first = endpoint.start(stripe("evt_1", 0));
    sleep(ms(1000)).await;
    assert_eq!(endpoint.send(stripe("evt_1", 0)).await.status(), 200);
    Faults::set(&endpoint.store.faults.extensions, false);
    assert_eq!(first.await.unwrap().status(), 409);
    assert_eq!(endpoint.send(stripe("evt_1", 0)).await.status(), 200);
    assert_eq!(endpoint.runs(), 2);
    let counts = endpoint.receiver.counts();
    assert_eq!((counts.lost, counts.handled_twice), (1, 0), "it is counted once");
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_overruns_its_deadline_is_stopped_and_its_event_released() {
    let script = [Does::AnswersAfter(ms(61_000), 200)];
    let endpoint = Endpoint::new(catalog::STRIPE, &script, |it| it);
    let started = Instant::now();
    let cut_off = endpoint.send(stripe("evt_1", 0)).await;
    assert_eq!(
        (cut_off.status().as_u16(), header(&cut_off, "retry-after").as_deref()),
        (503, Some("1"))
    );
    assert_eq!(started.elapsed().as_secs(), 60);
    assert_eq!(endpoint.send(stripe("evt_1", 60)).await.status(), 200);
    assert_eq!(endpoint.receiver.counts().overran, 1);
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_down_fails_closed() {
    let endpoint = Endpoint::new(catalog::STRIPE, &[], |it| it);
    Faults::set(&endpoint.store.faults.claims, true);
    let refused = endpoint.send(stripe("evt_1", 0)).await;
    assert_eq!(refused.status(), 503);
    assert_eq!(header(&refused, "retry-after").as_deref(), Some("5"));
    assert_eq!(endpoint.runs(), 0);

    Faults::set(&endpoint.store.faults.claims, false);
    Faults::set(&endpoint.store.faults.hangs, true);
    let asked = Instant::now();
    assert_eq!(endpoint.send(stripe("evt_1", 0)).await.status(), 503);
    assert_eq!(asked.elapsed(), ms(250));
    Faults::set(&endpoint.store.faults.hangs, false);
    assert_eq!(endpoint.send(stripe("evt_1", 0)).await.status(), 200);
    assert_eq!(endpoint.receiver.counts().claim_errors, 2);
}

#[tokio::test(start_paused = true)]
async fn a_claim_whose_reply_was_lost_is_given_back() {
    let endpoint = Endpoint::new(catalog::STRIPE, &[], |it| it);
    Faults::set(&endpoint.store.faults.replies, true);
    assert_eq!(endpoint.send(stripe("evt_1", 0)).await.status(), 503);
    Faults::set(&endpoint.store.faults.replies, false);
    assert_eq!(endpoint.send(stripe("evt_1", 0)).await.status(), 200);
    assert_eq!(endpoint.handling(0).attempt().unwrap().get(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_may_run_without_its_store() {
    let endpoint = Endpoint::new(catalog::GITHUB, &[], ReceiverBuilder::danger_run_without_store);
    Faults::set(&endpoint.store.faults.claims, true);
    assert_eq!(endpoint.send(github("{}")).await.status(), 200);
    assert_eq!(endpoint.handling(0).attempt(), None);
    Faults::set(&endpoint.store.faults.claims, false);
    // The store was back in time to record it.
    let again = endpoint.send(github("{}")).await;
    assert_eq!(header(&again, "idempotent-replayed").as_deref(), Some("true"));
    assert_eq!((endpoint.runs(), endpoint.receiver.counts().unprotected), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn plan_17_the_answer_stands_when_the_store_fails_and_the_completion_is_tried_again() {
    let endpoint = Endpoint::new(catalog::STRIPE, &[], |it| it);
    Faults::set(&endpoint.store.faults.completions, true);
    assert_eq!(endpoint.send(stripe("evt_1", 0)).await.status(), 200);
    sleep(ms(5000)).await;
    assert_eq!(endpoint.send(stripe("evt_1", 5)).await.status(), 409, "not twice meanwhile");
    Faults::set(&endpoint.store.faults.completions, false);
    assert_eq!(endpoint.receiver.drain(sleep(ms(10_000))).await, 0);
    let counts = endpoint.receiver.counts();
    assert_eq!((counts.complete_errors, counts.completed, counts.completions_given_up), (1, 1, 0));
    assert_eq!(endpoint.runs(), 1);
}

#[tokio::test(start_paused = true)]
async fn plan_17_a_completion_that_never_succeeds_is_given_up_and_counted() {
    let endpoint = Endpoint::new(catalog::STRIPE, &[], |it| it);
    Faults::set(&endpoint.store.faults.completions, true);
    assert_eq!(endpoint.send(stripe("evt_1", 0)).await.status(), 200);
    assert_eq!(endpoint.receiver.drain(sleep(ms(60_000))).await, 0);
    assert_eq!(endpoint.receiver.counts().completions_given_up, 1);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_hangs_up_neither_loses_nor_doubles_its_event() {
    let script = [Does::AnswersAfter(ms(1000), 200)];
    let endpoint = Endpoint::new(catalog::STRIPE, &script, |it| it);
    let gone = endpoint.start(stripe("evt_1", 0));
    sleep(ms(100)).await;
    gone.abort();
    sleep(ms(100)).await;
    assert_eq!(endpoint.send(stripe("evt_1", 0)).await.status(), 409, "it is still handled");
    sleep(ms(1000)).await;
    let retry = endpoint.send(stripe("evt_1", 1)).await;
    assert_eq!(header(&retry, "idempotent-replayed").as_deref(), Some("true"));
    assert_eq!((endpoint.runs(), endpoint.receiver.counts().completed), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_full_store_refuses_new_events_only() {
    let script = [Does::AnswersAfter(ms(1000), 200)];
    let endpoint = Endpoint::with_store(Flaky::new(1), catalog::STRIPE, &script, |it| it);
    let first = endpoint.start(stripe("evt_1", 0));
    sleep(ms(100)).await;
    let refused = endpoint.send(stripe("evt_2", 0)).await;
    assert_eq!(refused.status(), 503);
    assert_eq!(header(&refused, "retry-after").as_deref(), Some("1"));
    assert_eq!(first.await.unwrap().status(), 200);
    assert_eq!(endpoint.send(stripe("evt_1", 0)).await.status(), 200);
    assert_eq!((endpoint.runs(), endpoint.receiver.counts().saturated), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn another_content_under_one_id_is_noticed() {
    let request =
        |amount| delivery(&catalog::STRIPE, &format!(r#"{{"id":"evt_1","a":{amount}}}"#), 0);
    for (policy, status, counted) in [
        (ContentPolicy::Observe, 200, 1),
        (ContentPolicy::Refuse, 422, 1),
        (ContentPolicy::Ignore, 200, 0),
    ] {
        let endpoint = Endpoint::new(catalog::STRIPE, &[], |it| it.content(policy));
        assert_eq!(endpoint.send(request(1)).await.status(), 200);
        assert_eq!(endpoint.send(request(1)).await.status(), 200);
        assert_eq!(endpoint.send(request(2)).await.status(), status, "{policy:?}");
        assert_eq!(endpoint.runs(), 1, "{policy:?}");
        assert_eq!(endpoint.receiver.counts().content_differs, counted, "{policy:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_unsigned_id_is_used_only_when_asked_for() {
    let request = |id: &str, body| {
        let mut request = delivery(&catalog::SHOPIFY, body, 0);
        request.headers_mut().insert("x-shopify-event-id", id.parse().unwrap());
        request
    };
    let safe = Endpoint::new(catalog::SHOPIFY, &[], |it| it);
    assert_eq!(safe.send(request("1", "{}")).await.status(), 200);
    assert_eq!(safe.send(request("2", "{}")).await.status(), 200);
    assert_eq!(safe.runs(), 1);

    let asked =
        Endpoint::new(catalog::SHOPIFY, &[], |it| it.danger_unsigned_id("X-Shopify-Event-Id"));
    assert_eq!(asked.send(request("1", "{}")).await.status(), 200);
    assert_eq!(asked.send(request("2", "{}")).await.status(), 200);
    assert_eq!(asked.send(request("2", "{\"other\":1}")).await.status(), 200);
    assert_eq!(asked.runs(), 2);
    let mut without = request("3", "{}");
    without.headers_mut().remove("x-shopify-event-id");
    assert_eq!(asked.send(without).await.status(), 200);
    assert_eq!(asked.runs(), 3, "by content");
}

#[tokio::test(start_paused = true)]
async fn small_bodies_are_kept_if_asked_for() {
    let endpoint = Endpoint::new(catalog::STRIPE, &[Does::Says("<Response/>")], |it| it);
    let handler = endpoint.clone();
    let handler = service_fn(move |request| handler.clone().handle(request));
    let service = endpoint.layer.clone().keep_bodies().layer(handler);
    for expected in [None, Some("true")] {
        let response = service.clone().oneshot(stripe("evt_1", 0)).await.unwrap();
        assert_eq!(header(&response, "idempotent-replayed").as_deref(), expected);
        assert_eq!(header(&response, "content-type").as_deref(), Some("text/xml"));
        assert_eq!(header(&response, "set-cookie").is_some(), expected.is_none());
        let body = response.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(body, "<Response/>");
    }
    assert_eq!(endpoint.runs(), 1);

    // By default they are not.
    let again = endpoint.send(stripe("evt_1", 0)).await;
    assert_eq!(again.into_body().collect().await.unwrap().to_bytes(), "");
}

/// A body that says it is small, and never comes.
#[derive(Default)]
struct Stalls;

impl From<Bytes> for Stalls {
    fn from(_: Bytes) -> Self {
        Self
    }
}

impl http_body::Body for Stalls {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, Infallible>>> {
        std::task::Poll::Pending
    }

    fn size_hint(&self) -> http_body::SizeHint {
        http_body::SizeHint::with_exact(10)
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_cannot_be_read_does_not_undo_what_was_done() {
    let endpoint = Endpoint::new(catalog::STRIPE, &[], |it| it);
    let handler = service_fn(async |_: Request<VerifiedBody>| {
        let response = Response::builder().status(201).header("content-length", "10");
        Ok::<_, Infallible>(response.body(Stalls).unwrap())
    });
    let service = endpoint.layer.clone().keep_bodies().layer(handler);
    let started = Instant::now();
    let first = service.clone().oneshot(stripe("evt_1", 0)).await.unwrap();
    assert_eq!((first.status().as_u16(), started.elapsed()), (201, ms(1000)));
    assert!(!first.headers().contains_key("content-length"));
    let again = service.oneshot(stripe("evt_1", 1)).await.unwrap();
    assert!(again.headers().contains_key("idempotent-replayed"));
    assert_eq!(endpoint.receiver.counts().completed, 1);
}

#[tokio::test(start_paused = true)]
async fn an_empty_id_names_nothing() {
    let endpoint = Endpoint::new(catalog::STRIPE, &[], |it| it);
    for number in 0..3 {
        let request = delivery(&catalog::STRIPE, &format!(r#"{{"id":"","n":{number}}}"#), 0);
        assert_eq!(endpoint.send(request).await.status(), 200);
    }
    assert_eq!(endpoint.runs(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_claim_that_was_never_held_is_not_counted_as_lost() {
    let endpoint = Endpoint::new(
        catalog::GITHUB,
        &[Does::Answers(500)],
        ReceiverBuilder::danger_run_without_store,
    );
    Faults::set(&endpoint.store.faults.claims, true);
    assert_eq!(endpoint.send(github("{}")).await.status(), 500);
    assert_eq!(endpoint.receiver.counts().lost, 0);
}

#[tokio::test(start_paused = true)]
async fn a_drained_receiver_waits_for_its_handlers_and_takes_no_more() {
    let script = [Does::AnswersAfter(ms(1000), 200)];
    let endpoint = Endpoint::new(catalog::STRIPE, &script, |it| it);
    let first = endpoint.start(stripe("evt_1", 0));
    sleep(ms(100)).await;
    let started = Instant::now();
    assert_eq!(endpoint.receiver.drain(sleep(ms(200))).await, 1);
    assert_eq!(endpoint.send(stripe("evt_2", 0)).await.status(), 503);
    assert_eq!(endpoint.receiver.drain(sleep(ms(5000))).await, 0);
    assert!(started.elapsed() < ms(1000), "{:?}", started.elapsed());
    assert_eq!(first.await.unwrap().status(), 200);
    assert_eq!(endpoint.runs(), 1);
}

#[tokio::test(start_paused = true)]
async fn endpoints_that_share_a_store_do_not_share_events() {
    let store = Flaky::new(10);
    let endpoint = |name: &'static str| {
        Endpoint::with_store(store.clone(), catalog::STRIPE, &[], |it| it.endpoint(name))
    };
    let (a, b) = (endpoint("a"), endpoint("b"));
    for _ in 0..2 {
        assert_eq!(a.send(stripe("evt_1", 0)).await.status(), 200);
        assert_eq!(b.send(stripe("evt_1", 0)).await.status(), 200);
    }
    assert_eq!((a.runs(), b.runs()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn what_is_not_verified_never_touches_the_store() {
    let endpoint = Endpoint::new(catalog::STRIPE, &[], |it| it);
    for index in 0..100 {
        let mut forged = stripe(&format!("evt_{index}"), 0);
        *forged.body_mut() = Full::from(format!("{{\"id\":\"evt_{index}\",\"forged\":true}}"));
        assert_eq!(endpoint.send(forged).await.status(), 401);
    }
    assert_eq!(endpoint.store.store.stats().records, 0);
}

/// Without a runtime there are no tasks: a guard gives the event back when the client hangs up.
#[test]
fn plan_12_without_a_runtime_a_client_that_hangs_up_releases_its_event() {
    use std::future::Future as _;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    let verifier = Verifier::builder(catalog::GITHUB).secret(Secret::new(SECRET)).build().unwrap();
    let receiver = Receiver::new(verifier, MemoryStore::new(10));
    let runs = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&runs);
    let handler = service_fn(move |_: Request<VerifiedBody>| {
        let first = counter.fetch_add(1, Ordering::SeqCst) == 0;
        async move {
            if first {
                std::future::pending::<()>().await;
            }
            Ok::<_, Infallible>(Response::<Full<Bytes>>::default())
        }
    });
    let service = VerifyLayer::new(receiver.clone()).layer(handler);
    let mut context = Context::from_waker(Waker::noop());
    {
        let mut gone = pin!(service.clone().oneshot(github("{}")));
        assert!(gone.as_mut().poll(&mut context).is_pending());
        let mut second = pin!(service.clone().oneshot(github("{}")));
        let Poll::Ready(Ok(second)) = second.as_mut().poll(&mut context) else { panic!() };
        assert_eq!(second.status(), 409);
        assert_eq!(header(&second, "retry-after").as_deref(), Some("30"), "of 65 seconds");
    }
    let mut third = pin!(service.oneshot(github("{}")));
    let Poll::Ready(Ok(third)) = third.as_mut().poll(&mut context) else { panic!() };
    assert_eq!((third.status().as_u16(), runs.load(Ordering::SeqCst)), (200, 2));
    assert_eq!(receiver.counts().reclaimed, 1);
}
