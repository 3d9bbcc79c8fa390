//! Checks of how long a claim holds.

use std::thread;
use std::time::Duration;

use countersign::{Answer, ClaimOutcome, CompleteOutcome, ExtendOutcome, ReleaseOutcome};

use crate::conformance::harness::Harness;
use crate::conformance::session::{Session, Verdict, ensure, now};

const MILLISECOND: Duration = Duration::from_millis(1);

pub(super) fn a_lapsed_lease_is_taken_over<H: Harness>(session: &Session<'_, H>) -> Verdict {
    let key = session.key();
    session.claimed(&key, &session.brief(session.token(), 2, 20), 1)?;
    for attempt in 2..=4 {
        session.in_flight(&key, attempt - 1)?;
        session.advance(1);
        session.in_flight(&key, attempt - 1)?;
        session.advance(1);
        let seen = session.claimed(&key, &session.brief(session.token(), 2, 20), attempt)?;
        let expected = session.harness.unit() * 2 * (attempt - 1);
        ensure!(
            session.is_near(seen.first_seen, expected),
            "an event first claimed {expected:?} ago was first seen {:?} ago",
            seen.first_seen
        );
    }
    Ok(())
}

pub(super) fn a_lease_never_ends_early<H: Harness>(session: &Session<'_, H>) -> Verdict {
    let key = session.key();
    let mut request = session.request(session.token());
    request.lease = session.harness.unit();
    if session.harness.is_exact() {
        // Odd times are not rounded down.
        request.lease += Duration::from_micros(300);
        session.claimed(&key, &request, 1)?;
        session.harness.advance(&session.store, session.harness.unit());
        session.in_flight(&key, 1)?;
        session.harness.advance(&session.store, MILLISECOND);
        session.claimed(&key, &session.request(session.token()), 2)?;
        return Ok(());
    }
    let start = now();
    session.claimed(&key, &request, 1)?;
    while let ClaimOutcome::InFlight { lease_left, .. } =
        session.claim(&key, &session.request(session.token()))?
    {
        ensure!(lease_left > Duration::ZERO, "a lease with no time left is live");
        ensure!(
            start.elapsed() < session.harness.unit() * 100,
            "a lease of {:?} has not ended after {:?}",
            request.lease,
            start.elapsed()
        );
        thread::sleep(MILLISECOND);
    }
    let held = start.elapsed();
    // The clocks of servers are read in whole milliseconds.
    ensure!(
        held + MILLISECOND >= request.lease,
        "a lease of {:?} ended after {held:?}",
        request.lease
    );
    Ok(())
}

pub(super) fn an_owner_that_was_taken_over_can_change_nothing<H: Harness>(
    session: &Session<'_, H>,
) -> Verdict {
    let (key, [first, second]) = (session.key(), session.tokens());
    session.claimed(&key, &session.brief(first, 1, 20), 1)?;
    session.advance(1);
    session.claimed(&key, &session.brief(second, 2, 20), 2)?;
    session.is_powerless(&key, first)?;
    session.in_flight(&key, 2)?;
    session.advance(1);
    // Nor did it give the lease more time, or less.
    session.in_flight(&key, 2)?;
    session.advance(1);
    session.is_powerless(&key, first)?;
    let answer = Answer::new(202);
    session.complete(&key, second, &answer, CompleteOutcome::Completed)?;
    session.is_powerless(&key, first)?;
    let seen = session.duplicate(&key, &answer)?;
    ensure!(seen.attempt.get() == 2, "attempt 2 was completed, not {seen:?}");
    Ok(())
}

pub(super) fn a_lapsed_lease_is_held_until_it_is_taken_over<H: Harness>(
    session: &Session<'_, H>,
) -> Verdict {
    let token = session.token();
    let [completed, released, extended] = std::array::from_fn(|_| session.key());
    for key in [&completed, &released, &extended] {
        session.claimed(key, &session.brief(token, 1, 20), 1)?;
    }
    session.advance(2);
    let answer = Answer::new(200);
    session.complete(&completed, token, &answer, CompleteOutcome::Completed)?;
    let seen = session.duplicate(&completed, &answer)?;
    ensure!(seen.attempt.get() == 1, "attempt 1 was completed, not {seen:?}");
    session.release(&released, token, ReleaseOutcome::Released)?;
    session.claimed(&released, &session.request(session.token()), 2)?;
    session.extend(&extended, token, session.span(2), ExtendOutcome::Extended)?;
    session.in_flight(&extended, 1)?;
    session.advance(1);
    session.in_flight(&extended, 1)?;
    session.advance(1);
    session.claimed(&extended, &session.request(session.token()), 2)?;
    Ok(())
}

pub(super) fn a_token_that_claims_after_its_lease_makes_a_new_attempt<H: Harness>(
    session: &Session<'_, H>,
) -> Verdict {
    let (key, token) = (session.key(), session.token());
    session.claimed(&key, &session.brief(token, 1, 20), 1)?;
    session.advance(1);
    session.claimed(&key, &session.brief(token, 2, 20), 2)?;
    session.advance(1);
    session.in_flight(&key, 2)?;
    session.release(&key, token, ReleaseOutcome::Released)?;
    session.claimed(&key, &session.request(token), 3)?;
    Ok(())
}

pub(super) fn an_extended_lease_ends_when_it_says<H: Harness>(session: &Session<'_, H>) -> Verdict {
    let token = session.token();
    let [longer, shorter, outliving] = std::array::from_fn(|_| session.key());
    session.claimed(&longer, &session.brief(token, 2, 20), 1)?;
    session.claimed(&shorter, &session.brief(token, 8, 20), 1)?;
    // Its record would expire before the extended lease ends.
    session.claimed(&outliving, &session.brief(token, 2, 2), 1)?;
    session.advance(1);
    session.extend(&longer, token, session.span(3), ExtendOutcome::Extended)?;
    session.extend(&shorter, token, session.span(1), ExtendOutcome::Extended)?;
    session.extend(&outliving, token, session.span(3), ExtendOutcome::Extended)?;
    session.in_flight(&shorter, 1)?;
    session.advance(1);
    session.claimed(&shorter, &session.request(session.token()), 2)?;
    for key in [&longer, &outliving] {
        let (left, _) = session.in_flight(key, 1)?;
        ensure!(
            session.is_near(left, session.span(2)),
            "of an extended lease {:?} are left, but the store says {left:?}",
            session.span(2)
        );
    }
    session.advance(1);
    for key in [&longer, &outliving] {
        session.in_flight(key, 1)?;
        session.extend(key, token, session.span(2), ExtendOutcome::Extended)?;
    }
    session.advance(1);
    for key in [&longer, &outliving] {
        session.in_flight(key, 1)?;
    }
    session.advance(1);
    session.claimed(&longer, &session.request(session.token()), 2)?;
    // Its record lived no longer than the lease.
    session.claimed(&outliving, &session.request(session.token()), 1)?;
    Ok(())
}
