//! What is lost, killed, cut off or late.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use countersign::{
    ClaimOutcome, CompleteOutcome, ExtendOutcome, ReleaseOutcome, Store as _, StoreErrorKind,
};
use countersign_redis::RedisStore;
use countersign_store_tests::redis::Server;
use countersign_store_tests::{
    HOUR, Other, Proxy, attempt, checks, claim, completion, key, runtime, token, until,
};
use tokio::task::JoinSet;

use crate::support::{patient, store};

#[test]
fn plan_02_of_racing_claims_one_wins() {
    let server = Server::start();
    runtime().block_on(async { checks::of_racing_claims_one_wins(store(&server).await).await });
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

/// The server is killed while a handler runs, and comes back: once with what it had, once without.
#[test]
fn plan_04_a_server_that_dies_is_told_of_in_time_and_used_again() {
    for keeps in [true, false] {
        let settings: &[&str] =
            if keeps { &["--appendonly", "yes", "--appendfsync", "always"] } else { &[] };
        let (runtime, mut server) = (runtime(), Server::start_with(settings));
        runtime.block_on(async {
            let store = RedisStore::connect(&server.url()).await.unwrap();
            let running = store.claim(&key(1), &claim(1, HOUR)).await.unwrap();
            assert_eq!(attempt(&running), Some(1));
            server.kill();
            for number in 2..6 {
                let start = Instant::now();
                let error = store.claim(&key(number), &claim(1, HOUR)).await.unwrap_err();
                assert!(error.is_outage(), "{error:?}");
                assert!(start.elapsed() < Duration::from_millis(1250), "{:?}", start.elapsed());
            }
            let error = store.complete(&key(1), token(1), &completion(200)).await.unwrap_err();
            assert!(error.is_outage(), "{error:?}");
            server.run();
            // As the background task of a receiver does.
            until("it is completed", async || {
                matches!(
                    store.complete(&key(1), token(1), &completion(200)).await,
                    Ok(CompleteOutcome::Completed | CompleteOutcome::AlreadyCompleted)
                )
            })
            .await;
            let outcome = store.claim(&key(1), &claim(2, HOUR)).await.unwrap();
            assert!(matches!(outcome, ClaimOutcome::Duplicate { .. }), "{keeps}: {outcome:?}");
        });
    }
}

/// What was acknowledged is there after a kill, every time: a server with a log has handed it to the
/// system by then. That it is on the disk, for a power cut, is not tried here.
#[test]
fn what_was_acknowledged_survives_one_kill_after_the_other() {
    let settings = ["--appendonly", "yes", "--appendfsync", "always"];
    let (runtime, mut server) = (runtime(), Server::start_with(&settings));
    runtime.block_on(async {
        for round in 0..3 {
            let store = store(&server).await;
            let mut done = Vec::new();
            for number in round * 100..round * 100 + 50 {
                store.claim(&key(number), &claim(1, HOUR)).await.unwrap();
                store.complete(&key(number), token(1), &completion(200)).await.unwrap();
                done.push(number);
            }
            server.kill();
            server.run();
            let store = patient().connect(&server.url()).await.unwrap();
            for number in done {
                let outcome = store.claim(&key(number), &claim(2, HOUR)).await.unwrap();
                assert!(matches!(outcome, ClaimOutcome::Duplicate { .. }), "{outcome:?}");
            }
        }
    });
}

#[test]
fn plan_05_a_completion_is_remembered_although_the_record_is_gone() {
    let (runtime, server) = (runtime(), Server::start());
    runtime.block_on(async {
        let store = store(&server).await;
        store.claim(&key(1), &claim(1, HOUR)).await.unwrap();
        let mut client = server.client().await;
        redis::cmd("FLUSHALL").query_async::<()>(&mut client).await.unwrap();
        let outcome = store.complete(&key(1), token(1), &completion(200)).await.unwrap();
        assert_eq!(outcome, CompleteOutcome::Completed);
        let outcome = store.claim(&key(1), &claim(2, HOUR)).await.unwrap();
        let ClaimOutcome::Duplicate { seen, .. } = outcome else { panic!("{outcome:?}") };
        assert_eq!(seen.attempt.get(), 1);
    });
}

/// A replica that no longer hears of its primary is promoted: what it missed is handled once more,
/// and its attempt is the first again. That is what is promised, and no more.
#[test]
fn plan_06_a_failover_loses_what_the_replica_has_not_heard_of() {
    let (runtime, primary) = (runtime(), Server::start());
    runtime.block_on(async {
        let link = Proxy::before(primary.port()).await;
        let replicaof = format!("127.0.0.1 {}", link.port);
        let replica = Server::start_with(&["--replicaof", &replicaof]);
        let old = patient()
            .wait_for_replicas(1, Duration::from_secs(20))
            .connect(&primary.url())
            .await
            .unwrap();
        // Only once the replica has it.
        old.claim(&key(1), &claim(1, HOUR)).await.unwrap();
        old.complete(&key(1), token(1), &completion(200)).await.unwrap();

        // A store on a replica is of no use.
        let wrong = store(&replica).await.claim(&key(3), &claim(1, HOUR)).await.unwrap_err();
        assert_eq!(wrong.kind(), StoreErrorKind::Unavailable, "{wrong:?}");

        link.hold();
        let hasty = patient().connect(&primary.url()).await.unwrap();
        hasty.claim(&key(2), &claim(1, HOUR)).await.unwrap();
        hasty.release(&key(2), token(1)).await.unwrap();
        let outcome = hasty.claim(&key(2), &claim(2, HOUR)).await.unwrap();
        assert_eq!(attempt(&outcome), Some(2));
        let strict = patient()
            .wait_for_replicas(1, Duration::from_millis(100))
            .connect(&primary.url())
            .await
            .unwrap();
        let error = strict.claim(&key(4), &claim(1, HOUR)).await.unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Timeout, "{error:?}");
        // Nor does it help to ask again, on a connection that has written nothing before.
        let again = patient()
            .wait_for_replicas(1, Duration::from_millis(100))
            .connect(&primary.url())
            .await
            .unwrap();
        let error = again.claim(&key(4), &claim(1, HOUR)).await.unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Timeout, "{error:?}");

        let mut client = replica.client().await;
        redis::cmd("REPLICAOF").arg("NO").arg("ONE").query_async::<()>(&mut client).await.unwrap();
        let new = store(&replica).await;
        let kept = new.claim(&key(1), &claim(3, HOUR)).await.unwrap();
        assert!(matches!(kept, ClaimOutcome::Duplicate { .. }), "{kept:?}");
        let mut runs = 0;
        for number in 5..10 {
            let outcome = new.claim(&key(2), &claim(number, HOUR)).await.unwrap();
            if let Some(attempt) = attempt(&outcome) {
                assert_eq!(attempt, 1, "the attempts start anew");
                runs += 1;
            }
        }
        assert_eq!(runs, 1, "one run more, and not two");
    });
}

