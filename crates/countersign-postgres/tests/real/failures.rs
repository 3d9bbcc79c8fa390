//! What is lost, killed, cut off or late.

use std::sync::Arc;
use std::time::{Duration, Instant};

use countersign::{
    Answer, ClaimOutcome, CompleteOutcome, Completion, ExtendOutcome, ReleaseOutcome, Store as _,
    StoreErrorKind, Token,
};
use countersign_postgres::PostgresStore;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::support::proxy::Proxy;
use crate::support::{Other, Server, claim, key, patient, runtime, token, until};

const HOUR: Duration = Duration::from_secs(3600);

fn completion(status: u16) -> Completion {
    Completion::new(HOUR, Answer::new(status))
}

fn attempt(outcome: &ClaimOutcome) -> Option<u32> {
    match outcome {
        ClaimOutcome::Claimed { seen } => Some(seen.attempt.get()),
        _ => None,
    }
}

/// 64 tasks claim the same thousand events, each at once.
#[test]
fn plan_02_of_racing_claims_one_wins() {
    const TASKS: usize = 64;
    const KEYS: u64 = 1000;
    let (runtime, server) = (runtime(), Server::start());
    runtime.block_on(async {
        let store = patient().pool_size(16).connect(&server.url()).await.unwrap();
        let barrier = Arc::new(Barrier::new(TASKS));
        let mut tasks = JoinSet::new();
        for task in 0..TASKS as u64 {
            let (store, barrier) = (store.clone(), Arc::clone(&barrier));
            tasks.spawn(async move {
                let mut won = 0;
                for number in 0..KEYS {
                    if number % 50 == 0 {
                        barrier.wait().await;
                    }
                    match store.claim(&key(number), &claim(task, HOUR)).await.unwrap() {
                        ClaimOutcome::Claimed { seen } => {
                            assert_eq!(seen.attempt.get(), 1);
                            won += 1;
                        }
                        ClaimOutcome::InFlight { lease_left, seen } => {
                            // Not made up: the winner's row was seen.
                            assert!(lease_left > HOUR / 2, "{lease_left:?}");
                            assert_eq!(seen.attempt.get(), 1);
                        }
                        other => panic!("{other:?}"),
                    }
                }
                won
            });
        }
        assert_eq!(tasks.join_all().await.into_iter().sum::<u64>(), KEYS);
    });
}

