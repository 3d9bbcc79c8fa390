//! The store keeps the contract of stores.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use countersign_postgres::PostgresStore;
use countersign_testing::conformance::{Harness, check_all, run_traces};
use tokio::runtime::Runtime;

use crate::support::{Server, patient, runtime};

/// Each store has a schema of its own.
struct Real {
    runtime: Runtime,
    server: Server,
    prepared: bool,
    made: AtomicU32,
}

impl Real {
    fn new(prepared: bool) -> Self {
        Self { runtime: runtime(), server: Server::start(), prepared, made: AtomicU32::new(0) }
    }

    fn connect(&self, number: u32) -> PostgresStore {
        let builder = patient().schema(format!("test_{number}")).pool_size(4);
        let builder = builder.prepared_statements(self.prepared);
        self.runtime.block_on(builder.connect(&self.server.url())).unwrap()
    }
}

impl Harness for Real {
    type Store = PostgresStore;

    fn store(&self) -> PostgresStore {
        self.connect(self.made.fetch_add(1, Ordering::Relaxed))
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
    check_all(&Real::new(false));
}

#[test]
fn it_passes_every_check_with_prepared_statements() {
    check_all(&Real::new(true));
}

#[test]
fn it_answers_as_the_model_does() {
    run_traces(&Real::new(false), 12);
}
