//! A private sender, described in a config file.

use std::env;
use std::error::Error;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use countersign::{Scheme, Secret, Verifier};
use countersign_axum::{Event, VerifyLayer};
use tokio::net::TcpListener;

const SCHEME: &str = include_str!("../acme.toml");

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init();
    let app = app(env::var("ACME_WEBHOOK_SECRET")?)?;
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!("listening on http://{}/hooks/acme", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

/// A scheme that contradicts itself, such as one that names a timestamp but does not sign it, is
/// refused here and not at the first delivery.
fn app(secret: String) -> Result<Router, Box<dyn Error>> {
    let scheme: Scheme = toml::from_str(SCHEME)?;
    let acme = Verifier::builder(scheme).secret(Secret::new(secret)).build()?;
    Ok(Router::new().route("/hooks/acme", post(on_event)).route_layer(VerifyLayer::new(acme)))
}

async fn on_event(event: Event) -> StatusCode {
    println!("{:?}: {:?}", event.delivery_id(), event.event_type());
    StatusCode::OK
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use axum::body::Body;
    use axum::http::Request;
    use countersign_testing::Signer;
    use tower::ServiceExt as _;

    use super::*;

    const SECRET: &str = "5f9c2d7e8b1a4c3d6e0f9a8b7c6d5e4f";

    async fn deliver(signed_at: SystemTime) -> StatusCode {
        let scheme: Scheme = toml::from_str(SCHEME).unwrap();
        let signer = Signer::new(&scheme, SECRET).unwrap().at(signed_at.into());
        let signed = signer.sign("POST", "/hooks/acme", br#"{"type":"door.opened"}"#).unwrap();
        let mut request = Request::post("/hooks/acme");
        for (name, value) in &signed.headers {
            request = request.header(name, value);
        }
        let request = request.body(Body::from(signed.body)).unwrap();
        app(SECRET.to_owned()).unwrap().oneshot(request).await.unwrap().status()
    }

    #[tokio::test]
    async fn the_tolerance_of_the_file_holds() {
        let now = SystemTime::now();
        assert_eq!(deliver(now).await, StatusCode::OK);
        let old = now - Duration::from_secs(400);
        assert_eq!(deliver(old).await, StatusCode::UNAUTHORIZED);
        let ahead = now + Duration::from_secs(100);
        assert_eq!(deliver(ahead).await, StatusCode::UNAUTHORIZED);
    }
}
