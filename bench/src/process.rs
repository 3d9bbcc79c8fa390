//! What processes take, as Linux counts it.

use std::time::Duration;

/// The time that a process has run.
///
/// # Panics
///
/// Panics where there is no `/proc`.
#[must_use]
pub fn cpu(process: u32) -> Duration {
    sum(|it, _| it == process)
}

/// The time that a process and those it started have run.
///
/// # Panics
///
/// Panics where there is no `/proc`.
#[must_use]
pub fn cpu_with_children(process: u32) -> Duration {
    sum(|it, parent| it == process || parent == process)
}

/// Of the processes that are chosen by their number and that of their parent.
fn sum(chosen: impl Fn(u32, u32) -> bool) -> Duration {
    let mut ticks = 0;
    for entry in std::fs::read_dir("/proc").expect("this is Linux").flatten() {
        let Ok(text) = std::fs::read_to_string(entry.path().join("stat")) else { continue };
        // The name may have spaces; what follows it has none.
        let Some((head, tail)) = text.rsplit_once(')') else { continue };
        let fields: Vec<&str> = tail.split_whitespace().collect();
        let number = |at: usize| fields[at].parse::<u64>().expect("a number");
        let process = head.split_whitespace().next().expect("a number");
        let parent = u32::try_from(number(1)).expect("a process");
        if chosen(process.parse().expect("a process"), parent) {
            ticks += number(11) + number(12);
        }
    }
    Duration::from_millis(ticks * 10)
}
