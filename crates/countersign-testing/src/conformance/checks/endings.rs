//! Checks of completing, releasing and forgetting.

use countersign::{
    Answer, CompleteOutcome, Completion, Content, ExtendOutcome, MAX_STORED_BODY, ReleaseOutcome,
};

use crate::conformance::harness::Harness;
use crate::conformance::session::{Session, Verdict, ensure};

pub(super) fn a_completed_event_is_a_duplicate_with_its_answer<H: Harness>(
    session: &Session<'_, H>,
) -> Verdict {
    let bytes: Vec<u8> = (0..=u8::MAX).collect();
    let answers = [
        Answer::new(200),
        Answer::new(204).permanent_failure(true),
        Answer::new(599),
        Answer::new(200).content(Content::new("", "")),
        Answer::new(201).content(Content::new("text/xml; charset=utf-8", "<Response/>")),
        Answer::new(202).permanent_failure(true).content(Content::new(bytes.clone(), bytes)),
        Answer::new(203).content(Content::new("a/b", vec![0xfe; MAX_STORED_BODY - 3])),
    ];
    for answer in answers {
        let (key, token) = (session.key(), session.token());
        session.claimed(&key, &session.request(token), 1)?;
        session.complete(&key, token, &answer, CompleteOutcome::Completed)?;
        for _ in 0..2 {
            let seen = session.duplicate(&key, &answer)?;
            ensure!(seen.attempt.get() == 1, "a duplicate of attempt 1 was told {seen:?}");
        }
    }
    Ok(())
}

pub(super) fn completing_twice_is_already_completed<H: Harness>(
    session: &Session<'_, H>,
) -> Verdict {
    let (key, token) = (session.key(), session.token());
    let answer = Answer::new(201);
    session.claimed(&key, &session.request(token), 1)?;
    let brief = Completion::new(session.span(3), answer.clone());
    session.complete_for(&key, token, &brief, CompleteOutcome::Completed)?;
    session.complete(&key, token, &Answer::new(500), CompleteOutcome::AlreadyCompleted)?;
    session.duplicate(&key, &answer)?;
    session.extend(&key, token, session.long(), ExtendOutcome::Lost)?;
    session.release(&key, token, ReleaseOutcome::Lost)?;
    session.advance(2);
    session.duplicate(&key, &answer)?;
    session.advance(1);
    // Neither the second completion nor the rest prolonged it.
    session.claimed(&key, &session.request(session.token()), 1)?;
    Ok(())
}

pub(super) fn a_released_event_is_claimed_at_once<H: Harness>(session: &Session<'_, H>) -> Verdict {
    let key = session.key();
    for attempt in 1..=4 {
        let token = session.token();
        session.claimed(&key, &session.request(token), attempt)?;
        session.in_flight(&key, attempt)?;
        session.release(&key, token, ReleaseOutcome::Released)?;
    }
    Ok(())
}

pub(super) fn releasing_twice_is_lost<H: Harness>(session: &Session<'_, H>) -> Verdict {
    let (key, [first, second]) = (session.key(), session.tokens());
    session.claimed(&key, &session.request(first), 1)?;
    session.release(&key, first, ReleaseOutcome::Released)?;
    session.is_powerless(&key, first)?;
    session.claimed(&key, &session.request(second), 2)?;
    session.is_powerless(&key, first)?;
    session.in_flight(&key, 2)?;
    let answer = Answer::new(200);
    session.complete(&key, second, &answer, CompleteOutcome::Completed)?;
    session.is_powerless(&key, first)?;
    session.duplicate(&key, &answer)?;
    Ok(())
}

pub(super) fn a_foreign_token_changes_nothing<H: Harness>(session: &Session<'_, H>) -> Verdict {
    let [owner, next, foreign] = session.tokens();
    let (in_flight, released, completed, absent) =
        (session.key(), session.key(), session.key(), session.key());
    for key in [&in_flight, &released, &completed] {
        session.claimed(key, &session.brief(owner, 2, 8), 1)?;
    }
    session.release(&released, owner, ReleaseOutcome::Released)?;
    let answer = Answer::new(201);
    session.complete(&completed, owner, &answer, CompleteOutcome::Completed)?;

    for key in [&in_flight, &released, &completed] {
        session.is_powerless(key, foreign)?;
    }
    session.extend(&absent, foreign, session.long(), ExtendOutcome::Lost)?;
    session.release(&absent, foreign, ReleaseOutcome::Lost)?;

    session.in_flight(&in_flight, 1)?;
    session.claimed(&released, &session.request(next), 2)?;
    session.duplicate(&completed, &answer)?;
    session.claimed(&absent, &session.request(next), 1)?;
    session.advance(2);
    // The lease of the owner was not extended, and is not the foreign token's once it has lapsed.
    session.is_powerless(&in_flight, foreign)?;
    session.claimed(&in_flight, &session.request(next), 2)?;
    Ok(())
}

pub(super) fn an_event_whose_record_is_gone_can_be_completed<H: Harness>(
    session: &Session<'_, H>,
) -> Verdict {
    let token = session.token();
    let [never, forgotten, expired, flushed] = std::array::from_fn(|_| session.key());
    session.claimed(&forgotten, &session.request(token), 1)?;
    session.forget(&forgotten, true)?;
    session.claimed(&expired, &session.brief(token, 1, 2), 1)?;
    session.advance(2);
    session.claimed(&flushed, &session.request(token), 1)?;
    if !session.harness.flush(&session.store) {
        session.forget(&flushed, true)?;
    }
    let answer = Answer::new(202).content(Content::new("text/plain", "kept"));
    for key in [&never, &forgotten, &expired, &flushed] {
        session.complete(key, token, &answer, CompleteOutcome::Completed)?;
        let seen = session.duplicate(key, &answer)?;
        ensure!(
            seen.attempt.get() == 1 && seen.fingerprint.is_none() && seen.signed_at.is_none(),
            "a record made by completing is attempt 1 of an unknown delivery, not {seen:?}"
        );
        session.complete(key, token, &answer, CompleteOutcome::AlreadyCompleted)?;
        session.complete(key, session.token(), &answer, CompleteOutcome::Lost)?;
    }
    Ok(())
}

pub(super) fn a_forgotten_event_is_absent<H: Harness>(session: &Session<'_, H>) -> Verdict {
    let [owner, next] = session.tokens();
    let [in_flight, released, completed] = std::array::from_fn(|_| session.key());
    for key in [&in_flight, &released, &completed] {
        session.claimed(key, &session.request(owner), 1)?;
    }
    session.release(&released, owner, ReleaseOutcome::Released)?;
    session.complete(&completed, owner, &Answer::new(200), CompleteOutcome::Completed)?;
    for key in [&in_flight, &released, &completed] {
        session.forget(key, true)?;
        session.forget(key, false)?;
        session.extend(key, owner, session.long(), ExtendOutcome::Lost)?;
        session.release(key, owner, ReleaseOutcome::Lost)?;
        let seen = session.claimed(key, &session.request(next), 1)?;
        ensure!(
            session.is_near(seen.first_seen, std::time::Duration::ZERO),
            "a forgotten event was first seen {:?} ago",
            seen.first_seen
        );
        session.is_powerless(key, owner)?;
        session.in_flight(key, 1)?;
    }
    let expired = session.key();
    session.begin();
    session.claimed(&expired, &session.brief(owner, 1, 1), 1)?;
    session.advance(1);
    session.forget(&expired, false)
}
