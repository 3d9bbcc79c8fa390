//! The harness: rounds in which every case has its turn.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// How many rounds a race has: enough for the median to shrug off a burst of other work.
const ROUNDS: usize = 61;

/// How long one case runs in one round, about: short against the time slices of other processes.
const BATCH: Duration = Duration::from_millis(1);

/// How long a case runs before it is measured.
const WARM_UP: Duration = Duration::from_millis(20);

/// Cases that are measured against each other.
#[derive(Default)]
pub struct Race<'c> {
    cases: Vec<Case<'c>>,
}

struct Case<'c> {
    name: &'static str,
    /// Runs the case so many times.
    run: Box<dyn FnMut(u32) + 'c>,
}

/// Nanoseconds per run, for each case and round.
pub struct Outcome {
    cases: Vec<(&'static str, Vec<f64>)>,
}

impl<'c> Race<'c> {
    /// A race without cases.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a case. What it returns is computed for real and dropped within the measured time.
    #[must_use]
    pub fn case<T>(mut self, name: &'static str, mut run: impl FnMut() -> T + 'c) -> Self {
        let run = Box::new(move |times| {
            for _ in 0..times {
                black_box(run());
            }
        });
        self.cases.push(Case { name, run });
        self
    }

    /// Runs the race.
    pub fn run(&mut self) -> Outcome {
        let batches: Vec<u32> = self.cases.iter_mut().map(Case::calibrate).collect();
        let mut times: Vec<Vec<f64>> = vec![Vec::with_capacity(ROUNDS); self.cases.len()];
        for round in 0..ROUNDS {
            for turn in 0..self.cases.len() {
                let at = (round + turn) % self.cases.len();
                let took = self.cases[at].time(batches[at]);
                times[at].push(took.as_nanos() as f64 / f64::from(batches[at]));
            }
        }
        let names = self.cases.iter().map(|case| case.name);
        Outcome { cases: names.zip(times).collect() }
    }
}

impl Case<'_> {
    fn time(&mut self, times: u32) -> Duration {
        let start = Instant::now();
        (self.run)(times);
        start.elapsed()
    }

    /// Warms the case up, and finds how many runs fill a batch.
    fn calibrate(&mut self) -> u32 {
        let start = Instant::now();
        let mut batch = 1;
        let mut fastest = self.time(batch);
        while fastest < BATCH / 2 {
            batch *= 2;
            fastest = self.time(batch);
        }
        while start.elapsed() < WARM_UP {
            fastest = std::cmp::min(fastest, self.time(batch));
        }
        let scaled = f64::from(batch) * BATCH.as_secs_f64() / fastest.as_secs_f64();
        std::cmp::max(1, scaled.round() as u32)
    }
}

impl Outcome {
    /// The names of the cases, in the order they were added.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.cases.iter().map(|(name, _)| *name)
    }

    /// The median time of a case in nanoseconds.
    #[must_use]
    pub fn nanos(&self, name: &str) -> f64 {
        median(self.times(name).to_vec())
    }

    /// The median over all rounds of the time of `name` divided by that of `base`.
    #[must_use]
    pub fn ratio(&self, name: &str, base: &str) -> f64 {
        let rounds = self.times(name).iter().zip(self.times(base));
        median(rounds.map(|(one, other)| one / other).collect())
    }

    /// The median over all rounds of the time of `name` less that of `base`.
    #[must_use]
    pub fn surplus(&self, name: &str, base: &str) -> f64 {
        let rounds = self.times(name).iter().zip(self.times(base));
        median(rounds.map(|(one, other)| one - other).collect())
    }

    fn times(&self, name: &str) -> &[f64] {
        let found = self.cases.iter().find(|(case, _)| *case == name);
        found.map(|(_, times)| times.as_slice()).expect("a case of this name is in the race")
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_of_ratios_within_a_round() {
        let outcome = Outcome {
            cases: vec![("one", vec![10.0, 20.0, 90.0]), ("two", vec![5.0, 10.0, 100.0])],
        };
        assert_eq!(outcome.nanos("one"), 20.0);
        assert_eq!(outcome.ratio("one", "two"), 2.0);
        assert_eq!(outcome.surplus("one", "two"), 5.0);
    }

    #[test]
    fn every_case_runs_in_every_round() {
        let mut race = Race::new().case("fast", || 1 + 1).case("slow", || vec![0_u8; 1 << 16]);
        let outcome = race.run();
        assert_eq!(outcome.names().collect::<Vec<_>>(), ["fast", "slow"]);
        assert!(outcome.ratio("slow", "fast") > 1.0);
    }
}
