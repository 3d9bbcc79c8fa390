//! Stripe's webhooks in an axum application: failures that a retry mends and failures that it does
//! not, and a shutdown that lets handlers end.

use std::env;
use std::error::Error;
use std::time::Duration;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use countersign::{ConfigError, Receiver, Secret, Verifier, catalog};
use countersign_axum::{Event, Permanent, VerifyLayer};
use countersign_memory::MemoryStore;
use serde::Deserialize;
use tokio::net::TcpListener;

#[derive(Debug, Deserialize)]
struct Payload {
    r#type: String,
    customer: Option<String>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init();
    let receiver = receiver(env::var("STRIPE_WEBHOOK_SECRET")?)?;
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!("listening on http://{}/hooks/stripe", listener.local_addr()?);
    axum::serve(listener, app(receiver.clone()))
        .with_graceful_shutdown(async { _ = tokio::signal::ctrl_c().await })
        .await?;
    // Handlers whose clients have hung up are still at work.
    let open = receiver.drain(tokio::time::sleep(Duration::from_secs(10))).await;
    println!("{open} events were not handled to their end");
    Ok(())
}

fn receiver(secret: String) -> Result<Receiver<MemoryStore>, ConfigError> {
    let stripe = Verifier::builder(catalog::STRIPE).secret(Secret::new(secret)).build()?;
    Ok(Receiver::new(stripe, MemoryStore::new(100_000)))
}

fn app(receiver: Receiver<MemoryStore>) -> Router {
    Router::new().route("/hooks/stripe", post(on_event)).route_layer(VerifyLayer::new(receiver))
}

/// Why an event was not handled.
enum Failure {
    /// Trying again may help: the event is released, and Stripe delivers it again.
    Busy,
    /// It will never help: the event is recorded, and Stripe is told to stop.
    NoCustomer,
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self {
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            Self::NoCustomer => Permanent("the event names no customer").into_response(),
        }
    }
}

async fn on_event(event: Event<Json<Payload>>) -> Result<(), Failure> {
    let payload = event.payload();
    let customer = payload.customer.as_ref().ok_or(Failure::NoCustomer)?;
    // The attempt grows each time the event is handled, so effects elsewhere can be fenced with it.
    let attempt = event.attempt().map_or(0, std::num::NonZeroU32::get);
    println!("attempt {attempt}: {} of {customer}", payload.r#type);
    if payload.r#type == "invoice.busy" && attempt == 1 {
        return Err(Failure::Busy);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use axum::body::Body;
    use axum::http::Request;
    use countersign_testing::Signer;
    use tower::ServiceExt as _;

    use super::*;

    const SECRET: &str = "whsec_an example that is long enough";

    async fn deliver(app: &Router, body: &str) -> StatusCode {
        let signer = Signer::new(&catalog::STRIPE, SECRET).unwrap().at(SystemTime::now().into());
        let signed = signer.sign("POST", "/hooks/stripe", body.as_bytes()).unwrap();
        let mut request = Request::post("/hooks/stripe").header("content-type", "application/json");
        for (name, value) in &signed.headers {
            request = request.header(name, value);
        }
        let request = request.body(Body::from(signed.body)).unwrap();
        app.clone().oneshot(request).await.unwrap().status()
    }

    #[tokio::test]
    async fn an_event_is_tried_again_until_it_is_handled_and_no_more() {
        let receiver = receiver(SECRET.to_owned()).unwrap();
        let app = app(receiver.clone());
        let busy = r#"{"id":"evt_1","type":"invoice.busy","customer":"cus_1"}"#;
        assert_eq!(deliver(&app, busy).await, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(deliver(&app, busy).await, StatusCode::OK);
        assert_eq!(deliver(&app, busy).await, StatusCode::OK);

        let hopeless = r#"{"id":"evt_2","type":"invoice.paid","customer":null}"#;
        assert_eq!(deliver(&app, hopeless).await, StatusCode::OK);
        assert_eq!(deliver(&app, hopeless).await, StatusCode::OK);
        let counts = receiver.counts();
        assert_eq!((counts.claimed, counts.reclaimed, counts.completed), (2, 1, 2));
    }
}
