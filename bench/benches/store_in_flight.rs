//! P17: a store that is full of claims in flight loses none of them, and holds no more than it may.
//! Caches make room instead, which lets the same event be handled twice.
//!
//! With `COUNTERSIGN_BENCH=counts` only the memory store is offered claims. The peers are not held
//! to anything.

use std::hash::RandomState;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use countersign::{Answer, ClaimOutcome, ClaimRequest, Completion, Key, Token};
use countersign_bench::Report;
use countersign_bench::store::{Claims as _, Clock, DashStore, key, token};
use countersign_memory::{MemoryStore, MemoryStoreBuilder};
use quick_cache::UnitWeighter;
use quick_cache::sync::GuardResult;

/// What the stores are made for.
const CAPACITY: u64 = 100_000;

/// How many claims more are offered.
const MORE: u64 = 400_000;

/// No lease ends while this runs.
const LEASE: Duration = Duration::from_secs(24 * 3600);

/// How long a peer may take.
const PATIENCE: Duration = Duration::from_secs(20);

fn main() -> ExitCode {
    let mut report = Report::new();
    claims_only(&mut report);
    beside_completed(&mut report);
    if std::env::var_os("COUNTERSIGN_BENCH").is_none() {
        println!("{CAPACITY} claims in flight, then {MORE} more in a store for {CAPACITY}:");
        println!("{:<22}{:>9}{:>12}{:>9}{:>9}", "", "granted", "first lost", "lost", "entries");
        offer("countersign-memory", &store(MemoryStore::builder(capacity())));
        let clock = Clock::default();
        offer("dashmap", &DashStore::new(clock, LEASE));
        offer("moka", &moka());
        offer("quick_cache, pinned", &quick_cache());
    }
    report.finish()
}

/// All that the store holds is in flight.
fn claims_only(report: &mut Report) {
    let store = store(MemoryStore::builder(capacity()));
    for number in 0..CAPACITY {
        assert!(store.grants(number));
    }
    let (granted, most) = flood(&store, |_| {});
    report.count("P17 all in flight: claims granted", granted, 0);
    report.count("P17 all in flight: records at most", most, CAPACITY);
    report.count("P17 all in flight: claims lost", lost(&store, 0..CAPACITY), 0);
}

/// Half of what the store holds is in flight; the rest it may drop.
fn beside_completed(report: &mut Report) {
    let store = store(MemoryStore::builder(capacity()).danger_drop_completed(Duration::ZERO));
    let complete = |number| {
        let completion = Completion::new(LEASE, Answer::new(200));
        store.complete(&key(number), token(number), &completion);
    };
    for number in 0..CAPACITY {
        assert!(store.grants(number));
        if number % 2 == 1 {
            complete(number);
        }
    }
    let (granted, most) = flood(&store, complete);
    report.count("P17 half in flight: claims refused", MORE - granted, 0);
    report.count("P17 half in flight: records at most", most, CAPACITY);
    let in_flight = (0..CAPACITY).step_by(2);
    report.count("P17 half in flight: claims lost", lost(&store, in_flight), 0);
}

/// Claims more events from two threads. Tells how many claims were granted, and how many records
/// there were at most.
fn flood(store: &MemoryStore, handle: impl Fn(u64) + Sync) -> (u64, u64) {
    let most = AtomicUsize::new(0);
    let claim = |numbers: std::ops::Range<u64>| {
        let granted = numbers.filter(|number| {
            let granted = store.grants(*number);
            most.fetch_max(store.stats().records, Ordering::Relaxed);
            if granted {
                handle(*number);
            }
            granted
        });
        granted.count() as u64
    };
    let (start, middle, end) = (CAPACITY, CAPACITY + MORE / 2, CAPACITY + MORE);
    let granted = thread::scope(|scope| {
        let other = scope.spawn(|| claim(middle..end));
        claim(start..middle) + other.join().expect("it does not panic")
    });
    (granted, most.into_inner() as u64)
}

/// How many claims do not keep others from claiming.
fn lost(store: &MemoryStore, claims: impl Iterator<Item = u64>) -> u64 {
    let is_lost = |number: &u64| {
        let another = request(token(u64::MAX - number));
        !matches!(store.claim(&key(*number), &another), ClaimOutcome::InFlight { .. })
    };
    claims.filter(is_lost).count() as u64
}

/// Something that grants claims on events.
trait Grants {
    /// Whether the event is the claimer's to handle.
    fn grants(&self, number: u64) -> bool;

    /// Whether a claim keeps others from claiming.
    fn holds(&self, number: u64) -> bool;

    fn entries(&self) -> u64;
}

