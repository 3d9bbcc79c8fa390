//! Stores for the suite of the contract, all on one server.

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use countersign::Store;
use countersign_testing::conformance::Harness;
use tokio::runtime::Runtime;

use crate::runtime;

/// Makes stores by `connect`, which is told a number that no other store has, or that of the last one
/// for another handle to it.
pub struct Fresh<C> {
    runtime: Runtime,
    connect: C,
    made: AtomicU32,
}

impl<C> Fresh<C> {
    /// Stores that are made like this.
    #[must_use]
    pub fn new(connect: C) -> Self {
        Self { runtime: runtime(), connect, made: AtomicU32::new(0) }
    }
}

impl<C, F, S> Harness for Fresh<C>
where
    C: Fn(u32) -> F + Sync,
    F: Future<Output = S>,
    S: Store,
{
    type Store = S;

    fn store(&self) -> S {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        self.runtime.block_on((self.connect)(number))
    }

    fn another(&self, _: &S) -> Option<S> {
        let number = self.made.load(Ordering::Relaxed) - 1;
        Some(self.runtime.block_on((self.connect)(number)))
    }

    fn block_on<T>(&self, future: impl Future<Output = T> + Send) -> T {
        self.runtime.block_on(future)
    }

    fn unit(&self) -> Duration {
        Duration::from_millis(300)
    }
}

impl<C> fmt::Debug for Fresh<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fresh").field("made", &self.made).finish_non_exhaustive()
    }
}
