//! P15: how much memory a key takes in the memory store, in a process that has nothing else.
//!
//! With `COUNTERSIGN_BENCH=counts` there are a million keys, otherwise also ten.

use std::process::ExitCode;

use countersign_bench::Report;
use countersign_bench::store::{Steady, resident};
use countersign_memory::MemoryStore;

/// How many bytes a key may take.
const BYTES: u64 = 160;

fn main() -> ExitCode {
    let mut report = Report::new();
    turnovers(&mut report, 1_000_000, "1M");
    if std::env::var_os("COUNTERSIGN_BENCH").is_none() {
        turnovers(&mut report, 10_000_000, "10M");
    }
    report.finish()
}

fn turnovers(report: &mut Report, live: u64, name: &str) {
    let before = resident();
    let capacity = usize::try_from(live * 2).expect("it is a small number");
    let steady = Steady::new(live, |clock| {
        MemoryStore::builder(capacity).clock(move || clock.now()).build()
    });
    let bytes_per_key = || (resident() - before) as f64 / steady.store.stats().records as f64;
    println!("\n{name} keys: bytes a key");
    println!("  filled            {:>6.1}", bytes_per_key());
    let figures = [1, 2, 3].map(|turnover| {
        steady.events(live);
        let figure = bytes_per_key();
        println!("  after turnover {turnover}  {figure:>6.1}");
        figure
    });
    let [first, _, third] = figures;
    let label = format!("P15 bytes a key after three turnovers, {name} keys");
    report.count(&label, third.ceil() as u64, BYTES);
    let label = format!("P15 per mille more after the third than after the first, {name} keys");
    report.count(&label, ((third / first - 1.0).max(0.0) * 1000.0).ceil() as u64, 50);
}
