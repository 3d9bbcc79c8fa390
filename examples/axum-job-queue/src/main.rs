//! Stripe's webhooks, acknowledged at once and handled later by jobs: an event and its job are
//! recorded in one transaction, so that each event has one job, whatever dies in between.

use std::env;
use std::error::Error;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use countersign::{ConfigError, LeftToHandler, Receiver, Secret, StoreError, Verifier, catalog};
use countersign_axum::{Claimed, Event, NotDone, VerifyLayer};
use countersign_postgres::{Inbox, PostgresStore};
use graphile_worker::{
    IntoTaskHandlerResult, JobSpec, JobSpecBuilder, TaskHandler, Worker, WorkerContext,
    WorkerOptions, WorkerUtils,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::PgPool;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init();
    let url = env::var("DATABASE_URL")?;
    let pool = PgPool::connect(&url).await?;
    let worker = worker(pool.clone(), print).await?;
    let queue = Queue { pool, inbox: inbox(&url).await?, jobs: worker.create_utils() };
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

/// What the handler queues with.
#[derive(Clone)]
struct Queue {
    pool: PgPool,
    inbox: Inbox,
    jobs: WorkerUtils,
}

/// The record of events that were queued. Its schema is made here.
async fn inbox(url: &str) -> Result<Inbox, StoreError> {
    Ok(PostgresStore::builder().migrate(true).connect(url).await?.inbox())
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
    queue.inbox.once(&mut transaction, claim.key()).await?.first()?;
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
        (work.0)(&self.event)
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
    let options = WorkerOptions::default().concurrency(4).pg_pool(pool);
    Ok(options.add_extension(Work(work)).define_job::<HandleEvent>().init().await?)
}

/// Why an event was not queued: the sender is to try again, unless it was queued before.
enum Failure {
    NotDone(NotDone),
    Other(Box<dyn Error>),
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self {
            Self::NotDone(not_done) => not_done.into_response(),
            Self::Other(error) => {
                tracing::error!("not queued: {error}");
                axum::http::StatusCode::SERVICE_UNAVAILABLE.into_response()
            }
        }
    }
}

impl From<countersign::Declined> for Failure {
    fn from(declined: countersign::Declined) -> Self {
        Self::NotDone(declined.into())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::NotDone(error.into())
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Other(error.into())
    }
}

impl From<graphile_worker::errors::GraphileWorkerError> for Failure {
    fn from(error: graphile_worker::errors::GraphileWorkerError) -> Self {
        Self::Other(error.into())
    }
}

#[cfg(test)]
mod tests;
