//! Each operation is one round trip and one script; records are kept no longer than they should be.

use std::time::Duration;

use countersign::{ClaimOutcome, Store as _, StoreErrorKind};
use countersign_store_tests::redis::Server;
use countersign_store_tests::{
    HOUR, Proxy, attempt, checks, claim, completion, key, runtime, token,
};
use redis::AsyncCommands as _;
use tokio::task::JoinSet;

use crate::support::{patient, store};

#[test]
fn each_operation_is_one_round_trip_whatever_comes_of_it() {
    let (runtime, server) = (runtime(), Server::start());
    runtime.block_on(async {
        // The server learns the scripts from a store before.
        let first = store(&server).await;
        first.claim(&key(0), &claim(1, HOUR)).await.unwrap();
        first.extend(&key(0), token(1), HOUR).await.unwrap();
        first.release(&key(0), token(1)).await.unwrap();
        first.complete(&key(9), token(1), &completion(200)).await.unwrap();

        let proxy = Proxy::before(server.port()).await;
        let store = patient().connect(&server.url_at(proxy.port)).await.unwrap();
        checks::each_operation_is_one_round_trip(store, &proxy).await;
    });
}

/// As the server counts them.
#[test]
fn each_operation_is_one_command() {
    const EVENTS: u64 = 100;
    let (runtime, server) = (runtime(), Server::start());
    runtime.block_on(async {
        let store = store(&server).await;
        // The server learns the scripts.
        store.claim(&key(0), &claim(1, HOUR)).await.unwrap();
        store.complete(&key(0), token(1), &completion(200)).await.unwrap();
        let mut client = server.client().await;
        redis::cmd("CONFIG").arg("RESETSTAT").query_async::<()>(&mut client).await.unwrap();
        let tasks = (1..=EVENTS).map(|number| {
            let store = store.clone();
            async move {
                store.claim(&key(number), &claim(1, HOUR)).await.unwrap();
                store.complete(&key(number), token(1), &completion(200)).await.unwrap();
            }
        });
        tasks.collect::<JoinSet<()>>().join_all().await;
        let mut info = redis::cmd("INFO");
        let told: String = info.arg("commandstats").query_async(&mut client).await.unwrap();
        let calls = |command: &str| {
            let start = format!("cmdstat_{command}:calls=");
            let line = told.lines().find_map(|line| line.strip_prefix(&start));
            line.map_or(0, |line| line.split(',').next().unwrap().parse::<u64>().unwrap())
        };
        assert_eq!(calls("evalsha"), 2 * EVENTS, "{told}");
        assert_eq!(calls("eval"), 0, "{told}");
        // What the scripts do on the server.
        assert_eq!((calls("get"), calls("set")), (EVENTS, 2 * EVENTS), "{told}");
        assert_eq!(calls("time"), EVENTS, "{told}");
    });
}

/// Which is also how it is sure that what is waited for went over the same connection.
#[test]
fn to_wait_for_replicas_is_no_round_trip_more() {
    let (runtime, primary) = (runtime(), Server::start());
    runtime.block_on(async {
        let replicaof = format!("127.0.0.1 {}", primary.port());
        let _replica = Server::start_with(&["--replicaof", &replicaof]);
        let within = Duration::from_secs(20);
        let builder = || patient().wait_for_replicas(1, within);
        let first = builder().connect(&primary.url()).await.unwrap();
        first.claim(&key(0), &claim(1, HOUR)).await.unwrap();
        first.complete(&key(0), token(1), &completion(200)).await.unwrap();

        let proxy = Proxy::before(primary.port()).await;
        let store = builder().connect(&primary.url_at(proxy.port)).await.unwrap();
        let before = proxy.round_trips();
        store.claim(&key(1), &claim(1, HOUR)).await.unwrap();
        assert_eq!(proxy.round_trips() - before, 1, "a claim");
        store.complete(&key(1), token(1), &completion(200)).await.unwrap();
        assert_eq!(proxy.round_trips() - before, 2, "a completion");
    });
}

#[test]
fn a_server_that_was_restarted_learns_the_scripts_again() {
    let (runtime, server) = (runtime(), Server::start());
    runtime.block_on(async {
        let store = store(&server).await;
        let mut client = server.client().await;
        for number in 0..3 {
            _ = redis::cmd("SCRIPT").arg("FLUSH").query_async::<()>(&mut client).await;
            let outcome = store.claim(&key(number), &claim(1, HOUR)).await.unwrap();
            assert_eq!(attempt(&outcome), Some(1));
        }
    });
}

