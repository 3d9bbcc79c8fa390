//! The plan of failures, as senders see them: each test on each store, behind axum and actix-web.
//! Their numbers are those of the table in `tests/README.md`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test may panic, and reads the clock"
)]

mod checks;
mod client;
mod servers;
mod stores;
mod table;

/// A test for each of these stores, by the function of `checks` that has its name.
macro_rules! plan {
    ($($check:ident on $($store:ident),*;)*) => {$(
        mod $check {
            $(
                #[test]
                fn $store() {
                    let place = crate::stores::Place::$store();
                    place.block_on(crate::checks::$check(&place));
                }
            )*
        }
    )*};
}

plan! {
    plan_01_duplicates_over_http_to_axum on memory, sqlite, postgres, redis;
    plan_01_duplicates_over_http_to_actix on memory, sqlite, postgres, redis;
    plan_01_duplicates_over_http_to_both on memory, sqlite, postgres, redis;
    plan_04_an_outage_over_http on sqlite, postgres, redis;
    plan_09_a_lease_that_lapses_over_http on memory, sqlite, postgres, redis;
    plan_09_a_lease_that_is_extended_over_http on memory, sqlite, postgres, redis;
    plan_09_a_heartbeat_keeps_a_claim on memory, sqlite, postgres, redis;
    plan_10_who_was_taken_over_changes_nothing on memory, sqlite, postgres, redis;
    plan_11_a_handler_that_panics on memory, sqlite, postgres, redis;
    plan_12_a_client_that_leaves on memory, sqlite, postgres, redis;
    plan_19_a_duplicate_of_what_then_fails on memory, sqlite, postgres, redis;
    plan_20_another_content_under_one_id on memory, sqlite, postgres, redis;
    a_server_that_stops_lets_its_handlers_end on memory, sqlite, postgres, redis;
}
