//! The store on real servers, each started and stopped by the test that needs it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_in_result,
    reason = "a test may panic, and measures time"
)]

mod conformance;
mod effects;
mod failures;
mod pooler;
mod schema;
mod statements;
mod support;
#[cfg(feature = "rustls")]
mod tls;
