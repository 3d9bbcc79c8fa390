//! GitHub's webhooks in an axum application.

use std::env;
use std::error::Error;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use countersign::{ConfigError, Secret, Verifier, catalog};
use countersign_axum::{Event, VerifyLayer};
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
    Ok(Router::new().route("/hooks/github", post(on_event)).route_layer(VerifyLayer::new(github)))
}

/// Only a delivery that GitHub signed gets here.
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

    async fn deliver(signed_with: &str) -> StatusCode {
        let signer = Signer::new(&catalog::GITHUB, signed_with).unwrap().event_type("ping");
        let signed =
            signer.sign("POST", "/hooks/github", br#"{"zen":"Design for failure."}"#).unwrap();
        let mut request = Request::post("/hooks/github");
        for (name, value) in &signed.headers {
            request = request.header(name, value);
        }
        let request = request.body(Body::from(signed.body)).unwrap();
        let app = app("It's a Secret to Everybody".to_owned()).unwrap();
        app.oneshot(request).await.unwrap().status()
    }

    #[tokio::test]
    async fn only_what_github_signed_is_handled() {
        assert_eq!(deliver("It's a Secret to Everybody").await, StatusCode::NO_CONTENT);
        assert_eq!(deliver("another secret").await, StatusCode::UNAUTHORIZED);
    }
}
