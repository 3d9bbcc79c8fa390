//! Ends operations whose time is over, whatever the writer is held up by.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use crate::clock::instant;
use crate::error::Failure;
use crate::slot::Slot;

/// Something that ends when its time is over.
pub(crate) trait Expire: Send + Sync {
    fn expire(&self);
    fn is_over(&self) -> bool;
}

impl<T: Send> Expire for Slot<T> {
    fn expire(&self) {
        self.settle(Err(Failure::timeout("the file was not written in time")));
    }

    fn is_over(&self) -> bool {
        !self.is_awaited()
    }
}

/// A thread that waits for deadlines. It ends when this is dropped.
pub(crate) struct Watch {
    shared: Arc<Shared>,
}

struct Shared {
    list: Mutex<List>,
    changed: Condvar,
}

/// All operations may take the same time, so those that came first end first.
#[derive(Default)]
struct List {
    waiting: VecDeque<(Instant, Arc<dyn Expire>)>,
    closed: bool,
}

impl Watch {
    pub(crate) fn start() -> io::Result<Self> {
        let shared = Arc::new(Shared { list: Mutex::default(), changed: Condvar::new() });
        let watched = Arc::clone(&shared);
        thread::Builder::new()
            .name("countersign-sqlite-watch".to_owned())
            .spawn(move || watched.run())?;
        Ok(Self { shared })
    }

    pub(crate) fn add(&self, deadline: Instant, waiting: Arc<dyn Expire>) {
        let mut list = self.shared.lock();
        let was_empty = list.waiting.is_empty();
        // Two leave for one that comes, so that what is over does not pile up.
        for _ in 0..2 {
            if list.waiting.front().is_some_and(|(_, it)| it.is_over()) {
                list.waiting.pop_front();
            }
        }
        list.waiting.push_back((deadline, waiting));
        drop(list);
        if was_empty {
            self.shared.changed.notify_one();
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.changed.notify_one();
    }
}

impl Shared {
    fn run(&self) {
        let mut list = self.lock();
        while !list.closed {
            let Some((deadline, first)) = list.waiting.front() else {
                list = self.changed.wait(list).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            let left = deadline.saturating_duration_since(instant());
            if !left.is_zero() {
                let waited = self.changed.wait_timeout(list, left);
                list = waited.unwrap_or_else(PoisonError::into_inner).0;
                continue;
            }
            let first = Arc::clone(first);
            list.waiting.pop_front();
            // Wakes someone, who may ask for more.
            drop(list);
            first.expire();
            list = self.lock();
        }
    }

    fn lock(&self) -> MutexGuard<'_, List> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_is_over_is_not_kept() {
        let watch = Watch::start().unwrap();
        let late = instant() + Duration::from_secs(60);
        for _ in 0..100 {
            let (slot, outcome) = Slot::<()>::new();
            watch.add(late, slot);
            drop(outcome);
        }
        assert!(watch.shared.lock().waiting.len() <= 2);
    }
}
