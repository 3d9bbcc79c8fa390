//! Where the outcome of an operation is left for the one who waits for it.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use countersign::StoreError;

use crate::error::Failure;

/// The writer's side.
pub(crate) struct Slot<T> {
    state: Mutex<State<T>>,
}

enum State<T> {
    Waiting(Option<Waker>),
    Settled(Result<T, Failure>),
    /// Taken, or given up.
    Gone,
}

/// The caller's side. Dropping it gives the operation up.
pub(crate) struct Outcome<T> {
    slot: Arc<Slot<T>>,
}

impl<T> Slot<T> {
    pub(crate) fn new() -> (Arc<Self>, Outcome<T>) {
        let slot = Arc::new(Self { state: Mutex::new(State::Waiting(None)) });
        (Arc::clone(&slot), Outcome { slot })
    }

    /// Whether anyone still waits.
    pub(crate) fn is_awaited(&self) -> bool {
        matches!(*self.lock(), State::Waiting(_))
    }

    /// Leaves an outcome, unless there is one.
    pub(crate) fn settle(&self, outcome: Result<T, Failure>) {
        let mut state = self.lock();
        if let State::Waiting(waker) = &mut *state {
            let waker = waker.take();
            *state = State::Settled(outcome);
            drop(state);
            if let Some(waker) = waker {
                waker.wake();
            }
        }
    }

    /// Nothing that panics runs while it is locked, but for a waker's clone; the state is whole
    /// then.
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Future for Outcome<T> {
    type Output = Result<T, StoreError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.slot.lock();
        if let State::Waiting(waker) = &mut *state {
            match waker {
                Some(waker) => waker.clone_from(context.waker()),
                None => *waker = Some(context.waker().clone()),
            }
            return Poll::Pending;
        }
        match std::mem::replace(&mut *state, State::Gone) {
            State::Settled(outcome) => Poll::Ready(outcome.map_err(StoreError::from)),
            State::Waiting(_) | State::Gone => Poll::Pending,
        }
    }
}

impl<T> Drop for Outcome<T> {
    fn drop(&mut self) {
        *self.slot.lock() = State::Gone;
    }
}
