//! What the layer tells the operator, and what it does not.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::convert::Infallible;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use countersign::{Secret, Verifier, catalog};
use countersign_tower::{VerifiedBody, VerifyLayer};
use http::{Request, Response};
use http_body_util::Full;
use tower::{Layer as _, ServiceExt as _, service_fn};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

const SECRET: &str = "It's a Secret to Everybody";
const TAG: &str = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

/// Keeps the events of a test as lines.
#[derive(Clone, Default)]
struct Lines {
    lines: Arc<Mutex<Vec<String>>>,
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.push_str(&format!(" {field}={value:?}"));
    }
}

impl Subscriber for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "countersign" && *metadata.level() <= Level::DEBUG
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(event.metadata().level().to_string());
        event.record(&mut line);
        self.lines.lock().unwrap().push(line.0);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// Runs `test` and returns what was logged meanwhile.
fn logged(test: impl FnOnce()) -> Vec<String> {
    let lines = Lines::default();
    tracing::subscriber::with_default(lines.clone(), test);
    let lines = lines.lines.lock().unwrap();
    lines.clone()
}

fn layer(secret: &str) -> VerifyLayer {
    let secret = Secret::new(secret).label("2026-11");
    VerifyLayer::new(Verifier::builder(catalog::GITHUB).secret(secret).build().unwrap())
}

/// Sends a request that GitHub signed for the body "Hello, World!".
fn send(layer: &VerifyLayer, body: &'static str) -> u16 {
    let inner = service_fn(async |_: Request<VerifiedBody>| {
        Ok::<_, Infallible>(Response::<Full<Bytes>>::default())
    });
    let request = Request::post("/hooks/github?token=hunter2")
        .header("x-hub-signature-256", format!("sha256={TAG}"))
        .body(Full::new(Bytes::from(body)))
        .unwrap();
    let mut future = std::pin::pin!(layer.layer(inner).oneshot(request));
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => answer.unwrap().status().as_u16(),
        Poll::Pending => unreachable!("everything is in memory"),
    }
}

#[test]
fn an_acceptance_is_one_event_that_names_the_secret_by_its_label() {
    let lines = logged(|| assert_eq!(send(&layer(SECRET), "Hello, World!"), 200));
    let expected =
        r#"DEBUG message=verified webhook.provider="github" webhook.secret.label="2026-11""#;
    assert_eq!(lines, [expected]);
}

#[test]
fn a_refusal_is_one_event_that_says_why() {
    let lines = logged(|| assert_eq!(send(&layer(SECRET), "Hello, World?"), 401));
    let expected = concat!(
        r#"WARN message=refused webhook.provider="github" webhook.reason="signature.mismatch" "#,
        "webhook.detail=no configured secret produced the signature",
    );
    assert_eq!(lines, [expected]);
}

#[test]
fn nothing_that_was_sent_and_no_secret_is_logged() {
    let lines = logged(|| {
        let layer = layer(SECRET);
        send(&layer, "Hello, World!");
        send(&layer, "Hello, World?");
    });
    assert_eq!(lines.len(), 2);
    for private in ["Hello", TAG, SECRET, "hunter2", "/hooks"] {
        assert!(!lines.concat().contains(private), "{private} in {lines:?}");
    }
}

#[test]
fn a_warning_is_logged_when_the_layer_is_made_and_not_again() {
    let lines = logged(|| {
        let layer = layer("short");
        send(&layer, "");
        send(&layer, "");
    });
    let warnings: Vec<_> = lines.iter().filter(|line| line.contains("2026-11")).collect();
    assert_eq!(warnings.len(), 1, "{lines:?}");
    assert!(warnings.iter().all(|it| it.starts_with("WARN") && it.contains("only 5 bytes")));
    assert!(!lines.concat().contains("short"), "{lines:?}");
}
