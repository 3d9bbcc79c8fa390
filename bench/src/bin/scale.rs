//! Simulates many nodes that claim and complete events in one store, from the times that
//! `cargo bench --bench capacity` measures: how many deliveries it carries, and how long claims wait.
//!
//! Run `cargo run --release --bin scale -- [SEED]`. What is simulated is in `docs/scale.md`. The same
//! seed gives the same table.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use countersign_bench::store::mix;

/// A store, as it was measured; times in microseconds, of one operation.
#[derive(Clone, Copy)]
struct Model {
    name: &'static str,
    /// Processors of the server that run operations side by side; one for Redis, whatever it has.
    processors: usize,
    /// What an operation takes of one.
    processor: f64,
    /// What the disk takes to write what waits for it, if it is waited for.
    flush: f64,
    /// What it takes more for each operation that it writes.
    flush_each: f64,
    /// How many operations it writes at once.
    flushed: usize,
    /// How many operations of a node may be at the server.
    connections: usize,
    /// What an operation takes of the node's processor: only one is counted on.
    node: f64,
    /// What goes by on the way there and back.
    way: f64,
}

/// The figures of `docs/scale.md`.
const MODELS: [Model; 4] = [
    Model {
        name: "Redis, one thread",
        processors: 1,
        processor: 7.5,
        flush: 0.0,
        flush_each: 0.0,
        flushed: 1,
        connections: usize::MAX,
        node: 11.0,
        way: 10.0,
    },
    Model {
        name: "PostgreSQL, 2 processors, 8 connections a node",
        processors: 2,
        processor: 162.0,
        flush: 111.0,
        flush_each: 0.0,
        flushed: usize::MAX,
        connections: 8,
        node: 58.0,
        way: 10.0,
    },
    Model {
        name: "PostgreSQL, 8 processors, 8 connections a node",
        processors: 8,
        processor: 162.0,
        flush: 111.0,
        flush_each: 0.0,
        flushed: usize::MAX,
        connections: 8,
        node: 58.0,
        way: 10.0,
    },
    Model {
        name: "SQLite, the writer's thread",
        processors: 1,
        processor: 0.0,
        flush: 150.0,
        flush_each: 26.0,
        flushed: 256,
        connections: usize::MAX,
        node: 16.0,
        way: 10.0,
    },
];

/// How long handlers take on average; they wait for others and take no processor here.
const HANDLER: f64 = 20_000.0;

/// Heartbeats for each delivery: one in a hundred takes a minute, with a heartbeat every 10 s.
const HEARTBEATS: f64 = 0.06;

/// How long a load goes on, and from when it counts.
const END: f64 = 6e6;
const WARM: f64 = 1e6;

fn main() {
    let seed = std::env::args().nth(1).and_then(|it| it.parse().ok()).unwrap_or(1);
    for model in MODELS {
        println!("\n{}", model.name);
        println!("nodes | offered/s | carried/s | claim p50, p99 ms | busy: node, processor, disk");
        for nodes in [1, 4, 16, 64] {
            let most = highest(&model, nodes, seed);
            for share in [0.5, 0.8, 1.0, 1.25] {
                let rate = most * share;
                let seen = Simulation::new(&model, nodes, rate, seed).run();
                let [node, processor, disk] = seen.busy;
                println!(
                    "{nodes:>5} | {rate:>9.0} | {:>9.0} | {:>9.2} {:>7.1} | {node:.2} {processor:.2} {disk:.2}",
                    seen.carried,
                    seen.at(0.5),
                    seen.at(0.99)
                );
            }
            if model.name.starts_with("SQLite") {
                // The file is on the machine of the one node.
                break;
            }
        }
    }
}

