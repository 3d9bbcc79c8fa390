//! Standard Webhooks in an axum application: a typed payload, and a secret being rotated.

use std::env;
use std::error::Error;

use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use countersign::{ConfigError, Secret, Verifier, catalog};
use countersign_axum::{Event, VerifyLayer};
use serde::Deserialize;
use tokio::net::TcpListener;

#[derive(Debug, Deserialize)]
struct Payload {
    r#type: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init();
    let previous = env::var("WEBHOOK_SECRET_PREVIOUS").ok();
    let app = app(env::var("WEBHOOK_SECRET")?, previous)?;
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!("listening on http://{}/hooks", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

fn app(current: String, previous: Option<String>) -> Result<Router, ConfigError> {
    let mut builder =
        Verifier::builder(catalog::STANDARD_WEBHOOKS).secret(Secret::new(current).label("current"));
    if let Some(previous) = previous {
        builder = builder.secret(Secret::new(previous).label("previous"));
    }
    let verify = VerifyLayer::new(builder.build()?).body_limit(64 * 1024);
    Ok(Router::new().route("/hooks", post(on_event)).route_layer(verify))
}

/// A payload that is not the expected JSON is answered with 400 or 422, never with 401.
async fn on_event(event: Event<Json<Payload>>) -> StatusCode {
    // This id is signed and the same in every retry, so it may tell duplicates.
    let id = event.delivery_id().unwrap_or_default();
    println!("{id}: {} (signed by {})", event.payload().r#type, event.secret());
    StatusCode::OK
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use axum::body::Body;
    use axum::http::Request;
    use countersign_testing::Signer;
    use tower::ServiceExt as _;

    use super::*;

    const CURRENT: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const PREVIOUS: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

    async fn deliver(signed_with: &str, body: &str) -> StatusCode {
        let signer = Signer::new(&catalog::STANDARD_WEBHOOKS, signed_with).unwrap();
        let signed = signer.at(SystemTime::now().into());
        let signed = signed.sign("POST", "/hooks", body.as_bytes()).unwrap();
        let mut request = Request::post("/hooks").header("content-type", "application/json");
        for (name, value) in &signed.headers {
            request = request.header(name, value);
        }
        let request = request.body(Body::from(signed.body)).unwrap();
        let app = app(CURRENT.to_owned(), Some(PREVIOUS.to_owned())).unwrap();
        app.oneshot(request).await.unwrap().status()
    }

    #[tokio::test]
    async fn both_secrets_of_a_rotation_are_accepted() {
        let body = r#"{"type":"invoice.paid"}"#;
        assert_eq!(deliver(CURRENT, body).await, StatusCode::OK);
        assert_eq!(deliver(PREVIOUS, body).await, StatusCode::OK);
        let other = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        assert_eq!(deliver(other, body).await, StatusCode::UNAUTHORIZED);
    }

    #[tokio::test]
    async fn a_payload_of_another_shape_is_no_authentication_failure() {
        assert_eq!(deliver(CURRENT, "{").await, StatusCode::BAD_REQUEST);
        assert_eq!(deliver(CURRENT, "{}").await, StatusCode::UNPROCESSABLE_ENTITY);
    }
}
