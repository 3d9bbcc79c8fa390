//! What is expected, whatever the store.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use countersign::{
    Answer as Kept, ClaimOutcome, ClaimRequest, CompleteOutcome, Completion, ContentPolicy, Counts,
    ExtendOutcome, Key, ReleaseOutcome, SharedStore, Store, StoreError, Token,
};
use tokio::io::AsyncWriteExt as _;
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::client::{
    Answer, answer, connect, handled, replayed, request, send, send_until_settled, send_with,
};
use crate::servers::{Builder, Does, Framework, Server};
use crate::stores::{PATIENT, Place};

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// A receiver that waits for its store as long as it takes.
fn patient(builder: Builder) -> Builder {
    builder.store_timeout(PATIENT)
}

/// Of 64 deliveries at once, one is handled, for each of 200 events: by two servers on one store.
async fn duplicates(place: &Place, frameworks: [Framework; 2]) {
    const CLIENTS: usize = 64;
    const EVENTS: usize = 200;
    const GROUPS: usize = 4;
    let store = place.store(PATIENT).await;
    let servers = frameworks.map(|framework| {
        let shared = |it: Builder| patient(it).endpoint("shared");
        Server::start(framework, store.clone(), shared, |_| Does::AnswersAfter(ms(50), 202))
    });
    let addresses = servers.each_ref().map(|it| it.address);
    let requests: Vec<_> = (0..EVENTS).map(|it| request(&format!("evt_{it}"), "{}")).collect();
    let requests = Arc::new(requests);
    let mut clients = JoinSet::new();
    for group in 0..GROUPS {
        let barrier = Arc::new(Barrier::new(CLIENTS));
        for client in 0..CLIENTS {
            let (barrier, requests) = (Arc::clone(&barrier), Arc::clone(&requests));
            clients.spawn(async move {
                let mut stream = connect(addresses[client % 2]).await;
                let mut answers = Vec::new();
                for request in requests.iter().skip(group).step_by(GROUPS) {
                    barrier.wait().await;
                    stream.write_all(request).await.unwrap();
                    answers.push(answer(&mut stream).await);
                }
                answers
            });
        }
    }
    let answers: Vec<Answer> = clients.join_all().await.concat();
    assert_eq!(answers.len(), CLIENTS * EVENTS);
    let mut runs = HashMap::<String, u32>::new();
    for run in servers.iter().flat_map(Server::runs) {
        *runs.entry(run.event).or_default() += 1;
    }
    assert_eq!(runs.len(), EVENTS);
    assert!(runs.values().all(|runs| *runs == 1), "exactly {EVENTS} runs: {runs:?}");
    let first = answers.iter().filter(|it| **it == handled(202)).count();
    assert_eq!(first, EVENTS, "each was handled for one client");
    for answer in answers.iter().filter(|it| **it != handled(202)) {
        let in_flight = answer.status == 409 && answer.retry_after.is_some();
        assert!(in_flight || *answer == replayed(202), "{answer:?}");
    }
    let counts = servers.each_ref().map(|it| it.receiver.counts());
    let of = |count: fn(&Counts) -> u64| counts.iter().map(count).sum::<u64>();
    assert_eq!((of(|it| it.claimed), of(|it| it.completed), of(|it| it.lost)), (200, 200, 0));
}

pub(crate) async fn plan_01_duplicates_over_http_to_axum(place: &Place) {
    duplicates(place, [Framework::Axum, Framework::Axum]).await;
}

pub(crate) async fn plan_01_duplicates_over_http_to_actix(place: &Place) {
    duplicates(place, [Framework::Actix, Framework::Actix]).await;
}

pub(crate) async fn plan_01_duplicates_over_http_to_both(place: &Place) {
    duplicates(place, [Framework::Axum, Framework::Actix]).await;
}

