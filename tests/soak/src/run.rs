//! One run: a store, a mode, two workers, those who send and those who kill.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::RwLock;
use tokio::task::{JoinSet, block_in_place};
use tokio::time::{sleep, timeout};

use crate::audit::{self, Outage};
use crate::client::deliver;
use crate::database::Database;
use crate::fleet::{Orders, Worker, complaints};
use crate::ledger::{self, now};
use crate::options::{Mode, Options, StoreKind};
use crate::random::Random;
use crate::report::{Report, Tally};
use crate::server::Server;

/// How long a claim holds. Short, so that what a killed worker had is handled again soon.
const LEASE: Duration = Duration::from_millis(600);

/// How long events may take to be acknowledged once nothing is killed any more.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often a worker is killed whatever it does, in a hundred times. Otherwise it is while it handles.
const ANY_TIME: u64 = 15;

/// What all tasks of a run share.
struct Soak {
    mode: Mode,
    /// How often a worker is stopped in place of being killed, in a hundred times.
    pauses: u64,
    workers: [Worker; 2],
    /// Held to write while the server is down.
    server: RwLock<Server>,
    sends: AtomicBool,
    kills: AtomicBool,
    next_event: AtomicU64,
    record: Mutex<Record>,
}

#[derive(Default)]
struct Record {
    tally: Tally,
    acknowledged: BTreeSet<u64>,
    outages: Vec<Outage>,
    wrong: Vec<String>,
}

/// Runs a store in a mode.
pub(crate) async fn run(options: &Options, kind: StoreKind, mode: Mode, seed: u64) -> Report {
    let start = instant();
    let folder = tempfile::tempdir().expect("a folder can be made");
    let server = block_in_place(|| Server::start(kind, folder.path()));
    let at = server.at();
    let prepared = Database::prepare(kind, &at).await;
    prepared.unwrap_or_else(|error| panic!("{kind}: {error}"));
    let place = folder.path().to_owned();
    let broken = options.broken;
    let orders = Orders { store: kind, mode, at: at.clone(), folder: place, lease: LEASE, broken };
    let soak = Arc::new(Soak {
        mode,
        pauses: options.pauses,
        workers: [Worker::new(orders.clone()), Worker::new(orders.clone())],
        server: RwLock::new(server),
        sends: AtomicBool::new(true),
        kills: AtomicBool::new(true),
        next_event: AtomicU64::new(1),
        record: Mutex::default(),
    });
    let mut random = Random::new(seed);
    for worker in &soak.workers {
        if let Err(error) = worker.start(&mut random).await {
            panic!("{error}\n{}", complaints(&orders.complaints()));
        }
    }

    let mut senders = JoinSet::new();
    for _ in 0..std::cmp::max(options.senders, 1) {
        senders.spawn(Arc::clone(&soak).send(random.fork()));
    }
    let mut killers = JoinSet::new();
    for index in 0..soak.workers.len() {
        killers.spawn(Arc::clone(&soak).kill_workers(index, random.fork()));
    }
    if options.server_every > 0.0 && soak.server.read().await.can_be_killed() {
        let every = Duration::from_secs_f64(options.server_every);
        killers.spawn(Arc::clone(&soak).kill_servers(every, random.fork()));
    }
    soak.until_enough(options, start).await;

    soak.kills.store(false, Ordering::SeqCst);
    while let Some(ended) = killers.join_next().await {
        ended.expect("no killer panics");
    }
    soak.sends.store(false, Ordering::SeqCst);
    let drained = async { while senders.join_next().await.is_some() {} };
    if timeout(PATIENCE, drained).await.is_err() {
        senders.shutdown().await;
    }
    let begun = soak.next_event.load(Ordering::SeqCst) - 1;
    soak.ask_again(&mut random).await;
    for worker in &soak.workers {
        if let Err(error) = worker.kill().await {
            soak.wrong(error);
        }
    }

    let effects = Database::effects(kind, &at).await;
    let entries = ledger::read(&orders.ledger());
    let forgetful = soak.server.read().await.is_forgetful();
    let mut record = std::mem::take(&mut *soak.record());
    let outages = if forgetful { record.outages.as_slice() } else { &[] };
    let effects = effects.unwrap_or_else(|error| {
        record.wrong.push(error);
        Vec::new()
    });
    let entries = entries.unwrap_or_else(|error| {
        record.wrong.push(error);
        Vec::new()
    });
    let audit = match mode {
        Mode::Transactional => audit::transactional(&effects, &record.acknowledged, &entries),
        Mode::Lease => audit::lease(&record.acknowledged, &entries, LEASE, outages),
    };
    let complained = complaints(&orders.complaints());
    if !complained.is_empty() {
        record.wrong.push(format!("the workers complained:\n{complained}"));
    }
    if record.tally.mid_handler == 0 || record.tally.deliveries == 0 {
        record.wrong.push("nothing was killed while it worked".to_owned());
    }
    let acknowledged = record.acknowledged.len();
    let stuck = usize::try_from(begun).unwrap_or(usize::MAX).saturating_sub(acknowledged);
    let report = Report {
        store: kind,
        mode,
        seed,
        took: start.elapsed(),
        tally: record.tally,
        acknowledged,
        audit,
        stuck,
        wrong: record.wrong,
        kept: None,
    };
    if report.is_good() || broken.is_some() {
        return report;
    }
    // What workers wrote is needed to find out why.
    Report { kept: Some(folder.keep()), ..report }
}

