//! What has happened, in numbers.

use core::sync::atomic::{AtomicU64, Ordering};

/// Makes the counters and the snapshot of them from one list.
macro_rules! counts {
    ($($(#[$docs:meta])* $name:ident,)*) => {
        /// What has happened to the claims of a receiver since it was made.
        #[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
        #[non_exhaustive]
        pub struct Counts {
            $($(#[$docs])* pub $name: u64,)*
        }

        #[derive(Debug, Default)]
        pub(super) struct Counters {
            $(pub(super) $name: Counter,)*
        }

        impl Counters {
            pub(super) fn snapshot(&self) -> Counts {
                Counts { $($name: self.$name.get(),)* }
            }
        }
    };
}

counts! {
    /// Events claimed for the first time.
    claimed,
    /// Events claimed again, after an attempt that failed or whose lease lapsed.
    reclaimed,
    /// Claims completed.
    completed,
    /// Claims released.
    released,
    /// Duplicates that the sender sent anew: their signed time differs.
    retries,
    /// Duplicates that are a copy of a delivery: their signed time is the same.
    replays,
    /// Duplicates that sign no time, so that retry and replay cannot be told apart.
    unknown_duplicates,
    /// Deliveries declined because another had the event in flight.
    in_flight,
    /// Deliveries whose event id was seen before with another content.
    content_differs,
    /// Deliveries declined because the store was full.
    saturated,
    /// Claims that the store could not decide.
    claim_errors,
    /// Events handled without a claim, as
    /// [`danger_run_without_store`](crate::ReceiverBuilder::danger_run_without_store) allows.
    unprotected,
    /// Claims that another took over, since their lease had lapsed.
    lost,
    /// Lost claims whose handler succeeded all the same: the event was handled twice, unless the other
    /// attempt failed.
    handled_twice,
    /// Completions that the store could not take at first.
    complete_errors,
    /// Completions that were given up. The event is handled again if the sender retries.
    completions_given_up,
    /// Extensions of a lease that the store could not take.
    extend_errors,
    /// Handlers that panicked.
    panicked,
    /// Handlers cut off at their deadline.
    overran,
}

#[derive(Debug, Default)]
pub(super) struct Counter(AtomicU64);

impl Counter {
    pub(super) fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