/// The store goes away while a handler runs, and comes back.
pub(crate) async fn plan_04_an_outage_over_http(place: &Place) {
    for framework in Framework::ALL {
        // As in an application: a quarter of a second for the store.
        let store = place.store(ms(250)).await;
        let server =
            Server::start(framework, store, |it| it, |_| Does::AnswersAfter(ms(3000), 202));
        let address = server.address;
        let name = framework.name();
        let running = tokio::spawn(async move { send_until_claimed(address, "evt_before").await });
        server.until_runs("evt_before", 1).await;
        place.go_down();

        let asked = Instant::now();
        let refused = send(address, "evt_meanwhile").await;
        let took = asked.elapsed();
        assert_eq!((refused.status, refused.retry_after.as_deref()), (503, Some("5")), "{name}");
        // 300 ms on an idle machine.
        assert!(took <= ms(1500), "{name}: {took:?}");
        assert!(server.runs_of("evt_meanwhile").is_empty(), "{name}: it fails closed");
        assert_eq!(running.await.unwrap(), handled(202), "{name}: the handler's answer stands");

        sleep(ms(500)).await;
        place.come_back();
        // Its completion is tried until it lands.
        let again = loop {
            let again = send(address, "evt_before").await;
            if again.status == 202 {
                break again;
            }
            assert!(matches!(again.status, 409 | 503), "{name}: {again:?}");
            sleep(ms(50)).await;
        };
        assert_eq!(again, replayed(202), "{name}");
        assert_eq!(server.runs_of("evt_before").len(), 1, "{name}");
        assert_eq!(send_until_claimed(address, "evt_meanwhile").await, handled(202), "{name}");
        assert_eq!(server.runs_of("evt_meanwhile").len(), 1, "{name}");
        let counts = server.receiver.counts();
        assert_eq!((counts.lost, counts.completions_given_up), (0, 0), "{name}");
        assert!(counts.complete_errors > 0, "{name}");
    }
}

/// As a sender does who is told that the store is too slow: on a busy machine it may be.
async fn send_until_claimed(address: std::net::SocketAddr, event: &str) -> Answer {
    loop {
        let answer = send(address, event).await;
        if answer.status != 503 {
            return answer;
        }
        sleep(ms(50)).await;
    }
}

/// A store whose extensions do not arrive, though the worker believes so: it was suspended.
struct WithoutExtensions(SharedStore);

impl Store for WithoutExtensions {
    async fn claim(&self, key: &Key, request: &ClaimRequest) -> Result<ClaimOutcome, StoreError> {
        self.0.claim(key, request).await
    }

    async fn complete(
        &self,
        key: &Key,
        token: Token,
        completion: &Completion,
    ) -> Result<CompleteOutcome, StoreError> {
        self.0.complete(key, token, completion).await
    }

    async fn release(&self, key: &Key, token: Token) -> Result<ReleaseOutcome, StoreError> {
        self.0.release(key, token).await
    }

    async fn extend(&self, _: &Key, _: Token, _: Duration) -> Result<ExtendOutcome, StoreError> {
        Ok(ExtendOutcome::Extended)
    }

    async fn forget(&self, key: &Key) -> Result<bool, StoreError> {
        self.0.forget(key).await
    }
}

/// The second takes over once the lease of the first has lapsed, and what the first answers in the end
/// changes nothing.
pub(crate) async fn plan_09_a_lease_that_lapses_over_http(place: &Place) {
    const LEASE: Duration = ms(1000);
    let check = async |framework: Framework| {
        let name = framework.name();
        let store = SharedStore::new(WithoutExtensions(place.store(ms(900)).await));
        let configure = |it: Builder| it.lease(LEASE).store_timeout(ms(900));
        let server = Server::start(framework, store, configure, |attempt| match attempt {
            1 => Does::AnswersAfter(ms(5000), 201),
            _ => Does::Answers(202),
        });
        let address = server.address;
        let asked = Instant::now();
        let first = tokio::spawn(async move { send_until_claimed(address, "evt_1").await });
        server.until_runs("evt_1", 1).await;
        assert_eq!(send_until_settled(address, "evt_1").await, handled(202), "{name}");
        assert!(!first.is_finished(), "{name}: the first is still running");
        let second = server.until_runs("evt_1", 2).await;
        assert_eq!(second.attempt, 2, "{name}");
        let after = second.at - asked;
        assert!(after >= LEASE, "{name}: {after:?} is before the lease has lapsed");

        assert_eq!(first.await.unwrap(), handled(201), "{name}: the handler's answer stands");
        let third = send(address, "evt_1").await;
        assert_eq!(third, replayed(202), "{name}: what is kept is the second's");
        assert_eq!(server.runs_of("evt_1").len(), 2, "{name}");
        let counts = server.receiver.counts();
        assert_eq!((counts.lost, counts.completed, counts.handled_twice), (1, 1, 1), "{name}");
    };
    tokio::join!(check(Framework::Axum), check(Framework::Actix));
}