#[test]
fn a_record_is_kept_for_its_retention_and_as_long_as_its_lease() {
    let (runtime, server) = (runtime(), Server::start());
    runtime.block_on(async {
        let store = patient().prefix("mine:").connect(&server.url()).await.unwrap();
        let mut client = server.client().await;
        let name = format!("mine:{}", key(1));
        let mut left = async || client.pttl::<_, i64>(&name).await.unwrap();
        let hour = 3_600_000_i64;
        let about = |left: i64, expected: i64| (expected - 60_000..=expected).contains(&left);

        store.claim(&key(1), &claim(1, Duration::from_secs(1))).await.unwrap();
        let kept = left().await;
        assert!(about(kept, hour), "{kept}");
        store.extend(&key(1), token(1), HOUR * 2).await.unwrap();
        let kept = left().await;
        assert!(about(kept, 2 * hour), "{kept}");
        // A shorter lease does not shorten it.
        store.extend(&key(1), token(1), Duration::from_secs(1)).await.unwrap();
        let kept = left().await;
        assert!(about(kept, 2 * hour), "{kept}");
        store.release(&key(1), token(1)).await.unwrap();
        let kept = left().await;
        assert!(about(kept, 2 * hour), "{kept}");
        store.claim(&key(1), &claim(2, HOUR * 3)).await.unwrap();
        let kept = left().await;
        assert!(about(kept, 3 * hour), "{kept}");
        store.complete(&key(1), token(2), &completion(200)).await.unwrap();
        let kept = left().await;
        assert!(about(kept, hour), "{kept}");
    });
}

#[test]
fn what_is_no_record_is_corrupt_and_left_as_it_is() {
    let (runtime, server) = (runtime(), Server::start());
    runtime.block_on(async {
        let store = store(&server).await;
        let mut client = server.client().await;
        let name = format!("countersign:{}", key(1));
        let valid = {
            store.claim(&key(1), &claim(1, HOUR)).await.unwrap();
            client.get::<_, Vec<u8>>(&name).await.unwrap()
        };
        let newer = [&[2], &valid[1..]].concat();
        let with = |at: usize, byte: u8| {
            let mut bytes = valid.clone();
            bytes[at] = byte;
            [&bytes[..], &[0; 32]].concat()
        };
        let not_a_number = [&valid[..30], &f64::NAN.to_be_bytes()[..], &valid[38..]].concat();
        for bytes in [
            &b""[..],
            b"\x01",
            b"something else",
            &valid[..20],
            &valid[..39],
            &newer,
            // No such state, and a fingerprint and a time of another length.
            &with(1, b'X'),
            &with(38, 15),
            &with(39, 9),
            &not_a_number,
        ] {
            client.set::<_, _, ()>(&name, bytes).await.unwrap();
            let corrupt = StoreErrorKind::Corrupt;
            let error = store.claim(&key(1), &claim(1, HOUR)).await.unwrap_err();
            assert_eq!(error.kind(), corrupt, "{bytes:?}: {error}");
            let error = store.complete(&key(1), token(1), &completion(200)).await.unwrap_err();
            assert_eq!(error.kind(), corrupt, "{bytes:?}: {error}");
            let error = store.release(&key(1), token(1)).await.unwrap_err();
            assert_eq!(error.kind(), corrupt, "{bytes:?}: {error}");
            let error = store.extend(&key(1), token(1), HOUR).await.unwrap_err();
            assert_eq!(error.kind(), corrupt, "{bytes:?}: {error}");
            assert_eq!(client.get::<_, Vec<u8>>(&name).await.unwrap(), bytes);
        }
        // Not even a string.
        client.del::<_, ()>(&name).await.unwrap();
        client.hset::<_, _, _, ()>(&name, "a", "b").await.unwrap();
        let error = store.claim(&key(1), &claim(1, HOUR)).await.unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Corrupt, "{error:?}");
        // An operator can get rid of it.
        assert!(store.forget(&key(1)).await.unwrap());
        let outcome = store.claim(&key(1), &claim(1, HOUR)).await.unwrap();
        assert!(matches!(outcome, ClaimOutcome::Claimed { .. }), "{outcome:?}");
    });
}

#[test]
fn a_user_who_may_do_what_the_documentation_says_can_do_all() {
    let (runtime, server) = (runtime(), Server::start());
    runtime.block_on(async {
        let mut client = server.client().await;
        let mut allow = redis::cmd("ACL");
        allow.arg(&["SETUSER", "app", "on", ">hunter2", "~countersign:*"]);
        allow.arg(&["+@read", "+@write", "+@scripting", "+time", "+info"]);
        allow.query_async::<()>(&mut client).await.unwrap();
        let url = |user: &str| format!("redis://{user}@127.0.0.1:{}", server.port());
        let store = patient().connect(&url("app:hunter2")).await.unwrap();
        store.claim(&key(1), &claim(1, HOUR)).await.unwrap();
        store.extend(&key(1), token(1), HOUR * 2).await.unwrap();
        store.release(&key(1), token(1)).await.unwrap();
        store.claim(&key(1), &claim(1, HOUR)).await.unwrap();
        store.complete(&key(1), token(1), &completion(200)).await.unwrap();
        assert!(store.forget(&key(1)).await.unwrap());

        let other = patient().prefix("other:").connect(&url("app:hunter2")).await.unwrap();
        let error = other.claim(&key(1), &claim(1, HOUR)).await.unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Config, "{error:?}");
        let error = patient().connect(&url("app:hunter3")).await.unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Config, "{error:?}");
        assert!(!format!("{error:?}").contains("hunter"), "{error:?}");
    });
}
