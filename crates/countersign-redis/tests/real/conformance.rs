//! The store keeps the contract of stores.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use countersign_redis::RedisStore;
use countersign_testing::conformance::{Harness, check_all, run_traces};
use tokio::runtime::Runtime;

use crate::support::{Server, patient, runtime};

/// Each store has a prefix of its own.
struct Real {
    runtime: Runtime,
    server: Server,
    made: AtomicU32,
}

impl Real {
    fn new() -> Self {
        Self { runtime: runtime(), server: Server::start(), made: AtomicU32::new(0) }
    }

    fn connect(&self, number: u32) -> RedisStore {
        let builder = patient().prefix(format!("test-{number}:"));
        self.runtime.block_on(builder.connect(&self.server.url())).unwrap()
    }
}

impl Harness for Real {
    type Store = RedisStore;

    fn store(&self) -> RedisStore {
        self.connect(self.made.fetch_add(1, Ordering::Relaxed))
    }

    fn another(&self, _: &RedisStore) -> Option<RedisStore> {
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

#[test]
fn it_answers_as_the_model_does() {
    run_traces(&Real::new(), 12);
}
