//! Each operation is one round trip, and nothing is left of those that were given up.

use std::error::Error as _;
use std::time::{Duration, Instant};

use countersign::{
    Answer, ClaimOutcome, Completion, Store as _, StoreError, StoreErrorKind, Timestamp,
};
use countersign_postgres::PostgresStore;
use countersign_store_tests::postgres::Server;
use countersign_store_tests::{HOUR, Proxy, checks, claim, key, runtime, token, until};

use crate::support::{patient, store};

#[test]
fn each_operation_is_one_round_trip_whatever_comes_of_it() {
    let (runtime, server) = (runtime(), Server::start());
    runtime.block_on(async {
        store(&server).await;
        let proxy = Proxy::before(server.port()).await;
        let store = patient().pool_size(1).connect(&server.url_at(proxy.port)).await.unwrap();
        checks::each_operation_is_one_round_trip(store.clone(), &proxy).await;
        let before = proxy.round_trips();
        store.purge(100).await.unwrap();
        assert_eq!(proxy.round_trips(), before + 1, "purging");
    });
}

#[test]
fn what_is_kept_of_a_delivery_comes_back() {
    let (runtime, server) = (runtime(), Server::start());
    runtime.block_on(async {
        let store = store(&server).await;
        let mut request = claim(1, HOUR);
        request.fingerprint = Some([3; 16]);
        request.signed_at = Some(Timestamp::from_unix_millis(i64::MIN));
        store.claim(&key(1), &request).await.unwrap();
        store.release(&key(1), token(1)).await.unwrap();
        let ClaimOutcome::Claimed { seen } =
            store.claim(&key(1), &claim(2, Duration::MAX)).await.unwrap()
        else {
            panic!()
        };
        assert_eq!((seen.attempt.get(), seen.fingerprint), (2, Some([3; 16])));
        assert_eq!(seen.signed_at, request.signed_at);
    });
}

/// Somebody holds the row: claims are in flight, the rest is in trouble, and all of it in time.
#[test]
fn a_row_that_is_locked_is_not_waited_for_too_long() {
    let (runtime, server) = (runtime(), Server::start());
    runtime.block_on(async {
        store(&server).await;
        let store = PostgresStore::builder()
            .timeout(Duration::from_millis(500))
            .connect(&server.url())
            .await
            .unwrap();
        store.claim(&key(1), &claim(1, HOUR)).await.unwrap();
        let mut client = server.client().await;
        let transaction = client.transaction().await.unwrap();
        let lock = "SELECT 1 FROM countersign.delivery FOR UPDATE";
        transaction.query(lock, &[]).await.unwrap();

        let start = Instant::now();
        let outcome = store.claim(&key(1), &claim(2, HOUR)).await.unwrap();
        assert!(matches!(outcome, ClaimOutcome::InFlight { .. }), "{outcome:?}");
        let error = store.release(&key(1), token(1)).await.unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Timeout);
        assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
        // The server gave up by itself, so the connection is as good as before.
        assert_eq!(store.stats().connections, 1);
        assert_eq!(store.purge(10).await.unwrap(), 0);
        transaction.rollback().await.unwrap();
        let show = server.client().await.query_one("SHOW lock_timeout", &[]).await.unwrap();
        assert_eq!(show.get::<_, &str>(0), "0");
    });
}

#[test]
fn purging_leaves_what_others_hold() {
    let (runtime, server) = (runtime(), Server::start());
    runtime.block_on(async {
        let store = store(&server).await;
        let brief = Completion::new(Duration::from_millis(1), Answer::new(200));
        for number in 0..2500 {
            store.complete(&key(number), token(1), &brief).await.unwrap();
        }
        store.claim(&key(9999), &claim(1, HOUR)).await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
        let mut client = server.client().await;
        let transaction = client.transaction().await.unwrap();
        let lock = "SELECT 1 FROM countersign.delivery WHERE key = $1 FOR UPDATE";
        transaction.query(lock, &[&key(7).as_bytes().as_slice()]).await.unwrap();
        assert_eq!(store.purge(10).await.unwrap(), 10);
        let (one, other) = tokio::join!(store.purge(usize::MAX), store.purge(usize::MAX));
        assert_eq!(10 + one.unwrap() + other.unwrap(), 2499);
        transaction.rollback().await.unwrap();
        assert_eq!(store.purge(usize::MAX).await.unwrap(), 1);
        let count = "SELECT count(*) FROM countersign.delivery";
        assert_eq!(client.query_one(count, &[]).await.unwrap().get::<_, i64>(0), 1);
    });
}

