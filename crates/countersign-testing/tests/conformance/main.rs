//! The suite passes a store that is right, and fails each that has one fault.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

mod reference;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use countersign_testing::conformance::{Harness, Op, check_all, check_trace, checks, run_traces};

use crate::reference::{Clock, Fault, Reference};

/// Stores with one fault, or none, and a clock that is moved by hand.
struct Fake {
    millis: Arc<AtomicU64>,
    fault: Option<Fault>,
}

impl Fake {
    fn new(fault: impl Into<Option<Fault>>) -> Self {
        Self { millis: Arc::default(), fault: fault.into() }
    }

    fn sized(&self, capacity: usize) -> Reference {
        Reference::new(Clock::Fake(Arc::clone(&self.millis)), capacity, self.fault)
    }
}

impl Harness for Fake {
    type Store = Reference;

    fn store(&self) -> Reference {
        self.sized(usize::MAX)
    }

    fn another(&self, store: &Reference) -> Option<Reference> {
        Some(if self.fault == Some(Fault::SharesNothing) { self.store() } else { store.clone() })
    }

    fn small_store(&self, capacity: usize) -> Option<Reference> {
        Some(self.sized(capacity))
    }

    fn advance(&self, _: &Reference, by: Duration) {
        self.millis.fetch_add(u64::try_from(by.as_millis()).unwrap(), Ordering::SeqCst);
    }

    fn is_exact(&self) -> bool {
        true
    }

    fn flush(&self, store: &Reference) -> bool {
        store.flush();
        true
    }
}

/// Stores whose time passes by itself; all that is usual is left as it is.
struct Real {
    fault: Option<Fault>,
}

impl Harness for Real {
    type Store = Reference;

    fn store(&self) -> Reference {
        Reference::new(Clock::Real, usize::MAX, self.fault)
    }
}

fn panic_message(act: impl FnOnce()) -> Option<String> {
    let panic = catch_unwind(AssertUnwindSafe(act)).err()?;
    Some(panic.downcast_ref::<String>().cloned().unwrap_or_default())
}

#[test]
fn the_reference_store_keeps_the_contract() {
    let harness = Fake::new(None);
    check_all(&harness);
    run_traces(&harness, 256);
}

#[test]
fn the_reference_store_keeps_the_contract_in_real_time() {
    let harness = Real { fault: None };
    checks::a_lapsed_lease_is_taken_over(&harness);
    checks::a_lease_never_ends_early(&harness);
    checks::an_extended_lease_ends_when_it_says(&harness);
    checks::a_completed_event_is_remembered_for_its_retention(&harness);
    run_traces(&harness, 1);
}

#[test]
fn a_lease_that_ends_early_is_found_in_real_time() {
    let harness = Real { fault: Some(Fault::LeaseEndsEarly) };
    // Early is ten milliseconds, which a busy machine may sleep through.
    let is_found = || panic_message(|| checks::a_lease_never_ends_early(&harness)).is_some();
    assert!((0..10).any(|_| is_found()));
}

/// A store whose calls take longer than its unit is not called wrong.
#[test]
fn a_unit_that_is_too_short_is_told() {
    let harness = Real { fault: Some(Fault::IsSlow) };
    let message = panic_message(|| checks::a_lapsed_lease_is_taken_over(&harness)).unwrap();
    assert!(message.contains("too short for this machine"), "{message}");
}

/// One test for each fault: it is found by the check named here, and by the traces if they can.
macro_rules! faults {
    ($($test:ident: $fault:ident, $check:ident, $traces:expr;)+) => {
        $(
            #[test]
            fn $test() {
                finds(Fault::$fault, stringify!($check), $traces);
            }
        )+

        #[test]
        fn every_fault_is_in_the_table() {
            let tested = [$(Fault::$fault),+];
            assert!(Fault::ALL.iter().all(|fault| tested.contains(fault)));
        }
    };
}

#[track_caller]
fn finds(fault: Fault, check: &str, in_traces: bool) {
    let harness = Fake::new(fault);
    let mut found = Vec::new();
    for (name, run) in checks::all::<Fake>() {
        if let Some(message) = panic_message(|| run(&harness)) {
            // The message begins with the rule, unless it is the store's.
            let is_told = message.contains(&name.replace('_', " "));
            assert!(is_told || fault == Fault::PanicsInRaces, "{message}");
            found.push(name);
        }
    }
    assert!(found.contains(&check), "{fault:?} was found by {found:?} only");
    let by_traces = panic_message(|| run_traces(&harness, 1024));
    assert_eq!(by_traces.is_some(), in_traces, "{fault:?} in traces: {by_traces:?}");
}

