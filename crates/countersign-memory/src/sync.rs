//! The locks and atomics in use, or those of the tools that try out their interleavings.
//!
//! Such a tool repeats a run up to a point and then goes another way, so the keys must fall into
//! the same shards each time.

#[cfg(loom)]
pub(crate) use loom::sync::{Mutex, MutexGuard, atomic};
#[cfg(shuttle)]
pub(crate) use shuttle::sync::{Mutex, MutexGuard, atomic};
#[cfg(not(any(loom, shuttle)))]
pub(crate) use std::sync::{Mutex, MutexGuard, atomic};

#[cfg(any(loom, shuttle))]
pub(crate) type RandomState = std::hash::BuildHasherDefault<std::hash::DefaultHasher>;
#[cfg(not(any(loom, shuttle)))]
pub(crate) use std::hash::RandomState;