#[test]
fn plan_07_a_server_that_evicts_is_refused_unless_told_otherwise() {
    let memory = ["--maxmemory", "2mb"];
    for policy in ["allkeys-lru", "volatile-ttl", "volatile-lfu", "allkeys-random"] {
        let settings = [&memory[..], &["--maxmemory-policy", policy]].concat();
        let (runtime, server) = (runtime(), Server::start_with(&settings));
        runtime.block_on(async {
            let error = patient().connect(&server.url()).await.unwrap_err();
            assert_eq!(error.kind(), StoreErrorKind::Config);
            assert!(format!("{error:?}").contains("noeviction"), "{error:?}");
            patient().danger_allow_eviction().connect(&server.url()).await.unwrap();
        });
    }
}

/// New events are declined, which makes their senders try again; what is known stays known.
#[test]
fn a_full_server_is_saturated_and_forgets_nothing() {
    let settings = ["--maxmemory", "3mb", "--maxmemory-policy", "noeviction"];
    let (runtime, server) = (runtime(), Server::start_with(&settings));
    runtime.block_on(async {
        let store = store(&server).await;
        let mut number = 0;
        loop {
            assert!(number < 100_000, "it is never full");
            match store.claim(&key(number), &claim(1, HOUR)).await.unwrap() {
                ClaimOutcome::Claimed { .. } => number += 1,
                ClaimOutcome::Saturated => break,
                other => panic!("{other:?}"),
            }
        }
        assert!(number > 1000, "{number}");
        for known in 0..number {
            let outcome = store.claim(&key(known), &claim(2, HOUR)).await.unwrap();
            assert!(matches!(outcome, ClaimOutcome::InFlight { .. }), "{known}: {outcome:?}");
        }
        // What was begun comes to its end; else it would be handled again once there is room.
        for known in 0..300 {
            let extended = store.extend(&key(known), token(1), HOUR).await.unwrap();
            assert_eq!(extended, ExtendOutcome::Extended);
            let repeated = store.claim(&key(known), &claim(1, HOUR)).await.unwrap();
            assert_eq!(attempt(&repeated), Some(1));
            match known % 3 {
                0 => {
                    let released = store.release(&key(known), token(1)).await.unwrap();
                    assert_eq!(released, ReleaseOutcome::Released);
                }
                1 => assert!(store.forget(&key(known)).await.unwrap()),
                _ => {}
            }
            if known % 3 != 0 {
                let outcome = store.complete(&key(known), token(1), &completion(200)).await;
                assert_eq!(outcome.unwrap(), CompleteOutcome::Completed);
                let outcome = store.claim(&key(known), &claim(2, HOUR)).await.unwrap();
                assert!(matches!(outcome, ClaimOutcome::Duplicate { .. }), "{outcome:?}");
            }
        }
    });
}