#[test]
fn the_purging_task_ends_with_the_store() {
    let (runtime, server) = (runtime(), Server::start());
    runtime.block_on(async {
        let builder = patient().purge_every(Duration::from_millis(20));
        let store = builder.connect(&server.url()).await.unwrap();
        let brief = Completion::new(Duration::from_millis(1), Answer::new(200));
        store.complete(&key(1), token(1), &brief).await.unwrap();
        until("it is purged", async || store.stats().purged == 1).await;
        drop(store);
        let client = server.client().await;
        let others = "SELECT count(*) FROM pg_stat_activity \
                      WHERE application_name = 'countersign'";
        until("the connections are closed", async || {
            client.query_one(others, &[]).await.unwrap().get::<_, i64>(0) == 0
        })
        .await;
    });
}

#[test]
fn a_record_that_was_tampered_with_is_corrupt() {
    let (runtime, server) = (runtime(), Server::start());
    runtime.block_on(async {
        let store = store(&server).await;
        let client = server.client().await;
        let drop_checks = "DO $$ DECLARE c text; BEGIN
            FOR c IN SELECT conname FROM pg_constraint
              WHERE conrelid = 'countersign.delivery'::regclass AND contype = 'c' LOOP
              EXECUTE 'ALTER TABLE countersign.delivery DROP CONSTRAINT ' || quote_ident(c);
            END LOOP; END $$";
        client.batch_execute(drop_checks).await.unwrap();
        let done = Completion::new(HOUR, Answer::new(200));
        for damage in [
            "state = 7",
            "attempt = 0",
            "attempt = -2147483648",
            "fingerprint = '\\x01'",
            "answer = NULL",
            "answer = '\\x'",
            "answer = '\\xffffffff'",
        ] {
            store.complete(&key(1), token(1), &done).await.unwrap();
            client
                .batch_execute(&format!("UPDATE countersign.delivery SET {damage}"))
                .await
                .unwrap();
            let error = store.claim(&key(1), &claim(2, HOUR)).await.unwrap_err();
            assert_eq!(error.kind(), StoreErrorKind::Corrupt, "{damage}");
            store.forget(&key(1)).await.unwrap();
        }
        // A number of attempts that cannot grow does not.
        store.claim(&key(1), &claim(1, HOUR)).await.unwrap();
        client
            .batch_execute("UPDATE countersign.delivery SET state = 2, attempt = 2147483647")
            .await
            .unwrap();
        let outcome = store.claim(&key(1), &claim(2, HOUR)).await.unwrap();
        assert!(matches!(outcome, ClaimOutcome::Claimed { .. }));
    });
}

/// Every wrong way to connect, none of which may be told with the password.
#[test]
fn no_error_tells_the_password() {
    const PASSWORD: &str = "hunter2-secret";
    let (runtime, server) = (runtime(), Server::start());
    runtime.block_on(async {
        let port = server.port();
        let all = |error: StoreError| {
            let mut text = format!("{error} {error:?}");
            let mut cause = error.source();
            while let Some(error) = cause {
                text += &format!(" {error} {error:?}");
                cause = error.source();
            }
            text
        };
        for (url, kind) in [
            (format!("postgres://app:{PASSWORD}@127.0.0.1:{port}/none"), StoreErrorKind::Config),
            (format!("postgres://no:{PASSWORD}@127.0.0.1:{port}/x"), StoreErrorKind::Config),
            (format!("postgres://a:{PASSWORD}@127.0.0.1:1/x"), StoreErrorKind::Unavailable),
            (format!("postgres://a:{PASSWORD}@127.0.0.1:x/x"), StoreErrorKind::Config),
            (format!("host=127.0.0.1 {PASSWORD}=1"), StoreErrorKind::Config),
            (format!("postgres://a:{PASSWORD}@h/x?{PASSWORD}=1"), StoreErrorKind::Config),
            (format!("password='{PASSWORD}"), StoreErrorKind::Config),
        ] {
            let builder = PostgresStore::builder().connect_timeout(Duration::from_secs(20));
            let error = builder.connect(&url).await.unwrap_err();
            assert_eq!(error.kind(), kind, "{error:?}");
            let text = all(error);
            assert!(!text.contains(PASSWORD), "{text}");
        }
        let store = store(&server).await;
        assert!(!format!("{store:?} {:?}", PostgresStore::builder()).contains("127.0.0.1"));
    });
}

#[test]
#[cfg(not(feature = "rustls"))]
fn encryption_that_is_not_there_is_not_left_out_in_silence() {
    runtime().block_on(async {
        let url = "postgres://a@127.0.0.1:1/x?sslmode=require";
        let error = PostgresStore::connect(url).await.unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Config);
    });
}
