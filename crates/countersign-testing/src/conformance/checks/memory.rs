//! Checks of how long a record is kept.

use countersign::{Answer, CompleteOutcome, Completion, ExtendOutcome, ReleaseOutcome};

use crate::conformance::harness::Harness;
use crate::conformance::session::{Session, Verdict, ensure};

pub(super) fn a_completed_event_is_remembered_for_its_retention<H: Harness>(
    session: &Session<'_, H>,
) -> Verdict {
    let (token, answer) = (session.token(), Answer::new(200));
    let [longer, shorter] = std::array::from_fn(|_| session.key());
    // What counts is the retention of the completion, not that of the claim.
    session.claimed(&longer, &session.brief(token, 1, 1), 1)?;
    session.claimed(&shorter, &session.request(token), 1)?;
    let brief = Completion::new(session.span(3), answer.clone());
    for key in [&longer, &shorter] {
        session.complete_for(key, token, &brief, CompleteOutcome::Completed)?;
    }
    for passed in 0..3 {
        for key in [&longer, &shorter] {
            let seen = session.duplicate(key, &answer)?;
            ensure!(
                session.is_near(seen.first_seen, session.harness.unit() * passed),
                "an event claimed {passed} units ago was first seen {:?} ago",
                seen.first_seen
            );
        }
        session.advance(1);
    }
    for key in [&longer, &shorter] {
        let seen = session.claimed(key, &session.request(session.token()), 1)?;
        ensure!(
            session.is_near(seen.first_seen, std::time::Duration::ZERO),
            "an event whose record had expired was first seen {:?} ago",
            seen.first_seen
        );
        session.is_powerless(key, token)?;
    }
    Ok(())
}

pub(super) fn an_unsettled_event_keeps_its_attempt_for_its_retention<H: Harness>(
    session: &Session<'_, H>,
) -> Verdict {
    let token = session.token();
    let [released, lapsed, late_released, late_lapsed] = std::array::from_fn(|_| session.key());
    for key in [&released, &lapsed, &late_released, &late_lapsed] {
        session.claimed(key, &session.brief(token, 1, 4), 1)?;
    }
    session.release(&released, token, ReleaseOutcome::Released)?;
    session.release(&late_released, token, ReleaseOutcome::Released)?;
    session.advance(3);
    for key in [&released, &lapsed] {
        session.claimed(key, &session.brief(session.token(), 1, 4), 2)?;
    }
    session.advance(1);
    // What has expired is absent, and not its former owner's to extend.
    session.extend(&late_lapsed, token, session.long(), ExtendOutcome::Lost)?;
    session.release(&late_lapsed, token, ReleaseOutcome::Lost)?;
    for key in [&late_released, &late_lapsed] {
        session.claimed(key, &session.request(session.token()), 1)?;
    }
    // Retention counts from the last claim.
    for key in [&released, &lapsed] {
        session.claimed(key, &session.request(session.token()), 3)?;
    }
    Ok(())
}

pub(super) fn a_live_lease_outlasts_the_retention<H: Harness>(session: &Session<'_, H>) -> Verdict {
    let (key, token) = (session.key(), session.token());
    session.claimed(&key, &session.brief(token, 3, 1), 1)?;
    session.advance(2);
    session.purge(usize::MAX)?;
    session.in_flight(&key, 1)?;
    session.extend(&key, token, session.span(2), ExtendOutcome::Extended)?;
    session.advance(1);
    session.in_flight(&key, 1)?;
    session.complete(&key, token, &Answer::new(200), CompleteOutcome::Completed)?;
    session.duplicate(&key, &Answer::new(200))?;
    Ok(())
}

pub(super) fn purging_drops_only_what_has_expired<H: Harness>(session: &Session<'_, H>) -> Verdict {
    let (token, answer) = (session.token(), Answer::new(200));
    let [in_flight, lapsed, released, completed] = std::array::from_fn(|_| session.key());
    for key in [&in_flight, &released, &completed] {
        session.claimed(key, &session.request(token), 1)?;
    }
    session.claimed(
        &lapsed,
        &{
            let mut request = session.request(token);
            request.lease = session.span(1);
            request
        },
        1,
    )?;
    session.release(&released, token, ReleaseOutcome::Released)?;
    session.complete(&completed, token, &answer, CompleteOutcome::Completed)?;
    let expired: Vec<_> = std::iter::repeat_with(|| session.key()).take(6).collect();
    for key in &expired {
        session.claimed(key, &session.brief(token, 1, 2), 1)?;
    }
    let brief = Completion::new(session.span(2), answer.clone());
    for key in expired.iter().take(3) {
        session.complete_for(key, token, &brief, CompleteOutcome::Completed)?;
    }
    let early = session.purge(usize::MAX)?;
    ensure!(early == 0, "{early} records were purged before any had expired");
    session.advance(2);
    let mut dropped = session.purge(0)?;
    for limit in [1, 2, usize::MAX, usize::MAX] {
        dropped += session.purge(limit)?;
        ensure!(dropped <= expired.len(), "6 records had expired, but {dropped} were purged");
    }
    session.in_flight(&in_flight, 1)?;
    session.claimed(&lapsed, &session.request(session.token()), 2)?;
    session.claimed(&released, &session.request(session.token()), 2)?;
    session.duplicate(&completed, &answer)?;
    for key in &expired {
        session.claimed(key, &session.request(session.token()), 1)?;
    }
    Ok(())
}
