//! The extractors in a real router, by `oneshot`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::FromRequestParts as _;
use axum::http::{Request, Response, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use countersign::{Rejection, Scheme, Secret, Timestamp, Verifier, catalog};
use countersign_axum::{Event, EventRejection, Proof, VerifyLayer};
use countersign_testing::Signer;
use http_body::Frame;
use serde::Deserialize;
use tower::ServiceExt as _;

const SECRET: &str = "a secret that has sixteen bytes";
const NOW: Timestamp = Timestamp::from_unix_seconds(1_790_000_000);

fn layer(scheme: Scheme) -> VerifyLayer {
    let verifier = Verifier::builder(scheme).secret(Secret::new(SECRET)).build().unwrap();
    VerifyLayer::new(verifier).clock(|| NOW)
}

fn signed(scheme: &Scheme, path: &str, body: &[u8]) -> Request<Body> {
    let signer = Signer::new(scheme, SECRET).unwrap().at(NOW).delivery_id("d-1").event_type("push");
    let signed = signer.sign("POST", path, body).unwrap();
    let mut request = Request::post(path).header("content-type", "application/json");
    for (name, value) in &signed.headers {
        request = request.header(name, value);
    }
    request.body(Body::from(signed.body)).unwrap()
}

async fn text(response: Response<Body>) -> (u16, String) {
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

async fn describe(event: Event) -> String {
    format!(
        "{} {:?} {:?} {} {:?} {}",
        event.sender(),
        event.delivery_id().as_deref(),
        event.event_type().as_deref(),
        event.delivery_id_is_signed(),
        event.signed_at().map(Timestamp::as_unix_seconds),
        event.payload().len(),
    )
}

#[tokio::test]
async fn two_senders_share_a_router() {
    let app = Router::new()
        .route("/github", post(describe).route_layer(layer(catalog::GITHUB)))
        .route("/stripe", post(describe).route_layer(layer(catalog::STRIPE)));
    let github = app.clone().oneshot(signed(&catalog::GITHUB, "/github", b"{}")).await.unwrap();
    let expected = r#"github Some("d-1") Some("push") false None 2"#;
    assert_eq!(text(github).await, (200, expected.to_owned()));
    let body = br#"{"id":"evt_1","type":"invoice.paid"}"#;
    let stripe = app.clone().oneshot(signed(&catalog::STRIPE, "/stripe", body)).await.unwrap();
    let expected = r#"stripe Some("evt_1") Some("invoice.paid") true Some(1790000000) 36"#;
    assert_eq!(text(stripe).await, (200, expected.to_owned()));
    let crossed = app.oneshot(signed(&catalog::GITHUB, "/stripe", b"{}")).await.unwrap();
    assert_eq!(text(crossed).await, (401, String::new()));
}

#[tokio::test]
async fn an_unsigned_request_does_not_reach_the_handler() {
    let app = Router::new().route("/", post(describe)).layer(layer(catalog::GITHUB));
    let request = Request::post("/").body(Body::from("{}")).unwrap();
    let refused = app.oneshot(request).await.unwrap();
    assert!(refused.extensions().get::<Rejection>().is_some());
    assert_eq!(text(refused).await, (401, String::new()));
}

#[tokio::test]
async fn a_forgotten_layer_is_an_error_of_the_server() {
    let calls = Arc::new(AtomicUsize::new(0));
    let count = |calls: &Arc<AtomicUsize>| {
        let calls = Arc::clone(calls);
        move || {
            calls.fetch_add(1, Ordering::SeqCst);
        }
    };
    let (by_event, by_proof) = (count(&calls), count(&calls));
    let app = Router::new()
        .route("/event", post(|_: Event| async move { by_event() }))
        .route("/proof", post(|_: Proof| async move { by_proof() }));
    for path in ["/event", "/proof"] {
        let answer = app.clone().oneshot(signed(&catalog::GITHUB, path, b"{}")).await.unwrap();
        assert_eq!(text(answer).await, (500, String::new()));
    }
    assert_eq!(calls.load(Ordering::SeqCst), 0);
}

#[derive(Deserialize)]
struct Payload {
    action: String,
}

#[tokio::test]
async fn a_payload_that_cannot_be_parsed_is_no_authentication_failure() {
    let app = Router::new()
        .route(
            "/",
            post(|event: Event<Json<Payload>>| async move { event.payload().action.clone() }),
        )
        .route_layer(layer(catalog::GITHUB));
    let answer = async |body: &[u8]| {
        text(app.clone().oneshot(signed(&catalog::GITHUB, "/", body)).await.unwrap()).await
    };
    assert_eq!(answer(br#"{"action":"opened"}"#).await, (200, "opened".to_owned()));
    assert_eq!(answer(b"{").await.0, 400);
    assert_eq!(answer(b"{}").await.0, 422);
    let mut form = signed(&catalog::GITHUB, "/", b"{}");
    form.headers_mut().remove("content-type");
    assert_eq!(text(app.oneshot(form).await.unwrap()).await.0, 415);
}

#[tokio::test]
async fn a_handler_may_take_the_failure_itself() {
    let handler = |event: Result<Event<Json<Payload>>, EventRejection<_>>| async move {
        match event {
            Ok(_) => "parsed",
            Err(EventRejection::Payload(_)) => "authentic, but of another shape",
            Err(_) => "not verified",
        }
    };
    let app = Router::new().route("/", post(handler)).route_layer(layer(catalog::GITHUB));
    let answer = app.oneshot(signed(&catalog::GITHUB, "/", b"{}")).await.unwrap();
    assert_eq!(text(answer).await.1, "authentic, but of another shape");
}

#[tokio::test]
async fn the_proof_leaves_the_body_to_others() {
    let handler = |Proof(proof): Proof, body: Bytes| async move {
        format!("{} {}", proof.sender(), body.len())
    };
    let app = Router::new().route("/", post(handler)).route_layer(layer(catalog::GITHUB));
    let answer = app.oneshot(signed(&catalog::GITHUB, "/", b"{}")).await.unwrap();
    assert_eq!(text(answer).await.1, "github 2");
}

#[tokio::test]
async fn unknown_paths_stay_unknown() {
    let app = Router::new().route("/", post(describe)).route_layer(layer(catalog::GITHUB));
    let request = Request::post("/elsewhere").body(Body::empty()).unwrap();
    assert_eq!(app.oneshot(request).await.unwrap().status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_body_that_the_layer_let_through_is_not_limited_again() {
    let five_mebibytes = vec![b' '; 5 << 20];
    let app = Router::new()
        .route("/bytes", post(|event: Event| async move { event.payload().len().to_string() }))
        .route(
            "/json",
            post(|event: Event<Json<Payload>>| async move { event.body().len().to_string() }),
        )
        .route_layer(layer(catalog::GITHUB).body_limit(8 << 20));
    let request = signed(&catalog::GITHUB, "/bytes", &five_mebibytes);
    assert_eq!(text(app.clone().oneshot(request).await.unwrap()).await.1, "5242880");
    let mut json = five_mebibytes;
    json.extend_from_slice(br#"{"action":"opened"}"#);
    let request = signed(&catalog::GITHUB, "/json", &json);
    assert_eq!(text(app.oneshot(request).await.unwrap()).await.1, "5242899");
}

#[tokio::test]
async fn a_body_that_another_layer_cut_into_frames_is_put_together() {
    for (frames, expected) in [(&["a", "", "bc"][..], "abc"), (&[], ""), (&["abc"], "abc")] {
        let cut = move |request: Request<Body>| {
            let left = frames.iter().map(|frame| Bytes::from_static(frame.as_bytes()));
            request.map(|_| Body::new(Frames(left.collect())))
        };
        let echo = |event: Event| async move { event.into_payload() };
        let app = Router::new()
            .route("/", post(echo).route_layer(tower::util::MapRequestLayer::new(cut)))
            .route_layer(layer(catalog::GITHUB));
        let answer = app.oneshot(signed(&catalog::GITHUB, "/", b"{}")).await.unwrap();
        assert_eq!(text(answer).await, (200, expected.to_owned()));
    }
}

/// A body of these frames that does not tell its length.
struct Frames(VecDeque<Bytes>);

impl http_body::Body for Frames {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Poll::Ready(self.0.pop_front().map(|frame| Ok(Frame::data(frame))))
    }
}

#[tokio::test]
async fn a_layer_around_the_router_passes_what_is_signed_and_refuses_what_is_forged() {
    let app = Router::new().route("/", post(describe)).layer(layer(catalog::GITHUB));
    let genuine = app.clone().oneshot(signed(&catalog::GITHUB, "/", b"{}")).await.unwrap();
    assert_eq!(text(genuine).await.0, 200);
    let forged = signed(&catalog::GITHUB, "/", b"{}").map(|_| Body::from("[]"));
    let refused = app.oneshot(forged).await.unwrap();
    assert_eq!(refused.extensions().get(), Some(&Rejection::BadSignature));
    assert_eq!(text(refused).await, (401, String::new()));
}

#[tokio::test]
async fn a_sender_that_signs_the_path_needs_the_layer_around_the_nest() {
    let inside = Router::new().route("/x", post(describe));
    let around = Router::new().nest("/hooks", inside.clone()).layer(layer(catalog::CONTENTFUL));
    let within = Router::new().nest("/hooks", inside.route_layer(layer(catalog::CONTENTFUL)));
    let request = || signed(&catalog::CONTENTFUL, "/hooks/x", b"{}");
    assert_eq!(around.oneshot(request()).await.unwrap().status(), 200);
    let refused = within.oneshot(request()).await.unwrap();
    assert_eq!(refused.extensions().get(), Some(&Rejection::BadSignature));
}

#[tokio::test]
async fn the_limit_of_axum_still_holds_beside_a_bare_proof() {
    let handler = |_: Proof, body: Bytes| async move { body.len().to_string() };
    let three_mebibytes = vec![b' '; 3 << 20];
    let app = Router::new()
        .route("/", post(handler))
        .route_layer(layer(catalog::GITHUB).body_limit(8 << 20));
    let answer = app.oneshot(signed(&catalog::GITHUB, "/", &three_mebibytes)).await.unwrap();
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[test]
fn the_error_says_what_was_forgotten() {
    let request = Request::post("/").body(Body::empty()).unwrap();
    let (mut parts, _) = request.into_parts();
    let extracted = Proof::from_request_parts(&mut parts, &());
    let mut extracted = std::pin::pin!(extracted);
    let mut context = Context::from_waker(std::task::Waker::noop());
    let Poll::Ready(Err(error)) = extracted.as_mut().poll(&mut context) else { panic!("refused") };
    let expected = "no verified delivery in the request: add VerifyLayer to this route";
    assert_eq!(error.to_string(), expected);
}
