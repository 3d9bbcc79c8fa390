//! What is lost, killed, cut off or late.

use std::time::{Duration, Instant};

use countersign::{ClaimOutcome, CompleteOutcome, Store as _};
use countersign_postgres::PostgresStore;
use countersign_store_tests::postgres::Server;
use countersign_store_tests::{
    HOUR, Other, Proxy, attempt, checks, claim, completion, key, runtime, token, until,
};
use tokio::task::JoinSet;

use crate::support::{patient, store};

#[test]
fn plan_02_of_racing_claims_one_wins() {
    let server = Server::start();
    runtime().block_on(async {
        let store = patient().pool_size(16).connect(&server.url()).await.unwrap();
        checks::of_racing_claims_one_wins(store).await;
    });
}

#[test]
fn plan_03_a_killed_process_holds_an_event_as_long_as_its_lease() {
    let server = Server::start();
    runtime().block_on(async {
        let store = store(&server).await;
        let other = Other::run("failures::claims_and_hangs", &[("STORE", &server.url())]);
        checks::a_killed_process_holds_an_event_as_long_as_its_lease(store, other).await;
    });
}

#[test]
#[ignore = "runs in a process of its own, which is killed"]
fn claims_and_hangs() {
    let Ok(url) = std::env::var("STORE") else { return };
    runtime().block_on(async {
        checks::claim_and_hang(patient().connect(&url).await.unwrap()).await;
    });
}

/// The server stops while an event is handled, and is back a second later.
#[test]
fn plan_04_a_server_that_stops_refuses_in_time_and_remembers() {
    let (runtime, mut server) = (runtime(), Server::start());
    runtime.block_on(async {
        store(&server).await;
        let store = PostgresStore::connect(&server.url()).await.unwrap();
        assert_eq!(attempt(&store.claim(&key(1), &claim(1, HOUR)).await.unwrap()), Some(1));
        server.stop_at_once();
        for number in 10..20 {
            let start = Instant::now();
            let error = store.claim(&key(number), &claim(number, HOUR)).await.unwrap_err();
            assert!(error.is_outage(), "{error:?}");
            // 250 ms, and room for a busy machine.
            assert!(start.elapsed() < Duration::from_millis(800), "{:?}", start.elapsed());
        }
        assert!(store.complete(&key(1), token(1), &completion(201)).await.unwrap_err().is_outage());
        tokio::time::sleep(Duration::from_secs(1)).await;
        server.run();
        until("the completion lands", async || {
            let completed = store.complete(&key(1), token(1), &completion(201)).await;
            matches!(completed, Ok(CompleteOutcome::Completed | CompleteOutcome::AlreadyCompleted))
        })
        .await;
        let store = patient().connect(&server.url()).await.unwrap();
        let outcome = store.claim(&key(1), &claim(2, HOUR)).await.unwrap();
        let ClaimOutcome::Duplicate { answer, seen } = outcome else { panic!("{outcome:?}") };
        assert_eq!((answer.status(), seen.attempt.get()), (201, 1));
    });
}

/// Statements are under way when the server stops.
#[test]
fn plan_04_a_server_that_stops_in_the_middle_loses_no_claim_that_it_granted() {
    let (runtime, mut server) = (runtime(), Server::start());
    runtime.block_on(async {
        store(&server).await;
        let store = PostgresStore::connect(&server.url()).await.unwrap();
        let mut tasks = JoinSet::new();
        for task in 0..8_u64 {
            let store = store.clone();
            tasks.spawn(async move {
                let mut granted = Vec::new();
                for number in (task * 100_000)..(task * 100_000 + 20_000) {
                    match store.claim(&key(number), &claim(number, HOUR)).await {
                        Ok(outcome) => {
                            assert_eq!(attempt(&outcome), Some(1));
                            granted.push(number);
                        }
                        Err(error) => {
                            assert!(error.is_outage(), "{error:?}");
                            break;
                        }
                    }
                }
                granted
            });
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
        server.stop_at_once();
        let granted: Vec<u64> = tasks.join_all().await.into_iter().flatten().collect();
        assert!(!granted.is_empty());
        server.run();
        let store = patient().connect(&server.url()).await.unwrap();
        for number in granted {
            let outcome = store.claim(&key(number), &claim(1 << 40, HOUR)).await.unwrap();
            assert!(matches!(outcome, ClaimOutcome::InFlight { .. }), "{number}: {outcome:?}");
        }
    });
}

/// No clock of this process enters: leases are counted by the server's, whatever its time zone.
#[test]
fn plan_08_leases_are_counted_by_the_clock_of_the_server() {
    let (runtime, server) = (runtime(), Server::start());
    runtime.block_on(async {
        store(&server).await;
        let zoned = |zone: &str| {
            let url = format!("{}?options=-ctimezone%3D{zone}", server.url());
            async move { patient().connect(&url).await.unwrap() }
        };
        let (east, west) = (zoned("Etc/GMT-14").await, zoned("Etc/GMT%2B12").await);
        let lease = Duration::from_millis(1500);
        assert_eq!(attempt(&east.claim(&key(1), &claim(1, lease)).await.unwrap()), Some(1));
        let outcome = west.claim(&key(1), &claim(2, lease)).await.unwrap();
        let ClaimOutcome::InFlight { lease_left, .. } = outcome else { panic!("{outcome:?}") };
        assert!(lease_left <= lease);
        tokio::time::sleep(lease).await;
        assert_eq!(attempt(&west.claim(&key(1), &claim(2, lease)).await.unwrap()), Some(2));
    });
    for file in ["store", "connections", "row", "time", "work", "inbox", "inbox/transaction"] {
        let path = format!("{}/src/{file}.rs", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        assert!(!text.contains("SystemTime") && !text.contains("Instant"), "{file} reads a clock");
    }
}

#[test]
fn plan_18_what_was_done_without_a_reply_can_be_repeated() {
    let server = Server::start();
    runtime().block_on(async {
        let direct = store(&server).await;
        let proxy = Proxy::before(server.port()).await;
        let store = patient().pool_size(1).connect(&server.url_at(proxy.port)).await.unwrap();
        checks::what_was_done_without_a_reply_can_be_repeated(store, direct, &proxy).await;
    });
}

#[test]
fn a_server_that_says_nothing_is_given_up_in_time() {
    let server = Server::start();
    runtime().block_on(async {
        store(&server).await;
        let proxy = Proxy::before(server.port()).await;
        let url = server.url_at(proxy.port);
        let store = PostgresStore::builder().pool_size(2).connect(&url).await.unwrap();
        checks::a_server_that_says_nothing_is_given_up_in_time(store, &proxy).await;
    });
}

#[test]
fn claims_that_are_dropped_are_released_or_left_to_their_lease() {
    let server = Server::start();
    runtime().block_on(async {
        let direct = store(&server).await;
        let proxy = Proxy::before(server.port()).await;
        let store = PostgresStore::connect(&server.url_at(proxy.port)).await.unwrap();
        let left_out = || store.stats().releases_left_out;
        checks::claims_that_are_dropped_are_released_or_left_to_their_lease(
            store.clone(),
            direct,
            &proxy,
            left_out,
        )
        .await;
    });
}
