//! One store under check, and its time.

use std::cell::Cell;
use std::error::Error;
use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant};

use countersign::{Key, StoreError, Token};

use super::harness::Harness;

/// What came of a check: how the rule was broken, if it was.
pub(super) type Verdict<T = ()> = Result<T, String>;

/// Ends a check with a message unless something holds.
macro_rules! ensure {
    ($condition:expr, $($message:tt)+) => {
        if !$condition {
            return Err(format!($($message)+));
        }
    };
}
pub(super) use ensure;

/// How often a check is run again because the machine was too slow for its times.
const TRIES: usize = 5;

/// Runs a check, and tells the rule that it shows to be broken.
pub(super) fn run<H: Harness>(harness: &H, rule: &str, check: impl Fn(&Session<'_, H>) -> Verdict) {
    let mut slow = String::new();
    for _ in 0..TRIES {
        let session = Session::new(harness, harness.store());
        match check(&session) {
            Ok(()) => return,
            Err(breach) if session.is_late() => slow = breach,
            Err(breach) => fail(rule, &breach),
        }
    }
    fail(rule, &format!("{slow}; or the unit is too short for this machine"));
}

#[expect(clippy::panic, reason = "that is how a test fails")]
#[track_caller]
pub(super) fn fail(rule: &str, breach: &str) -> ! {
    panic!("the store breaks the contract: {}: {breach}", rule.replace('_', " "));
}

/// A store under check.
///
/// Time is counted in ticks of the harness's unit. Where it passes by itself, each advance ends at
/// a whole tick since the start, so that the time that calls take does not add up; what ends, ends
/// in the middle between two; and calls that come later than a quarter of a tick are noted.
pub(super) struct Session<'h, H: Harness> {
    pub(super) harness: &'h H,
    pub(super) store: H::Store,
    another: Option<H::Store>,
    start: Cell<Instant>,
    ticks: Cell<u32>,
    late: Cell<bool>,
    random: RandomState,
    made: Cell<u64>,
}

impl<'h, H: Harness> Session<'h, H> {
    pub(super) fn new(harness: &'h H, store: H::Store) -> Self {
        Self {
            harness,
            another: harness.another(&store),
            store,
            start: Cell::new(now()),
            ticks: Cell::new(0),
            late: Cell::new(false),
            random: RandomState::new(),
            made: Cell::new(0),
        }
    }

    /// The store, or the other handle to it.
    pub(super) fn handle(&self, number: usize) -> &H::Store {
        match &self.another {
            Some(another) if number % 2 == 1 => another,
            _ => &self.store,
        }
    }

    /// A key that was not in use.
    pub(super) fn key(&self) -> Key {
        let mut bytes = [0; 32];
        for (chunk, random) in
            bytes.chunks_exact_mut(8).zip(std::iter::repeat_with(|| self.random()))
        {
            chunk.copy_from_slice(&random.to_ne_bytes());
        }
        Key::from_bytes(bytes)
    }

    /// A token that was not in use.
    pub(super) fn token(&self) -> Token {
        let high = u128::from(self.random()) << 64;
        Token::from_bytes((high | u128::from(self.random())).to_ne_bytes())
    }

    pub(super) fn tokens<const N: usize>(&self) -> [Token; N] {
        std::array::from_fn(|_| self.token())
    }

    fn random(&self) -> u64 {
        self.made.set(self.made.get() + 1);
        self.random.hash_one(self.made.get())
    }

    /// A time that has not ended `ticks - 1` ticks from now, and has `ticks` from now.
    pub(super) fn span(&self, ticks: u32) -> Duration {
        let unit = self.harness.unit();
        if self.harness.is_exact() { unit * ticks } else { (unit * ticks).saturating_sub(unit / 2) }
    }

    /// A time that no check waits for.
    pub(super) fn long(&self) -> Duration {
        self.harness.unit() * 10_000
    }

    /// Begins a tick now, after calls that took their time. Only what lasts long may have been
    /// started before.
    pub(super) fn begin(&self) {
        self.start.set(now());
        self.ticks.set(0);
        self.late.set(false);
    }

    pub(super) fn advance(&self, ticks: u32) {
        self.ticks.set(self.ticks.get() + ticks);
        let by = if self.harness.is_exact() {
            self.harness.unit() * ticks
        } else {
            self.tick().saturating_duration_since(now())
        };
        self.harness.advance(&self.store, by);
    }

    /// Waits for the next tick if there is not enough of this one left for a call. Tells how many
    /// ticks that took.
    pub(super) fn settle(&self) -> u32 {
        if self.harness.is_exact() || self.lateness() <= self.precision() / 2 {
            return 0;
        }
        let before = self.ticks.get();
        while self.lateness() > self.precision() / 2 {
            self.advance(1);
        }
        self.ticks.get() - before
    }

    /// Whether the times of two calls are as far apart as expected.
    pub(super) fn is_near(&self, time: Duration, expected: Duration) -> bool {
        time.abs_diff(expected) <= self.precision()
    }

    /// How far a time may be off.
    pub(super) fn precision(&self) -> Duration {
        if self.harness.is_exact() { Duration::ZERO } else { self.harness.unit() / 4 }
    }

    /// Whether a call came too late for its tick, so that nothing is certain.
    pub(super) fn is_late(&self) -> bool {
        self.late.get()
    }

    fn tick(&self) -> Instant {
        self.start.get() + self.harness.unit() * self.ticks.get()
    }

    fn lateness(&self) -> Duration {
        now().saturating_duration_since(self.tick())
    }

    /// Waits for a call of the store.
    pub(super) fn call<T>(
        &self,
        what: &str,
        future: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> Verdict<T> {
        let output = self.harness.block_on(future);
        if !self.harness.is_exact() && self.lateness() > self.precision() {
            self.late.set(true);
        }
        output.map_err(|error| format!("{what} failed: {}", causes(&error)))
    }
}

fn causes(error: &StoreError) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

#[expect(clippy::disallowed_methods, reason = "this measures how long the calls of a store take")]
pub(super) fn now() -> Instant {
    Instant::now()
}
