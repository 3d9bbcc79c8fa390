//! Runs a handler while its claim is held.

use core::future::{Future, pending, poll_fn};
use core::panic::AssertUnwindSafe;
use core::pin::pin;
use core::task::Poll;
use std::panic::catch_unwind;

use super::claim::Claim;
use crate::store::{ExtendOutcome, Store};
use crate::timer::Timer;

/// How a handler ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "adapters must treat each")]
pub enum Held<T> {
    /// By itself.
    Ended(T),
    /// It panicked.
    Panicked,
    /// It was dropped at its deadline.
    Overran,
    /// It was dropped since another had taken its claim over
    /// ([`abort_on_lost_lease`](crate::ReceiverBuilder::abort_on_lost_lease)).
    LeaseLost,
}

impl<S: Store> Claim<S> {
    /// Runs `work`, extends the lease while it runs, and ends it at its deadline. A panic is caught.
    ///
    /// The claim still has to be settled.
    pub async fn hold<T>(&self, work: impl Future<Output = T>, timer: &impl Timer) -> Held<T> {
        let mut work = pin!(work);
        let mut deadline = pin!(timer.sleep(self.desk().policy.handler_deadline));
        let mut lost = pin!(self.extend_until_lost(timer));
        let held = poll_fn(|context| {
            // What panicked is not polled again.
            match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context))) {
                Ok(Poll::Ready(output)) => return Poll::Ready(Held::Ended(output)),
                Ok(Poll::Pending) => {}
                Err(_) => return Poll::Ready(Held::Panicked),
            }
            if deadline.as_mut().poll(context).is_ready() {
                return Poll::Ready(Held::Overran);
            }
            lost.as_mut().poll(context).map(|()| Held::LeaseLost)
        })
        .await;
        let counters = &self.desk().counters;
        match &held {
            Held::Panicked => counters.panicked.add(),
            Held::Overran => counters.overran.add(),
            Held::Ended(_) | Held::LeaseLost => {}
        }
        held
    }

    /// Extends the lease each time a third of it has passed. Resolves if it is lost and that is to
    /// end the handler.
    async fn extend_until_lost(&self, timer: &impl Timer) {
        let desk = self.desk();
        if !desk.policy.heartbeat || self.unprotected_because().is_some() {
            return pending().await;
        }
        loop {
            timer.sleep(self.lease() / 3).await;
            let asked = self.store().extend(&self.identity().key, self.token(), self.lease());
            match self.in_time(timer, asked).await {
                Ok(ExtendOutcome::Extended) => {}
                // There is another chance before the lease lapses.
                Err(_) => desk.counters.extend_errors.add(),
                Ok(ExtendOutcome::Lost) => {
                    self.count_lost();
                    if desk.policy.abort_on_lost_lease {
                        return;
                    }
                    return pending().await;
                }
            }
        }
    }
}