/// A handler's process is killed; its lease of a second frees the event.
#[test]
fn plan_03_a_killed_process_holds_an_event_as_long_as_its_lease() {
    let (runtime, server) = (runtime(), Server::start());
    runtime.block_on(async {
        let store = server.store().await;
        let mut other = Other::run("failures::claims_and_hangs", &[("STORE", &server.url())]);
        let claimed = Instant::now();
        let client = server.client().await;
        let query = "SELECT extract(epoch FROM lease_until - clock_timestamp())::float8 \
                     FROM countersign.delivery";
        until("the other claims", async || !client.query(query, &[]).await.unwrap().is_empty())
            .await;
        let left: f64 = client.query_one(query, &[]).await.unwrap().get(0);
        let lease_ends = Instant::now() + Duration::from_secs_f64(left.max(0.0));
        other.kill();
        let taken = loop {
            let outcome = store.claim(&key(1), &claim(2, HOUR)).await.unwrap();
            if let Some(attempt) = attempt(&outcome) {
                assert_eq!(attempt, 2);
                break Instant::now();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        assert!(taken + Duration::from_millis(20) >= lease_ends, "it was freed too early");
        assert!(taken < lease_ends + Duration::from_millis(2500), "it was freed too late");
        assert!(taken - claimed >= Duration::from_millis(900));
    });
}

#[test]
#[ignore = "runs in a process of its own, which is killed"]
fn claims_and_hangs() {
    let Ok(url) = std::env::var("STORE") else { return };
    runtime().block_on(async {
        let store = patient().connect(&url).await.unwrap();
        let outcome = store.claim(&key(1), &claim(1, Duration::from_secs(1))).await.unwrap();
        assert_eq!(attempt(&outcome), Some(1));
        tokio::time::sleep(HOUR).await;
    });
}

/// The server stops while an event is handled, and is back a second later.
#[test]
fn plan_04_a_server_that_stops_refuses_in_time_and_remembers() {
    let (runtime, mut server) = (runtime(), Server::start());
    runtime.block_on(async {
        server.store().await;
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
        let store = server.store().await;
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
        server.store().await;
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
        let store = server.store().await;
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
        server.store().await;
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

/// A handler takes longer than its lease, and another takes the event over.
#[test]
fn plan_10_who_was_taken_over_changes_nothing_and_a_heartbeat_prevents_it() {
    let (runtime, server) = (runtime(), Server::start());
    runtime.block_on(async {
        let store = server.store().await;
        let brief = Duration::from_millis(200);
        assert_eq!(attempt(&store.claim(&key(1), &claim(1, brief)).await.unwrap()), Some(1));
        tokio::time::sleep(brief).await;
        assert_eq!(attempt(&store.claim(&key(1), &claim(2, HOUR)).await.unwrap()), Some(2));

        let lost = store.release(&key(1), token(1)).await.unwrap();
        assert_eq!(lost, ReleaseOutcome::Lost);
        let lost = store.extend(&key(1), token(1), HOUR * 9).await.unwrap();
        assert_eq!(lost, ExtendOutcome::Lost);
        let lost = store.complete(&key(1), token(1), &completion(201)).await.unwrap();
        assert_eq!(lost, CompleteOutcome::Lost);
        store.release_on_drop(&key(1), token(1));
        tokio::time::sleep(brief).await;
        let outcome = store.claim(&key(1), &claim(3, HOUR)).await.unwrap();
        let ClaimOutcome::InFlight { lease_left, seen } = outcome else { panic!("{outcome:?}") };
        assert!(lease_left <= HOUR);
        assert_eq!(seen.attempt.get(), 2);

        store.complete(&key(1), token(2), &completion(202)).await.unwrap();
        let lost = store.complete(&key(1), token(1), &completion(201)).await.unwrap();
        assert_eq!(lost, CompleteOutcome::Lost);
        let outcome = store.claim(&key(1), &claim(3, HOUR)).await.unwrap();
        assert!(
            matches!(&outcome, ClaimOutcome::Duplicate { answer, .. } if answer.status() == 202),
            "{outcome:?}"
        );

        let lease = Duration::from_millis(1000);
        store.claim(&key(2), &claim(1, lease)).await.unwrap();
        for _ in 0..8 {
            tokio::time::sleep(Duration::from_millis(200)).await;
            let extended = store.extend(&key(2), token(1), lease).await.unwrap();
            assert_eq!(extended, ExtendOutcome::Extended);
            let outcome = store.claim(&key(2), &claim(2, lease)).await.unwrap();
            assert!(matches!(outcome, ClaimOutcome::InFlight { .. }), "{outcome:?}");
        }
    });
}

/// The reply to a claim is cut off after it was applied, and the claim repeated.
#[test]
fn plan_18_a_claim_whose_reply_was_lost_can_be_repeated() {
    let (runtime, server) = (runtime(), Server::start());
    runtime.block_on(async {
        server.store().await;
        let proxy = Proxy::before(server.port()).await;
        let store = patient().pool_size(1).connect(&server.url_at(proxy.port)).await.unwrap();
        for (number, outcome) in [(1, "claim"), (2, "complete"), (3, "release")] {
            let key = key(number);
            let request = claim(number, HOUR);
            if number > 1 {
                store.claim(&key, &request).await.unwrap();
            }
            let cut = proxy.cut();
            proxy.cut_replies();
            let failed = match outcome {
                "claim" => store.claim(&key, &request).await.map(|_| ()),
                "complete" => {
                    store.complete(&key, token(number), &completion(200)).await.map(|_| ())
                }
                _ => store.release(&key, token(number)).await.map(|_| ()),
            };
            assert!(failed.unwrap_err().is_outage());
            assert_eq!(proxy.cut(), cut + 1, "{outcome}");
            proxy.pass();
        }
        let outcome = store.claim(&key(1), &claim(1, HOUR)).await.unwrap();
        assert_eq!(attempt(&outcome), Some(1));
        let outcome = store.complete(&key(2), token(2), &completion(200)).await.unwrap();
        assert_eq!(outcome, CompleteOutcome::AlreadyCompleted);
        let outcome = store.release(&key(3), token(3)).await.unwrap();
        assert_eq!(outcome, ReleaseOutcome::Lost);
        let outcome = store.claim(&key(3), &claim(9, HOUR)).await.unwrap();
        assert_eq!(attempt(&outcome), Some(2));
    });
}

/// The network swallows everything: operations end in time, and the connections are not used again.
#[test]
fn a_server_that_says_nothing_is_given_up_in_time() {
    let (runtime, server) = (runtime(), Server::start());
    runtime.block_on(async {
        server.store().await;
        let proxy = Proxy::before(server.port()).await;
        let url = server.url_at(proxy.port);
        let store = PostgresStore::builder().pool_size(2).connect(&url).await.unwrap();
        proxy.hold();
        let mut tasks = JoinSet::new();
        for number in 0..20 {
            let store = store.clone();
            tasks.spawn(async move {
                let start = Instant::now();
                let error = store.claim(&key(number), &claim(number, HOUR)).await.unwrap_err();
                assert_eq!(error.kind(), StoreErrorKind::Timeout);
                assert!(start.elapsed() >= Duration::from_millis(250));
                assert!(start.elapsed() < Duration::from_millis(1250), "{:?}", start.elapsed());
            });
        }
        tasks.join_all().await;
        proxy.pass();
        until("it answers again", async || {
            matches!(
                store.claim(&key(99), &claim(99, HOUR)).await,
                Ok(ClaimOutcome::Claimed { .. })
            )
        })
        .await;
    });
}

/// A duplicate comes while the first is handled, which then fails.
#[test]
fn plan_19_a_duplicate_of_what_then_fails_is_handled_later() {
    let (runtime, server) = (runtime(), Server::start());
    runtime.block_on(async {
        let store = server.store().await;
        let mut effects = 0;
        store.claim(&key(1), &claim(1, HOUR)).await.unwrap();
        let outcome = store.claim(&key(1), &claim(2, HOUR)).await.unwrap();
        assert!(matches!(outcome, ClaimOutcome::InFlight { .. }), "{outcome:?}");
        store.release(&key(1), token(1)).await.unwrap();
        for number in 3..6 {
            let outcome = store.claim(&key(1), &claim(number, HOUR)).await.unwrap();
            if attempt(&outcome).is_some() {
                effects += 1;
                store.complete(&key(1), token(number), &completion(200)).await.unwrap();
            }
        }
        assert_eq!(effects, 1);
    });
}

/// Dropping a claim never waits, however many there are and whatever the server does.
#[test]
fn claims_that_are_dropped_are_released_or_left_to_their_lease() {
    let (runtime, server) = (runtime(), Server::start());
    runtime.block_on(async {
        server.store().await;
        let proxy = Proxy::before(server.port()).await;
        let store = PostgresStore::builder().connect(&server.url_at(proxy.port)).await.unwrap();
        let claims = 0..20_u64;
        let direct = server.store().await;
        for number in claims.clone() {
            direct.claim(&key(number), &claim(number, HOUR)).await.unwrap();
            store.release_on_drop(&key(number), token(number));
        }
        for number in claims {
            until("it is released", async || {
                let outcome = direct.claim(&key(number), &claim(99, HOUR)).await.unwrap();
                attempt(&outcome) == Some(2)
            })
            .await;
        }
        assert_eq!(store.stats().releases_left_out, 0);

        proxy.hold();
        let start = Instant::now();
        for number in 0..1000 {
            store.release_on_drop(&key(number), Token::from_bytes([1; 16]));
        }
        assert!(start.elapsed() < Duration::from_millis(500));
        assert!(store.stats().releases_left_out >= 1000 - 256 - 1);
    });
}
