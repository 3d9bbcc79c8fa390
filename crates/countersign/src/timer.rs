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
///
/// What is there only once the limit has passed is not taken, even if both are found out at once: a
/// process that was suspended must not believe what it was told long ago.
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
    poll_fn(|context| match limit.as_mut().poll(context) {
        Poll::Ready(()) => Poll::Ready(None),
        Poll::Pending => work.as_mut().poll(context).map(Some),
    })
    .await
}

#[cfg(test)]
mod tests {
    use core::future::{Ready, ready};
    use core::pin::Pin;
    use core::task::{Context, Waker};

    use super::*;

    /// Time is over whenever one looks.
    struct Over;

    impl Timer for Over {
        fn sleep(&self, _: Duration) -> impl Future<Output = ()> + Send {
            ready(())
        }
    }

    /// Is there at the second look.
    struct Second(bool, Ready<u8>);

    impl Future for Second {
        type Output = u8;

        fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<u8> {
            if core::mem::replace(&mut self.0, true) {
                return Pin::new(&mut self.1).poll(context);
            }
            Poll::Pending
        }
    }

    fn poll<T>(future: impl Future<Output = T>) -> Poll<T> {
        pin!(future).poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn what_is_there_at_once_needs_no_time() {
        assert_eq!(poll(within(Duration::ZERO, &Over, ready(1))), Poll::Ready(Some(1)));
    }

    #[test]
    fn what_comes_when_time_is_over_is_not_taken() {
        let late = Second(false, ready(1));
        assert_eq!(poll(within(Duration::ZERO, &Over, late)), Poll::Ready(None));
    }
}
