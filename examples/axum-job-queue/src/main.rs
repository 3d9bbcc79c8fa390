//! Stripe's webhooks, acknowledged at once and handled later by jobs: an event and its job are
//! recorded in one transaction, so that each event has one job, whatever dies in between.

use std::env;
use std::error::Error;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use countersign::{
    ConfigError, Declined, LeftToHandler, Receiver, Secret, StoreError, Verifier, catalog,
};
use countersign_axum::{Claimed, Event, NotDone, VerifyLayer};
use countersign_postgres::PostgresStore;
use graphile_worker::{
    FailureReason, IntoTaskHandlerResult, JobRecovery, JobRecoveryResult, JobSpec, JobSpecBuilder,
    TaskHandler, Worker, WorkerContext, WorkerOptions, WorkerRecoveryConfig, WorkerUtils,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::PgPool;
use tokio::net::TcpListener;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::prelude::*;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::registry().with(tracing_subscriber::fmt::layer()).with(logged()).init();
    let url = env::var("DATABASE_URL")?;
    let pool = PgPool::connect(&url).await?;
    let worker = worker(pool.clone(), print).await?;
    let queue = Queue { pool, store: store(&url).await?, jobs: worker.create_utils() };
    let app = app(env::var("STRIPE_WEBHOOK_SECRET")?, queue)?;
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!("listening on http://{}/hooks/stripe", listener.local_addr()?);
    // In production, the worker is often a process of its own.
    let serving = axum::serve(listener, app);
    tokio::select! {
        served = serving => served?,
        worked = worker.run() => worked?,
    }
    Ok(())
}

/// What is logged: of these, the queue's own, nothing, since they show what jobs are about.
fn logged() -> Targets {
    let shows = [
        "graphile_worker::runner::release",
        "graphile_worker::runner::task_execution",
        "graphile_worker_queries::add_job",
    ];
    Targets::new()
        .with_default(LevelFilter::INFO)
        .with_targets(shows.map(|it| (it, LevelFilter::OFF)))
}

/// What the handler queues with.
#[derive(Clone)]
struct Queue {
    pool: PgPool,
    store: PostgresStore,
    jobs: WorkerUtils,
}

/// The record of events that were queued. Its schema is made here, and what expires is dropped as
/// long as there is a clone of it.
async fn store(url: &str) -> Result<PostgresStore, StoreError> {
    PostgresStore::builder().migrate(true).purge_every(Duration::from_secs(60)).connect(url).await
}

fn app(secret: String, queue: Queue) -> Result<Router, ConfigError> {
    let stripe = Verifier::builder(catalog::STRIPE).secret(Secret::new(secret)).build()?;
    // Whether an event is the first of its kind is found out in the handler's transaction.
    let receiver = Receiver::new(stripe, LeftToHandler);
    Ok(Router::new()
        .route("/hooks/stripe", post(on_event))
        .route_layer(VerifyLayer::new(receiver))
        .with_state(queue))
}

async fn on_event(
    State(queue): State<Queue>,
    Claimed(claim): Claimed,
    event: Event<Json<Value>>,
) -> Result<(), Failure> {
    let mut transaction = queue.pool.begin().await?;
    // A duplicate ends here, answered as the first was.
    queue.store.inbox().once(&mut transaction, claim.key()).await?.first()?;
    let job = HandleEvent { event: event.into_payload().0 };
    let spec: JobSpec = JobSpecBuilder::new().max_attempts(5).build();
    queue.jobs.with_executor(&mut transaction).add_job(job, spec).await?;
    transaction.commit().await?;
    Ok(())
}

/// What the worker does with an event: at least once, so its own effects should stand a repetition.
#[derive(Deserialize, Serialize)]
struct HandleEvent {
    event: Value,
}

impl TaskHandler for HandleEvent {
    const IDENTIFIER: &'static str = "handle_event";

    /// An error makes it be tried again, later each time, and in the end kept as failed.
    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        let Some(work) = context.extensions().get::<Work>() else {
            return Err("the worker was not told what to do".to_owned());
        };
        (work.0)(&self.event).inspect_err(|error| {
            tracing::warn!(job = context.job().id(), "failed: {error}");
        })
    }
}

/// What is to be done with each event.
#[derive(Clone, Copy, Debug)]
struct Work(fn(&Value) -> Result<(), String>);

fn print(event: &Value) -> Result<(), String> {
    println!("{}: {}", event["id"], event["type"]);
    Ok(())
}

/// The queue's worker. Its schema is made here.
async fn worker(
    pool: PgPool,
    work: fn(&Value) -> Result<(), String>,
) -> Result<Worker, Box<dyn Error>> {
    let options = WorkerOptions::default()
        .concurrency(4)
        .pg_pool(pool)
        .add_extension(Work(work))
        .define_job::<HandleEvent>()
        // Without it, the job of a worker that was killed waits for four hours.
        .worker_recovery(WorkerRecoveryConfig::default().enabled(true))
        // That counts as a failure, so that a job that kills its worker is not tried for ever.
        .on(JobRecovery, |job| async move {
            match job.reason {
                FailureReason::WorkerCrashed => JobRecoveryResult::FailWithBackoff,
                _ => JobRecoveryResult::Default,
            }
        });
    Ok(options.init().await?)
}

/// Why an event was not queued.
struct Failure(Box<dyn Error + Send + Sync>);

impl<E: Error + Send + Sync + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Failure {
    /// A duplicate is answered as the first was; after all else, the sender is to try again.
    fn into_response(self) -> Response {
        match self.0.downcast::<Declined>() {
            Ok(declined) => NotDone::from(*declined).into_response(),
            Err(error) => {
                tracing::error!("not queued: {error}");
                StatusCode::SERVICE_UNAVAILABLE.into_response()
            }
        }
    }
}

#[cfg(test)]
mod tests;
