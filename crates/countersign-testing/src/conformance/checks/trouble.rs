//! Checks of callers that vanish and stores that are full.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use countersign::{
    Answer, ClaimOutcome, CompleteOutcome, Completion, ExtendOutcome, ReleaseOutcome, SharedStore,
    Store,
};

use crate::conformance::harness::Harness;
use crate::conformance::session::{Session, Verdict, ensure};

/// After how many polls futures are dropped, at most.
const POLLS: usize = 8;

/// How many records fit in a small store.
const SMALL: usize = 100;

pub(super) fn a_dropped_future_leaves_the_key_whole<H: Harness>(
    session: &Session<'_, H>,
) -> Verdict {
    let (store, harness) = (&session.store, session.harness);
    let answer = Answer::new(201);
    for polls in 0..=POLLS {
        let [first, second] = session.tokens();
        session.begin();
        let [claimed, completed, released, extended] = std::array::from_fn(|_| session.key());

        let request = session.brief(first, 2, 20);
        harness.block_on(drop_after(polls, store.claim(&claimed, &request)));
        for key in [&completed, &released, &extended] {
            session.claimed(key, &request, 1)?;
        }
        let completion = Completion::new(session.long(), answer.clone());
        harness.block_on(drop_after(polls, store.complete(&completed, first, &completion)));
        harness.block_on(drop_after(polls, store.release(&released, first)));
        let lease = session.span(2);
        harness.block_on(drop_after(polls, store.extend(&extended, first, lease)));

        // Each happened or did not: the claim is held, or the key is absent, ...
        let claim = session.claim(&claimed, &session.brief(second, 2, 20))?;
        let holder = match claim {
            ClaimOutcome::InFlight { seen, .. } if seen.attempt.get() == 1 => first,
            ClaimOutcome::Claimed { seen } if seen.attempt.get() == 1 => second,
            other => return Err(format!("after a claim that was dropped, one came to {other:?}")),
        };
        session.extend(&claimed, holder, session.span(2), ExtendOutcome::Extended)?;
        // ... the event is completed, or the token still holds it and can do so, ...
        let request = session.request(second);
        match session.claim(&completed, &request)? {
            ClaimOutcome::Duplicate { .. } | ClaimOutcome::InFlight { .. } => {}
            other => {
                return Err(format!("after completing was dropped, a claim came to {other:?}"));
            }
        }
        let repeated = session.call("complete", store.complete(&completed, first, &completion))?;
        ensure!(
            repeated != CompleteOutcome::Lost,
            "after completing was dropped, doing so again came to {repeated:?}"
        );
        session.duplicate(&completed, &answer)?;
        // ... and a lease is live. In the end each is free.
        session.in_flight(&extended, 1)?;
        session.advance(2);
        for key in [&claimed, &released, &extended] {
            session.claimed(key, &session.request(session.token()), 2)?;
        }
    }
    Ok(())
}

/// Polls a future up to so often, and drops it.
async fn drop_after<F: Future>(polls: usize, future: F) {
    let mut future = pin!(future);
    let mut left = polls;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(());
        }
        left -= 1;
        match future.as_mut().poll(context) {
            Poll::Ready(_) => Poll::Ready(()),
            Poll::Pending if left == 0 => Poll::Ready(()),
            Poll::Pending => Poll::Pending,
        }
    })
    .await;
}

pub(super) fn a_claim_released_on_drop_is_free_with_its_lease<H: Harness>(
    session: &Session<'_, H>,
) -> Verdict {
    let (key, [first, foreign, second]) = (session.key(), session.tokens());
    let (store, harness) = (&session.store, session.harness);
    let drop = |token| harness.block_on(async { store.release_on_drop(&key, token) });
    session.claimed(&key, &session.brief(first, 3, 20), 1)?;
    drop(foreign);
    for _ in 0..2 {
        session.advance(1);
        session.in_flight(&key, 1)?;
    }
    drop(first);
    session.advance(1);
    session.claimed(&key, &session.request(second), 2)?;
    drop(first);
    session.in_flight(&key, 2)?;
    session.complete(&key, second, &Answer::new(200), CompleteOutcome::Completed)?;
    drop(second);
    session.duplicate(&key, &Answer::new(200))?;
    Ok(())
}

