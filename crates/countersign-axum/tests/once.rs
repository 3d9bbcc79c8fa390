//! Handlers behind a layer with a store.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use countersign::{BatchError, KeySource, Receiver, Scheme, Secret, Timestamp, Verifier, catalog};
use countersign_axum::{Event, NotDone, Permanent, VerifyLayer};
use countersign_memory::MemoryStore;
use countersign_testing::Signer;
use tower::ServiceExt as _;

const SECRET: &str = "It's a Secret to Everybody";
const NOW: Timestamp = Timestamp::from_unix_seconds(1_790_000_000);

fn receiver(scheme: Scheme) -> Receiver<MemoryStore> {
    let verifier = Verifier::builder(scheme).secret(Secret::new(SECRET)).build().unwrap();
    Receiver::new(verifier, MemoryStore::new(100))
}

async fn send(app: &Router, scheme: &Scheme, body: &str) -> Response {
    let signed = Signer::new(scheme, SECRET).unwrap().sign("POST", "/", body.as_bytes()).unwrap();
    let mut request = Request::post("/");
    for (name, value) in &signed.headers {
        request = request.header(name, value);
    }
    app.clone().oneshot(request.body(Body::from(signed.body)).unwrap()).await.unwrap()
}

#[derive(Debug)]
struct Failed;

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        StatusCode::BAD_GATEWAY.into_response()
    }
}

/// An app that handles the items of a batch, and fails at those that are named, once each.
fn batches(scheme: Scheme, failing: &[&str]) -> (Router, Arc<Mutex<Vec<String>>>) {
    let failing: Arc<Mutex<Vec<String>>> =
        Arc::new(Mutex::new(failing.iter().map(ToString::to_string).collect()));
    let handled: Arc<Mutex<Vec<String>>> = Arc::default();
    let seen = Arc::clone(&handled);
    let handler = async move |event: Event| -> Result<(), NotDone> {
        for item in event.items()? {
            let json = String::from_utf8(item.json().to_vec()).unwrap();
            let work = async {
                let mut failing = failing.lock().unwrap();
                if let Some(at) = failing.iter().position(|it| json.contains(it)) {
                    failing.remove(at);
                    return Err(Failed);
                }
                seen.lock().unwrap().push(json);
                Ok(())
            };
            event.once(&item, work).await?;
        }
        Ok(())
    };
    let layer = VerifyLayer::new(receiver(scheme));
    (Router::new().route("/", post(handler)).route_layer(layer), handled)
}

