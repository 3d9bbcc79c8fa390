//! Effects that happen once: handlers that record an event in the transaction that has its effects,
//! behind axum and actix-web, with SQLite as the application's database.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::unwrap_in_result,
    reason = "a test may panic"
)]

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::{App, web};
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Request, Response};
use axum::routing::post;
use countersign::{
    Answer, ClaimRequest, Declined, LeftToHandler, OpenClaim, Receiver, Scheme, Secret,
    SharedStore, Store as _, Token, Verifier, catalog,
};
use countersign_actix::Verify;
use countersign_axum::{Claimed, NotDone, VerifyLayer};
use countersign_sqlite::SqliteStore;
use countersign_testing::Signer;
use rusqlite::{Connection, TransactionBehavior};
use tempfile::TempDir;
use tower::ServiceExt as _;

const SECRET: &str = "It's a Secret to Everybody";

#[derive(Clone, Copy, Debug, PartialEq)]
enum Framework {
    Axum,
    Actix,
}

const FRAMEWORKS: [Framework; 2] = [Framework::Axum, Framework::Actix];

/// Which statement of the transaction records the event.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    First,
    Last,
}

/// An application with a database, in which each event is to make one sale.
struct Shop {
    _directory: TempDir,
    path: PathBuf,
    store: SqliteStore,
    form: Form,
    scheme: Scheme,
    /// The handler panics once it has had its effects.
    fails: AtomicBool,
    /// Another takes the event over while the handler runs.
    is_slow: AtomicBool,
}

impl Shop {
    fn open(form: Form) -> Arc<Self> {
        Self::with_scheme(form, catalog::GITHUB)
    }

    fn with_scheme(form: Form, scheme: Scheme) -> Arc<Self> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("shop.db");
        let store = SqliteStore::builder().migrate(true).open(&path).unwrap();
        let (fails, is_slow) = (AtomicBool::new(false), AtomicBool::new(false));
        let shop = Self { _directory: directory, path, store, form, scheme, fails, is_slow };
        shop.connect().execute_batch("CREATE TABLE sale (event BLOB)").unwrap();
        Arc::new(shop)
    }

    fn connect(&self) -> Connection {
        let connection = Connection::open(&self.path).unwrap();
        connection.busy_timeout(Duration::from_millis(100)).unwrap();
        connection
    }

    fn sales(&self) -> u32 {
        self.connect().query_row("SELECT count(*) FROM sale", [], |row| row.get(0)).unwrap()
    }

    fn receiver(&self) -> Receiver<SharedStore> {
        let verifier =
            Verifier::builder(self.scheme.clone()).secret(Secret::new(SECRET)).build().unwrap();
        let store = match self.form {
            Form::First => SharedStore::new(LeftToHandler),
            Form::Last => SharedStore::new(self.store.clone()),
        };
        Receiver::new(verifier, store)
    }

    /// What the handlers of both frameworks do, on a thread that may block.
    fn sell(&self, claim: &OpenClaim) -> Result<(), Declined> {
        let inbox = self.store.inbox();
        let mut connection = self.connect();
        let behaviour = match self.form {
            // It waits for others in a statement that reports it.
            Form::First => TransactionBehavior::Deferred,
            Form::Last => TransactionBehavior::Immediate,
        };
        let transaction = connection.transaction_with_behavior(behaviour).unwrap();
        if self.form == Form::First {
            inbox.once(&transaction, claim.key())?.first()?;
        }
        let event = claim.key().as_bytes().as_slice();
        transaction.execute("INSERT INTO sale VALUES (?1)", [event]).unwrap();
        assert!(!self.fails.swap(false, Ordering::SeqCst), "as it should");
        if self.form == Form::Last {
            inbox.complete_in(&transaction, claim)?;
        }
        transaction.commit().unwrap();
        Ok(())
    }

    /// Another process takes the event over.
    async fn be_slow(&self, claim: &OpenClaim) {
        if self.is_slow.swap(false, Ordering::SeqCst) {
            assert!(self.store.forget(claim.key()).await.unwrap());
            let minute = Duration::from_secs(60);
            let other = ClaimRequest::new(Token::from_bytes([7; 16]), minute, minute);
            let _claimed = self.store.claim(claim.key(), &other).await.unwrap();
        }
    }

    async fn deliver(self: &Arc<Self>, framework: Framework, body: &str) -> Seen {
        match framework {
            Framework::Axum => deliver_to_axum(self, body).await,
            Framework::Actix => deliver_to_actix(self, body).await,
        }
    }
}

/// What the sender sees.
#[derive(Debug, PartialEq)]
struct Seen {
    status: u16,
    replayed: bool,
    retry_after: Option<String>,
}

