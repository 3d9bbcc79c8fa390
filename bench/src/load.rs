//! Many tasks that ask a store on a server at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use countersign::{Answer, ClaimOutcome, Completion, Store};
use tokio::runtime::Runtime;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::store::{key, request, token};

/// How long events are remembered, longer than any benchmark takes.
pub const RETENTION: Duration = Duration::from_secs(24 * 3600);

/// What new events are granted by: a store, or what it is compared with.
pub trait Grants: Clone + Send + Sync + 'static {
    /// Grants a new event.
    fn grant(&self, number: u64) -> impl Future<Output = ()> + Send;
}

impl<S: Store + Clone> Grants for S {
    async fn grant(&self, number: u64) {
        let request = request(token(number), RETENTION);
        let outcome = self.claim(&key(number), &request).await;
        assert!(matches!(outcome, Ok(ClaimOutcome::Claimed { .. })));
    }
}

/// Tasks, and events that come but once.
pub struct Load<'r> {
    runtime: &'r Runtime,
    next: Arc<AtomicU64>,
}

impl<'r> Load<'r> {
    /// Tasks on this runtime.
    #[must_use]
    pub fn new(runtime: &'r Runtime) -> Self {
        Self { runtime, next: Arc::default() }
    }

    /// So many tasks are granted so many new events each.
    ///
    /// # Panics
    ///
    /// Panics if one is not.
    pub fn grants(&self, grants: &impl Grants, tasks: u64, each: u64) {
        self.runtime.block_on(async {
            let mut all = JoinSet::new();
            for _ in 0..tasks {
                let (grants, next) = (grants.clone(), Arc::clone(&self.next));
                all.spawn(async move {
                    for _ in 0..each {
                        grants.grant(next.fetch_add(1, Ordering::Relaxed)).await;
                    }
                });
            }
            all.join_all().await;
        });
    }

    /// 16 tasks claim what is completed, so often each; tells how fast that is.
    ///
    /// # Panics
    ///
    /// Panics if it is not a duplicate.
    #[must_use]
    pub fn duplicates(&self, store: &(impl Store + Clone), each: u64) -> String {
        const TASKS: u64 = 16;
        let event = self.next.fetch_add(1, Ordering::Relaxed);
        let (mut times, took) = self.runtime.block_on(async {
            let done = Completion::new(RETENTION, Answer::new(200));
            store.complete(&key(event), token(event), &done).await.expect("it is completed");
            let start = Instant::now();
            let mut all = JoinSet::new();
            for task in 0..TASKS {
                let store = store.clone();
                all.spawn(async move {
                    let mut times = Vec::new();
                    for number in 0..each {
                        let start = Instant::now();
                        let request = request(token(1 << 50 | task << 20 | number), RETENTION);
                        let outcome = store.claim(&key(event), &request).await;
                        assert!(matches!(outcome, Ok(ClaimOutcome::Duplicate { .. })));
                        times.push(start.elapsed());
                    }
                    times
                });
            }
            let times = all.join_all().await.concat();
            (times, start.elapsed())
        });
        let rate = times.len() as f64 / took.as_secs_f64();
        format!("{TASKS} tasks: {rate:.0}/s, {}", quantiles(&mut times))
    }

    /// 64 tasks want the same event, again and again; tells how many won, and how fast that is.
    ///
    /// # Panics
    ///
    /// Panics if an event is not won by one.
    #[must_use]
    pub fn race(&self, store: &(impl Store + Clone), events: u64) -> String {
        const TASKS: usize = 64;
        let first = self.next.fetch_add(events, Ordering::Relaxed);
        let all = self.runtime.block_on(async {
            let barrier = Arc::new(Barrier::new(TASKS));
            let mut all = JoinSet::new();
            for task in 0..TASKS as u64 {
                let (store, barrier) = (store.clone(), Arc::clone(&barrier));
                all.spawn(async move {
                    let (mut won, mut times) = (0_u64, Vec::new());
                    for event in first..first + events {
                        barrier.wait().await;
                        let start = Instant::now();
                        let request = request(token(1 << 51 | task), RETENTION);
                        let outcome = store.claim(&key(event), &request).await;
                        won += match outcome.expect("the server runs") {
                            ClaimOutcome::Claimed { .. } => 1,
                            ClaimOutcome::InFlight { .. } => 0,
                            other => panic!("{other:?}"),
                        };
                        times.push(start.elapsed());
                    }
                    (won, times)
                });
            }
            all.join_all().await
        });
        let (won, times): (Vec<u64>, Vec<Vec<Duration>>) = all.into_iter().unzip();
        let winners: u64 = won.into_iter().sum();
        assert_eq!(winners, events);
        let times = quantiles(&mut times.concat());
        format!("{TASKS} for each of {events} events: {winners} winners, {times}")
    }
}

fn quantiles(times: &mut [Duration]) -> String {
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    format!("p50 {:.1?}, p99 {:.1?}", at(0.5), at(0.99))
}