impl Soak {
    fn record(&self) -> std::sync::MutexGuard<'_, Record> {
        self.record.lock().expect("no one panics")
    }

    fn wrong(&self, what: String) {
        self.record().wrong.push(what);
    }

    /// Until the time is over, enough workers were killed, or something is wrong.
    async fn until_enough(&self, options: &Options, start: Instant) {
        let time = Duration::from_secs_f64(options.minutes.max(0.0) * 60.0);
        loop {
            sleep(Duration::from_millis(20)).await;
            let record = self.record();
            let killed = options.kills.is_some_and(|kills| record.tally.kills >= kills);
            if start.elapsed() >= time || killed || !record.wrong.is_empty() {
                return;
            }
        }
    }

    /// Sends one event after the other, each until it is acknowledged.
    async fn send(self: Arc<Self>, mut random: Random) {
        while self.sends.load(Ordering::SeqCst) {
            let event = self.next_event.fetch_add(1, Ordering::SeqCst);
            let mut at_once = JoinSet::new();
            for _ in 0..=random.below(3) {
                at_once.spawn(Arc::clone(&self).deliver(event, random.fork()));
            }
            let mut acknowledged = false;
            while let Some(answered) = at_once.join_next().await {
                acknowledged |= answered.expect("no delivery panics");
            }
            while !acknowledged {
                sleep(random.pause(10, 150)).await;
                acknowledged = Arc::clone(&self).deliver(event, random.fork()).await;
            }
            // Something of before, as a replay.
            if random.percent(20) {
                let replayed = 1 + random.below(event);
                if self.record().acknowledged.contains(&replayed) {
                    Arc::clone(&self).deliver(replayed, random.fork()).await;
                }
            }
        }
    }

    /// Sends to either worker; whether it was acknowledged.
    async fn deliver(self: Arc<Self>, event: u64, mut random: Random) -> bool {
        let [one, other] = &self.workers;
        let (one, other) = if random.percent(50) { (one, other) } else { (other, one) };
        let Some(port) = one.port().or_else(|| other.port()) else { return false };
        let path = match self.mode {
            Mode::Lease => "/lease",
            Mode::Transactional if event.is_multiple_of(2) => "/first",
            Mode::Transactional => "/last",
        };
        // Some hang up while the handler runs, and all before a worker that is stopped goes on.
        let patience = random.pause(20, 800);
        let answer = deliver(port, path, event, patience).await;
        let mut record = self.record();
        record.tally.deliveries += 1;
        let status = answer.map_or(0, |it| it.status);
        *record.tally.answers.entry(status).or_default() += 1;
        match status {
            200 => {
                record.tally.duplicates += u64::from(answer.is_some_and(|it| it.replayed));
                record.acknowledged.insert(event);
                true
            }
            0 | 409 | 500 | 503 => false,
            other => {
                record.wrong.push(format!("event {event} was answered {other}"));
                false
            }
        }
    }

    /// Kills one worker again and again.
    async fn kill_workers(self: Arc<Self>, index: usize, mut random: Random) {
        let Some(worker) = self.workers.get(index) else { return };
        while self.kills.load(Ordering::SeqCst) {
            if let Err(error) = self.kill_worker(worker, &mut random).await {
                return self.wrong(error);
            }
        }
    }

    async fn kill_worker(&self, worker: &Worker, random: &mut Random) -> Result<(), String> {
        sleep(random.pause(10, 150)).await;
        if !random.percent(ANY_TIME) {
            // It may have nothing to do.
            for _ in 0..500 {
                if worker.is_busy() {
                    break;
                }
                sleep(Duration::from_millis(1)).await;
            }
            sleep(random.pause(0, 10)).await;
        }
        // A worker cannot start without its server.
        let _server = self.server.read().await;
        if random.percent(self.pauses) {
            worker.pause(LEASE + random.pause(100, 800)).await?;
            self.record().tally.pauses += 1;
            return Ok(());
        }
        let mid_handler = worker.kill().await?;
        {
            let tally = &mut self.record().tally;
            tally.kills += 1;
            tally.mid_handler += u64::from(mid_handler);
        }
        worker.start(random).await
    }

    /// Kills the server now and then, and starts it again.
    async fn kill_servers(self: Arc<Self>, every: Duration, mut random: Random) {
        let mut last = instant();
        while self.kills.load(Ordering::SeqCst) {
            sleep(Duration::from_millis(20)).await;
            if last.elapsed() < every {
                continue;
            }
            let mut server = self.server.write().await;
            let down = now();
            block_in_place(|| server.kill());
            sleep(random.pause(0, 800)).await;
            block_in_place(|| server.run());
            let mut record = self.record();
            record.tally.server_kills += 1;
            record.outages.push((down, now()));
            last = instant();
        }
    }

    /// Sends some of what was acknowledged once more: it must not be handled again.
    async fn ask_again(self: &Arc<Self>, random: &mut Random) {
        let acknowledged: Vec<u64> = self.record().acknowledged.iter().copied().collect();
        for _ in 0..std::cmp::min(acknowledged.len(), 100) {
            let length = u64::try_from(acknowledged.len()).unwrap_or(u64::MAX);
            let index = usize::try_from(random.below(length)).unwrap_or(0);
            if let Some(event) = acknowledged.get(index) {
                Arc::clone(self).deliver(*event, random.fork()).await;
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a run ends when its time is over")]
fn instant() -> Instant {
    Instant::now()
}