/// The highest rate at which 99 of 100 claims take at most 50 ms.
fn highest(model: &Model, nodes: usize, seed: u64) -> f64 {
    let (mut low, mut high) = (10.0, 400_000.0);
    while high / low > 1.03 {
        let rate = f64::sqrt(low * high);
        let seen = Simulation::new(model, nodes, rate, seed).run();
        let kept = seen.at(0.99) <= 50.0 && seen.carried >= rate * 0.97;
        if kept { low = rate } else { high = rate }
    }
    low
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Claim,
    Completion,
    Heartbeat,
}

/// One operation of a node.
#[derive(Clone, Copy)]
struct Operation {
    kind: Kind,
    node: usize,
    asked: f64,
}

#[derive(Clone, Copy)]
enum Event {
    /// The next delivery, or heartbeat, of all nodes.
    Comes(Kind),
    /// The node has prepared an operation.
    Prepared(Operation),
    /// The handler is done.
    Handled(usize),
    /// A processor of the server has run it.
    Ran(Operation),
    /// The disk has what it was writing.
    Flushed,
}

/// Who waits for one of some equal servers.
struct Queue {
    free: usize,
    waiting: VecDeque<Operation>,
    busy: f64,
}

impl Queue {
    fn new(free: usize) -> Self {
        Self { free, waiting: VecDeque::new(), busy: 0.0 }
    }
}

struct Simulation<'m> {
    model: &'m Model,
    rate: f64,
    random: u64,
    now: f64,
    sequence: u64,
    /// By time in nanoseconds, then in the order that they were planned.
    planned: BinaryHeap<Reverse<(u64, u64, usize)>>,
    events: Vec<Event>,
    /// Places in `events` of what has happened.
    unused: Vec<usize>,
    nodes: Vec<Queue>,
    connections: Vec<Queue>,
    processors: Queue,
    to_flush: Vec<Operation>,
    flushing: Vec<Operation>,
    disk_busy: f64,
    claims: Vec<f64>,
}

/// What a load came to.
struct Seen {
    carried: f64,
    /// In milliseconds, sorted.
    claims: Vec<f64>,
    /// Of the busiest node, the server's processors and its disk, the share of the time.
    busy: [f64; 3],
}

impl Seen {
    fn at(&self, share: f64) -> f64 {
        let last = self.claims.len().saturating_sub(1);
        self.claims.get((last as f64 * share) as usize).copied().unwrap_or(f64::INFINITY)
    }
}

impl<'m> Simulation<'m> {
    fn new(model: &'m Model, nodes: usize, rate: f64, seed: u64) -> Self {
        let queues = |free| (0..nodes).map(|_| Queue::new(free)).collect();
        let mut simulation = Self {
            model,
            rate: rate / 1e6,
            random: seed,
            now: 0.0,
            sequence: 0,
            planned: BinaryHeap::new(),
            events: Vec::new(),
            unused: Vec::new(),
            nodes: queues(1),
            connections: queues(model.connections),
            processors: Queue::new(model.processors),
            to_flush: Vec::new(),
            flushing: Vec::new(),
            disk_busy: 0.0,
            claims: Vec::new(),
        };
        simulation.plan(0.0, Event::Comes(Kind::Claim));
        simulation.plan(0.0, Event::Comes(Kind::Heartbeat));
        simulation
    }

    fn run(mut self) -> Seen {
        while let Some(Reverse((nanos, _, event))) = self.planned.pop() {
            self.now = nanos as f64 / 1000.0;
            if self.now > END {
                break;
            }
            self.unused.push(event);
            self.happens(self.events[event]);
        }
        let node = self.nodes.iter().map(|it| it.busy).fold(0.0, f64::max);
        let processors = self.processors.busy / self.model.processors as f64;
        let busy = [node, processors, self.disk_busy];
        self.claims.sort_by(f64::total_cmp);
        Seen {
            carried: self.claims.len() as f64 / (END - WARM) * 1e6,
            busy: busy.map(|it| f64::min(it / END, 1.0)),
            claims: self.claims,
        }
    }

