//! What the suite needs to know of a store.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use countersign::Store;

/// Makes the stores to be checked, and knows how time passes for them.
///
/// Two kinds of harness are usual:
///
/// - A store whose clock can be replaced: [`advance`](Self::advance) moves it, and
///   [`is_exact`](Self::is_exact) says `true`. All times are then compared to the millisecond, and
///   nothing sleeps.
/// - A store on a server: everything but [`store`](Self::store), [`block_on`](Self::block_on) and
///   perhaps [`unit`](Self::unit) stays as it is, and the suite sleeps.
///
/// Checks that run at the same time should not share a harness with a replaced clock, unless each
/// of its stores has its own.
pub trait Harness: Sync {
    /// The store to be checked.
    type Store: Store;

    /// A store with nothing in it, or one with a namespace that nobody else uses. There must be
    /// room for a few thousand records in it.
    fn store(&self) -> Self::Store;

    /// Another handle to the same records, such as another process would have. With one, every
    /// second operation of a race or a trace goes through it.
    fn another(&self, store: &Self::Store) -> Option<Self::Store> {
        let _ = store;
        None
    }

    /// A store with room for just `capacity` records, none of which it drops before it expires.
    /// `None` if stores have no such limit.
    fn small_store(&self, capacity: usize) -> Option<Self::Store> {
        let _ = capacity;
        None
    }

    /// Lets `by` pass for a store. It sleeps unless told otherwise.
    fn advance(&self, store: &Self::Store, by: Duration) {
        let _ = store;
        thread::sleep(by);
    }

    /// Whether time passes only when [`advance`](Self::advance) is called.
    fn is_exact(&self) -> bool {
        false
    }

    /// In what the suite counts time: whole milliseconds. A second if time is exact, else 100 ms.
    ///
    /// Where time passes by itself, two dozen operations must not take longer than a quarter of it.
    /// If they do, the suite cannot tell a fault from a slow machine; it tries again, and in the end
    /// asks for a longer unit.
    fn unit(&self) -> Duration {
        if self.is_exact() { Duration::from_secs(1) } else { Duration::from_millis(100) }
    }

    /// Runs a future to its end; many threads do so at once. Unless told otherwise, polls it on
    /// this thread, which is parked in between.
    fn block_on<T>(&self, future: impl Future<Output = T> + Send) -> T {
        let waker = Waker::from(Arc::new(Unpark { thread: thread::current() }));
        let mut context = Context::from_waker(&waker);
        let mut future = pin!(future);
        loop {
            if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
                return output;
            }
            thread::park();
        }
    }

    /// Drops all records at once, as a server does that loses its memory. `false` if that cannot be
    /// done; each record is then [forgotten](Store::forget) instead.
    fn flush(&self, store: &Self::Store) -> bool {
        let _ = store;
        false
    }
}

struct Unpark {
    thread: Thread,
}

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.thread.unpark();
    }
}
