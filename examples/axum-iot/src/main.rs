//! Telemetry of devices that sign by a scheme of their own, in an axum application.

use std::env;
use std::error::Error;
use std::time::Duration;

use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use countersign::{Receiver, Scheme, Secret, Verifier};
use countersign_axum::{Event, VerifyLayer};
use countersign_memory::MemoryStore;
use serde::Deserialize;
use tokio::net::TcpListener;

const SCHEME: &str = include_str!("../device.toml");

#[derive(Debug, Deserialize)]
struct Reading {
    sequence: u64,
    celsius: f64,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init();
    let app = app(env::var("DEVICE_SECRET")?)?;
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!("listening on http://{}/telemetry", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

fn app(secret: String) -> Result<Router, Box<dyn Error>> {
    let scheme: Scheme = toml::from_str(SCHEME)?;
    let device = Verifier::builder(scheme).secret(Secret::new(secret)).build()?;
    // Readings are many, and none is retried for longer than an hour, so the store may forget them
    // soon. A retention too short for that would be refused here.
    let receiver = Receiver::builder(device, MemoryStore::new(1_000_000))
        .retention(Duration::from_secs(2 * 3600))
        .build()?;
    Ok(Router::new().route("/telemetry", post(on_reading)).route_layer(VerifyLayer::new(receiver)))
}

async fn on_reading(event: Event<Json<Reading>>) -> StatusCode {
    // The header is signed, so the device is who it says it is.
    let device = event.headers().get("x-device-id").and_then(|it| it.to_str().ok());
    let reading = event.payload();
    println!("{} #{}: {} °C", device.unwrap_or_default(), reading.sequence, reading.celsius);
    StatusCode::NO_CONTENT
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use axum::body::Body;
    use axum::http::{HeaderValue, Request, Response};
    use countersign_testing::Signer;
    use tower::ServiceExt as _;

    use super::*;

    const SECRET: &str = "5f9c2d7e8b1a4c3d6e0f9a8b7c6d5e4f";
    const BODY: &str = r#"{"sequence":42,"celsius":21.5}"#;

    fn reading(device: &str, age: u64) -> Request<Body> {
        let scheme: Scheme = toml::from_str(SCHEME).unwrap();
        let signed_at = SystemTime::now() - Duration::from_secs(age);
        let signer = Signer::new(&scheme, SECRET).unwrap().at(signed_at.into());
        let further = [("X-Device-Id", device), ("Content-Type", "application/json")];
        let signed = signer.sign_with("POST", "/telemetry", BODY.as_bytes(), &further).unwrap();
        let mut request = Request::post("/telemetry");
        for (name, value) in &signed.headers {
            request = request.header(name, value);
        }
        request.body(Body::from(signed.body)).unwrap()
    }

    async fn deliver(app: &Router, reading: Request<Body>) -> Response<Body> {
        app.clone().oneshot(reading).await.unwrap()
    }

    #[tokio::test]
    async fn a_fresh_reading_is_accepted_and_a_stale_one_is_not() {
        let app = app(SECRET.to_owned()).unwrap();
        assert_eq!(deliver(&app, reading("kitchen", 90)).await.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(deliver(&app, reading("kitchen", 30)).await.status(), StatusCode::NO_CONTENT);
    }

    #[tokio::test]
    async fn a_reading_cannot_be_passed_off_as_that_of_another_device() {
        let app = app(SECRET.to_owned()).unwrap();
        let mut forged = reading("kitchen", 0);
        forged.headers_mut().insert("x-device-id", HeaderValue::from_static("cellar"));
        assert_eq!(deliver(&app, forged).await.status(), StatusCode::UNAUTHORIZED);
        let mut nameless = reading("kitchen", 0);
        nameless.headers_mut().remove("x-device-id");
        assert_eq!(deliver(&app, nameless).await.status(), StatusCode::UNAUTHORIZED);
    }

    #[tokio::test]
    async fn a_retry_is_a_duplicate_and_the_same_number_of_another_device_is_not() {
        let app = app(SECRET.to_owned()).unwrap();
        let is_duplicate = async |device, age| {
            let answer = deliver(&app, reading(device, age)).await;
            assert_eq!(answer.status(), StatusCode::NO_CONTENT);
            answer.headers().contains_key("idempotent-replayed")
        };
        assert!(!is_duplicate("kitchen", 10).await);
        assert!(is_duplicate("kitchen", 0).await);
        assert!(!is_duplicate("cellar", 0).await);
    }
}
