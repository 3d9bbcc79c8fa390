//! Limits, and the verdict on them.

use std::process::ExitCode;

use crate::race::{Outcome, Race};

/// A figure of a race with its limit.
pub struct Target<'t> {
    name: String,
    unit: &'static str,
    limit: f64,
    figure: Box<dyn Fn(&Outcome) -> f64 + 't>,
}

impl<'t> Target<'t> {
    /// The time of `name` is at most `limit` times that of `base`.
    #[must_use]
    pub fn ratio(label: impl Into<String>, name: &'t str, base: &'t str, limit: f64) -> Self {
        let figure = Box::new(move |outcome: &Outcome| outcome.ratio(name, base));
        Self { name: label.into(), unit: "x", limit, figure }
    }

    /// The time of `name` is at most `limit` nanoseconds above that of `base`.
    #[must_use]
    pub fn surplus(label: impl Into<String>, name: &'t str, base: &'t str, limit: f64) -> Self {
        let figure = Box::new(move |outcome: &Outcome| outcome.surplus(name, base));
        Self { name: label.into(), unit: " ns", limit, figure }
    }
}

/// Collects verdicts and becomes the exit code.
#[derive(Default)]
pub struct Report {
    verdicts: Vec<String>,
    failures: usize,
    missed_aims: usize,
}

impl Report {
    /// A report without verdicts.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Holds a count against its limit: counts have no noise, so there is one try.
    pub fn count(&mut self, label: &str, count: u64, limit: u64) {
        self.enter(count <= limit, &format!("{label}: {count} (at most {limit})"));
    }

    /// Holds a count against its limit, and says so if it misses an aim that is stricter.
    pub fn count_with_aim(&mut self, label: &str, count: u64, aim: u64, limit: u64) {
        if count > aim && count <= limit {
            self.missed_aims += 1;
            self.verdicts.push(format!("MISS {label}: {count} (aim {aim}, at most {limit})"));
        } else {
            self.enter(count <= limit, &format!("{label}: {count} (aim {aim}, at most {limit})"));
        }
    }

    /// Holds a fact against what was expected.
    pub fn fact(&mut self, label: &str, holds: bool) {
        self.enter(holds, label);
    }

    /// Runs a race and holds it against the targets. A target fails if it is missed in two of
    /// three tries. Returns the outcome of the first try.
    pub fn race(&mut self, race: &mut Race<'_>, targets: &[Target<'_>]) -> Outcome {
        let first = race.run();
        let mut tries: Vec<Vec<f64>> =
            targets.iter().map(|target| vec![(target.figure)(&first)]).collect();
        let missed = |tries: &[f64], limit: f64| tries.iter().filter(|it| **it > limit).count();
        let is_open = |(target, tries): (&Target<'_>, &Vec<f64>)| {
            let missed = missed(tries, target.limit);
            missed == 1 && tries.len() < 3
        };
        while targets.iter().zip(&tries).any(is_open) {
            let again = race.run();
            for (target, tries) in targets.iter().zip(&mut tries) {
                tries.push((target.figure)(&again));
            }
        }
        for (target, tries) in targets.iter().zip(&tries) {
            let shown: Vec<String> = tries.iter().map(|it| show(*it, target.unit)).collect();
            let limit = show(target.limit, target.unit);
            let text = format!("{}: {} (at most {limit})", target.name, shown.join(", "));
            self.enter(missed(tries, target.limit) < 2, &text);
        }
        first
    }

    /// Prints the verdicts; the exit code tells whether all limits were kept.
    #[must_use]
    pub fn finish(self) -> ExitCode {
        println!("\nVerdicts");
        for verdict in &self.verdicts {
            println!("  {verdict}");
        }
        println!("{} of {} limits kept", self.verdicts.len() - self.failures, self.verdicts.len());
        if self.missed_aims > 0 {
            println!("{} within the limit but short of the aim", self.missed_aims);
        }
        if self.failures == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    fn enter(&mut self, kept: bool, text: &str) {
        self.failures += usize::from(!kept);
        self.verdicts.push(format!("{} {text}", if kept { "ok  " } else { "FAIL" }));
    }
}

fn show(figure: f64, unit: &str) -> String {
    if unit == "x" { format!("{figure:.3}x") } else { format!("{figure:.0}{unit}") }
}
