//! A table in partitions by the hash of the key, as `docs/scale.md` makes it.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use countersign::{ClaimOutcome, ClaimRequest, Store as _};
use countersign_postgres::PostgresStore;
use countersign_testing::conformance::{Harness, check_all};
use tokio::runtime::Runtime;

use crate::support::{Server, claim, key, patient, runtime, token};

const HOUR: Duration = Duration::from_secs(3600);

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

/// Each store has a schema of its own, in partitions.
struct Real {
    runtime: Runtime,
    server: Server,
    made: AtomicU32,
}

impl Real {
    fn new() -> Self {
        Self { runtime: runtime(), server: Server::start(), made: AtomicU32::new(0) }
    }

    fn connect(&self, number: u32) -> PostgresStore {
        let builder = patient().schema(format!("test_{number}")).pool_size(4);
        self.runtime.block_on(builder.connect(&self.server.url())).unwrap()
    }
}

impl Harness for Real {
    type Store = PostgresStore;

    fn store(&self) -> PostgresStore {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let store = self.connect(number);
        self.runtime.block_on(async {
            let sql = partition(&format!("test_{number}"));
            self.server.client().await.batch_execute(&sql).await.unwrap();
        });
        store
    }

    fn another(&self, _: &PostgresStore) -> Option<PostgresStore> {
        Some(self.connect(self.made.load(Ordering::Relaxed) - 1))
    }

    fn block_on<T>(&self, future: impl Future<Output = T> + Send) -> T {
        self.runtime.block_on(future)
    }

    fn unit(&self) -> Duration {
        Duration::from_millis(300)
    }
}

#[test]
fn it_passes_every_check() {
    check_all(&Real::new());
}

/// Rows of different partitions may lie at the same place.
#[test]
fn what_is_live_is_never_purged() {
    const EVENTS: u64 = 400;
    let real = Real::new();
    let store = real.store();
    real.block_on(async {
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
