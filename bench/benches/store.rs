//! P13, P14, P16: what claiming and completing take in the memory store, when as many events come
//! as are forgotten.
//!
//! Nothing here counts; with `COUNTERSIGN_BENCH=counts` it does nothing.

use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use countersign_bench::store::{Claims, Clock, DashStore, Steady, key};
use countersign_bench::{Limit, Outcome, Race, Report, Target};
use countersign_memory::MemoryStore;
use rustix::time::{ClockId, clock_gettime};

const OURS: &str = "countersign-memory";
const DASHMAP: &str = "dashmap + sweep";
const ONE: &str = "one thread";
const TWO: &str = "two threads";
const MILLION: &str = "1M keys";
const TEN_MILLIONS: &str = "10M keys";

/// How many events or duplicates a case has in a turn, unless that depends on the live ones.
const TURN: u64 = 100_000;

fn main() -> ExitCode {
    let mut report = Report::new();
    if std::env::var_os("COUNTERSIGN_BENCH").is_some() {
        return report.finish();
    }
    against_dashmap(&mut report, 10_000, 1.3);
    against_dashmap(&mut report, 1_000_000, 2.0);
    let million = ours(1_000_000);
    two_threads(&mut report, &million);
    pauses(&mut report, &million);
    ten_millions(&mut report, &million);
    report.finish()
}

fn ours(live: u64) -> Steady<MemoryStore> {
    Steady::new(live, |clock| memory_store(live, clock))
}

fn memory_store(live: u64, clock: Clock) -> MemoryStore {
    let capacity = usize::try_from(live * 2).expect("it is a small number");
    MemoryStore::builder(capacity).clock(move || clock.now()).build()
}

/// P13.
fn against_dashmap(report: &mut Report, live: u64, limit: f64) {
    let ours = ours(live);
    // It is swept every tenth of the retention. So a turn is as long, and holds one sweep.
    let tenth = live / 10;
    let interval = Duration::from_millis(tenth);
    let dashmap = Steady::new(live, |clock| DashStore::new(clock, interval));
    let name = if live == 10_000 { "10k" } else { "1M" };

    let mut race =
        Race::new().case(OURS, || ours.events(tenth)).case(DASHMAP, || dashmap.events(tenth));
    let label = format!("P13 / dashmap, {name} keys, new");
    let outcome = report.race(&mut race, &[Target::ratio(label, OURS, DASHMAP, limit)]);
    show(&format!("{name} keys, claim and completion of a new event"), &outcome, tenth);

    let mut race =
        Race::new().case(OURS, || ours.duplicates(1000)).case(DASHMAP, || dashmap.duplicates(1000));
    let label = format!("P13 / dashmap, {name} keys, duplicate");
    let outcome = report.race(&mut race, &[Target::ratio(label, OURS, DASHMAP, 1.3)]);
    show(&format!("{name} keys, claim of a duplicate"), &outcome, 1000);
}

/// P14.
fn two_threads(report: &mut Report, steady: &Steady<MemoryStore>) {
    let mut race = Race::new().case(ONE, || steady.events(TURN)).case(TWO, || {
        thread::scope(|scope| {
            scope.spawn(|| steady.events(TURN / 2));
            steady.events(TURN / 2);
        });
    });
    // At least 1.5 times the throughput.
    let label = "P14 two threads / one thread, 1M keys, time for as many events";
    let outcome = report.race(&mut race, &[Target::ratio(label, TWO, ONE, 1.0 / 1.5)]);
    show("1M keys, claim and completion of a new event, wall time", &outcome, TURN);
    println!("  throughput of two threads: {:.2}x", outcome.ratio(ONE, TWO));
}

/// P16. Each operation is timed by two clocks. What counts is the time that the thread ran: by the
/// other one, whatever else the machine has to do would be the store's.
fn pauses(report: &mut Report, steady: &Steady<MemoryStore>) {
    let limits = [
        Limit { label: "P16 longest of 400,000, 1M keys", unit: " us", at_most: 1000.0 },
        Limit { label: "P16 p99.99 of 400,000, 1M keys", unit: " us", at_most: 100.0 },
    ];
    report.times(&limits, || {
        let mut pauses = Pauses::default();
        pauses.watch(steady, 200_000);
        pauses.show("1M keys, 400,000 operations");
        let [_, rare, longest] = quantiles(&mut pauses.ran);
        vec![longest, rare]
    });
    let mut pauses = Pauses::default();
    let empty = Steady::empty(1_000_000, |clock| memory_store(1_000_000, clock));
    pauses.watch(&empty, 1_000_000);
    pauses.show("while the first 1M keys come, 2,000,000 operations (no limit)");
}

/// How long operations took, in microseconds.
#[derive(Default)]
struct Pauses {
    ran: Vec<f64>,
    passed: Vec<f64>,
}

impl Pauses {
    fn watch<S: Claims>(&mut self, steady: &Steady<S>, events: usize) {
        while self.ran.len() < events * 2 {
            for number in steady.coming() {
                let key = key(number);
                assert!(self.time(|| steady.claim(number, &key)));
                assert!(self.time(|| steady.complete(number, &key)));
            }
        }
    }

    fn time<T>(&mut self, run: impl FnOnce() -> T) -> T {
        let (ran, start) = (thread_time(), Instant::now());
        let result = run();
        let (passed, ran) = (start.elapsed(), thread_time() - ran);
        self.passed.push(micros(passed));
        self.ran.push(micros(ran));
        result
    }

    fn show(&mut self, title: &str) {
        println!("\n{title}: us {:>12}{:>9}{:>9}", "p99", "p99.99", "longest");
        for (name, times) in [("thread time", &mut self.ran), ("wall time", &mut self.passed)] {
            let [often, rare, longest] = quantiles(times);
            println!("  {name:<26}{often:>9.1}{rare:>9.1}{longest:>9.1}");
        }
    }
}

/// How long this thread has run.
fn thread_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::try_from(time).expect("it is not negative")
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// The 99th and the 99.99th percentile, and the maximum.
fn quantiles(times: &mut [f64]) -> [f64; 3] {
    times.sort_by(f64::total_cmp);
    let last = times.len() - 1;
    [times[last - last / 100], times[last - last / 10_000], times[last]]
}

/// The cost does not grow with the number of keys, but for what leaves the caches.
fn ten_millions(report: &mut Report, million: &Steady<MemoryStore>) {
    let start = Instant::now();
    let many = ours(10_000_000);
    many.events(10_000_000);
    println!("\n10M keys and as many that expired: {:.1} s", start.elapsed().as_secs_f64());
    let mut race =
        Race::new().case(MILLION, || million.events(TURN)).case(TEN_MILLIONS, || many.events(TURN));
    let label = "10M keys / 1M keys, new";
    let outcome = report.race(&mut race, &[Target::ratio(label, TEN_MILLIONS, MILLION, 1.5)]);
    show("claim and completion of a new event", &outcome, TURN);
}

fn show(title: &str, outcome: &Outcome, runs: u64) {
    println!("\n{title}: median ns");
    let base = outcome.names().last().expect("there are cases");
    for name in outcome.names() {
        let nanos = outcome.nanos(name) / runs as f64;
        println!("  {name:<26}{nanos:>8.0}{:>8.3}", outcome.ratio(name, base));
    }
}