/// The server is killed while many claim and complete, and is back a second later with its log.
/// Whoever was told that an event is completed finds it so; and no event is claimed twice, unless
/// the first was not told.
#[test]
fn plan_04_a_kill_in_the_middle_loses_nothing_that_was_told() {
    const TASKS: u64 = 16;
    let settings = ["--appendonly", "yes", "--appendfsync", "always"];
    let (runtime, mut server) = (runtime(), Server::start_with(&settings));
    runtime.block_on(async {
        let store = RedisStore::connect(&server.url()).await.unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let mut tasks = JoinSet::new();
        for task in 0..TASKS {
            let (store, stop) = (store.clone(), Arc::clone(&stop));
            tasks.spawn(async move {
                let (mut claimed, mut completed, mut failed) = (Vec::new(), Vec::new(), 0);
                let mut number = task;
                while !stop.load(Ordering::SeqCst) {
                    number += TASKS;
                    match store.claim(&key(number), &claim(1, HOUR)).await {
                        Ok(outcome) => assert_eq!(attempt(&outcome), Some(1)),
                        Err(error) => {
                            assert!(error.is_outage(), "{error:?}");
                            failed += 1;
                            tokio::time::sleep(Duration::from_millis(20)).await;
                            continue;
                        }
                    }
                    match store.complete(&key(number), token(1), &completion(200)).await {
                        Ok(_) => completed.push(number),
                        Err(error) => {
                            assert!(error.is_outage(), "{error:?}");
                            claimed.push(number);
                        }
                    }
                }
                (claimed, completed, failed)
            });
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
        server.kill();
        tokio::time::sleep(Duration::from_secs(1)).await;
        server.run();
        until("it is used again", async || store.claim(&key(0), &claim(1, HOUR)).await.is_ok())
            .await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        stop.store(true, Ordering::SeqCst);

        let (mut done, mut failures) = (0, 0);
        let direct = patient().connect(&server.url()).await.unwrap();
        for (claimed, completed, failed) in tasks.join_all().await {
            failures += failed;
            done += completed.len();
            for number in completed {
                let outcome = direct.claim(&key(number), &claim(2, HOUR)).await.unwrap();
                assert!(matches!(outcome, ClaimOutcome::Duplicate { .. }), "{outcome:?}");
            }
            for number in claimed {
                let outcome = direct.claim(&key(number), &claim(2, HOUR)).await.unwrap();
                assert!(attempt(&outcome).is_none(), "the lease is an hour: {outcome:?}");
            }
        }
        assert!(done > 50 && failures > 0, "{done} done, {failures} failed");
    });
}

/// No clock of this process enters: leases are counted by the server's.
#[test]
fn plan_08_leases_are_counted_by_the_clock_of_the_server() {
    let (runtime, server) = (runtime(), Server::start());
    runtime.block_on(async {
        let store = store(&server).await;
        let lease = Duration::from_millis(1500);
        let mut client = server.client().await;
        let mut time = async || {
            let time: (f64, f64) = redis::cmd("TIME").query_async(&mut client).await.unwrap();
            time.0 + time.1 / 1e6
        };
        let before = time().await;
        assert_eq!(attempt(&store.claim(&key(1), &claim(1, lease)).await.unwrap()), Some(1));
        let mut number = 2;
        let after = loop {
            let outcome = store.claim(&key(1), &claim(number, lease)).await.unwrap();
            if attempt(&outcome).is_some() {
                break time().await;
            }
            number += 1;
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        assert!(after - before >= lease.as_secs_f64(), "{before} {after}");
        assert!(after - before < lease.as_secs_f64() + 10.0, "{before} {after}");
    });
    for file in ["store", "scripts", "found", "time"] {
        let path = format!("{}/src/{file}.rs", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        assert!(!text.contains("SystemTime") && !text.contains("Instant"), "{file} reads a clock");
    }
}

#[test]
fn plan_18_what_was_done_without_a_reply_can_be_repeated() {
    let server = Server::start();
    runtime().block_on(async {
        let proxy = Proxy::before(server.port()).await;
        let direct = store(&server).await;
        let store = patient().connect(&server.url_at(proxy.port)).await.unwrap();
        checks::what_was_done_without_a_reply_can_be_repeated(store, direct, &proxy).await;
    });
}

#[test]
fn a_server_that_says_nothing_is_given_up_in_time() {
    let server = Server::start();
    runtime().block_on(async {
        let proxy = Proxy::before(server.port()).await;
        let store = RedisStore::connect(&server.url_at(proxy.port)).await.unwrap();
        checks::a_server_that_says_nothing_is_given_up_in_time(store, &proxy).await;
    });
}

#[test]
fn claims_that_are_dropped_are_released_or_left_to_their_lease() {
    let server = Server::start();
    runtime().block_on(async {
        let proxy = Proxy::before(server.port()).await;
        let direct = store(&server).await;
        let store = RedisStore::connect(&server.url_at(proxy.port)).await.unwrap();
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
