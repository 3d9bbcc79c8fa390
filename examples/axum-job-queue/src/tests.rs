//! On a PostgreSQL server that the test starts and stops.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use axum::body::Body;
use axum::http::{Request, Response};
use countersign_store_tests::postgres::Server;
use countersign_testing::Signer;
use tokio::task::JoinSet;
use tower::ServiceExt as _;

use super::*;

const SECRET: &str = "whsec_an example that is long enough";

struct Running {
    app: Router,
    pool: PgPool,
    worker: Worker,
    // Stopped last.
    _server: Server,
}

async fn start(work: fn(&Value) -> Result<(), String>) -> Running {
    let server = tokio::task::spawn_blocking(Server::start).await.unwrap();
    let pool = PgPool::connect(&server.url()).await.unwrap();
    let worker = worker(pool.clone(), work).await.unwrap();
    let store = store(&server.url()).await.unwrap();
    let queue = Queue { pool: pool.clone(), store, jobs: worker.create_utils() };
    Running { app: app(SECRET.to_owned(), queue).unwrap(), pool, worker, _server: server }
}

impl Running {
    async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&self.pool).await.unwrap()
    }

    async fn until(&self, sql: &'static str, count: i64) {
        while self.count(sql).await != count {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn jobs(&self) -> i64 {
        self.count("SELECT count(*) FROM graphile_worker._private_jobs").await
    }

    async fn execute(&self, sql: &'static str) {
        sqlx::raw_sql(sql).execute(&self.pool).await.unwrap();
    }

    /// Runs what is due, and what would be later.
    async fn work_ahead(&self) {
        self.execute("UPDATE graphile_worker._private_jobs SET run_at = now()").await;
        self.worker.run_once().await.unwrap();
    }
}

async fn deliver(app: Router, body: &str) -> Response<Body> {
    let signer = Signer::new(&catalog::STRIPE, SECRET).unwrap().at(SystemTime::now().into());
    let signed = signer.sign("POST", "/hooks/stripe", body.as_bytes()).unwrap();
    let mut request = Request::post("/hooks/stripe").header("content-type", "application/json");
    for (name, value) in &signed.headers {
        request = request.header(name, value);
    }
    app.oneshot(request.body(Body::from(signed.body)).unwrap()).await.unwrap()
}

const EVENT: &str = r#"{"id":"evt_1","type":"invoice.paid"}"#;

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_comes_several_times_at_once_has_one_job() {
    static RUNS: AtomicU32 = AtomicU32::new(0);
    let running = start(|_| {
        RUNS.fetch_add(1, Ordering::SeqCst);
        Ok(())
    })
    .await;
    let mut deliveries = JoinSet::new();
    for _ in 0..8 {
        deliveries.spawn(deliver(running.app.clone(), EVENT));
    }
    let answers = deliveries.join_all().await;
    assert!(answers.iter().all(|answer| answer.status() == 200), "{answers:?}");
    let replayed = |it: &&Response<Body>| it.headers().contains_key("idempotent-replayed");
    assert_eq!(answers.iter().filter(replayed).count(), 7);
    assert_eq!(running.jobs().await, 1);
    running.worker.run_once().await.unwrap();
    assert_eq!(RUNS.load(Ordering::SeqCst), 1);
    assert_eq!(running.jobs().await, 0);
    // Nor does a retry that comes when it is long done make another.
    assert_eq!(deliver(running.app.clone(), EVENT).await.status(), 200);
    assert_eq!(running.jobs().await, 0);
}

/// What `breaks` a transaction leaves nothing, and once it is mended, the retry is queued.
async fn check_that_nothing_is_left(breaks: &'static str, mends: &'static str) {
    let running = start(|_| Ok(())).await;
    running.execute(breaks).await;
    assert_eq!(deliver(running.app.clone(), EVENT).await.status(), 503);
    assert_eq!(running.count("SELECT count(*) FROM countersign.delivery").await, 0);
    running.execute(mends).await;
    assert_eq!(running.jobs().await, 0);
    let retried = deliver(running.app.clone(), EVENT).await;
    assert_eq!(retried.status(), 200);
    assert!(!retried.headers().contains_key("idempotent-replayed"));
    assert_eq!(running.jobs().await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_whose_job_cannot_be_added_is_not_recorded() {
    let breaks = "ALTER TABLE graphile_worker._private_jobs RENAME TO elsewhere";
    let mends = "ALTER TABLE graphile_worker.elsewhere RENAME TO _private_jobs";
    check_that_nothing_is_left(breaks, mends).await;
}

/// A trigger that waits for the commit, when the job was added, and then does something.
macro_rules! at_commit {
    ($does:literal) => {
        concat!(
            "CREATE FUNCTION at_commit() RETURNS trigger LANGUAGE plpgsql AS ",
            "$$ BEGIN IF NOT EXISTS (SELECT FROM graphile_worker._private_jobs) ",
            "THEN RETURN NULL; END IF; ",
            $does,
            "; RETURN NULL; END $$; ",
            "CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON countersign.delivery ",
            "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION at_commit()"
        )
    };
}

const NO_LONGER: &str = "DROP TRIGGER at_commit ON countersign.delivery";

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_fails_after_the_job_was_added_leaves_no_job() {
    check_that_nothing_is_left(at_commit!("RAISE 'no'"), NO_LONGER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_dies_after_the_job_was_added_leaves_no_job() {
    let dies = at_commit!("PERFORM pg_terminate_backend(pg_backend_pid())");
    check_that_nothing_is_left(dies, NO_LONGER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_fails_is_tried_again_later_and_later() {
    static RUNS: AtomicU32 = AtomicU32::new(0);
    let running = start(|_| match RUNS.fetch_add(1, Ordering::SeqCst) {
        0 | 1 => Err("the other side is down".to_owned()),
        _ => Ok(()),
    })
    .await;
    assert_eq!(deliver(running.app.clone(), EVENT).await.status(), 200);
    let now = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::int8";
    let due = "SELECT (extract(epoch FROM run_at) * 1000)::int8 FROM graphile_worker._private_jobs";
    // Never before e seconds, then e squared; how long the test itself takes comes on top.
    for at_least in [2718, 7389] {
        let started = running.count(now).await;
        running.work_ahead().await;
        let pause = running.count(due).await - started;
        assert!((at_least..at_least + 20_000).contains(&pause), "{pause} ms");
    }
    running.work_ahead().await;
    assert_eq!(RUNS.load(Ordering::SeqCst), 3);
    assert_eq!(running.jobs().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_fails_for_good_is_kept() {
    static RUNS: AtomicU32 = AtomicU32::new(0);
    let running = start(|_| {
        RUNS.fetch_add(1, Ordering::SeqCst);
        Err("there is no such customer".to_owned())
    })
    .await;
    assert_eq!(deliver(running.app.clone(), EVENT).await.status(), 200);
    for _ in 0..7 {
        running.work_ahead().await;
    }
    assert_eq!(RUNS.load(Ordering::SeqCst), 5, "as often as it may be tried");
    let dead = "SELECT count(*) FROM graphile_worker._private_jobs \
                WHERE attempts = max_attempts AND last_error LIKE '%no such customer%'";
    assert_eq!(running.count(dead).await, 1);
    running
        .execute("SELECT graphile_worker.reschedule_jobs(array[1], run_at => now(), attempts => 0)")
        .await;
    assert_eq!(running.count(dead).await, 0);
    running.worker.run_once().await.unwrap();
    assert_eq!(RUNS.load(Ordering::SeqCst), 6, "once more, by hand");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_job_of_a_worker_that_was_killed_is_tried_again() {
    static RUNS: AtomicU32 = AtomicU32::new(0);
    let running = start(|_| {
        RUNS.fetch_add(1, Ordering::SeqCst);
        Ok(())
    })
    .await;
    assert_eq!(deliver(running.app.clone(), EVENT).await.status(), 200);
    // As a worker leaves it that takes the job and is killed.
    running
        .execute(
            "UPDATE graphile_worker._private_jobs \
             SET locked_by = 'killed', locked_at = now() - interval '10 minutes', attempts = 1",
        )
        .await;
    running.worker.run_once().await.unwrap();
    assert_eq!(RUNS.load(Ordering::SeqCst), 0, "it is the other's");
    let found = "SELECT count(*) FROM graphile_worker._private_jobs \
                 WHERE locked_by IS NULL AND attempts = 1 AND last_error IS NOT NULL";
    let watching = async {
        running.until(found, 1).await;
        running.execute("UPDATE graphile_worker._private_jobs SET run_at = now()").await;
        running.until("SELECT count(*) FROM graphile_worker._private_jobs", 0).await;
    };
    tokio::select! {
        worked = running.worker.run() => worked.unwrap(),
        watched = tokio::time::timeout(Duration::from_secs(30), watching) => watched.unwrap(),
    }
    assert_eq!(RUNS.load(Ordering::SeqCst), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_an_event_is_logged() {
    static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());
    struct Log;
    impl std::io::Write for Log {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            LOG.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let layer = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(|| Log);
    tracing_subscriber::registry().with(layer).with(logged()).init();

    let running = start(|_| Err("the other side is down".to_owned())).await;
    let body = r#"{"id":"evt_1","type":"invoice.paid","email":"ada@example.com"}"#;
    assert_eq!(deliver(running.app.clone(), body).await.status(), 200);
    for _ in 0..6 {
        running.work_ahead().await;
    }
    let log = String::from_utf8(LOG.lock().unwrap().clone()).unwrap();
    assert!(log.contains("the other side is down"), "{log}");
    assert!(!log.contains("ada@"), "{log}");
}
