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

    fn as_limit(&self) -> Limit<'_> {
        Limit { label: &self.name, unit: self.unit, at_most: self.limit }
    }
}

/// What a figure is held against.
#[derive(Clone, Copy, Debug)]
pub struct Limit<'l> {
    /// What the figure is.
    pub label: &'l str,
    /// Its unit.
    pub unit: &'static str,
    /// The limit.
    pub at_most: f64,
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
        let figures = |outcome: &Outcome| {
            targets.iter().map(|target| (target.figure)(outcome)).collect::<Vec<_>>()
        };
        let first = race.run();
        let limits: Vec<Limit<'_>> = targets.iter().map(Target::as_limit).collect();
        let mut known = Some(figures(&first));
        self.times(&limits, || known.take().unwrap_or_else(|| figures(&race.run())));
        first
    }

    /// Measures and holds the figures against these limits, in the order given. A limit fails if it
    /// is missed in two of three tries.
    pub fn times(&mut self, limits: &[Limit<'_>], mut measure: impl FnMut() -> Vec<f64>) {
        let mut tries: Vec<Vec<f64>> = measure().into_iter().map(|figure| vec![figure]).collect();
        let missed = |tries: &[f64], limit: f64| tries.iter().filter(|it| **it > limit).count();
        let is_open = |(limit, tries): (&Limit<'_>, &Vec<f64>)| {
            missed(tries, limit.at_most) == 1 && tries.len() < 3
        };
        while limits.iter().zip(&tries).any(is_open) {
            for (tries, figure) in tries.iter_mut().zip(measure()) {
                tries.push(figure);
            }
        }
        for (Limit { label, unit, at_most }, tries) in limits.iter().zip(&tries) {
            let shown: Vec<String> = tries.iter().map(|it| show(*it, unit)).collect();
            let text = format!("{label}: {} (at most {})", shown.join(", "), show(*at_most, unit));
            self.enter(missed(tries, *at_most) < 2, &text);
        }
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
