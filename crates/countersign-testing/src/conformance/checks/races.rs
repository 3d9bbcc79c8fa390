//! Checks of what happens at once.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Barrier;
use std::thread;

use countersign::{
    Answer, ClaimOutcome, ClaimRequest, CompleteOutcome, Completion, Key, ReleaseOutcome, Store,
    StoreError, Token,
};

use crate::conformance::harness::Harness;
use crate::conformance::session::{Session, Verdict, ensure, run};

/// How many threads race, and for how many keys.
const THREADS: usize = 64;
const RACES: usize = 16;

/// Lets `threads` threads claim each of `keys` events at once. One of them must, and the others must
/// be told that it is in flight.
///
/// # Panics
///
/// If the store breaks the rule.
pub fn race<H: Harness>(harness: &H, threads: usize, keys: usize) {
    run(harness, "racing_claims_have_one_winner", |session| {
        let keys = new_keys(session, keys);
        race_for(session, threads, &keys, 1).map(drop)
    });
}

pub(super) fn racing_claims_have_one_winner<H: Harness>(session: &Session<'_, H>) -> Verdict {
    let keys = new_keys(session, RACES);
    let winners = race_for(session, THREADS, &keys, 1)?;
    for (key, winner) in keys.iter().zip(winners) {
        session.release(key, winner, ReleaseOutcome::Released)?;
    }
    let winners = race_for(session, THREADS, &keys, 2)?;
    for (key, winner) in keys.iter().zip(winners) {
        session.complete(key, winner, &Answer::new(200), CompleteOutcome::Completed)?;
    }

    let keys = new_keys(session, RACES);
    session.begin();
    for key in &keys {
        let mut request = session.request(session.token());
        request.lease = session.span(1);
        session.claimed(key, &request, 1)?;
    }
    session.advance(1);
    race_for(session, THREADS, &keys, 2).map(drop)
}

pub(super) fn completing_and_taking_over_exclude_each_other<H: Harness>(
    session: &Session<'_, H>,
) -> Verdict {
    let answer = Answer::new(201);
    let completion = Completion::new(session.long(), answer.clone());
    for _ in 0..4 {
        let [first, second] = session.tokens();
        let keys = new_keys(session, RACES);
        session.begin();
        for key in &keys {
            let mut request = session.request(first);
            request.lease = session.span(1);
            session.claimed(key, &request, 1)?;
        }
        session.advance(1);
        let claim = session.request(second);
        let (one, other) = (session.handle(0), session.handle(1));
        let (harness, barrier) = (session.harness, Barrier::new(2));
        let (completed, claimed) = thread::scope(|scope| {
            let complete = scope.spawn(|| {
                at_each(&barrier, &keys, |key| {
                    harness.block_on(one.complete(key, first, &completion))
                })
            });
            let claims = at_each(&barrier, &keys, |key| harness.block_on(other.claim(key, &claim)));
            (complete.join().unwrap_or_else(panicked), claims)
        });
        for ((key, completed), claimed) in keys.iter().zip(completed?).zip(claimed?) {
            let completed = session.call("complete", async { completed })?;
            let claimed = session.call("claim", async { claimed })?;
            match (completed, &claimed) {
                (CompleteOutcome::Completed, ClaimOutcome::Duplicate { answer: it, .. }) => {
                    ensure!(*it == answer, "a duplicate was answered {it:?}");
                    session.duplicate(key, &answer)?;
                }
                (CompleteOutcome::Lost, ClaimOutcome::Claimed { .. }) => {
                    session.in_flight(key, 2)?;
                }
                _ => {
                    return Err(format!(
                        "completing came to {completed:?} and taking over, at once, to {claimed:?}"
                    ));
                }
            }
        }
    }
    Ok(())
}

pub(super) fn racing_claims_get_all_the_room_there_is<H: Harness>(
    session: &Session<'_, H>,
) -> Verdict {
    let Some(store) = session.harness.small_store(THREADS) else { return Ok(()) };
    let session = &Session::new(session.harness, store);
    for _ in 0..RACES {
        race_for_room(session, THREADS)?;
    }
    race_for_room(session, THREADS / 2)?;
    race_for_room(session, 1)
}

