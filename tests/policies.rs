//! How a receiver may be configured, and what it refuses.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

use std::time::Duration;

use countersign::{
    Claims, Declined, Receiver, ReceiverBuilder, ReceiverError, Scheme, Secret, SharedStore, Store,
    StoreError, StoreErrorKind, Tolerance, Verifier, catalog,
};
use countersign_memory::MemoryStore;

const HOUR: u64 = 3600;

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn verifier(scheme: Scheme) -> Verifier {
    Verifier::builder(scheme).secret(Secret::new("It's a Secret to Everybody")).build().unwrap()
}

fn builder(scheme: Scheme) -> ReceiverBuilder<MemoryStore> {
    Receiver::builder(verifier(scheme), MemoryStore::new(1))
}

fn retention<S: Store>(receiver: &Receiver<S>) -> Duration {
    receiver.claims().map(Claims::retention).unwrap()
}

#[test]
fn a_retention_shorter_than_the_senders_retries_is_refused_with_the_number_it_needs() {
    // Stripe retries for 72 hours, and signs a time with five minutes of tolerance.
    let needed = seconds(72 * HOUR + 2 * 300 + 30);
    let given = needed - seconds(1);
    let error = builder(catalog::STRIPE).retention(given).build().unwrap_err();
    assert_eq!(error, ReceiverError::RetentionTooShort { given, needed });
    assert!(error.to_string().contains("need 259830 s"), "{error}");
    assert_eq!(retention(&builder(catalog::STRIPE).retention(needed).build().unwrap()), needed);

    // A longer tolerance or lease needs more.
    let wide = Verifier::builder(catalog::STRIPE)
        .secret(Secret::new("It's a Secret to Everybody"))
        .tolerance(Tolerance::new(600, 60))
        .build()
        .unwrap();
    let error = Receiver::builder(wide, MemoryStore::new(1)).lease(seconds(60)).retention(needed);
    let needed = seconds(72 * HOUR + 2 * 600 + 60);
    assert!(matches!(
        error.build().unwrap_err(),
        ReceiverError::RetentionTooShort { needed: more, .. } if more == needed
    ));
}

#[test]
fn the_retention_is_what_the_store_is_for_and_at_least_what_the_sender_needs() {
    // Slack retries for minutes, Stripe for three days, and a memory store is for a day.
    assert_eq!(retention(&builder(catalog::SLACK).build().unwrap()), seconds(24 * HOUR));
    let stripe = Receiver::new(verifier(catalog::STRIPE), MemoryStore::new(1));
    assert_eq!(retention(&stripe), seconds(72 * HOUR + 630));
    // Of Knock's schedule nothing is known: 72 hours are assumed.
    assert_eq!(catalog::KNOCK.retry_horizon, None);
    let unknown = builder(catalog::KNOCK).build().unwrap();
    assert_eq!(retention(&unknown), seconds(72 * HOUR + 630));
    let stated = builder(catalog::KNOCK).retry_horizon(seconds(HOUR)).build().unwrap();
    assert_eq!(retention(&stated), seconds(24 * HOUR));
    // A shared store keeps the opinion of the one inside.
    let shared = SharedStore::new(MemoryStore::new(1));
    assert_eq!(retention(&Receiver::new(verifier(catalog::SLACK), shared)), seconds(24 * HOUR));
}

#[test]
fn every_sender_has_a_receiver_with_the_defaults() {
    let mut built_for = 0;
    for scheme in catalog::all() {
        // Those whose secrets have another form, or that need a key id, are no different here.
        let Ok(verifier) = Verifier::builder(scheme.clone())
            .secret(Secret::new("It's a Secret to Everybody"))
            .build()
        else {
            continue;
        };
        let built = Receiver::builder(verifier.clone(), MemoryStore::new(1)).build().unwrap();
        let plain = Receiver::new(verifier, MemoryStore::new(1));
        assert_eq!(retention(&built), retention(&plain), "{}", scheme.id);
        let horizon = scheme.retry_horizon.unwrap_or(72 * 3600);
        assert!(retention(&plain) > seconds(horizon.into()), "{}", scheme.id);
        built_for += 1;
    }
    assert!(built_for > 100, "only {built_for}");
}

#[test]
fn a_lease_that_is_not_extended_must_outlast_the_handler() {
    let error = builder(catalog::STRIPE).without_heartbeat().build().unwrap_err();
    assert_eq!(error, ReceiverError::LeaseTooShort { needed: seconds(65) });
    assert!(error.to_string().contains("65 s"), "{error}");
    let short = builder(catalog::STRIPE).without_heartbeat().handler_deadline(seconds(25));
    assert!(short.build().is_ok(), "thirty seconds are five more than twenty-five");
}

#[test]
fn no_duration_is_too_long() {
    let endless = builder(catalog::STRIPE).handler_deadline(Duration::MAX).lease(Duration::MAX);
    assert!(endless.build().is_ok());
    let error = builder(catalog::STRIPE).handler_deadline(Duration::MAX).without_heartbeat();
    assert_eq!(error.build().unwrap_err(), ReceiverError::LeaseTooShort { needed: Duration::MAX });
}

#[test]
fn a_store_needs_some_time_and_less_than_a_lease() {
    for timeout in [Duration::ZERO, seconds(30)] {
        let error = builder(catalog::STRIPE).store_timeout(timeout).build().unwrap_err();
        assert_eq!(error, ReceiverError::StoreTimeout { below: seconds(30) });
    }
    for zero in [
        builder(catalog::STRIPE).lease(Duration::ZERO),
        builder(catalog::STRIPE).handler_deadline(Duration::ZERO),
    ] {
        assert_eq!(zero.build().unwrap_err(), ReceiverError::ZeroDuration);
    }
}

#[test]
fn no_sender_is_answered_what_it_misreads() {
    let in_flight =
        || Declined::InFlight { lease_left: seconds(3), kind: countersign::DuplicateKind::Unknown };
    let down = || Declined::Unavailable(StoreError::new(StoreErrorKind::Unavailable));
    for scheme in catalog::all() {
        for declined in [in_flight(), down(), Declined::Saturated, Declined::Draining] {
            let (id, reply, code) = (&scheme.id, &scheme.reply, declined.code());
            let status = declined.status(reply);
            assert!(!reply.is_success(status), "{id}: a success would lose the event");
            assert!(!reply.never.contains(&status), "{id}: {status} for {code}");
            assert!(![410, 429, 502, 504].contains(&status), "{id}: {status} for {code}");
            assert!((400..600).contains(&status), "{id}: {status} for {code}");
            let retries = reply.retried.is_empty() || reply.retried.contains(&status);
            assert!(retries, "{id}: {status} for {code} brings no retry");
            assert!(declined.retry_after().is_some());
        }
    }
    assert_eq!(in_flight().status(&catalog::GITHUB.reply), 409);
    assert_eq!(down().status(&catalog::GITHUB.reply), 503);
    assert_eq!(in_flight().retry_after(), Some(3));
}