/// With heartbeats, a handler may take longer than its lease.
pub(crate) async fn plan_09_a_lease_that_is_extended_over_http(place: &Place) {
    let check = async |framework: Framework| {
        let name = framework.name();
        // A third of it is for an extension to arrive.
        let configure = |it: Builder| it.lease(ms(2000)).store_timeout(ms(1000));
        let store = place.store(ms(1000)).await;
        let server =
            Server::start(framework, store, configure, |_| Does::AnswersAfter(ms(5000), 202));
        let address = server.address;
        let first = tokio::spawn(async move { send_until_claimed(address, "evt_1").await });
        server.until_runs("evt_1", 1).await;
        while !first.is_finished() {
            let meanwhile = send(address, "evt_1").await;
            assert!(meanwhile.status == 409 || meanwhile == replayed(202), "{name}: {meanwhile:?}");
            sleep(ms(100)).await;
        }
        assert_eq!(first.await.unwrap(), handled(202), "{name}");
        assert_eq!(send(address, "evt_1").await, replayed(202), "{name}");
        assert_eq!(server.runs_of("evt_1").len(), 1, "{name}");
        assert_eq!(server.receiver.counts().lost, 0, "{name}");
    };
    tokio::join!(check(Framework::Axum), check(Framework::Actix));
}

/// A lease that is extended again and again is not taken over, however often it would have lapsed.
pub(crate) async fn plan_09_a_heartbeat_keeps_a_claim(place: &Place) {
    const LEASE: Duration = ms(1000);
    let store = place.store(PATIENT).await;
    let key = Key::from_bytes([1; 32]);
    let [holder, other] = [1, 2].map(|it| Token::from_bytes([it; 16]));
    let request = |token| ClaimRequest::new(token, LEASE, Duration::from_secs(3600));
    let claimed = store.claim(&key, &request(holder)).await.unwrap();
    assert!(matches!(claimed, ClaimOutcome::Claimed { .. }), "{claimed:?}");
    for _ in 0..20 {
        sleep(LEASE / 10).await;
        let outcome = store.claim(&key, &request(other)).await.unwrap();
        assert!(matches!(outcome, ClaimOutcome::InFlight { .. }), "{outcome:?}");
        let extended = store.extend(&key, holder, LEASE).await.unwrap();
        assert_eq!(extended, ExtendOutcome::Extended);
    }
    let done = Completion::new(LEASE, Kept::new(200));
    let outcome = store.complete(&key, holder, &done).await.unwrap();
    assert_eq!(outcome, CompleteOutcome::Completed);
}

