//! Checks of claiming.

use std::time::Duration;

use countersign::{Answer, ClaimOutcome, CompleteOutcome, Key, ReleaseOutcome, Store, Timestamp};

use crate::conformance::harness::Harness;
use crate::conformance::session::{Session, Verdict, ensure};

pub(super) fn a_claim_is_in_flight_for_others<H: Harness>(session: &Session<'_, H>) -> Verdict {
    let (key, [first]) = (session.key(), session.tokens());
    let seen = session.claimed(&key, &session.brief(first, 4, 8), 1)?;
    ensure!(
        seen.first_seen == Duration::ZERO && seen.fingerprint.is_none() && seen.signed_at.is_none(),
        "the first claim of an event must be told of none before, but was told {seen:?}"
    );
    for passed in 0..4 {
        let (left, seen) = session.in_flight(&key, 1)?;
        let expected = session.span(4 - passed);
        ensure!(
            left > Duration::ZERO && left <= session.span(4) && session.is_near(left, expected),
            "{expected:?} of the lease are left, but the store says {left:?}"
        );
        ensure!(
            session.is_near(seen.first_seen, session.harness.unit() * passed),
            "an event claimed {passed} units ago was first seen {:?} ago",
            seen.first_seen
        );
        session.advance(1);
    }
    Ok(())
}

pub(super) fn a_repeated_claim_changes_nothing<H: Harness>(session: &Session<'_, H>) -> Verdict {
    let (key, [first, second]) = (session.key(), session.tokens());
    let mut request = session.brief(first, 2, 8);
    request.fingerprint = Some([1; 16]);
    session.claimed(&key, &request, 1)?;
    session.advance(1);
    // Whatever else it asks for: only the first was ever answered by what is kept.
    let mut again = session.request(first);
    again.fingerprint = Some([2; 16]);
    for _ in 0..2 {
        let seen = session.claimed(&key, &again, 1)?;
        ensure!(
            seen.fingerprint == Some([1; 16]),
            "a repeated claim must not replace the fingerprint, but it is {:?}",
            seen.fingerprint
        );
    }
    session.in_flight(&key, 1)?;
    session.advance(1);
    session.claimed(&key, &session.request(second), 2)?;
    Ok(())
}

pub(super) fn a_claim_tells_of_the_one_before<H: Harness>(session: &Session<'_, H>) -> Verdict {
    let (key, tokens) = (session.key(), session.tokens::<3>());
    let signed_at = |n: u8| Some(Timestamp::from_unix_millis(1_790_000_000_123 + i64::from(n)));
    // Without either, with both, and without again.
    let marks = [None, Some(7), None];
    let mut before = None;
    for (attempt, (token, mark)) in (1..).zip(tokens.into_iter().zip(marks)) {
        let mut request = session.request(token);
        request.fingerprint = mark.map(|it| [it; 16]);
        request.signed_at = mark.and_then(signed_at);
        let seen = session.claimed(&key, &request, attempt)?;
        ensure!(
            seen.fingerprint == before.map(|it| [it; 16])
                && seen.signed_at == before.and_then(signed_at),
            "attempt {attempt} must be told {before:?} of the one before, but was told {seen:?}"
        );
        let (_, seen) = session.in_flight(&key, attempt)?;
        ensure!(
            seen.fingerprint == request.fingerprint && seen.signed_at == request.signed_at,
            "others must be told of attempt {attempt}, but were told {seen:?}"
        );
        session.release(&key, token, ReleaseOutcome::Released)?;
        session.advance(1);
        before = mark;
    }
    let (last, mut request) = (session.token(), session.request(session.token()));
    request.token = last;
    request.fingerprint = Some([9; 16]);
    request.signed_at = signed_at(9);
    let seen = session.claimed(&key, &request, 4)?;
    ensure!(
        session.is_near(seen.first_seen, session.harness.unit() * 3),
        "an event first claimed 3 units ago was first seen {:?} ago",
        seen.first_seen
    );
    let answer = Answer::new(200);
    session.complete(&key, last, &answer, CompleteOutcome::Completed)?;
    session.advance(1);
    let seen = session.duplicate(&key, &answer)?;
    ensure!(
        seen.attempt.get() == 4
            && seen.fingerprint == request.fingerprint
            && seen.signed_at == request.signed_at
            && session.is_near(seen.first_seen, session.harness.unit() * 4),
        "a duplicate must be told of attempt 4, first claimed 4 units ago, but was told {seen:?}"
    );
    Ok(())
}

pub(super) fn keys_are_independent<H: Harness>(session: &Session<'_, H>) -> Verdict {
    let key = session.key();
    let flipped = |bit: usize| {
        let mut bytes = *key.as_bytes();
        if let Some(byte) = bytes.get_mut(bit / 8) {
            *byte ^= 1 << (bit % 8);
        }
        Key::from_bytes(bytes)
    };
    // With the bytes that text, globs and C strings stumble over.
    let odd = [0, b'%', b'*', b'\'', b'\n', 0xff].map(|byte| Key::from_bytes([byte; 32]));
    let keys: Vec<Key> = [key].into_iter().chain((0..256).map(flipped)).chain(odd).collect();
    for (number, key) in (0_u16..).zip(&keys) {
        let token = session.token();
        session.claimed(key, &session.request(token), 1)?;
        match number % 3 {
            0 => {}
            1 => session.release(key, token, ReleaseOutcome::Released)?,
            _ => {
                let answer = Answer::new(200 + number);
                session.complete(key, token, &answer, CompleteOutcome::Completed)?;
            }
        }
    }
    for (number, key) in (0_u16..).zip(&keys) {
        match number % 3 {
            0 => _ = session.in_flight(key, 1)?,
            1 => _ = session.claimed(key, &session.request(session.token()), 2)?,
            _ => _ = session.duplicate(key, &Answer::new(200 + number))?,
        }
    }
    Ok(())
}

pub(super) fn handles_share_their_records<H: Harness>(session: &Session<'_, H>) -> Verdict {
    let (key, [first, second]) = (session.key(), session.tokens());
    let (one, other) = (session.handle(0), session.handle(1));
    session.claimed(&key, &session.request(first), 1)?;
    let claim = session.request(second);
    let outcome = session.call("claim", other.claim(&key, &claim))?;
    ensure!(
        matches!(outcome, ClaimOutcome::InFlight { .. }),
        "what one handle claimed must be in flight for the other, but a claim came to {outcome:?}"
    );
    let outcome = session.call("release", other.release(&key, first))?;
    ensure!(outcome == ReleaseOutcome::Released, "another handle could not release a claim");
    let outcome = session.call("claim", one.claim(&key, &claim))?;
    ensure!(
        matches!(outcome, ClaimOutcome::Claimed { seen } if seen.attempt.get() == 2),
        "what one handle released must be attempt 2 for the other, but a claim came to {outcome:?}"
    );
    Ok(())
}
