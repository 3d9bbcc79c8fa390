//! One check for each rule of the contract.
//!
//! Each panics if the rule is broken, and names it.

use super::harness::Harness;
use super::session::run;

mod claims;
mod endings;
mod leases;
mod memory;
mod races;
mod trouble;

pub use self::races::race;

macro_rules! rules {
    ($($(#[$doc:meta])+ $module:ident::$rule:ident;)+) => {
        $(
            $(#[$doc])+
            ///
            /// # Panics
            ///
            /// If the store breaks the rule.
            pub fn $rule<H: Harness>(harness: &H) {
                run(harness, stringify!($rule), $module::$rule);
            }
        )+

        /// Every check of this module, and what it is called, for a test runner of your own.
        #[must_use]
        pub fn all<H: Harness>() -> Vec<(&'static str, fn(&H))> {
            vec![$((stringify!($rule), $rule::<H>)),+]
        }
    };
}

rules! {
    /// What is claimed is in flight for everyone else, for as long as the lease says.
    claims::a_claim_is_in_flight_for_others;
    /// A token that claims again what it holds is told so, and nothing changes: neither attempt, nor
    /// lease, nor what was kept of the first time.
    claims::a_repeated_claim_changes_nothing;
    /// A claim is told the fingerprint and the signed time of the claim before, and how long ago the
    /// first was.
    claims::a_claim_tells_of_the_one_before;
    /// What happens to one key happens to no other, be it one bit away.
    claims::keys_are_independent;
    /// Two handles to one store see the same.
    claims::handles_share_their_records;

    /// A completed event is a duplicate, with all of the answer that was given.
    endings::a_completed_event_is_a_duplicate_with_its_answer;
    /// The first completion counts; another by the same token says so.
    endings::completing_twice_is_already_completed;
    /// A released event is free at once, and the next claim is the next attempt.
    endings::a_released_event_is_claimed_at_once;
    /// What was released is no longer the token's.
    endings::releasing_twice_is_lost;
    /// A token that holds nothing changes nothing, whatever state the record is in.
    endings::a_foreign_token_changes_nothing;
    /// An event whose record is gone can be completed, and is then a duplicate.
    endings::an_event_whose_record_is_gone_can_be_completed;
    /// A forgotten event is as if it never was.
    endings::a_forgotten_event_is_absent;

    /// A lapsed lease is taken over, as the next attempt, and a live one is not.
    leases::a_lapsed_lease_is_taken_over;
    /// No lease ends before its time, to the millisecond.
    leases::a_lease_never_ends_early;
    /// An owner whose lease was taken over can change nothing.
    leases::an_owner_that_was_taken_over_can_change_nothing;
    /// A lapsed lease that no one took over can still be completed, released and extended.
    leases::a_lapsed_lease_is_held_until_it_is_taken_over;
    /// A token that claims again what it held until the lease lapsed makes a new attempt.
    leases::a_token_that_claims_after_its_lease_makes_a_new_attempt;
    /// An extended lease ends when it was last told to, be that later or sooner.
    leases::an_extended_lease_ends_when_it_says;

    /// A completed event is a duplicate until its retention ends, and then absent.
    memory::a_completed_event_is_remembered_for_its_retention;
    /// An event that was not completed keeps its attempt until its retention ends.
    memory::an_unsettled_event_keeps_its_attempt_for_its_retention;
    /// A retention that is shorter than the lease does not end the claim.
    memory::a_live_lease_outlasts_the_retention;
    /// Purging drops only what has expired, and no more than it was told to.
    memory::purging_drops_only_what_has_expired;

    /// Of 64 threads that claim one event at once, one does, and the others are told that it is in
    /// flight; so too after a release, and after a lease has lapsed.
    races::racing_claims_have_one_winner;
    /// When an event is completed and taken over at once, one of the two happens.
    races::completing_and_taking_over_exclude_each_other;
    /// Of threads that want the last room of a store, as many get it as there is, and those that a
    /// store has as soon as records have expired are all to be had at once.
    races::racing_claims_get_all_the_room_there_is;

    /// A future that was dropped before its end left the key whole, and free when the lease lapses.
    trouble::a_dropped_future_leaves_the_key_whole;
    /// A claim that is released by dropping it is free when its lease lapses or before, and no other
    /// token can do so.
    trouble::a_claim_released_on_drop_is_free_with_its_lease;
    /// A store that is full refuses new events, loses none that it holds, and takes new ones as soon
    /// as some have expired.
    trouble::a_full_store_refuses_new_events_and_loses_none;
    /// The store behind a [`SharedStore`](countersign::SharedStore) does all of its operations.
    trouble::a_shared_store_does_the_same;
}

/// Runs all checks that a store has to pass. See [`run_traces`](super::run_traces) for the other
/// half.
///
/// # Panics
///
/// If the store breaks the contract.
pub fn check_all<H: Harness>(harness: &H) {
    for (_, check) in all() {
        check(harness);
    }
}
