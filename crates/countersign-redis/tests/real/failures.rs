//! What is lost, killed, cut off or late.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use countersign::{
    ClaimOutcome, CompleteOutcome, ExtendOutcome, ReleaseOutcome, Store as _, StoreErrorKind, Token,
};
use countersign_redis::RedisStore;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::support::proxy::Proxy;
use crate::support::{
    HOUR, Other, Server, attempt, claim, completion, key, patient, runtime, token, until, url_at,
};

/// 64 tasks claim the same thousand events, each at once.
#[test]
fn plan_02_of_racing_claims_one_wins() {
    const TASKS: usize = 64;
    const KEYS: u64 = 1000;
    let (runtime, server) = (runtime(), Server::start());
    runtime.block_on(async {
        let store = server.store().await;
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
        let started = Instant::now();
        let mut other = Other::run("failures::claims_and_hangs", &[("STORE", &server.url())]);
        // In flight under the token of the other, which is thereby known to have claimed.
        let mut seen = None;
        until("the other claims", async || {
            let outcome = store.extend(&key(1), token(1), Duration::from_secs(1)).await.unwrap();
            seen = (outcome == ExtendOutcome::Extended).then(Instant::now);
            seen.is_some()
        })
        .await;
        other.kill();
        let seen = seen.unwrap();
        let taken = loop {
            let outcome = store.claim(&key(1), &claim(2, HOUR)).await.unwrap();
            if let Some(attempt) = attempt(&outcome) {
                assert_eq!(attempt, 2);
                break Instant::now();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        // The lease began in between sending the extension and its answer.
        assert!(taken - started >= Duration::from_secs(1), "it was freed too early");
        assert!(taken < seen + Duration::from_millis(3500), "it was freed too late");
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
        std::future::pending::<()>().await;
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

/// With `appendfsync always`, what was acknowledged is there after a kill, every time.
#[test]
fn what_is_written_to_disk_at_once_survives_a_kill() {
    let settings = ["--appendonly", "yes", "--appendfsync", "always"];
    let (runtime, mut server) = (runtime(), Server::start_with(&settings));
    runtime.block_on(async {
        for round in 0..3 {
            let store = server.store().await;
            let mut done = Vec::new();
            for number in round * 100..round * 100 + 50 {
                store.claim(&key(number), &claim(1, HOUR)).await.unwrap();
                store.complete(&key(number), token(1), &completion(200)).await.unwrap();
                done.push(number);
            }
            server.kill();
            server.run();
            let store = server.store().await;
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
        let store = server.store().await;
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
        let wrong = replica.store().await.claim(&key(3), &claim(1, HOUR)).await.unwrap_err();
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
        let new = replica.store().await;
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
        let store = server.store().await;
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
        let direct = server.store().await;
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
        let store = server.store().await;
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

/// A handler that takes longer than its lease keeps it by extending it.
#[test]
fn plan_09_a_heartbeat_keeps_a_claim() {
    let (runtime, server) = (runtime(), Server::start());
    runtime.block_on(async {
        let store = server.store().await;
        let lease = Duration::from_secs(1);
        store.claim(&key(1), &claim(1, lease)).await.unwrap();
        for _ in 0..20 {
            tokio::time::sleep(lease / 10).await;
            let outcome = store.claim(&key(1), &claim(2, lease)).await.unwrap();
            assert!(matches!(outcome, ClaimOutcome::InFlight { .. }), "{outcome:?}");
            let extended = store.extend(&key(1), token(1), lease).await.unwrap();
            assert_eq!(extended, ExtendOutcome::Extended);
        }
        let outcome = store.complete(&key(1), token(1), &completion(200)).await.unwrap();
        assert_eq!(outcome, CompleteOutcome::Completed);
    });
}

/// A lease lapses while the handler runs, and another takes the event over.
#[test]
fn plan_10_who_lost_a_claim_can_change_nothing() {
    let (runtime, server) = (runtime(), Server::start());
    runtime.block_on(async {
        let store = server.store().await;
        let brief = Duration::from_millis(50);
        store.claim(&key(1), &claim(1, brief)).await.unwrap();
        tokio::time::sleep(brief).await;
        let outcome = store.claim(&key(1), &claim(2, HOUR)).await.unwrap();
        assert_eq!(attempt(&outcome), Some(2));
        let lost = store.release(&key(1), token(1)).await.unwrap();
        assert_eq!(lost, ReleaseOutcome::Lost);
        let lost = store.extend(&key(1), token(1), HOUR * 9).await.unwrap();
        assert_eq!(lost, ExtendOutcome::Lost);
        let lost = store.complete(&key(1), token(1), &completion(201)).await.unwrap();
        assert_eq!(lost, CompleteOutcome::Lost);
        let outcome = store.claim(&key(1), &claim(3, HOUR)).await.unwrap();
        let ClaimOutcome::InFlight { lease_left, .. } = outcome else { panic!("{outcome:?}") };
        assert!(lease_left <= HOUR, "{lease_left:?}");
        store.complete(&key(1), token(2), &completion(202)).await.unwrap();
        let lost = store.complete(&key(1), token(1), &completion(201)).await.unwrap();
        assert_eq!(lost, CompleteOutcome::Lost);
        let outcome = store.claim(&key(1), &claim(3, HOUR)).await.unwrap();
        let ClaimOutcome::Duplicate { answer, .. } = outcome else { panic!("{outcome:?}") };
        assert_eq!(answer.status(), 202);
    });
}

/// The server did it, and its reply is cut off: the same token may ask again.
#[test]
fn plan_18_what_was_done_without_a_reply_can_be_repeated() {
    let (runtime, server) = (runtime(), Server::start());
    runtime.block_on(async {
        let proxy = Proxy::before(server.port()).await;
        let store = patient().connect(&url_at(proxy.port)).await.unwrap();
        let direct = server.store().await;
        // Both know the scripts.
        direct.claim(&key(0), &claim(1, HOUR)).await.unwrap();
        direct.complete(&key(0), token(1), &completion(200)).await.unwrap();

        proxy.cut_replies();
        let error = store.claim(&key(1), &claim(1, HOUR)).await.unwrap_err();
        assert!(error.is_outage(), "{error:?}");
        assert_eq!(proxy.cut(), 1);
        proxy.pass();
        let outcome = direct.claim(&key(1), &claim(2, HOUR)).await.unwrap();
        assert!(matches!(outcome, ClaimOutcome::InFlight { .. }), "it was done: {outcome:?}");
        let outcome = store.claim(&key(1), &claim(1, HOUR)).await.unwrap();
        assert_eq!(attempt(&outcome), Some(1));

        proxy.cut_replies();
        let error = store.complete(&key(1), token(1), &completion(200)).await.unwrap_err();
        assert!(error.is_outage(), "{error:?}");
        proxy.pass();
        let outcome = store.complete(&key(1), token(1), &completion(200)).await.unwrap();
        assert_eq!(outcome, CompleteOutcome::AlreadyCompleted);
        assert_eq!(proxy.connections(), 3, "it connects again, and no more than it must");
    });
}

/// The server is there, and says nothing.
#[test]
fn no_operation_waits_for_longer_than_it_may() {
    let (runtime, server) = (runtime(), Server::start());
    runtime.block_on(async {
        let proxy = Proxy::before(server.port()).await;
        let store = RedisStore::connect(&url_at(proxy.port)).await.unwrap();
        proxy.hold();
        let mut tasks = JoinSet::new();
        for number in 0..64 {
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
        let proxy = Proxy::before(server.port()).await;
        let store = RedisStore::connect(&url_at(proxy.port)).await.unwrap();
        let direct = server.store().await;
        let claims = 0..20_u64;
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