/// A worker that was taken over can neither give back, extend nor complete what is another's now.
pub(crate) async fn plan_10_who_was_taken_over_changes_nothing(place: &Place) {
    const LEASE: Duration = ms(500);
    let store = place.store(PATIENT).await;
    let (key, hour) = (Key::from_bytes([1; 32]), Duration::from_secs(3600));
    let [slow, quick, third] = [1, 2, 3].map(|it| Token::from_bytes([it; 16]));
    let claim = async |token, lease| {
        store.claim(&key, &ClaimRequest::new(token, lease, hour)).await.unwrap()
    };
    let attempt = |outcome: &ClaimOutcome| match outcome {
        ClaimOutcome::Claimed { seen } => Some(seen.attempt.get()),
        _ => None,
    };
    assert_eq!(attempt(&claim(slow, LEASE).await), Some(1));
    loop {
        match claim(quick, hour).await {
            ClaimOutcome::InFlight { lease_left, .. } => sleep(lease_left).await,
            taken_over => break assert_eq!(attempt(&taken_over), Some(2)),
        }
    }
    let (late, answer) = (Completion::new(hour, Kept::new(500)), Kept::new(202));
    assert_eq!(store.release(&key, slow).await.unwrap(), ReleaseOutcome::Lost);
    for lease in [ms(1), hour * 9] {
        assert_eq!(store.extend(&key, slow, lease).await.unwrap(), ExtendOutcome::Lost);
    }
    assert_eq!(store.complete(&key, slow, &late).await.unwrap(), CompleteOutcome::Lost);
    store.release_on_drop(&key, slow);
    sleep(ms(100)).await;
    match claim(third, hour).await {
        ClaimOutcome::InFlight { lease_left, seen } => {
            assert!(lease_left <= hour, "{lease_left:?}");
            assert_eq!(seen.attempt.get(), 2);
        }
        other => panic!("{other:?}"),
    }
    let done = Completion::new(hour, answer.clone());
    assert_eq!(store.complete(&key, quick, &done).await.unwrap(), CompleteOutcome::Completed);
    assert_eq!(store.release(&key, slow).await.unwrap(), ReleaseOutcome::Lost);
    assert_eq!(store.complete(&key, slow, &late).await.unwrap(), CompleteOutcome::Lost);
    match claim(third, hour).await {
        ClaimOutcome::Duplicate { answer: kept, .. } => assert_eq!(kept, answer),
        other => panic!("{other:?}"),
    }
}

/// A panic is an answer, and the next attempt is handled.
pub(crate) async fn plan_11_a_handler_that_panics(place: &Place) {
    for framework in Framework::ALL {
        let name = framework.name();
        let store = place.store(PATIENT).await;
        let server = Server::start(framework, store, patient, |attempt| match attempt {
            1 => Does::Panics,
            _ => Does::Answers(202),
        });
        for event in ["evt_1", "evt_2", "evt_3"] {
            assert_eq!(send(server.address, event).await, handled(500), "{name}");
            assert_eq!(send(server.address, event).await, handled(202), "{name}");
            assert_eq!(send(server.address, event).await, replayed(202), "{name}");
            let attempts: Vec<u32> = server.runs_of(event).iter().map(|it| it.attempt).collect();
            assert_eq!(attempts, [1, 2], "{name}");
        }
        let counts = server.receiver.counts();
        assert_eq!((counts.panicked, counts.completed, counts.lost), (3, 3, 0), "{name}");
    }
}

/// How a client goes away.
#[derive(Clone, Copy, Debug)]
enum Leaves {
    Closes,
    HalfCloses,
    Resets,
}

/// Whoever waits for the answer, the event is handled once, to its end.
pub(crate) async fn plan_12_a_client_that_leaves(place: &Place) {
    for framework in Framework::ALL {
        let store = place.store(PATIENT).await;
        let slow = |_| Does::AnswersAfter(ms(2000), 202);
        let server = Server::start(framework, store, patient, slow);
        let leaves = async |how: Leaves| {
            let name = format!("{}, {how:?}", framework.name());
            let event = format!("evt_{how:?}");
            let mut stream = connect(server.address).await;
            stream.write_all(&request(&event, "{}")).await.unwrap();
            server.until_runs(&event, 1).await;
            let mut half = None;
            match how {
                Leaves::Closes => drop(stream),
                Leaves::HalfCloses => {
                    stream.shutdown().await.unwrap();
                    half = Some(stream);
                }
                Leaves::Resets => {
                    stream.set_zero_linger().unwrap();
                    drop(stream);
                }
            }
            sleep(ms(100)).await;
            let meanwhile = send(server.address, &event).await;
            assert_eq!(meanwhile.status, 409, "{name}: the event is still in flight");
            let retry = send_until_settled(server.address, &event).await;
            assert_eq!(retry, replayed(202), "{name}");
            assert_eq!(server.runs_of(&event).len(), 1, "{name}");
            drop(half);
        };
        tokio::join!(leaves(Leaves::Closes), leaves(Leaves::HalfCloses), leaves(Leaves::Resets));
        let counts = server.receiver.counts();
        let counts = (counts.claimed, counts.completed, counts.released);
        assert_eq!(counts, (3, 3, 0), "{}", framework.name());
    }
}

