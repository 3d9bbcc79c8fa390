//! Five senders in one axum application: a route and a secret each, one store, one handler.

use std::env::{self, VarError};
use std::error::Error;

use axum::Router;
use axum::routing::post;
use countersign::{Receiver, Scheme, Secret, Verifier, catalog};
use countersign_axum::{Event, VerifyLayer};
use countersign_memory::MemoryStore;
use serde::Deserialize;
use tokio::net::TcpListener;

/// The senders, and the variables that hold their secrets.
const SENDERS: [(Scheme, &str); 5] = [
    (catalog::GITHUB, "GITHUB_WEBHOOK_SECRET"),
    (catalog::STRIPE, "STRIPE_WEBHOOK_SECRET"),
    (catalog::SLACK, "SLACK_SIGNING_SECRET"),
    (catalog::SHOPIFY, "SHOPIFY_CLIENT_SECRET"),
    (catalog::STANDARD_WEBHOOKS, "WEBHOOK_SECRET"),
];

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init();
    let app = app(|variable| env::var(variable))?;
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!("listening on http://{}/hooks/{{sender}}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

fn app(secret: impl Fn(&str) -> Result<String, VarError>) -> Result<Router, Box<dyn Error>> {
    let store = MemoryStore::new(100_000);
    let mut app = Router::new();
    for (scheme, variable) in SENDERS {
        let secret = secret(variable).map_err(|error| format!("{variable}: {error}"))?;
        let path = format!("/hooks/{}", scheme.id);
        // What one sender delivered is never a duplicate of what another did. The name of the
        // endpoint would keep a second route of the same sender apart, too.
        let endpoint = scheme.id.clone();
        let verifier = Verifier::builder(scheme).secret(Secret::new(secret)).build()?;
        let receiver = Receiver::builder(verifier, store.clone()).endpoint(endpoint).build()?;
        // Slack acts on the answer, so a duplicate must get the same.
        let verify = VerifyLayer::new(receiver).keep_bodies();
        app = app.route(&path, post(on_event).layer(verify));
    }
    Ok(app)
}

/// The answer is 200 and not 204, which Slack and Shopify would not take for success.
async fn on_event(event: Event) -> String {
    println!("{}: {}", event.sender(), event.event_type().unwrap_or_default());
    match event.sender() {
        "slack" => challenge(event.payload()).unwrap_or_default(),
        _ => String::new(),
    }
}

/// What Slack wants to hear from a new endpoint.
fn challenge(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Question {
        challenge: String,
    }
    let question: Question = serde_json::from_slice(body).ok()?;
    Some(question.challenge)
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use axum::body::{Body, to_bytes};
    use axum::http::{Request, Response, StatusCode};
    use countersign_testing::Signer;
    use tower::ServiceExt as _;

    use super::*;

    fn secret(variable: &str) -> Result<String, VarError> {
        Ok(match variable {
            "WEBHOOK_SECRET" => "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned(),
            _ => format!("an example of a {variable}"),
        })
    }

    async fn deliver(app: &Router, from: &(Scheme, &str), to: &str, body: &str) -> Response<Body> {
        let (scheme, variable) = from;
        let signer = Signer::new(scheme, &secret(variable).unwrap()).unwrap();
        let signer = signer.at(SystemTime::now().into());
        let path = format!("/hooks/{to}");
        let signed = signer.sign("POST", &path, body.as_bytes()).unwrap();
        let mut request = Request::post(path);
        for (name, value) in &signed.headers {
            request = request.header(name, value);
        }
        app.clone().oneshot(request.body(Body::from(signed.body)).unwrap()).await.unwrap()
    }

    #[tokio::test]
    async fn each_sender_is_known_at_its_own_route_only_and_its_duplicates_are_its_own() {
        let app = app(secret).unwrap();
        for from in &SENDERS {
            for (to, _) in &SENDERS {
                let answer = deliver(&app, from, &to.id, r#"{"id":"1","type":"ping"}"#).await;
                let expected =
                    if from.0.id == to.id { StatusCode::OK } else { StatusCode::UNAUTHORIZED };
                assert_eq!(answer.status(), expected, "from {} to {}", from.0.id, to.id);
                assert!(!answer.headers().contains_key("idempotent-replayed"));
            }
            let again = deliver(&app, from, &from.0.id, r#"{"id":"1","type":"ping"}"#).await;
            assert!(again.headers().contains_key("idempotent-replayed"), "{}", from.0.id);
        }
    }

    #[tokio::test]
    async fn slack_hears_its_challenge_as_often_as_it_asks() {
        let app = app(secret).unwrap();
        let slack = (catalog::SLACK, "SLACK_SIGNING_SECRET");
        for _ in 0..2 {
            let question = r#"{"type":"url_verification","challenge":"3eZbrw1aB"}"#;
            let answer = deliver(&app, &slack, "slack", question).await;
            assert_eq!(to_bytes(answer.into_body(), 100).await.unwrap(), "3eZbrw1aB");
        }
    }
}
