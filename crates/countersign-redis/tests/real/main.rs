//! The store on real servers, each started and stopped by the test that needs it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::unwrap_in_result,
    reason = "a test may panic, and measures time"
)]

#[cfg(feature = "cluster")]
mod cluster;
mod conformance;
mod failures;
mod statements;
mod support;
#[cfg(feature = "rustls")]
mod tls;