fn seen(status: u16) -> Seen {
    Seen { status, replayed: false, retry_after: None }
}

async fn deliver_to_axum(shop: &Arc<Shop>, body: &str) -> Seen {
    async fn sell(State(shop): State<Arc<Shop>>, Claimed(claim): Claimed) -> Result<(), NotDone> {
        shop.be_slow(&claim).await;
        let selling = tokio::task::spawn_blocking(move || shop.sell(&claim));
        Ok(selling.await.unwrap()?)
    }
    let app = Router::new()
        .route("/hooks", post(sell))
        .route_layer(VerifyLayer::new(shop.receiver()))
        .with_state(Arc::clone(shop));
    let signed = Signer::new(&shop.scheme, SECRET).unwrap();
    let signed = signed.sign("POST", "/hooks", body.as_bytes()).unwrap();
    let mut request = Request::post("/hooks");
    for (name, value) in &signed.headers {
        request = request.header(name, value);
    }
    let response: Response<Body> =
        app.oneshot(request.body(Body::from(signed.body)).unwrap()).await.unwrap();
    let header =
        |name: &str| response.headers().get(name).map(|it| it.to_str().unwrap().to_owned());
    Seen {
        status: response.status().as_u16(),
        replayed: header("idempotent-replayed").as_deref() == Some("true"),
        retry_after: header("retry-after"),
    }
}

async fn deliver_to_actix(shop: &Arc<Shop>, body: &str) -> Seen {
    async fn sell(
        shop: web::Data<Arc<Shop>>,
        claim: countersign_actix::Claimed,
    ) -> Result<&'static str, countersign_actix::NotDone> {
        shop.be_slow(&claim).await;
        let selling = web::block(move || shop.sell(&claim));
        selling.await.unwrap()?;
        Ok("")
    }
    let app = init_service(
        App::new()
            .app_data(web::Data::new(Arc::clone(shop)))
            .wrap(Verify::new(shop.receiver()))
            .route("/hooks", web::post().to(sell)),
    )
    .await;
    let signed = Signer::new(&shop.scheme, SECRET).unwrap();
    let signed = signed.sign("POST", "/hooks", body.as_bytes()).unwrap();
    let mut request = TestRequest::post().uri("/hooks").set_payload(signed.body);
    for (name, value) in signed.headers {
        request = request.append_header((name, value));
    }
    let request = request.to_request();
    let response = match actix_web::dev::Service::call(&app, request).await {
        Ok(response) => response.into_parts().1.map_into_boxed_body(),
        Err(error) => error.error_response(),
    };
    let header =
        |name: &str| response.headers().get(name).map(|it| it.to_str().unwrap().to_owned());
    Seen {
        status: response.status().as_u16(),
        replayed: header("idempotent-replayed").as_deref() == Some("true"),
        retry_after: header("retry-after"),
    }
}

#[actix_web::test]
async fn a_delivery_that_is_repeated_has_its_effects_once() {
    for (framework, form) in
        FRAMEWORKS.into_iter().flat_map(|it| [(it, Form::First), (it, Form::Last)])
    {
        let shop = Shop::open(form);
        assert_eq!(shop.deliver(framework, "{}").await, seen(200), "{framework:?} {form:?}");
        for _ in 0..3 {
            let again = shop.deliver(framework, "{}").await;
            assert_eq!(again, Seen { replayed: true, ..seen(200) }, "{framework:?} {form:?}");
        }
        assert_eq!(shop.sales(), 1, "{framework:?} {form:?}");
        assert_eq!(shop.deliver(framework, "{\"another\":1}").await, seen(200));
        assert_eq!(shop.sales(), 2, "{framework:?} {form:?}");
    }
}

#[actix_web::test]
async fn a_handler_that_fails_takes_its_effects_back_and_the_event_stays_free() {
    for (framework, form) in
        FRAMEWORKS.into_iter().flat_map(|it| [(it, Form::First), (it, Form::Last)])
    {
        let shop = Shop::open(form);
        shop.fails.store(true, Ordering::SeqCst);
        assert_eq!(shop.deliver(framework, "{}").await.status, 500, "{framework:?} {form:?}");
        assert_eq!(shop.sales(), 0, "{framework:?} {form:?}");
        assert_eq!(shop.deliver(framework, "{}").await, seen(200), "{framework:?} {form:?}");
        assert_eq!(shop.sales(), 1, "{framework:?} {form:?}");
    }
}