#[tokio::test]
async fn a_batch_that_half_failed_is_handled_to_its_end_and_no_more() {
    let (app, handled) = batches(catalog::LINE, &["\"B\""]);
    let body =
        r#"{"events":[{"webhookEventId":"A"},{"webhookEventId":"B"},{"webhookEventId":"C"}]}"#;
    assert_eq!(send(&app, &catalog::LINE, body).await.status(), 502, "the answer of the failure");
    assert_eq!(handled.lock().unwrap().len(), 1);
    assert_eq!(send(&app, &catalog::LINE, body).await.status(), 200);
    let all =
        [r#"{"webhookEventId":"A"}"#, r#"{"webhookEventId":"B"}"#, r#"{"webhookEventId":"C"}"#];
    assert_eq!(*handled.lock().unwrap(), all);

    let again = send(&app, &catalog::LINE, body).await;
    assert!(again.headers().contains_key("idempotent-replayed"));
    // The sender may put its events together in another way.
    let regrouped = r#"{"events":[{"webhookEventId":"C"},{"webhookEventId":"D"}]}"#;
    assert_eq!(send(&app, &catalog::LINE, regrouped).await.status(), 200);
    assert_eq!(handled.lock().unwrap()[3..], [r#"{"webhookEventId":"D"}"#]);
}

#[tokio::test]
async fn an_item_that_fails_for_good_does_not_lose_those_behind_it() {
    let handled: Arc<Mutex<Vec<String>>> = Arc::default();
    let seen = Arc::clone(&handled);
    let handler = async move |event: Event| -> Result<(), NotDone> {
        for item in event.items()? {
            let json = String::from_utf8(item.json().to_vec()).unwrap();
            let work = async {
                seen.lock().unwrap().push(json.clone());
                if json.contains("hopeless") {
                    return Err(Permanent("no such customer").into_response());
                }
                // A failure that looks like success must not end the sender's retries.
                if json.contains("odd") {
                    return Err(StatusCode::ACCEPTED.into_response());
                }
                Ok(())
            };
            event.once(&item, work).await?;
        }
        Ok(())
    };
    let layer = VerifyLayer::new(receiver(catalog::LINE));
    let app = Router::new().route("/", post(handler)).route_layer(layer);
    let body = r#"{"events":[{"webhookEventId":"A"},{"webhookEventId":"hopeless"},{"webhookEventId":"C"}]}"#;
    assert_eq!(send(&app, &catalog::LINE, body).await.status(), 200);
    assert_eq!(handled.lock().unwrap().len(), 3);

    let odd = r#"{"events":[{"webhookEventId":"odd"},{"webhookEventId":"D"}]}"#;
    assert_eq!(send(&app, &catalog::LINE, odd).await.status(), 500);
    assert_eq!(handled.lock().unwrap().len(), 4);
    let again = r#"{"events":[{"webhookEventId":"hopeless"},{"webhookEventId":"D"}]}"#;
    assert_eq!(send(&app, &catalog::LINE, again).await.status(), 200);
    assert_eq!(handled.lock().unwrap()[4..], [r#"{"webhookEventId":"D"}"#]);
}

#[tokio::test]
async fn a_batch_that_is_not_done_is_released_whatever_its_status_completes() {
    let verifier = Verifier::builder(catalog::LINE).secret(Secret::new(SECRET)).build().unwrap();
    let receiver = Receiver::builder(verifier, MemoryStore::new(100))
        .completes_on(|status| status < 500)
        .build()
        .unwrap();
    let runs = Arc::new(Mutex::new(0));
    let counter = Arc::clone(&runs);
    let handler = async move |event: Event| -> Result<(), NotDone> {
        for item in event.items()? {
            let work = async {
                let mut runs = counter.lock().unwrap();
                *runs += 1;
                if *runs == 1 { Err(StatusCode::NOT_FOUND) } else { Ok(()) }
            };
            event.once(&item, work).await?;
        }
        Ok(())
    };
    let app = Router::new().route("/", post(handler)).route_layer(VerifyLayer::new(receiver));
    let body = r#"{"events":[{"webhookEventId":"A"},{"webhookEventId":"B"}]}"#;
    assert_eq!(send(&app, &catalog::LINE, body).await.status(), 404);
    assert_eq!(send(&app, &catalog::LINE, body).await.status(), 200);
    assert_eq!(*runs.lock().unwrap(), 3);
}

#[tokio::test]
async fn a_batch_in_flight_is_handled_to_its_end_while_the_receiver_is_drained() {
    let receiver = receiver(catalog::LINE);
    let draining = receiver.clone();
    let handler = async move |event: Event| -> Result<(), NotDone> {
        for item in event.items()? {
            let drained = draining.drain(std::future::ready(())).await;
            assert!(drained > 0, "this delivery is open");
            event.once(&item, async { Ok::<_, StatusCode>(()) }).await?;
        }
        Ok(())
    };
    let app = Router::new().route("/", post(handler)).route_layer(VerifyLayer::new(receiver));
    let body = r#"{"events":[{"webhookEventId":"A"},{"webhookEventId":"B"}]}"#;
    assert_eq!(send(&app, &catalog::LINE, body).await.status(), 200);
    let other = r#"{"events":[{"webhookEventId":"C"}]}"#;
    assert_eq!(send(&app, &catalog::LINE, other).await.status(), 503);
}

#[tokio::test]
async fn items_without_ids_are_told_apart_by_content_and_those_that_are_the_same_are_two() {
    let (app, handled) = batches(catalog::META, &["fails"]);
    let body = r#"{"entry":[{"a":1},{"a":1},{"fails":1}]}"#;
    let meta = &catalog::META;
    assert_eq!(send(&app, meta, body).await.status(), 502);
    assert_eq!(send(&app, meta, body).await.status(), 200);
    assert_eq!(*handled.lock().unwrap(), [r#"{"a":1}"#, r#"{"a":1}"#, r#"{"fails":1}"#]);
}

#[tokio::test]
async fn what_is_not_a_batch_has_no_items() {
    for (scheme, body, expected) in [
        (catalog::LINE, "{}", BatchError::NoItems),
        (catalog::LINE, "not JSON", BatchError::NoItems),
        (catalog::GITHUB, r#"{"events":[1]}"#, BatchError::NotABatch),
    ] {
        let found = Arc::new(Mutex::new(None));
        let seen = Arc::clone(&found);
        let handler = async move |event: Event| {
            *seen.lock().unwrap() = event.items().err();
        };
        let layer = VerifyLayer::new(receiver(scheme.clone()));
        let app = Router::new().route("/", post(handler)).route_layer(layer);
        assert_eq!(send(&app, &scheme, body).await.status(), 200);
        assert_eq!(*found.lock().unwrap(), Some(expected), "{body}");
    }
}

#[tokio::test]
async fn a_handler_sees_its_attempt_and_without_a_store_none() {
    let handler = async |event: Event| {
        let attempt = event.attempt().map(std::num::NonZeroU32::get);
        assert_eq!(event.first_seen().is_some(), attempt.is_some());
        assert_eq!(event.duplicate().is_some(), attempt == Some(2));
        match attempt {
            Some(1) => StatusCode::INTERNAL_SERVER_ERROR,
            Some(2) => StatusCode::OK,
            _ => {
                assert_eq!(event.items().unwrap_err(), BatchError::NoStore);
                StatusCode::NO_CONTENT
            }
        }
    };
    let receiver = receiver(catalog::GITHUB);
    let verify_only = VerifyLayer::new(receiver.verifier().clone());
    let app = Router::new().route("/", post(handler));
    let once = app.clone().route_layer(VerifyLayer::new(receiver));
    assert_eq!(send(&once, &catalog::GITHUB, "{}").await.status(), 500);
    assert_eq!(send(&once, &catalog::GITHUB, "{}").await.status(), 200);
    let always = app.route_layer(verify_only);
    assert_eq!(send(&always, &catalog::GITHUB, "{}").await.status(), 204);
    assert_eq!(send(&always, &catalog::GITHUB, "{}").await.status(), 204);
}

#[tokio::test]
async fn a_permanent_failure_is_answered_with_success_and_not_handled_again() {
    let runs = Arc::new(Mutex::new(0));
    let counter = Arc::clone(&runs);
    let handler = async move |_: Event| {
        *counter.lock().unwrap() += 1;
        Err::<(), _>(Permanent("no such customer"))
    };
    let receiver = receiver(catalog::SLACK);
    let verify_only = VerifyLayer::new(receiver.verifier().clone()).clock(|| NOW);
    let once = VerifyLayer::new(receiver).clock(|| NOW);
    let app = Router::new().route("/", post(handler.clone()));
    for (layered, expected) in
        [(app.clone().route_layer(once), 1), (app.route_layer(verify_only), 3)]
    {
        for _ in 0..2 {
            let signer = Signer::new(&catalog::SLACK, SECRET).unwrap().at(NOW);
            let signed = signer.sign("POST", "/", br#"{"event_id":"Ev1"}"#).unwrap();
            let mut request = Request::post("/");
            for (name, value) in &signed.headers {
                request = request.header(name, value);
            }
            let request = request.body(Body::from(signed.body)).unwrap();
            assert_eq!(layered.clone().oneshot(request).await.unwrap().status(), 200);
        }
        assert_eq!(*runs.lock().unwrap(), expected);
    }
}

#[test]
fn the_items_of_a_batch_are_named_by_their_ids_or_by_their_content() {
    let receiver = receiver(catalog::LINE);
    let claims = receiver.claims().unwrap();
    let body = br#"{"events":[{"webhookEventId":"A","type":"message"},{"type":"follow"},{"type":"follow"}]}"#;
    let signed = Signer::new(&catalog::LINE, SECRET).unwrap().sign("POST", "/", body).unwrap();
    let delivery = countersign::Delivery::new("POST", "/", &signed.headers, &signed.body);
    let now = Timestamp::from_unix_seconds(0);
    let proof = receiver.verifier().verify(&delivery, now).unwrap();
    let items = claims.items(&proof, &delivery).unwrap();
    let sources: Vec<_> = items.iter().map(|item| item.identity().source()).collect();
    assert_eq!(sources, [KeySource::ItemId, KeySource::ItemContent, KeySource::ItemContent]);
    assert_eq!(items[0].event_type(), Some("message"));
    assert_ne!(items[1].identity().key(), items[2].identity().key());
    assert_eq!(
        claims.items(&proof, &delivery).unwrap()[2].identity().key(),
        items[2].identity().key()
    );
}
