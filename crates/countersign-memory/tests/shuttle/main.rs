//! Thousands of random schedules of several tasks at one store, and of the whole flow.
//!
//! `RUSTFLAGS="--cfg shuttle" cargo test -p countersign-memory --test shuttle --release`. How many
//! schedules of each kind a test tries is `COUNTERSIGN_SCHEDULES`, 10,000 if it is not set: random
//! ones, and such as find the bugs that need few preemptions. A failure prints its schedule, for
//! `shuttle::replay`.
#![cfg(shuttle)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test may panic")]

mod flow;
mod ledger;
mod store;
mod world;

use std::env;

use countersign::{Key, Token};
use shuttle::rand::{Rng as _, RngCore as _, thread_rng};

/// How many preemptions a bug may need that is looked for with priorities.
const DEPTH: usize = 3;

/// Runs `test` under many schedules.
fn check(name: &str, test: impl Fn() + Clone + Send + Sync + 'static) {
    let schedules = env::var("COUNTERSIGN_SCHEDULES").ok();
    let schedules: usize = schedules.map_or(10_000, |it| it.parse().unwrap());
    shuttle::check_random(test.clone(), schedules);
    shuttle::check_pct(test, schedules, DEPTH);
    println!("schedules: {} {name}", 2 * schedules);
}

fn key(number: usize) -> Key {
    Key::from_bytes([u8::try_from(number).unwrap(); 32])
}

fn token() -> Token {
    let mut bytes = [0; 16];
    thread_rng().fill_bytes(&mut bytes);
    Token::from_bytes(bytes)
}

fn one_of<T: Copy>(choices: &[T]) -> T {
    *choices.get(thread_rng().gen_range(0..choices.len())).unwrap()
}
