//! GitHub's webhooks in an axum application.

use std::env;
use std::error::Error;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use countersign::{ConfigError, Receiver, Secret, Verifier, catalog};
use countersign_axum::{Event, VerifyLayer};
use countersign_memory::MemoryStore;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init();
    let app = app(env::var("GITHUB_WEBHOOK_SECRET")?)?;
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!("listening on http://{}/hooks/github", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

fn app(secret: String) -> Result<Router, ConfigError> {
    let github = Verifier::builder(catalog::GITHUB).secret(Secret::new(secret)).build()?;
    let receiver = Receiver::new(github, MemoryStore::new(100_000));
    Ok(Router::new().route("/hooks/github", post(on_event)).route_layer(VerifyLayer::new(receiver)))
}

/// Only a delivery that GitHub signed gets here, and none twice. A status other than 2xx gives the
/// event back.
async fn on_event(event: Event) -> StatusCode {
    // The event type and the delivery id are in headers that GitHub does not sign: good for
    // routing and for logs, but decide nothing of consequence by them.
    println!("{:?} {:?}: {} bytes", event.event_type(), event.delivery_id(), event.payload().len());
    StatusCode::NO_CONTENT
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;
    use countersign_testing::Signer;
    use tower::ServiceExt as _;

    use super::*;

    /// A ping, signed with this secret.
    fn ping(secret: &str) -> Request<Body> {
        let signer = Signer::new(&catalog::GITHUB, secret).unwrap().event_type("ping");
        let signed =
            signer.sign("POST", "/hooks/github", br#"{"zen":"Design for failure."}"#).unwrap();
        let mut request = Request::post("/hooks/github");
        for (name, value) in &signed.headers {
            request = request.header(name, value);
        }
        request.body(Body::from(signed.body)).unwrap()
    }

    #[tokio::test]
    async fn only_what_github_signed_is_handled_and_once() {
        let secret = "It's a Secret to Everybody";
        let app = app(secret.to_owned()).unwrap();
        let deliver = |secret| app.clone().oneshot(ping(secret));
        assert_eq!(deliver("another secret").await.unwrap().status(), StatusCode::UNAUTHORIZED);

        let first = deliver(secret).await.unwrap();
        assert_eq!(first.status(), StatusCode::NO_CONTENT);
        assert!(!first.headers().contains_key("idempotent-replayed"));
        let again = deliver(secret).await.unwrap();
        assert_eq!(again.status(), StatusCode::NO_CONTENT);
        assert!(again.headers().contains_key("idempotent-replayed"));
    }
}