/// A duplicate that comes while the first is in flight is not told that all is well.
pub(crate) async fn plan_19_a_duplicate_of_what_then_fails(place: &Place) {
    for framework in Framework::ALL {
        let name = framework.name();
        let store = place.store(PATIENT).await;
        let server = Server::start(framework, store, patient, |attempt| match attempt {
            1 => Does::AnswersAfter(ms(1500), 500),
            _ => Does::Answers(202),
        });
        let address = server.address;
        let first = tokio::spawn(async move { send(address, "evt_1").await });
        server.until_runs("evt_1", 1).await;
        let meanwhile = send(address, "evt_1").await;
        assert_eq!(meanwhile.status, 409, "{name}");
        assert!(meanwhile.retry_after.is_some(), "{name}");
        assert_eq!(first.await.unwrap(), handled(500), "{name}");
        assert_eq!(send(address, "evt_1").await, handled(202), "{name}: the retry is handled");
        assert_eq!(send(address, "evt_1").await, replayed(202), "{name}");
        let attempts: Vec<u32> = server.runs_of("evt_1").iter().map(|it| it.attempt).collect();
        assert_eq!(attempts, [1, 2], "{name}");
    }
}

/// Another content under an id that was handled is a duplicate, or an error of the client.
pub(crate) async fn plan_20_another_content_under_one_id(place: &Place) {
    for framework in Framework::ALL {
        for policy in [ContentPolicy::Observe, ContentPolicy::Refuse] {
            let name = format!("{}, {policy:?}", framework.name());
            let store = place.store(PATIENT).await;
            let configure = |it: Builder| patient(it).endpoint(name.clone()).content(policy);
            let server = Server::start(framework, store, configure, |_| Does::Answers(202));
            let address = server.address;
            assert_eq!(send_with(address, "evt_1", "{\"a\":1}").await, handled(202), "{name}");
            let other = send_with(address, "evt_1", "{\"a\":2}").await;
            match policy {
                ContentPolicy::Observe => assert_eq!(other, replayed(202), "{name}"),
                _ => assert_eq!(other.status, 422, "{name}"),
            }
            assert_eq!(server.receiver.counts().content_differs, 1, "{name}");
            let same = send_with(address, "evt_1", "{\"a\":1}").await;
            assert_eq!(same, replayed(202), "{name}");
            assert_eq!(server.runs_of("evt_1").len(), 1, "{name}");
        }
    }
}

/// A server that stops takes nothing new, and lets its handlers end.
pub(crate) async fn a_server_that_stops_lets_its_handlers_end(place: &Place) {
    for framework in Framework::ALL {
        let name = framework.name();
        let store = place.store(PATIENT).await;
        let slow = |_| Does::AnswersAfter(ms(500), 202);
        let server = Server::start(framework, store, patient, slow);
        let address = server.address;
        let first = tokio::spawn(async move { send(address, "evt_1").await });
        server.until_runs("evt_1", 1).await;
        assert_eq!(server.receiver.drain(sleep(PATIENT)).await, 0, "{name}");
        assert_eq!(server.receiver.counts().completed, 1, "{name}");
        assert_eq!(first.await.unwrap(), handled(202), "{name}");
        let refused = send(address, "evt_2").await;
        assert_eq!((refused.status, refused.retry_after.as_deref()), (503, Some("5")), "{name}");
        assert_eq!(server.runs().len(), 1, "{name}");
    }
}
