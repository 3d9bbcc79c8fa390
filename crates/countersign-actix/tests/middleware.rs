//! The middleware where it can be put, and what handlers see behind it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

use std::cell::Cell;
use std::io::Write as _;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use actix_web::body::{MessageBody, to_bytes};
use actix_web::dev::{Service, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::test::{TestRequest, call_service, init_service, try_call_service};
use actix_web::{App, Error, HttpResponse, ResponseError, web};
use bytes::Bytes;
use countersign::{Declined, Receiver, Rejection, Scheme, Secret, Verified, Verifier, catalog};
use countersign_actix::{Event, Handling, NotDone, Permanent, Proof, Verify};
use countersign_memory::MemoryStore;
use countersign_testing::Signer;
use flate2::Compression;
use flate2::write::GzEncoder;

const SECRET: &str = "It's a Secret to Everybody";

fn verifier(scheme: &Scheme) -> Verifier {
    Verifier::builder(scheme.clone()).secret(Secret::new(SECRET)).build().unwrap()
}

fn once(scheme: &Scheme) -> Verify<MemoryStore> {
    Verify::new(Receiver::new(verifier(scheme), MemoryStore::new(100)))
}

fn signed(scheme: &Scheme, path: &str, body: &[u8]) -> TestRequest {
    let signed = Signer::new(scheme, SECRET).unwrap().sign("POST", path, body).unwrap();
    let mut request = TestRequest::post().uri(path).set_payload(signed.body);
    for (name, value) in signed.headers {
        request = request.append_header((name, value));
    }
    request
}

async fn send<B: MessageBody>(
    app: &impl Service<actix_http::Request, Response = ServiceResponse<B>, Error = Error>,
    request: TestRequest,
) -> (StatusCode, Bytes) {
    let response = call_service(app, request.to_request()).await;
    let status = response.status();
    (status, to_bytes(response.into_body()).await.ok().unwrap())
}

async fn length(event: Event) -> String {
    format!("{} {}", event.sender(), event.payload().len())
}

#[actix_web::test]
async fn it_wraps_an_app_a_scope_and_a_resource() {
    let github = &catalog::GITHUB;
    let app = init_service(
        App::new().wrap(once(github)).route("/hooks/{tenant}", web::post().to(length)),
    );
    let scope = init_service(App::new().service(
        web::scope("/hooks").wrap(once(github)).route("/{tenant}", web::post().to(length)),
    ));
    let resource = init_service(App::new().service(
        web::resource("/hooks/{tenant}").wrap(once(github)).route(web::post().to(length)),
    ));
    let expected = (StatusCode::OK, Bytes::from("github 2"));
    let genuine = || signed(github, "/hooks/a", b"{}");
    assert_eq!(send(&app.await, genuine()).await, expected);
    assert_eq!(send(&scope.await, genuine()).await, expected);
    assert_eq!(send(&resource.await, genuine()).await, expected);
}

#[actix_web::test]
async fn several_senders_share_an_app() {
    let app = App::new()
        .service(web::resource("/github").wrap(once(&catalog::GITHUB)).to(length))
        .service(web::resource("/shopify").wrap(once(&catalog::SHOPIFY)).to(length));
    let app = init_service(app).await;
    for (scheme, path, other) in
        [(&catalog::GITHUB, "/github", "/shopify"), (&catalog::SHOPIFY, "/shopify", "/github")]
    {
        let (status, body) = send(&app, signed(scheme, path, b"{}")).await;
        assert_eq!((status, body), (StatusCode::OK, Bytes::from(format!("{} 2", scheme.id))));
        let (status, body) = send(&app, signed(scheme, other, b"{}")).await;
        assert_eq!((status, body), (StatusCode::UNAUTHORIZED, Bytes::new()));
    }
}

#[actix_web::test]
async fn a_handler_without_the_middleware_is_not_run() {
    let app = App::new()
        .route("/event", web::post().to(length))
        .route("/proof", web::post().to(async |_: Proof| "ran"));
    let app = init_service(app).await;
    for path in ["/event", "/proof"] {
        let answer = send(&app, signed(&catalog::GITHUB, path, b"{}")).await;
        assert_eq!(answer, (StatusCode::INTERNAL_SERVER_ERROR, Bytes::new()), "{path}");
    }
}

#[actix_web::test]
async fn the_wire_bytes_are_verified_and_extractors_still_decompress() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(br#"{"a":1}"#).unwrap();
    let wire = encoder.finish().unwrap();
    let app = App::new()
        .wrap(Verify::new(verifier(&catalog::GITHUB)))
        .route("/raw", web::post().to(async |event: Event| event.into_payload()))
        .route("/bytes", web::post().to(async |_: Proof, body: Bytes| body))
        .route(
            "/json",
            web::post().to(async |event: Event<web::Json<serde_json::Value>>| {
                event.payload()["a"].to_string()
            }),
        );
    let app = init_service(app).await;
    let request = |path| {
        let request = signed(&catalog::GITHUB, path, &wire);
        request
            .insert_header(("content-encoding", "gzip"))
            .insert_header(("content-type", "application/json"))
    };
    assert_eq!(send(&app, request("/raw")).await.1, wire, "the bytes that were verified");
    assert_eq!(send(&app, request("/bytes")).await.1, br#"{"a":1}"#[..]);
    assert_eq!(send(&app, request("/json")).await.1, "1");
}

#[actix_web::test]
async fn handlers_need_not_be_send() {
    thread_local! {
        static RUNS: Rc<Cell<u32>> = Rc::default();
    }
    let handler = async |_: Event| {
        let runs = RUNS.with(Rc::clone);
        actix_rt::task::yield_now().await;
        runs.set(runs.get() + 1);
        HttpResponse::Ok().finish()
    };
    let app =
        init_service(App::new().wrap(once(&catalog::GITHUB)).route("/", web::post().to(handler)));
    let app = app.await;
    for _ in 0..2 {
        assert_eq!(send(&app, signed(&catalog::GITHUB, "/", b"{}")).await.0, StatusCode::OK);
    }
    assert_eq!(RUNS.with(|it| it.get()), 1);
}

#[derive(Debug)]
struct Busy;

impl std::fmt::Display for Busy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("busy")
    }
}

