//! Waiting, as the runtime does it that runs the flow.

use core::future::{Future, pending, poll_fn};
use core::pin::pin;
use core::task::Poll;
use core::time::Duration;

/// Waits. The core has no runtime: an adapter hands in what its runtime does.
pub trait Timer: Send + Sync {
    /// Resolves after `duration`.
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send;

    /// Whether time passes at all. Where it does not, nothing times out and no lease is extended,
    /// so leases are made long enough for the handler.
    fn is_running(&self) -> bool {
        true
    }
}

/// The timer of a program that has none.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "there is nothing to add")]
pub struct NoTimer;

impl Timer for NoTimer {
    fn sleep(&self, _: Duration) -> impl Future<Output = ()> + Send {
        pending()
    }

    fn is_running(&self) -> bool {
        false
    }
}

impl<T: Timer> Timer for &T {
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send {
        (**self).sleep(duration)
    }

    fn is_running(&self) -> bool {
        (**self).is_running()
    }
}

/// What `work` resolves to, or `None` if `limit` passes first. A timer is started only if `work` is not
/// there already.
pub async fn within<T>(
    limit: Duration,
    timer: &impl Timer,
    work: impl Future<Output = T>,
) -> Option<T> {
    let mut work = pin!(work);
    if let Poll::Ready(output) = poll_fn(|it| Poll::Ready(work.as_mut().poll(it))).await {
        return Some(output);
    }
    let mut limit = pin!(timer.sleep(limit));
    poll_fn(|context| {
        if let Poll::Ready(output) = work.as_mut().poll(context) {
            return Poll::Ready(Some(output));
        }
        limit.as_mut().poll(context).map(|()| None)
    })
    .await
}