/// Offers claims to one and prints what becomes of them.
fn offer(name: &str, peer: &impl Grants) {
    let start = Instant::now();
    let mut granted = Vec::new();
    let mut offered = 0;
    while offered < CAPACITY + MORE && start.elapsed() < PATIENCE {
        if peer.grants(offered) {
            granted.push(offered);
        }
        offered += 1;
    }
    let entries = peer.entries();
    let lost: Vec<u64> = granted.iter().copied().filter(|number| !peer.holds(*number)).collect();
    let first = lost.iter().filter(|number| **number < CAPACITY).count();
    let (granted, lost) = (granted.len(), lost.len());
    print!("{name:<22}{granted:>9}{first:>12}{lost:>9}{entries:>9}");
    if offered < CAPACITY + MORE {
        print!("   stopped after {} s at {offered} claims", PATIENCE.as_secs());
    }
    println!();
}

fn capacity() -> usize {
    usize::try_from(CAPACITY).expect("it is a small number")
}

fn request(token: Token) -> ClaimRequest {
    let mut request = countersign_bench::store::request(token, LEASE);
    request.lease = LEASE;
    request
}

/// A store whose clock moves at each look, so that it searches for what has expired; nothing has.
fn store(builder: MemoryStoreBuilder) -> MemoryStore {
    let looks = AtomicU64::new(0);
    builder.clock(move || Duration::from_millis(looks.fetch_add(1, Ordering::Relaxed))).build()
}

impl Grants for MemoryStore {
    fn grants(&self, number: u64) -> bool {
        let outcome = self.claim(&key(number), &request(token(number)));
        matches!(outcome, ClaimOutcome::Claimed { .. })
    }

    fn holds(&self, number: u64) -> bool {
        lost(self, std::iter::once(number)) == 0
    }

    fn entries(&self) -> u64 {
        self.stats().records as u64
    }
}

impl Grants for DashStore {
    fn grants(&self, number: u64) -> bool {
        let outcome = self.claim(&key(number), &request(token(number)));
        matches!(outcome, ClaimOutcome::Claimed { .. })
    }

    fn holds(&self, number: u64) -> bool {
        let another = request(token(u64::MAX - number));
        matches!(self.claim(&key(number), &another), ClaimOutcome::InFlight { .. })
    }

    fn entries(&self) -> u64 {
        self.len() as u64
    }
}

/// What the caches keep of a claim.
#[derive(Clone)]
struct Claim {
    token: Token,
    completed: bool,
}

impl Claim {
    fn of(number: u64) -> Self {
        Self { token: token(number), completed: false }
    }
}

/// Keeps a claim for its lease, a completed one for the retention.
struct Deadlines;

impl moka::Expiry<Key, Claim> for Deadlines {
    fn expire_after_create(&self, _: &Key, claim: &Claim, _: Instant) -> Option<Duration> {
        Some(if claim.completed { 2 * LEASE } else { LEASE })
    }
}

type Moka = moka::sync::Cache<Key, Claim>;

fn moka() -> Moka {
    Moka::builder().max_capacity(CAPACITY).expire_after(Deadlines).build()
}

impl Grants for Moka {
    fn grants(&self, number: u64) -> bool {
        self.entry(key(number)).or_insert(Claim::of(number)).is_fresh()
    }

    fn holds(&self, number: u64) -> bool {
        self.get(&key(number)).is_some_and(|claim| claim.token == token(number))
    }

    fn entries(&self) -> u64 {
        self.run_pending_tasks();
        self.entry_count()
    }
}

/// Keeps the cache from evicting what is in flight.
#[derive(Clone)]
struct Pinned;

impl quick_cache::Lifecycle<Key, Claim> for Pinned {
    type RequestState = ();

    fn is_pinned(&self, _: &Key, claim: &Claim) -> bool {
        !claim.completed
    }
}

type QuickCache = quick_cache::sync::Cache<Key, Claim, UnitWeighter, RandomState, Pinned>;

fn quick_cache() -> QuickCache {
    QuickCache::with(capacity(), CAPACITY, UnitWeighter, RandomState::new(), Pinned)
}

impl Grants for QuickCache {
    fn grants(&self, number: u64) -> bool {
        match self.get_value_or_guard(&key(number), None) {
            GuardResult::Value(_) | GuardResult::Timeout => false,
            GuardResult::Guard(guard) => guard.insert(Claim::of(number)).is_ok(),
        }
    }

    fn holds(&self, number: u64) -> bool {
        self.peek(&key(number)).is_some_and(|claim| claim.token == token(number))
    }

    fn entries(&self) -> u64 {
        self.len() as u64
    }
}
