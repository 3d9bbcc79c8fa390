//! A clock that passes only as far as the tasks let it, and a timer that goes by it.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use countersign::Timer;
use shuttle::future::{JoinHandle, spawn, yield_now};
use shuttle::rand::{Rng as _, thread_rng};

/// How much time passes while there is work to do.
#[derive(Clone, Copy)]
pub(crate) enum Haste {
    /// Up to this many milliseconds from one rest to the next: no task is ever later than that.
    AtMost(u64),
    /// Now and then up to this many: tasks are as late as if their machine had stopped.
    Any(u64),
}

/// None of it is the tool's, so that the bookkeeping is no part of what is tried out.
#[derive(Default)]
pub(crate) struct World {
    now: AtomicU64,
    sleepers: Mutex<Vec<Sleeper>>,
    ids: AtomicUsize,
    /// How many tasks there are, and how many of them have work to do.
    tasks: AtomicUsize,
    busy: AtomicUsize,
    driver: Mutex<Option<Waker>>,
}

struct Sleeper {
    id: usize,
    until: u64,
    waker: Waker,
}

impl World {
    pub(crate) fn now(&self) -> Duration {
        Duration::from_millis(self.now.load(SeqCst))
    }

    fn pass(&self, millis: u64) {
        let now = self.now.fetch_add(millis, SeqCst) + millis;
        let woken: Vec<Sleeper> =
            self.sleepers.lock().unwrap().extract_if(.., |it| it.until <= now).collect();
        woken.into_iter().for_each(|it| it.waker.wake());
    }

    /// Starts a task.
    pub(crate) fn spawn<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl Future<Output = T> + Send + 'static,
    ) -> JoinHandle<T> {
        self.tasks.fetch_add(1, SeqCst);
        self.busy.fetch_add(1, SeqCst);
        let state =
            State { world: Arc::clone(self), busy: AtomicBool::new(true), waker: Mutex::default() };
        spawn(Task { state: Arc::new(state), work: Some(Box::pin(work)) })
    }

    /// Lets the time pass until there are no more tasks.
    pub(crate) async fn drive(&self, haste: Haste) {
        let (most, renewed, mut left) = match haste {
            Haste::AtMost(most) => (most, most, most),
            Haste::Any(most) => (most, 0, 5 * most),
        };
        while self.tasks.load(SeqCst) > 0 {
            if self.busy.load(SeqCst) == 0 {
                left = std::cmp::max(left, renewed);
                let next = self.sleepers.lock().unwrap().iter().map(|it| it.until).min();
                let next = next.unwrap_or_else(|| panic!("everyone waits for nothing"));
                self.pass(next - self.now.load(SeqCst));
            } else if left > 0 {
                if thread_rng().gen_bool(0.3) {
                    let step = std::cmp::min(left, thread_rng().gen_range(1..=most));
                    left -= step;
                    self.pass(step);
                }
                yield_now().await;
            } else {
                std::future::poll_fn(|context| {
                    *self.driver.lock().unwrap() = Some(context.waker().clone());
                    let at_rest = self.busy.load(SeqCst) == 0;
                    if at_rest { Poll::Ready(()) } else { Poll::Pending }
                })
                .await;
            }
        }
    }

    fn rests(&self) {
        if self.busy.fetch_sub(1, SeqCst) == 1 {
            let driver = self.driver.lock().unwrap().take();
            driver.into_iter().for_each(Waker::wake);
        }
    }
}

/// Knows whether its work has something to do.
struct Task<W> {
    state: Arc<State>,
    work: Option<Pin<Box<W>>>,
}

struct State {
    world: Arc<World>,
    busy: AtomicBool,
    waker: Mutex<Option<Waker>>,
}

impl State {
    fn is_busy(&self) {
        if !self.busy.swap(true, SeqCst) {
            self.world.busy.fetch_add(1, SeqCst);
        }
    }

    fn is_at_rest(&self) {
        if self.busy.swap(false, SeqCst) {
            self.world.rests();
        }
    }
}

impl Wake for State {
    fn wake(self: Arc<Self>) {
        self.is_busy();
        let waker = self.waker.lock().unwrap().take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl<W: Future> Future for Task<W> {
    type Output = W::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<W::Output> {
        self.state.is_busy();
        *self.state.waker.lock().unwrap() = Some(context.waker().clone());
        let waker = Waker::from(Arc::clone(&self.state));
        let work = self.work.as_mut().unwrap().as_mut();
        let polled = work.poll(&mut Context::from_waker(&waker));
        // Whoever was woken meanwhile has lost its waker, and is polled again.
        if polled.is_pending() && self.state.waker.lock().unwrap().is_some() {
            self.state.is_at_rest();
        }
        polled
    }
}

impl<W> Drop for Task<W> {
    fn drop(&mut self) {
        // No time needs to pass for what is dropped now.
        self.state.is_busy();
        self.work = None;
        self.state.world.tasks.fetch_sub(1, SeqCst);
        self.state.is_at_rest();
    }
}

/// What sleeps by the world's clock.
#[derive(Clone)]
pub(crate) struct Clockwork {
    pub(crate) world: Arc<World>,
}

impl Timer for Clockwork {
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send {
        let millis = u64::try_from(duration.as_millis()).unwrap();
        let until = self.world.now.load(SeqCst) + millis;
        let id = self.world.ids.fetch_add(1, SeqCst);
        Sleep { world: Arc::clone(&self.world), id, until }
    }
}

struct Sleep {
    world: Arc<World>,
    id: usize,
    until: u64,
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.until <= self.world.now.load(SeqCst) {
            return Poll::Ready(());
        }
        let mut sleepers = self.world.sleepers.lock().unwrap();
        sleepers.retain(|it| it.id != self.id);
        sleepers.push(Sleeper { id: self.id, until: self.until, waker: context.waker().clone() });
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        self.world.sleepers.lock().unwrap().retain(|it| it.id != self.id);
    }
}
