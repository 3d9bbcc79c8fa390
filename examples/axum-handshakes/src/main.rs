//! Discord and Meta, which ask whether the endpoint is yours before they deliver.

use std::env;
use std::error::Error;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use countersign::{ConfigError, PublicKey, Secret, Setting, Verifier, catalog};
use countersign_axum::{Event, VerifyLayer};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init();
    let [public_key, app_secret, verify_token] =
        ["DISCORD_PUBLIC_KEY", "META_APP_SECRET", "META_VERIFY_TOKEN"].map(env::var);
    let app = app(public_key?, app_secret?, verify_token?)?;
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

fn app(
    public_key: String,
    app_secret: String,
    verify_token: String,
) -> Result<Router, ConfigError> {
    let discord = Verifier::builder(catalog::DISCORD_INTERACTIONS)
        .public_key(PublicKey::new(public_key))
        .build()?;
    let meta = Verifier::builder(catalog::META)
        .secret(Secret::new(app_secret))
        .setting(Setting::VerifyToken, verify_token)
        .build()?;
    // The layer answers Meta's GET although the route takes only POST.
    Ok(Router::new()
        .route("/hooks/discord", post(on_event).layer(VerifyLayer::new(discord)))
        .route("/hooks/meta", post(on_event).layer(VerifyLayer::new(meta))))
}

/// Only events get here.
async fn on_event(event: Event) -> StatusCode {
    println!("{}: {} bytes", event.sender(), event.payload().len());
    StatusCode::NO_CONTENT
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::{Method, Request, Response};
    use countersign::Timestamp;
    use countersign_testing::Signer;
    use tower::ServiceExt as _;

    use super::*;

    /// A key pair of RFC 8032, section 7.1.
    const PRIVATE: &str = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    const PUBLIC: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

    async fn send(request: Request<Body>) -> Response<Body> {
        let app = app(PUBLIC.to_owned(), "secret of the app".to_owned(), "token".to_owned());
        app.unwrap().oneshot(request).await.unwrap()
    }

    fn discord(body: &str) -> Request<Body> {
        let now = Timestamp::from(std::time::SystemTime::now());
        let signer = Signer::new(&catalog::DISCORD_INTERACTIONS, PRIVATE).unwrap().at(now);
        let signed = signer.sign("POST", "/hooks/discord", body.as_bytes()).unwrap();
        let mut request = Request::post("/hooks/discord");
        for (name, value) in &signed.headers {
            request = request.header(name, value);
        }
        request.body(Body::from(signed.body)).unwrap()
    }

    async fn text(response: Response<Body>) -> String {
        let bytes = to_bytes(response.into_body(), 1000).await.unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn a_ping_is_answered_if_it_is_signed_and_events_are_handled() {
        let pong = send(discord(r#"{"type":1}"#)).await;
        assert_eq!((pong.status(), text(pong).await.as_str()), (StatusCode::OK, r#"{"type":1}"#));
        let event = send(discord(r#"{"type":2}"#)).await;
        assert_eq!(event.status(), StatusCode::NO_CONTENT);
        let mut forged = discord(r#"{"type":1}"#);
        *forged.body_mut() = Body::from(r#"{"type":1 }"#);
        assert_eq!(send(forged).await.status(), StatusCode::UNAUTHORIZED);
    }

    #[tokio::test]
    async fn who_knows_the_token_is_told_the_challenge() {
        let ask = |token: &str| {
            let query = format!("hub.mode=subscribe&hub.challenge=42&hub.verify_token={token}");
            let request = Request::builder().method(Method::GET);
            request.uri(format!("/hooks/meta?{query}")).body(Body::empty()).unwrap()
        };
        let told = send(ask("token")).await;
        assert_eq!((told.status(), text(told).await.as_str()), (StatusCode::OK, "42"));
        assert_eq!(send(ask("another")).await.status(), StatusCode::FORBIDDEN);
    }
}