faults! {
    a_complete_that_ignores_the_token_is_found:
        CompleteIgnoresToken, an_owner_that_was_taken_over_can_change_nothing, true;
    a_release_that_ignores_the_token_is_found:
        ReleaseIgnoresToken, an_owner_that_was_taken_over_can_change_nothing, true;
    an_extend_that_ignores_the_token_is_found:
        ExtendIgnoresToken, an_owner_that_was_taken_over_can_change_nothing, true;
    a_repeated_claim_that_is_in_flight_is_found:
        RepeatedClaimIsInFlight, a_repeated_claim_changes_nothing, true;
    a_repeated_claim_that_is_a_new_attempt_is_found:
        RepeatedClaimCounts, a_repeated_claim_changes_nothing, true;
    a_repeated_claim_that_renews_the_lease_is_found:
        RepeatedClaimRenewsLease, a_repeated_claim_changes_nothing, true;
    a_release_that_forgets_the_attempt_is_found:
        ReleaseForgetsAttempt, a_released_event_is_claimed_at_once, true;
    a_release_that_changes_nothing_is_found:
        ReleaseDoesNothing, a_released_event_is_claimed_at_once, true;
    a_released_record_that_can_be_completed_is_found:
        ReleasedCanBeCompleted, releasing_twice_is_lost, true;
    a_takeover_of_a_live_lease_is_found:
        TakesOverLiveLease, a_claim_is_in_flight_for_others, true;
    a_takeover_that_keeps_the_attempt_is_found:
        TakeoverKeepsAttempt, a_lapsed_lease_is_taken_over, true;
    a_lease_that_never_lapses_is_found:
        LeaseNeverLapses, a_lapsed_lease_is_taken_over, true;
    a_lease_that_ends_early_is_found:
        LeaseEndsEarly, a_lease_never_ends_early, true;
    a_lapsed_lease_that_is_lost_is_found:
        LapsedIsLost, a_lapsed_lease_is_held_until_it_is_taken_over, true;
    an_extend_that_changes_nothing_is_found:
        ExtendDoesNothing, an_extended_lease_ends_when_it_says, true;
    an_extend_that_lets_the_record_expire_is_found:
        ExtendLetsExpire, an_extended_lease_ends_when_it_says, true;
    a_retention_that_ends_a_lease_is_found:
        RetentionEndsLease, a_live_lease_outlasts_the_retention, true;
    a_second_completion_that_counts_is_found:
        CompletesTwice, completing_twice_is_already_completed, true;
    a_completion_that_is_lost_with_its_record_is_found:
        GoneIsLost, an_event_whose_record_is_gone_can_be_completed, true;
    a_completion_for_the_claims_retention_is_found:
        CompletionKeepsExpiry, a_completed_event_is_remembered_for_its_retention, true;
    a_completion_for_ever_is_found:
        CompletedNeverExpires, a_completed_event_is_remembered_for_its_retention, true;
    an_expired_record_that_keeps_its_attempt_is_found:
        ExpiredKeepsAttempt, an_unsettled_event_keeps_its_attempt_for_its_retention, true;
    a_lost_answer_is_found:
        LosesAnswer, a_completed_event_is_a_duplicate_with_its_answer, true;
    an_answer_that_is_text_is_found:
        AnswerIsText, a_completed_event_is_a_duplicate_with_its_answer, true;
    a_lost_content_that_is_empty_is_found:
        LosesEmptyContent, a_completed_event_is_a_duplicate_with_its_answer, true;
    a_claim_that_is_told_of_itself_is_found:
        ClaimTellsOfItself, a_claim_tells_of_the_one_before, true;
    a_first_seen_of_the_last_claim_is_found:
        FirstSeenIsLastClaim, a_lapsed_lease_is_taken_over, true;
    a_signed_time_in_seconds_is_found:
        SignedAtInSeconds, a_claim_tells_of_the_one_before, true;
    a_forget_that_keeps_what_is_in_flight_is_found:
        ForgetSparesInFlight, a_forgotten_event_is_absent, true;
    a_forget_that_always_says_yes_is_found:
        ForgetSaysYes, a_forgotten_event_is_absent, true;
    a_purge_of_live_records_is_found:
        PurgeDropsLive, purging_drops_only_what_has_expired, true;
    a_purge_that_counts_wrong_is_found:
        PurgeIgnoresLimit, purging_drops_only_what_has_expired, true;
    keys_that_are_cut_short_are_found:
        CutsKeys, keys_are_independent, false;
    a_claim_that_reads_and_then_writes_is_found:
        ReadsThenWrites, racing_claims_have_one_winner, false;
    a_race_that_ends_in_an_error_is_found:
        RacesFail, racing_claims_have_one_winner, false;
    a_race_that_ends_in_a_panic_is_found:
        PanicsInRaces, racing_claims_have_one_winner, false;
    a_completion_that_can_be_cut_in_half_is_found:
        HalfCompletes, a_dropped_future_leaves_the_key_whole, false;
    a_release_on_drop_of_any_token_is_found:
        DropReleasesAny, a_claim_released_on_drop_is_free_with_its_lease, false;
    claims_dropped_for_room_are_found:
        DropsInFlight, a_full_store_refuses_new_events_and_loses_none, false;
    room_that_is_never_free_again_is_found:
        StaysFull, a_full_store_refuses_new_events_and_loses_none, false;
    room_that_racing_claims_do_not_get_is_found:
        SaturatesInRaces, racing_claims_get_all_the_room_there_is, false;
    more_records_than_there_is_room_for_are_found:
        Overcommits, racing_claims_get_all_the_room_there_is, false;
    handles_that_share_nothing_are_found:
        SharesNothing, handles_share_their_records, true;
}

#[test]
fn a_failing_trace_is_short_and_can_be_run_again() {
    let harness = Fake::new(Fault::CompleteIgnoresToken);
    assert!(panic_message(|| check_all(&harness)).is_some());
    let message = panic_message(|| run_traces(&harness, 1024)).unwrap();
    let steps = message.matches("Claim {").count() + message.matches("Complete {").count();
    assert!(steps <= 6, "{message}");

    let trace = [
        Op::Claim { key: 0, token: 0, lease: 1, retention: 2, mark: None },
        Op::Complete { key: 0, token: 1, retention: 1, answer: 0 },
    ];
    assert!(panic_message(|| check_trace(&harness, &trace)).is_some());
    check_trace(&Fake::new(None), &trace);
}
