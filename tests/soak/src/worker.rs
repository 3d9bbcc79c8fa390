//! A process that handles events, as an application would, until it is killed.

use std::error::Error;
use std::future::Future;
use std::io::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use countersign::{LeftToHandler, OpenClaim, Receiver, Secret, SharedStore, Verifier, catalog};
use countersign_axum::{Claimed, Event, VerifyLayer};
use tokio::net::TcpListener;
use tokio::time::sleep;

use crate::database::{Database, Failed, Work};
use crate::ledger::{ClaimId, Entry, Ledger, now};
use crate::options::{Break, Mode, WorkerOptions};
use crate::random::Random;
use crate::witness::Witness;

/// What senders sign with.
pub(crate) const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// How often a handler fails, in a hundred times.
const FAILS: u64 = 4;

struct App {
    database: Database,
    ledger: Arc<Ledger>,
    random: Mutex<Random>,
    broken: Option<Break>,
}

/// Serves on a port that it tells, and ends with whoever started it.
pub(crate) async fn serve(options: WorkerOptions) -> Result<(), Box<dyn Error>> {
    let ledger = Arc::new(Ledger::open(&options.ledger)?);
    let database = Database::open(options.store, &options.at).await?;
    let witness = Witness::new(database.store(), Arc::clone(&ledger));
    let random = Mutex::new(Random::new(options.seed));
    let lease = Duration::from_millis(options.lease_ms);
    let app = Arc::new(App { database, ledger, random, broken: options.broken });

    let under_claims = match options.broken {
        Some(Break::Once) => {
            let unprotected = SharedStore::new(LeftToHandler);
            SharedStore::new(Witness::new(unprotected, Arc::clone(&app.ledger)))
        }
        _ => SharedStore::new(witness),
    };
    let receiver = |store, endpoint| receiver(store, endpoint, lease);
    let router = match options.mode {
        Mode::Transactional => {
            let left_to_handler = match options.broken {
                Some(Break::Early) => under_claims.clone(),
                _ => SharedStore::new(LeftToHandler),
            };
            let first = receiver(left_to_handler, "first")?;
            let last = receiver(under_claims, "last")?;
            Router::new()
                .merge(Router::new().route("/first", post(on_first)).route_layer(first))
                .merge(Router::new().route("/last", post(on_last)).route_layer(last))
        }
        Mode::Lease => {
            let lease = receiver(under_claims, "lease")?;
            Router::new().route("/lease", post(on_lease)).route_layer(lease)
        }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    say(&format!("port {}", listener.local_addr()?.port()));
    tokio::select! {
        served = axum::serve(listener, router.with_state(app)) => served?,
        () = abandoned() => {}
    }
    Ok(())
}

fn receiver(
    store: SharedStore,
    endpoint: &'static str,
    lease: Duration,
) -> Result<VerifyLayer<SharedStore>, Box<dyn Error>> {
    let secret = Secret::new(SECRET);
    let verifier = Verifier::builder(catalog::STANDARD_WEBHOOKS).secret(secret).build()?;
    let receiver = Receiver::builder(verifier, store).endpoint(endpoint).lease(lease).build()?;
    Ok(VerifyLayer::new(receiver))
}

async fn on_first(
    State(app): State<Arc<App>>,
    Claimed(claim): Claimed,
    event: Event,
) -> Result<(), Failed> {
    let (running, work) = app.begin(&claim, &event);
    match app.broken {
        None | Some(Break::Fence) => app.database.first(&claim, work).await,
        Some(Break::Once) => app.database.unprotected(work).await,
        Some(Break::Early) => {
            later(&app, running, work);
            Ok(())
        }
    }
}

async fn on_last(
    State(app): State<Arc<App>>,
    Claimed(claim): Claimed,
    event: Event,
) -> Result<(), Failed> {
    let (running, work) = app.begin(&claim, &event);
    match app.broken {
        None => app.database.last(&claim, work).await,
        Some(Break::Once | Break::Fence) => app.database.unprotected(work).await,
        Some(Break::Early) => {
            later(&app, running, work);
            Ok(())
        }
    }
}

async fn on_lease(
    State(app): State<Arc<App>>,
    Claimed(claim): Claimed,
    event: Event,
) -> Result<(), Failed> {
    let (running, work) = app.begin(&claim, &event);
    let claim = ClaimId::of(claim.key(), claim.token());
    if app.broken == Some(Break::Early) {
        let app = Arc::clone(&app);
        tokio::spawn(async move {
            let _running = running;
            app.write(claim, work).await
        });
        return Ok(());
    }
    app.write(claim, work).await
}

/// Works after the event was acknowledged.
fn later(app: &Arc<App>, running: Running, work: Work) {
    let app = Arc::clone(app);
    tokio::spawn(async move {
        let _running = running;
        app.database.unprotected(Work { fails: false, ..work }).await
    });
}

impl App {
    fn begin(&self, claim: &OpenClaim, event: &Event) -> (Running, Work) {
        let running = Running::begin();
        let id = event.delivery_id().unwrap_or_default();
        let event = id.strip_prefix("evt_").and_then(|it| it.parse().ok()).expect("it was signed");
        let claim = ClaimId::of(claim.key(), claim.token());
        self.note(&Entry::Started { claim, event, at: now() });
        let mut random = self.random.lock().expect("no one panics");
        let work = Work { event, takes: random.pause(5, 50), fails: random.percent(FAILS) };
        (running, work)
    }

    /// The effect that is in no transaction: a line in a file.
    async fn write(&self, claim: ClaimId, work: Work) -> Result<(), Failed> {
        sleep(work.takes / 2).await;
        if work.fails {
            return Err(Failed::by_chance());
        }
        let effect = Entry::Effect { claim, event: work.event, at: now() };
        self.ledger.write_through(&effect).expect("the ledger can be written");
        sleep(work.takes / 2).await;
        Ok(())
    }

    fn note(&self, entry: &Entry) {
        self.ledger.write(entry).expect("the ledger can be written");
    }
}

/// A handler that has begun, and not ended.
struct Running;

impl Running {
    fn begin() -> Self {
        say("start");
        Self
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        say("end");
    }
}

/// Tells whoever started it.
fn say(text: &str) {
    // If no one listens any more, this process is about to end.
    _ = std::io::stdout().lock().write_all(format!("{text}\n").as_bytes());
}

/// Ends when there is nothing more to read, as when the other end has died.
fn abandoned() -> impl Future<Output = ()> {
    let (told, tells) = tokio::sync::oneshot::channel::<()>();
    std::thread::spawn(move || {
        let _told = told;
        _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
    });
    async {
        _ = tells.await;
    }
}
