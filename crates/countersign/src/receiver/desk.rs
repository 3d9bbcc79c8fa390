//! What all claims of a receiver share: its policy, its counts, and how many are open.

use core::future::{Future, poll_fn};
use core::pin::pin;
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use core::task::{Poll, Waker};
use std::sync::{Arc, Mutex, PoisonError};

use super::counts::Counters;
use super::policy::Policy;

pub(super) struct Desk {
    pub(super) policy: Policy,
    pub(super) counters: Counters,
    open: AtomicUsize,
    draining: AtomicBool,
    waiting: Mutex<Vec<Waker>>,
}

impl Desk {
    pub(super) fn new(policy: Policy) -> Self {
        Self {
            policy,
            counters: Counters::default(),
            open: AtomicUsize::new(0),
            draining: AtomicBool::new(false),
            waiting: Mutex::new(Vec::new()),
        }
    }

    /// Opens a claim, unless there are to be no more but those that belong to one that is open.
    pub(super) fn open(self: &Arc<Self>, belongs: bool) -> Option<Open> {
        // Counted before the flag is read, so that a drain that sees none open has missed none.
        self.open.fetch_add(1, Ordering::SeqCst);
        let open = Open { desk: Arc::clone(self) };
        (belongs || !self.draining.load(Ordering::SeqCst)).then_some(open)
    }

    /// Lets no more claims be opened, and waits for those that are.
    pub(super) async fn drain(&self, limit: impl Future<Output = ()>) -> usize {
        self.draining.store(true, Ordering::SeqCst);
        let mut limit = pin!(limit);
        poll_fn(|context| {
            let mut waiting = self.waiting();
            if !waiting.iter().any(|waker| waker.will_wake(context.waker())) {
                waiting.push(context.waker().clone());
            }
            drop(waiting);
            match self.open.load(Ordering::SeqCst) {
                0 => Poll::Ready(0),
                _ => limit.as_mut().poll(context).map(|()| self.open.load(Ordering::SeqCst)),
            }
        })
        .await
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, Vec<Waker>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A claim that is open until this is dropped.
pub(super) struct Open {
    desk: Arc<Desk>,
}

impl Open {
    pub(super) fn desk(&self) -> &Desk {
        &self.desk
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let was = self.desk.open.fetch_sub(1, Ordering::SeqCst);
        if was == 1 && self.desk.draining.load(Ordering::SeqCst) {
            let waiting = core::mem::take(&mut *self.desk.waiting());
            waiting.into_iter().for_each(Waker::wake);
        }
    }
}