    fn happens(&mut self, event: Event) {
        match event {
            Event::Comes(kind) => {
                let rate = if kind == Kind::Claim { self.rate } else { self.rate * HEARTBEATS };
                let pause = self.exponential() / rate;
                self.plan(pause, Event::Comes(kind));
                let node = (self.uniform() * self.nodes.len() as f64) as usize;
                self.asks(kind, node);
            }
            Event::Handled(node) => self.asks(Kind::Completion, node),
            Event::Prepared(operation) => {
                self.nodes[operation.node].free += 1;
                self.prepare(operation.node);
                self.connections[operation.node].waiting.push_back(operation);
                self.connect(operation.node);
            }
            Event::Ran(operation) => {
                self.processors.free += 1;
                self.process();
                if self.model.flush > 0.0 {
                    self.to_flush.push(operation);
                    self.flush();
                } else {
                    self.ends(operation);
                }
            }
            Event::Flushed => {
                for operation in std::mem::take(&mut self.flushing) {
                    self.ends(operation);
                }
                self.flush();
            }
        }
    }

    /// A node's processor is the first to be waited for.
    fn asks(&mut self, kind: Kind, node: usize) {
        self.nodes[node].waiting.push_back(Operation { kind, node, asked: self.now });
        self.prepare(node);
    }

    fn prepare(&mut self, node: usize) {
        let took = self.draw(self.model.node);
        let queue = &mut self.nodes[node];
        if queue.free == 0 {
            return;
        }
        let Some(operation) = queue.waiting.pop_front() else { return };
        queue.free -= 1;
        queue.busy += took;
        self.plan(took, Event::Prepared(operation));
    }

    /// A connection of the node is next, and then a processor of the server.
    fn connect(&mut self, node: usize) {
        let queue = &mut self.connections[node];
        if queue.free == 0 {
            return;
        }
        let Some(operation) = queue.waiting.pop_front() else { return };
        queue.free -= 1;
        self.processors.waiting.push_back(operation);
        self.process();
    }

    fn process(&mut self) {
        if self.processors.free == 0 {
            return;
        }
        let Some(operation) = self.processors.waiting.pop_front() else { return };
        let took = self.draw(self.model.processor);
        self.processors.free -= 1;
        self.processors.busy += took;
        self.plan(took, Event::Ran(operation));
    }

    /// What waits while the disk writes is written together.
    fn flush(&mut self) {
        if !self.flushing.is_empty() || self.to_flush.is_empty() {
            return;
        }
        let count = std::cmp::min(self.to_flush.len(), self.model.flushed);
        self.flushing = self.to_flush.drain(..count).collect();
        let took = self.draw(self.model.flush + self.model.flush_each * count as f64);
        self.disk_busy += took;
        self.plan(took, Event::Flushed);
    }

    fn ends(&mut self, operation: Operation) {
        self.connections[operation.node].free += 1;
        self.connect(operation.node);
        if operation.kind == Kind::Claim {
            if self.now > WARM {
                self.claims.push((self.now - operation.asked + self.model.way) / 1000.0);
            }
            let handled = self.exponential() * HANDLER + self.model.way;
            self.plan(handled, Event::Handled(operation.node));
        }
    }

    fn plan(&mut self, after: f64, event: Event) {
        let nanos = ((self.now + after) * 1000.0) as u64;
        let place = self.unused.pop().unwrap_or(self.events.len());
        if place == self.events.len() {
            self.events.push(event);
        } else {
            self.events[place] = event;
        }
        self.planned.push(Reverse((nanos, self.sequence, place)));
        self.sequence += 1;
    }

    /// Half of a time is always taken, the other half is exponential.
    fn draw(&mut self, mean: f64) -> f64 {
        mean * (0.5 + 0.5 * self.exponential())
    }

    fn exponential(&mut self) -> f64 {
        -f64::ln(1.0 - self.uniform())
    }

    fn uniform(&mut self) -> f64 {
        let mixed = mix(self.random);
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        (mixed >> 11) as f64 / (1_u64 << 53) as f64
    }
}
