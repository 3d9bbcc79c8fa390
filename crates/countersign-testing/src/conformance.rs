//! The suite that shows whether a [`Store`](countersign::Store) keeps its contract.
//!
//! Implement [`Harness`] for what makes your store, and call [`check_all`] and [`run_traces`] in a
//! test. No test framework and no runtime is forced on you.
//!
//! ```no_run
//! use std::time::Duration;
//!
//! use countersign_testing::conformance::{Harness, check_all, run_traces};
//! # use std::sync::atomic::{AtomicU32, Ordering};
//! # type MyStore = countersign::SharedStore;
//! # fn connect(_: &str) -> MyStore { unimplemented!() }
//!
//! /// Each store writes under a prefix of its own.
//! struct MyHarness {
//!     runtime: tokio::runtime::Runtime,
//!     stores: AtomicU32,
//! }
//! # mod tokio { pub mod runtime { pub struct Runtime; impl Runtime {
//! #     pub fn block_on<T>(&self, _: impl Future<Output = T>) -> T { unimplemented!() }
//! # } } }
//!
//! impl Harness for MyHarness {
//!     type Store = MyStore;
//!
//!     fn store(&self) -> MyStore {
//!         let number = self.stores.fetch_add(1, Ordering::Relaxed);
//!         connect(&format!("test-{}-{number}:", std::process::id()))
//!     }
//!
//!     fn block_on<T>(&self, future: impl Future<Output = T> + Send) -> T {
//!         self.runtime.block_on(future)
//!     }
//!
//!     // Time passes by itself, and the suite sleeps: two dozen operations take less than 50 ms.
//!     fn unit(&self) -> Duration {
//!         Duration::from_millis(200)
//!     }
//! }
//!
//! # fn harness() -> MyHarness { unimplemented!() }
//! // #[test]
//! fn my_store_keeps_the_contract() {
//!     check_all(&harness());
//!     run_traces(&harness(), 16);
//! }
//! ```
//!
//! There are two parts:
//!
//! - [`checks`]: one for each rule, with a sentence for a name. [`check_all`] runs them; a failure
//!   names the rule that was broken.
//! - traces: random sequences of operations, run against the store and against [`Model`], the
//!   contract as a table. [`run_traces`] makes them, shrinks one that fails, and prints it;
//!   [`check_trace`] runs a given one, such as a failure that is to stay found.
//!
//! # What it does not show
//!
//! What a store does when it is killed, cut off or failed over. Such tests need the server behind
//! it.

mod calls;
pub mod checks;
mod harness;
mod model;
mod op;
mod session;
mod trace;
mod witness;

pub use self::checks::check_all;
pub use self::harness::Harness;
pub use self::model::{Model, Outcome, Past};
pub use self::op::{KEYS, Op, TOKENS, traces};
pub use self::trace::{check_trace, run_traces};
