//! `countersign vectors`.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufReader, Write as _};
use std::path::{Path, PathBuf};

use countersign_testing::vectors::{self, Outcome, Vector};
use serde_json::json;

use crate::Verdict;
use crate::failure::Failure;
use crate::output::{BAD, Output, escape, styled};

/// Arguments of `countersign vectors`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Files of vectors: JSON Lines.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Run only the vectors of this sender.
    #[arg(long)]
    provider: Option<String>,
    /// Skip the vectors that this file names, one `provider/case` a line; `#` begins a comment. They are
    /// counted as skipped, and do not fail the run.
    #[arg(long, value_name = "FILE")]
    disputed: Option<PathBuf>,
}

#[derive(Default)]
struct Counts {
    passed: usize,
    failed: usize,
    skipped: usize,
    disputed: usize,
}

pub(crate) fn run(args: &Args, output: &mut Output) -> Result<Verdict, Failure> {
    let mut counts = Counts::default();
    let disputed = args.disputed.as_deref().map(read_disputed).transpose()?.unwrap_or_default();
    for path in &args.files {
        run_file(path, args.provider.as_deref(), &disputed, &mut counts, output)?;
    }
    let Counts { passed, failed, disputed, .. } = counts;
    let skipped = counts.skipped + disputed;
    let closing = format!("{passed} passed, {failed} failed, {skipped} skipped");
    if output.json() {
        output.object(&json!({ "passed": passed, "failed": failed, "skipped": skipped }))?;
        // For people. That nobody reads it changes nothing.
        _ = writeln!(std::io::stderr(), "{closing}");
    } else {
        output.line(closing)?;
    }
    if passed + failed + skipped == 0 {
        return Err(Failure::new("no vector was run"));
    }
    Ok(if failed + counts.skipped == 0 { Verdict::Valid } else { Verdict::Invalid })
}

/// The vectors that a file names.
fn read_disputed(path: &Path) -> Result<HashSet<String>, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::file(path, &error))?;
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    Ok(lines.filter(|line| !line.is_empty()).map(str::to_owned).collect())
}

fn run_file(
    path: &Path,
    provider: Option<&str>,
    disputed: &HashSet<String>,
    counts: &mut Counts,
    output: &mut Output,
) -> Result<(), Failure> {
    let file = File::open(path).map_err(|error| Failure::file(path, &error))?;
    for vector in vectors::read(BufReader::new(file)) {
        let vector = vector.map_err(|error| Failure::file(path, &error))?;
        if provider.is_some_and(|provider| provider != vector.provider) {
            continue;
        }
        if disputed.contains(&format!("{}/{}", vector.provider, vector.case)) {
            counts.disputed += 1;
            continue;
        }
        match vector.run() {
            Outcome::Passed => counts.passed += 1,
            Outcome::Failed { got, reason } => {
                counts.failed += 1;
                print_disagreement(&vector, &got.to_string(), &reason, output)?;
            }
            Outcome::Skipped { reason } => {
                counts.skipped += 1;
                print_disagreement(&vector, "skipped", &reason, output)?;
            }
            _ => return Err(Failure::new("a vector ended in a way unknown to this version")),
        }
    }
    Ok(())
}

fn print_disagreement(
    vector: &Vector,
    got: &str,
    reason: &str,
    output: &mut Output,
) -> Result<(), Failure> {
    let (provider, case) = (&vector.provider, &vector.case);
    if output.json() {
        output.object(&json!({
            "provider": provider, "case": case, "expected": vector.expect, "got": got,
            "reason": reason,
        }))?;
        return Ok(());
    }
    output.line(format!(
        "{} {}/{}: expected {}, got {got}: {}",
        styled(BAD, "differs"),
        escape(provider),
        escape(case),
        vector.expect,
        escape(reason),
    ))?;
    Ok(())
}
