//! What is printed of a run.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use crate::audit::Audit;
use crate::options::{Mode, StoreKind};

/// What happened to a store in a mode.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    pub(crate) store: StoreKind,
    pub(crate) mode: Mode,
    pub(crate) seed: u64,
    pub(crate) took: Duration,
    pub(crate) tally: Tally,
    pub(crate) acknowledged: usize,
    pub(crate) audit: Audit,
    /// Events that no retry got acknowledged in the end.
    pub(crate) stuck: usize,
    /// What should not have happened besides.
    pub(crate) wrong: Vec<String>,
    /// The folder that was not removed, since something is wrong.
    pub(crate) kept: Option<PathBuf>,
}

/// What was counted while it went on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) deliveries: u64,
    /// Answered as what was handled before.
    pub(crate) duplicates: u64,
    /// By status; 0 is no answer.
    pub(crate) answers: BTreeMap<u16, u64>,
    pub(crate) kills: u64,
    pub(crate) mid_handler: u64,
    pub(crate) pauses: u64,
    pub(crate) server_kills: u64,
}

impl Report {
    pub(crate) fn is_good(&self) -> bool {
        self.audit.lost.is_empty()
            && self.audit.doubled.is_empty()
            && self.audit.stale.is_empty()
            && self.stuck == 0
            && self.wrong.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { store, mode, seed, took, tally, audit, .. } = self;
        write!(f, "{store} {mode}, seed {seed}, {:.0} s: ", took.as_secs_f64())?;
        write!(f, "{} events, {} deliveries, ", self.acknowledged, tally.deliveries)?;
        write!(f, "{} duplicates, {} kills ", tally.duplicates, tally.kills)?;
        write!(f, "({} mid-handler), {} pauses, ", tally.mid_handler, tally.pauses)?;
        write!(f, "{} server kills, {} takeovers, ", tally.server_kills, audit.takeovers)?;
        write!(f, "{} released, {} lost, ", audit.released, audit.lost.len())?;
        write!(
            f,
            "{} doubled, {} doubled after lapse, ",
            audit.doubled.len(),
            audit.doubled_after_lapse.len()
        )?;
        write!(
            f,
            "{} late changes, {} data loss, {} stuck",
            audit.stale.len(),
            audit.data_loss.len(),
            self.stuck
        )?;
        write!(f, ": {}", if self.is_good() { "ok" } else { "FAILED" })?;
        let answers = tally.answers.iter().map(|(status, count)| match status {
            0 => format!("none {count}"),
            _ => format!("{status} {count}"),
        });
        write!(f, "\n  answers: {}", answers.collect::<Vec<_>>().join(", "))?;
        for (what, events) in
            [("lost", &audit.lost), ("doubled", &audit.doubled), ("changed late", &audit.stale)]
        {
            if !events.is_empty() {
                let some: Vec<_> = events.iter().take(20).map(u64::to_string).collect();
                write!(f, "\n  {what}: {}", some.join(", "))?;
            }
        }
        for wrong in &self.wrong {
            write!(f, "\n  {wrong}")?;
        }
        if let Some(folder) = &self.kept {
            write!(f, "\n  the ledger is kept in {}", folder.display())?;
        }
        Ok(())
    }
}
