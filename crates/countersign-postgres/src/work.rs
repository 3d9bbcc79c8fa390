//! What a store does beside being asked.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use countersign::{Key, Token};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::connections::Connections;
use crate::store::{Counters, purge as purge_now, release};

/// How many claims may wait to be released.
const QUEUE: usize = 256;

/// A task that ends with this.
#[derive(Debug)]
pub(crate) struct Stopped {
    task: JoinHandle<()>,
}

impl Drop for Stopped {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Releases claims one after the other, in a task that ends once nobody can send any more.
pub(crate) fn releases(
    connections: Connections,
    counters: Arc<Counters>,
) -> mpsc::Sender<(Key, Token)> {
    let (sender, mut receiver) = mpsc::channel(QUEUE);
    tokio::spawn(async move {
        while let Some((key, token)) = receiver.recv().await {
            if release(&connections, &key, token).await.is_err() {
                counters.releases_failed.fetch_add(1, Ordering::Relaxed);
            }
        }
    });
    sender
}

/// Drops what has expired, now and then.
pub(crate) fn purge(
    connections: Connections,
    interval: Duration,
    counters: Arc<Counters>,
) -> Stopped {
    let task = tokio::spawn(async move {
        loop {
            tokio::time::sleep(interval).await;
            match purge_now(&connections, usize::MAX).await {
                Ok(count) => {
                    let count = u64::try_from(count).unwrap_or(u64::MAX);
                    counters.purged.fetch_add(count, Ordering::Relaxed);
                }
                Err(_) => {
                    counters.purges_failed.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
    });
    Stopped { task }
}