impl ResponseError for Busy {
    fn status_code(&self) -> StatusCode {
        StatusCode::SERVICE_UNAVAILABLE
    }
}

#[actix_web::test]
async fn a_batch_that_half_failed_is_handled_to_its_end_and_no_more() {
    let runs = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&runs);
    let handler = move |event: Event| {
        let runs = Arc::clone(&counter);
        async move {
            for item in event.items()? {
                let json = String::from_utf8(item.json().to_vec()).unwrap();
                let run = runs.fetch_add(1, Ordering::SeqCst);
                let work = async {
                    if json.contains("hopeless") {
                        return Err(Error::from(Permanent("no such user")));
                    }
                    if json.contains("busy") && run == 2 {
                        return Err(Busy.into());
                    }
                    Ok(())
                };
                event.once(&item, work).await?;
            }
            Ok::<_, NotDone>(HttpResponse::Ok())
        }
    };
    let app =
        init_service(App::new().wrap(once(&catalog::LINE)).route("/", web::post().to(handler)));
    let app = app.await;
    let body = br#"{"events":[{"webhookEventId":"A"},{"webhookEventId":"hopeless"},{"webhookEventId":"busy"}]}"#;
    let send = async || send(&app, signed(&catalog::LINE, "/", body)).await.0;
    assert_eq!(send().await, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(send().await, StatusCode::OK);
    assert_eq!(send().await, StatusCode::OK);
    // Three were asked for, then three again; of those, work was done for the last alone.
    assert_eq!(runs.load(Ordering::SeqCst), 6);
}

#[actix_web::test]
async fn the_operator_finds_the_reason_in_the_extensions_and_the_sender_nothing() {
    let app = App::new().wrap(once(&catalog::GITHUB)).route("/", web::post().to(length));
    let app = init_service(app).await;
    let unsigned = TestRequest::post().uri("/").set_payload("{}").to_request();
    let refused = call_service(&app, unsigned).await;
    assert!(refused.response().extensions().get::<Rejection>().is_some());
    assert_eq!(refused.headers().len(), 0);

    for _ in 0..2 {
        let request = signed(&catalog::GITHUB, "/", b"{}").to_request();
        let response = call_service(&app, request).await;
        let declined = response.response().extensions().get::<Arc<Declined>>().cloned();
        assert_eq!(declined.is_some(), response.headers().contains_key("idempotent-replayed"));
    }
}

#[actix_web::test]
async fn an_error_of_inner_middleware_is_judged_as_the_response_that_it_becomes() {
    use actix_web::middleware::{Next, from_fn};

    let receiver = Receiver::new(verifier(&catalog::GITHUB), MemoryStore::new(100));
    let fails = async |request, next: Next<actix_web::body::BoxBody>| {
        let response: ServiceResponse = next.call(request).await?;
        let is_permanent = response.request().headers().contains_key("x-permanent");
        let error: Error =
            if is_permanent { Permanent("it is hopeless").into() } else { Busy.into() };
        drop(response);
        Err::<ServiceResponse, _>(error)
    };
    let app = App::new().service(
        web::resource("/")
            .wrap(from_fn(fails))
            .wrap(Verify::new(receiver.clone()))
            .route(web::post().to(async |_: Event| HttpResponse::Ok())),
    );
    let app = init_service(app).await;
    let busy = signed(&catalog::GITHUB, "/", b"1").to_request();
    let error = try_call_service(&app, busy).await.map(|it| it.status()).unwrap_err();
    assert_eq!(error.error_response().status(), StatusCode::SERVICE_UNAVAILABLE);
    let permanent = signed(&catalog::GITHUB, "/", b"2").insert_header(("x-permanent", "1"));
    let error = try_call_service(&app, permanent.to_request()).await.map(|it| it.status());
    assert_eq!(error.unwrap_err().error_response().status(), StatusCode::OK);
    let counts = receiver.counts();
    assert_eq!((counts.released, counts.completed), (1, 1));
}

#[test]
fn what_is_public_can_be_shared() {
    fn is_shared<T: Clone + Send + Sync>() {}
    is_shared::<Verify<MemoryStore>>();
    is_shared::<Handling>();
    is_shared::<Verified>();
}
