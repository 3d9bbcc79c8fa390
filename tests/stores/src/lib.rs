//! What the tests of stores share: servers of a test's own, a proxy before them, events, and checks
//! of what can go wrong between a store and its server.
//!
//! The contract itself is checked by `countersign_testing::conformance`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::unwrap_in_result,
    clippy::missing_panics_doc,
    reason = "only tests use it, which may panic, and measure time"
)]

use std::fmt::Debug;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use countersign::{Answer, ClaimOutcome, ClaimRequest, Completion, Key, Token};
use tokio::runtime::{Builder, Runtime};

pub mod checks;
mod fresh;
mod other;
pub mod postgres;
mod proxy;
pub mod redis;

pub use crate::fresh::Fresh;
pub use crate::other::Other;
pub use crate::proxy::Proxy;

/// How long a server may take to start or stop, and anything else to happen.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Longer than any test.
pub const HOUR: Duration = Duration::from_secs(3600);

/// The key of an event.
#[must_use]
pub fn key(number: u64) -> Key {
    let mut bytes = [7; 32];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    Key::from_bytes(bytes)
}

/// The token of a worker.
#[must_use]
pub fn token(number: u64) -> Token {
    let mut bytes = [9; 16];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    Token::from_bytes(bytes)
}

/// What a worker asks for.
#[must_use]
pub fn claim(number: u64, lease: Duration) -> ClaimRequest {
    ClaimRequest::new(token(number), lease, HOUR)
}

/// How a handler ends that answered this.
#[must_use]
pub fn completion(status: u16) -> Completion {
    Completion::new(HOUR, Answer::new(status))
}

/// Which attempt a claim is, if it is one.
#[must_use]
pub fn attempt(outcome: &ClaimOutcome) -> Option<u32> {
    match outcome {
        ClaimOutcome::Claimed { seen } => Some(seen.attempt.get()),
        _ => None,
    }
}

/// A runtime with threads, for tests that block.
#[must_use]
pub fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// Waits for a future that needs no runtime.
pub fn wait<T>(future: impl Future<Output = T>) -> T {
    Builder::new_current_thread().build().unwrap().block_on(future)
}

/// A port that no one listens on.
#[must_use]
pub fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

/// Waits until something holds.
pub async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    until_ok(what, async || holds().await.then_some(()).ok_or("not yet")).await;
}

/// Waits until something succeeds.
pub async fn until_ok<T, E: Debug>(
    what: &str,
    mut attempt: impl AsyncFnMut() -> Result<T, E>,
) -> T {
    let start = Instant::now();
    loop {
        match attempt().await {
            Ok(done) => return done,
            Err(error) => assert!(start.elapsed() < PATIENCE, "{what}: not in time: {error:?}"),
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
