//! Tasks that do all that can be done with a few keys, as time passes.

use std::sync::Arc;
use std::time::Duration;

use countersign::{ClaimOutcome, Key, Store as _, Token};
use shuttle::future::block_on;
use shuttle::thread;

use crate::ledger::{LEASE, Witness};
use crate::{check, key, one_of, token};

/// Longer than any test.
const FOR_EVER: u64 = 1_000_000;

const CHOICES: [Choice; 10] = [
    Choice::Complete,
    Choice::Complete,
    Choice::Release,
    Choice::Drop,
    Choice::Extend,
    Choice::ExtendAndComplete,
    Choice::CompleteAgain,
    Choice::ReleaseAndComplete,
    Choice::Abandon,
    Choice::Abandon,
];

/// What becomes of a claim.
#[derive(Clone, Copy)]
enum Choice {
    Complete,
    Release,
    Drop,
    Extend,
    ExtendAndComplete,
    CompleteAgain,
    ReleaseAndComplete,
    Abandon,
}

/// Claims one of the keys a few times, and meddles with what it held before.
fn work(witness: &Witness, keys: &[Key], status: u16) {
    let mut held: Vec<(Key, Token)> = Vec::new();
    for _ in 0..3 {
        let (key, token) = (one_of(keys), token());
        if let ClaimOutcome::Claimed { .. } = witness.claim(key, token) {
            held.push((key, token));
        }
        if held.is_empty() {
            continue;
        }
        let (key, token) = one_of(&held);
        match one_of(&CHOICES) {
            Choice::Complete => witness.complete(key, token, status),
            Choice::Release => witness.release(key, token),
            Choice::Drop => witness.release_on_drop(key, token),
            Choice::Extend => witness.extend(key, token),
            Choice::ExtendAndComplete => {
                witness.extend(key, token);
                witness.complete(key, token, status);
            }
            Choice::CompleteAgain => {
                witness.complete(key, token, status);
                witness.complete(key, token, status);
            }
            Choice::ReleaseAndComplete => {
                witness.release(key, token);
                witness.complete(key, token, status);
            }
            Choice::Abandon => {}
        }
    }
}

/// Runs three workers, the clock and another at once, and sees what is left.
fn run(witness: Witness, keys: usize, other: fn(&Witness, &[Key])) -> Arc<Witness> {
    let witness = Arc::new(witness);
    let keys: Vec<Key> = (0..keys).map(key).collect();
    let mut threads = Vec::new();
    for status in [201, 202, 203] {
        let (witness, keys) = (Arc::clone(&witness), keys.clone());
        threads.push(thread::spawn(move || work(&witness, &keys, status)));
    }
    let shared = Arc::clone(&witness);
    threads.push(thread::spawn(move || other(&shared, &keys)));
    for _ in 0..4 {
        thread::yield_now();
        witness.pass(one_of(&[1, LEASE / 2, LEASE, 2 * LEASE]));
    }
    threads.into_iter().for_each(|it| it.join().unwrap());
    witness.pass(LEASE);
    witness
}

#[test]
fn the_invariants_hold_while_leases_lapse() {
    check("claim, complete, release, extend; leases lapse", || {
        let witness = Witness::new(64, FOR_EVER, false, |it| it);
        let witness = run(witness, 2, |witness, _| {
            block_on(witness.store.purge(8)).unwrap();
        });
        (0..2).for_each(|it| witness.is_not_stuck(key(it)));
        assert_eq!(witness.store.stats().records, 2);
    });
}

#[test]
fn the_invariants_hold_while_keys_are_forgotten() {
    check("the same; keys are forgotten", || {
        let witness = Witness::new(64, FOR_EVER, false, |it| it);
        let witness = run(witness, 2, |witness, keys| {
            witness.forget(one_of(keys));
            witness.forget(one_of(keys));
        });
        (0..2).for_each(|it| witness.is_not_stuck(key(it)));
        assert_eq!(witness.store.stats().records, 2);
    });
}

#[test]
fn the_invariants_hold_while_records_expire() {
    check("the same; records expire", || {
        let witness = Witness::new(64, 2 * LEASE, true, |it| it);
        let witness = run(witness, 3, |witness, _| {
            block_on(witness.store.purge(1)).unwrap();
            block_on(witness.store.purge(8)).unwrap();
        });
        (0..3).for_each(|it| witness.is_not_stuck(key(it)));
        witness.pass(3 * LEASE);
        block_on(witness.store.purge(8)).unwrap();
        assert_eq!(witness.store.stats().records, 0);
    });
}

#[test]
fn the_invariants_hold_in_a_store_that_is_full() {
    check("the same; the store is full and drops released keys", || {
        // Completed records are of no signed time, so they are never dropped.
        let drop =
            |it: countersign_memory::MemoryStoreBuilder| it.danger_drop_completed(Duration::ZERO);
        let witness = Witness::new(2, FOR_EVER, true, drop);
        let witness = run(witness, 4, |witness, _| {
            for _ in 0..4 {
                assert!(witness.store.stats().records <= 2, "over capacity");
                thread::yield_now();
            }
        });
        assert!(witness.store.stats().records <= 2, "over capacity");
    });
}