pub(super) fn a_full_store_refuses_new_events_and_loses_none<H: Harness>(
    session: &Session<'_, H>,
) -> Verdict {
    let Some(store) = session.harness.small_store(SMALL) else { return Ok(()) };
    let session = &Session::new(session.harness, store);
    let token = session.token();
    let keys: Vec<_> = std::iter::repeat_with(|| session.key()).take(SMALL).collect();
    for key in &keys {
        session.claimed(key, &session.request(token), 1)?;
    }
    let is_full = || {
        for _ in 0..SMALL {
            let outcome = session.claim(&session.key(), &session.request(token))?;
            ensure!(
                outcome == ClaimOutcome::Saturated,
                "in a full store, the claim of another event came to {outcome:?}"
            );
        }
        Ok(())
    };
    is_full()?;
    for key in &keys {
        session.in_flight(key, 1)?;
        session.claimed(key, &session.request(token), 1)?;
    }
    // What it holds can still be settled, though half of it stays.
    let (leaving, staying) = keys.split_at(SMALL / 2);
    let answer = Answer::new(200);
    session.begin();
    for key in leaving {
        let brief = Completion::new(session.span(2), answer.clone());
        session.complete_for(key, token, &brief, CompleteOutcome::Completed)?;
        session.duplicate(key, &answer)?;
    }
    is_full()?;
    session.advance(2);
    for _ in leaving {
        session.claimed(&session.key(), &session.request(token), 1)?;
    }
    is_full()?;
    for key in staying {
        session.in_flight(key, 1)?;
        session.release(key, token, ReleaseOutcome::Released)?;
        session.claimed(key, &session.request(token), 2)?;
    }
    // An operator can always make room.
    if let Some(key) = staying.first() {
        session.forget(key, true)?;
        session.claimed(&session.key(), &session.request(token), 1)?;
    }
    Ok(())
}

pub(super) fn a_shared_store_does_the_same<H: Harness>(session: &Session<'_, H>) -> Verdict {
    let store = session.harness.store();
    let retention = store.usual_retention();
    ensure!(!retention.is_zero(), "events are usually remembered for no time at all");
    let store = SharedStore::new(store);
    ensure!(store.usual_retention() == retention, "the usual retention of the store is not kept");

    let (key, [first, second]) = (session.key(), session.tokens());
    let one = session.request(first);
    let other = session.request(second);
    let claim = |request| session.call("claim", store.claim(&key, request));
    let attempt = |outcome: &ClaimOutcome| match outcome {
        ClaimOutcome::Claimed { seen } => Some(seen.attempt.get()),
        _ => None,
    };

    let outcome = claim(&one)?;
    ensure!(attempt(&outcome) == Some(1), "the first claim came to {outcome:?}");
    let outcome = claim(&other)?;
    ensure!(
        matches!(outcome, ClaimOutcome::InFlight { .. }),
        "the claim of an event in flight came to {outcome:?}"
    );
    let outcome = session.call("extend", store.extend(&key, first, session.long()))?;
    ensure!(outcome == ExtendOutcome::Extended, "extend came to {outcome:?}");
    let outcome = session.call("release", store.release(&key, first))?;
    ensure!(outcome == ReleaseOutcome::Released, "release came to {outcome:?}");
    let outcome = claim(&other)?;
    ensure!(attempt(&outcome) == Some(2), "the claim of a released event came to {outcome:?}");
    session.harness.block_on(async { store.release_on_drop(&key, first) });
    let completion = Completion::new(session.long(), Answer::new(201));
    for (token, expected) in [
        (first, CompleteOutcome::Lost),
        (second, CompleteOutcome::Completed),
        (second, CompleteOutcome::AlreadyCompleted),
    ] {
        let outcome = session.call("complete", store.complete(&key, token, &completion))?;
        ensure!(outcome == expected, "complete must come to {expected:?}, but came to {outcome:?}");
    }
    let outcome = claim(&one)?;
    ensure!(
        matches!(&outcome, ClaimOutcome::Duplicate { answer, .. } if *answer == completion.answer),
        "the claim of a completed event came to {outcome:?}"
    );
    let purged = session.call("purge", store.purge(usize::MAX))?;
    ensure!(purged == 0, "{purged} records were purged, but none had expired");
    let existed = session.call("forget", store.forget(&key))?;
    ensure!(existed, "forget found no record");
    let outcome = claim(&one)?;
    ensure!(attempt(&outcome) == Some(1), "the claim of a forgotten event came to {outcome:?}");
    Ok(())
}