/// Fills a small store, lets `room` of its records expire, and has each thread claim an event of its
/// own. In the end the store is empty.
fn race_for_room<H: Harness>(session: &Session<'_, H>, room: usize) -> Verdict {
    let kept = new_keys(session, THREADS - room);
    for key in &kept {
        session.claimed(key, &session.request(session.token()), 1)?;
    }
    session.begin();
    for key in &new_keys(session, room) {
        session.claimed(key, &session.brief(session.token(), 1, 1), 1)?;
    }
    session.advance(1);

    let events = new_keys(session, THREADS);
    let request = session.request(session.token());
    let barrier = Barrier::new(THREADS);
    let (harness, store) = (session.harness, &session.store);
    let outcomes = thread::scope(|scope| {
        let (barrier, request) = (&barrier, &request);
        let claims =
            |event| move || at_each(barrier, event, |key| claim(harness, store, key, request));
        let racers: Vec<_> = events.chunks(1).map(|event| scope.spawn(claims(event))).collect();
        joined(racers)
    })?;
    let mut claimed = 0;
    for outcome in outcomes.into_iter().flatten() {
        match session.call("a claim that raced", async { outcome })? {
            ClaimOutcome::Claimed { .. } => claimed += 1,
            ClaimOutcome::Saturated => {}
            other => return Err(format!("the claim of a new event came to {other:?}")),
        }
    }
    ensure!(claimed == room, "there was room for {room} events, but {claimed} were claimed");
    for key in kept.iter().chain(&events) {
        session.call("forget", session.store.forget(key))?;
    }
    Ok(())
}

/// What each of the threads came to.
fn joined<T>(racers: Vec<thread::ScopedJoinHandle<'_, Verdict<T>>>) -> Verdict<Vec<T>> {
    let joined = |racer: thread::ScopedJoinHandle<'_, _>| racer.join().unwrap_or_else(panicked);
    racers.into_iter().map(joined).collect()
}

fn panicked<T>(_: Box<dyn Any + Send>) -> Verdict<T> {
    Err("the store panicked".to_owned())
}

fn new_keys<H: Harness>(session: &Session<'_, H>, count: usize) -> Vec<Key> {
    std::iter::repeat_with(|| session.key()).take(count).collect()
}

/// Does something with each key at the same time as the others that wait at the barrier.
fn at_each<T>(barrier: &Barrier, keys: &[Key], act: impl Fn(&Key) -> T) -> Verdict<Vec<T>> {
    let act = |key| {
        barrier.wait();
        // Who panics must still come to the next race, for which the others wait.
        catch_unwind(AssertUnwindSafe(|| act(key))).or_else(panicked)
    };
    let all: Vec<_> = keys.iter().map(act).collect();
    all.into_iter().collect()
}

/// Who won each of the keys.
fn race_for<H: Harness>(
    session: &Session<'_, H>,
    threads: usize,
    keys: &[Key],
    attempt: u32,
) -> Verdict<Vec<Token>> {
    let requests: Vec<ClaimRequest> =
        std::iter::repeat_with(|| session.request(session.token())).take(threads).collect();
    let barrier = Barrier::new(threads);
    let harness = session.harness;
    let outcomes = thread::scope(|scope| {
        let claims = |store, request| {
            let barrier = &barrier;
            move || at_each(barrier, keys, |key| claim(harness, store, key, request))
        };
        let racers: Vec<_> = requests
            .iter()
            .enumerate()
            .map(|(number, request)| scope.spawn(claims(session.handle(number), request)))
            .collect();
        joined(racers)
    })?;

    let mut winners = vec![Vec::new(); keys.len()];
    for (request, outcomes) in requests.iter().zip(outcomes) {
        for (winners, outcome) in winners.iter_mut().zip(outcomes) {
            match session.call("a claim that raced", async { outcome })? {
                ClaimOutcome::Claimed { seen } => {
                    ensure!(seen.attempt.get() == attempt, "attempt {attempt} was told {seen:?}");
                    winners.push(request.token);
                }
                ClaimOutcome::InFlight { lease_left, seen } => {
                    ensure!(
                        seen.attempt.get() == attempt && !lease_left.is_zero(),
                        "a loser to attempt {attempt} was told {seen:?}, {lease_left:?} left"
                    );
                }
                other => {
                    return Err(format!("a loser must be told InFlight, but was told {other:?}"));
                }
            }
        }
    }
    let winners = winners.into_iter().map(|winners| match winners[..] {
        [winner] => Ok(winner),
        _ => Err(format!("{} of {threads} threads won one event", winners.len())),
    });
    winners.collect()
}

fn claim<H: Harness>(
    harness: &H,
    store: &H::Store,
    key: &Key,
    request: &ClaimRequest,
) -> Result<ClaimOutcome, StoreError> {
    harness.block_on(store.claim(key, request))
}
