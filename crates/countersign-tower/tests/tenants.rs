//! Secrets that depend on who a delivery is for.
#![cfg(feature = "tokio")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use countersign::{
    Delivery, Receiver, Rejection, Secret, SecretSource, SourceError, Verified, Verifier, catalog,
};
use countersign_memory::MemoryStore;
use countersign_testing::Signer;
use countersign_tower::{VerifiedBody, VerifyLayer};
use http::{Request, Response};
use http_body_util::Full;
use tower::{Layer as _, ServiceExt as _, service_fn};

/// Tenants by the first segment of the path, as a table says, and what was asked.
#[derive(Clone, Default)]
struct Table {
    tenants: Arc<Mutex<HashMap<String, Vec<Verifier>>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl SecretSource for Table {
    fn hint(&self, delivery: &Delivery<'_>) -> Option<String> {
        Some(delivery.head().path_and_query().trim_start_matches('/').to_owned())
    }

    async fn verifiers(&self, hint: &str) -> Result<Vec<Verifier>, SourceError> {
        self.asked.lock().unwrap().push(hint.to_owned());
        match hint {
            "down" => Err(SourceError::because("connection refused")),
            "hangs" => std::future::pending().await,
            _ => Ok(self.tenants.lock().unwrap().get(hint).cloned().unwrap_or_default()),
        }
    }
}

impl Table {
    fn set(&self, hint: &str, tenants: &[(&'static str, &'static str)]) {
        let verifier = |(tenant, secret): &(&'static str, &'static str)| {
            let builder = Verifier::builder(catalog::GITHUB).tenant(*tenant);
            builder.secret(Secret::new(*secret)).build().unwrap()
        };
        let verifiers = tenants.iter().map(verifier).collect();
        self.tenants.lock().unwrap().insert(hint.to_owned(), verifiers);
    }
}

/// Sends a request to a path, signed with a secret.
async fn send(layer: &VerifyLayer<MemoryStore>, path: &str, secret: &str) -> Response<Full<Bytes>> {
    let handler = service_fn(async |request: Request<VerifiedBody>| {
        let proof = request.extensions().get::<Verified>().unwrap();
        let tenant = proof.tenant().unwrap_or_default().to_owned();
        let response = Response::builder().header("x-tenant", tenant);
        Ok::<_, Infallible>(response.body(Full::<Bytes>::default()).unwrap())
    });
    let signer = Signer::new(&catalog::GITHUB, secret).unwrap();
    let signed = signer.sign("POST", path, br#"{"id":1}"#).unwrap();
    let mut request = Request::post(path);
    for (name, value) in &signed.headers {
        request = request.header(name, value);
    }
    let request = request.body(Full::<Bytes>::from(signed.body)).unwrap();
    layer.layer(handler).oneshot(request).await.unwrap()
}

fn layer(table: &Table) -> (VerifyLayer<MemoryStore>, Receiver<MemoryStore>) {
    let verifier = Verifier::builder(catalog::GITHUB).build_without_secret().unwrap();
    let receiver = Receiver::new(verifier, MemoryStore::new(100));
    (VerifyLayer::new(receiver.clone()).secret_source(table.clone()), receiver)
}

const A: &str = "the secret of tenant A";
const B: &str = "the secret of tenant B";

#[tokio::test(start_paused = true)]
async fn each_tenant_has_its_own_secret_and_its_own_events() {
    let table = Table::default();
    table.set("a", &[("A", A)]);
    table.set("b", &[("B", B)]);
    let (layer, receiver) = layer(&table);
    for (path, secret, tenant) in [("/a", A, "A"), ("/b", B, "B")] {
        let response = send(&layer, path, secret).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["x-tenant"], tenant);
        // The same delivery again is a duplicate, of this tenant.
        assert!(send(&layer, path, secret).await.headers().contains_key("idempotent-replayed"));
    }
    assert_eq!(receiver.counts().claimed, 2);
    let wrong = send(&layer, "/a", B).await;
    assert_eq!(
        (wrong.status(), wrong.extensions().get()),
        (401.try_into().unwrap(), Some(&Rejection::BadSignature))
    );
}

#[tokio::test(start_paused = true)]
async fn a_tenant_that_is_unknown_is_refused_as_a_forgery_is() {
    let (layer, receiver) = layer(&Table::default());
    let unknown = send(&layer, "/a", A).await;
    assert_eq!(unknown.status(), 401);
    assert!(unknown.headers().is_empty());
    assert_eq!(unknown.extensions().get(), Some(&Rejection::UnknownTenant));
    assert_eq!(receiver.counts().claimed, 0);
}

#[tokio::test(start_paused = true)]
async fn the_key_that_is_no_ones_signs_nothing() {
    // An HMAC with an empty key is one with a key of zeros.
    let (layer, _) = layer(&Table::default());
    assert_eq!(send(&layer, "/a", "").await.status(), 401);
    let alone = Verifier::builder(catalog::GITHUB).build_without_secret().unwrap();
    let alone = VerifyLayer::new(Receiver::new(alone, MemoryStore::new(1)));
    assert_eq!(send(&alone, "/a", "").await.status(), 401);
}

#[tokio::test(start_paused = true)]
async fn a_source_that_fails_or_hangs_is_not_the_senders_fault() {
    let (layer, receiver) = layer(&Table::default());
    for path in ["/down", "/hangs"] {
        let started = tokio::time::Instant::now();
        let response = send(&layer, path, A).await;
        assert_eq!(response.status(), 503, "{path}");
        assert_eq!(response.headers()["retry-after"], "5");
        assert!(started.elapsed() <= Duration::from_secs(1));
    }
    assert_eq!(receiver.counts().claimed, 0);
}

#[tokio::test(start_paused = true)]
async fn a_tenant_without_a_name_is_an_error_where_events_are_remembered() {
    let table = Table::default();
    let nameless = Verifier::builder(catalog::GITHUB).secret(Secret::new(A)).build().unwrap();
    table.tenants.lock().unwrap().insert("a".to_owned(), vec![nameless]);
    let (layer, receiver) = layer(&table);
    assert_eq!(send(&layer, "/a", A).await.status(), 503);
    assert_eq!(receiver.counts().claimed, 0);
}

#[tokio::test(start_paused = true)]
async fn secrets_change_while_the_program_runs() {
    let table = Table::default();
    let (layer, _) = layer(&table);
    table.set("a", &[("A", A)]);
    assert_eq!(send(&layer, "/a", A).await.status(), 200);
    table.set("a", &[("A", B)]);
    assert_eq!(send(&layer, "/a", A).await.status(), 401);
    assert_eq!(send(&layer, "/a", B).await.status(), 200);
}

#[tokio::test(start_paused = true)]
async fn few_tenants_are_tried_and_long_hints_are_not_looked_up() {
    let table = Table::default();
    let (layer, _) = layer(&table);
    let others = [("1", "secret 1"), ("2", "secret 2"), ("3", "secret 3")];
    table.set("a", &[&others[..], &[("A", A)]].concat());
    let fourth = send(&layer, "/a", A).await;
    assert_eq!(
        (fourth.status().as_u16(), &fourth.headers()["x-tenant"]),
        (200, &"A".parse().unwrap())
    );
    table.set("a", &[&others[..], &[("4", "secret 4"), ("A", A)]].concat());
    assert_eq!(send(&layer, "/a", A).await.status(), 401);

    table.asked.lock().unwrap().clear();
    assert_eq!(send(&layer, &format!("/{}", "a".repeat(257)), A).await.status(), 401);
    assert!(table.asked.lock().unwrap().is_empty());
    assert_eq!(send(&layer, &format!("/{}", "a".repeat(256)), A).await.status(), 401);
    assert_eq!(table.asked.lock().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_has_no_signature_is_not_looked_up() {
    let table = Table::default();
    let (layer, _) = layer(&table);
    let handler = service_fn(async |_: Request<VerifiedBody>| {
        Ok::<_, Infallible>(Response::<Full<Bytes>>::default())
    });
    let request = Request::post("/a").body(Full::<Bytes>::from("{}")).unwrap();
    assert_eq!(layer.layer(handler).oneshot(request).await.unwrap().status(), 401);
    assert!(table.asked.lock().unwrap().is_empty());
}

#[test]
fn a_secret_has_no_place_in_a_verifier_without() {
    use countersign::ConfigError;

    let with = Verifier::builder(catalog::GITHUB).secret(Secret::new(A)).build_without_secret();
    assert_eq!(with.unwrap_err(), ConfigError::TooManySecrets { most: 0 });
    let key_id = Verifier::builder(catalog::GITHUB).key_id("1").build_without_secret();
    assert_eq!(key_id.unwrap_err(), ConfigError::UnusedKeyId);
}
