//! What the benchmarks of countersign share: a harness that runs its cases in turn, deliveries as
//! real senders make them, and stores in a steady state.
//!
//! A case that runs after another one meets another machine: the clock speed, the neighbours and
//! the memory have changed. So all cases of a [`Race`] run in every round, in an order that
//! rotates, and what is compared are the medians of ratios within one round.

mod delivery;
mod handler;
pub mod load;
pub mod process;
mod race;
pub mod store;
mod target;

pub use crate::delivery::{Sender, Signed, Tag, body, now, signed_at};
pub use crate::handler::{Handler, poll};
pub use crate::race::{Outcome, Race};
pub use crate::target::{Limit, Report, Target};
