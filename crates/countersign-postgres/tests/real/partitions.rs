//! A table in partitions by the hash of the key, as `docs/scale.md` makes it.

use std::time::Duration;

use countersign::{ClaimOutcome, ClaimRequest, Store as _};
use countersign_postgres::PostgresStore;
use countersign_store_tests::postgres::Server;
use countersign_store_tests::{Fresh, HOUR, claim, key, runtime, token};
use countersign_testing::conformance::check_all;

use crate::support::patient;

/// What makes partitions of the empty table of a schema.
fn partition(schema: &str) -> String {
    let partitions: String = (0..8)
        .map(|number| {
            format!(
                "CREATE TABLE {schema}.delivery_{number} PARTITION OF {schema}.delivery
                   FOR VALUES WITH (MODULUS 8, REMAINDER {number})
                   WITH (fillfactor = 75, autovacuum_vacuum_scale_factor = 0.02);\n"
            )
        })
        .collect();
    format!(
        "ALTER TABLE {schema}.delivery RENAME TO whole;
         CREATE TABLE {schema}.delivery
           (LIKE {schema}.whole INCLUDING CONSTRAINTS, PRIMARY KEY (key)) PARTITION BY HASH (key);
         {partitions}
         CREATE INDEX ON {schema}.delivery (expires_minute);
         DROP TABLE {schema}.whole;"
    )
}

/// Each store has a schema of its own, in partitions that are made if they are not there.
async fn connect(server: &Server, number: u32) -> PostgresStore {
    let schema = format!("test_{number}");
    let store = patient().schema(&schema).pool_size(4).connect(&server.url()).await.unwrap();
    let client = server.client().await;
    let made = "SELECT to_regclass($1 || '.delivery_0') IS NOT NULL";
    if !client.query_one(made, &[&schema]).await.unwrap().get::<_, bool>(0) {
        client.batch_execute(&partition(&schema)).await.unwrap();
    }
    store
}

#[test]
fn it_passes_every_check() {
    let server = Server::start();
    check_all(&Fresh::new(|number| connect(&server, number)));
}

/// Rows of different partitions may lie at the same place.
#[test]
fn what_is_live_is_never_purged() {
    const EVENTS: u64 = 400;
    let server = Server::start();
    runtime().block_on(async {
        let store = connect(&server, 0).await;
        for number in 0..EVENTS {
            let brief = ClaimRequest::new(token(1), Duration::ZERO, Duration::from_millis(1));
            let request = if number % 2 == 0 { claim(1, HOUR) } else { brief };
            let outcome = store.claim(&key(number), &request).await.unwrap();
            assert!(matches!(outcome, ClaimOutcome::Claimed { .. }), "{outcome:?}");
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert_eq!(store.purge(50).await.unwrap(), 50);
        assert_eq!(store.purge(usize::MAX).await.unwrap(), 150);
        for number in (0..EVENTS).step_by(2) {
            let outcome = store.claim(&key(number), &claim(2, HOUR)).await.unwrap();
            assert!(matches!(outcome, ClaimOutcome::InFlight { .. }), "{number}: {outcome:?}");
        }
    });
}
