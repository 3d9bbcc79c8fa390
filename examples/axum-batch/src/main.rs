//! LINE's webhooks in an axum application: several events in one delivery, each handled once.

use std::env;
use std::error::Error;

use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use countersign::{ConfigError, Receiver, Secret, Verifier, catalog};
use countersign_axum::{Event, NotDone, VerifyLayer};
use countersign_memory::MemoryStore;
use serde::Deserialize;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init();
    let app = app(env::var("LINE_CHANNEL_SECRET")?)?;
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!("listening on http://{}/hooks/line", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

fn app(secret: String) -> Result<Router, ConfigError> {
    let line = Verifier::builder(catalog::LINE).secret(Secret::new(secret)).build()?;
    let receiver = Receiver::new(line, MemoryStore::new(100_000));
    Ok(Router::new().route("/hooks/line", post(on_batch)).route_layer(VerifyLayer::new(receiver)))
}

#[derive(Debug, Deserialize)]
struct Message {
    text: String,
}

/// Trying again may help.
#[derive(Debug)]
struct Busy;

impl IntoResponse for Busy {
    fn into_response(self) -> Response {
        StatusCode::SERVICE_UNAVAILABLE.into_response()
    }
}

/// The first event that fails ends it. When LINE delivers the batch again, the events that were
/// handled are left out.
async fn on_batch(event: Event) -> Result<(), NotDone> {
    for item in event.items()? {
        event.once(&item, on_message(item.json())).await?;
    }
    Ok(())
}

async fn on_message(json: &[u8]) -> Result<(), Busy> {
    let message: Message = serde_json::from_slice(json).map_err(|_| Busy)?;
    println!("{}", message.text);
    Ok(())
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;
    use countersign_testing::Signer;
    use tower::ServiceExt as _;

    use super::*;

    #[tokio::test]
    async fn a_batch_is_answered_with_its_first_failure() {
        let secret = "an example that is long enough";
        let app = app(secret.to_owned()).unwrap();
        let deliver = |body: &str| {
            let signer = Signer::new(&catalog::LINE, secret).unwrap();
            let signed = signer.sign("POST", "/hooks/line", body.as_bytes()).unwrap();
            let mut request = Request::post("/hooks/line");
            for (name, value) in &signed.headers {
                request = request.header(name, value);
            }
            app.clone().oneshot(request.body(Body::from(signed.body)).unwrap())
        };
        let good = r#"{"events":[{"webhookEventId":"A","text":"hello"}]}"#;
        assert_eq!(deliver(good).await.unwrap().status(), StatusCode::OK);
        let half = r#"{"events":[{"webhookEventId":"A","text":"hello"},{"webhookEventId":"B"}]}"#;
        assert_eq!(deliver(half).await.unwrap().status(), StatusCode::SERVICE_UNAVAILABLE);
    }
}