#[actix_web::test]
async fn a_slow_handler_that_lost_its_claim_has_no_effects() {
    for framework in FRAMEWORKS {
        let shop = Shop::open(Form::Last);
        shop.is_slow.store(true, Ordering::SeqCst);
        let expected = Seen { retry_after: Some("1".to_owned()), ..seen(409) };
        assert_eq!(shop.deliver(framework, "{}").await, expected, "{framework:?}");
        assert_eq!(shop.sales(), 0, "{framework:?}");
        // The other still has it.
        let again = shop.deliver(framework, "{}").await;
        assert_eq!(
            (again.status, again.retry_after.as_deref()),
            (409, Some("30")),
            "{framework:?}"
        );
        assert_eq!(shop.sales(), 0, "{framework:?}");
    }
}

#[actix_web::test]
async fn an_event_in_another_transaction_is_in_flight() {
    for framework in FRAMEWORKS {
        let shop = Shop::open(Form::First);
        let mut other = shop.connect();
        let held = other.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
        let expected = Seen { retry_after: Some("1".to_owned()), ..seen(409) };
        assert_eq!(shop.deliver(framework, "{}").await, expected, "{framework:?}");
        held.rollback().unwrap();
        assert_eq!(shop.deliver(framework, "{}").await, seen(200), "{framework:?}");
        assert_eq!(shop.sales(), 1, "{framework:?}");
    }
}

#[actix_web::test]
async fn the_sender_is_told_in_a_status_that_it_understands() {
    let mut scheme = catalog::GITHUB;
    scheme.reply.success = vec![202].into();
    scheme.reply.never = vec![409].into();
    for framework in FRAMEWORKS {
        let shop = Shop::with_scheme(Form::First, scheme.clone());
        shop.deliver(framework, "{}").await;
        assert_eq!(shop.deliver(framework, "{}").await.status, 202, "{framework:?}");
        let mut other = shop.connect();
        let _held = other.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
        assert_eq!(shop.deliver(framework, "{\"b\":1}").await.status, 503, "{framework:?}");
    }
}

#[actix_web::test]
async fn duplicates_are_answered_what_the_transaction_says() {
    let shop = Shop::open(Form::Last);
    let claims = shop.receiver();
    let claims = claims.claims().unwrap();
    let verified = {
        let signed = Signer::new(&shop.scheme, SECRET).unwrap().sign("POST", "/", b"{}").unwrap();
        let headers: Vec<_> =
            signed.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let delivery = countersign::Delivery::new("POST", "/", &headers, b"{}");
        let proof = shop
            .receiver()
            .verifier()
            .verify(&delivery, countersign::Timestamp::from_unix_seconds(0))
            .unwrap();
        claims.identify(&proof, &delivery).unwrap()
    };
    let admission = claims.admit(verified, Token::from_bytes([1; 16]), &countersign::NoTimer).await;
    let countersign::Admission::Fresh(claim) = admission else { panic!("{admission:?}") };
    let mut connection = shop.connect();
    let transaction = connection.transaction().unwrap();
    let open = claim.open_claim().answered(Answer::new(201));
    shop.store.inbox().complete_in(&transaction, &open).unwrap();
    transaction.commit().unwrap();
    // The receiver finds it done, and changes nothing.
    let outcome = claim.complete(Answer::new(204), &countersign::NoTimer).await.unwrap();
    assert_eq!(outcome, countersign::CompleteOutcome::AlreadyCompleted);
    let again = shop.deliver(Framework::Axum, "{}").await;
    assert_eq!(again, Seen { replayed: true, ..seen(201) });
}

#[actix_web::test]
async fn without_a_store_there_is_no_claim() {
    let verifier =
        || Verifier::builder(catalog::GITHUB).secret(Secret::new(SECRET)).build().unwrap();
    let signed =
        Signer::new(&catalog::GITHUB, SECRET).unwrap().sign("POST", "/hooks", b"{}").unwrap();

    let app = Router::new()
        .route("/hooks", post(async |_: Claimed| "unreachable"))
        .route_layer(VerifyLayer::new(verifier()));
    let mut request = Request::post("/hooks");
    for (name, value) in &signed.headers {
        request = request.header(name, value);
    }
    let request = request.body(Body::from(signed.body.clone())).unwrap();
    assert_eq!(app.oneshot(request).await.unwrap().status().as_u16(), 500);

    let app = init_service(
        App::new()
            .wrap(Verify::new(verifier()))
            .route("/hooks", web::post().to(async |_: countersign_actix::Claimed| "unreachable")),
    )
    .await;
    let mut request = TestRequest::post().uri("/hooks").set_payload(signed.body);
    for (name, value) in signed.headers {
        request = request.append_header((name, value));
    }
    let response = call_service(&app, request.to_request()).await;
    assert_eq!(response.status().as_u16(), 500);
}
