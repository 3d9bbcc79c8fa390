//! A multi-tenant application: each tenant has its own GitHub secret, looked up by the path of the
//! webhook or, where all tenants share one, by a look into the body.

mod tenants;

use std::env;
use std::error::Error;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use countersign::{ConfigError, Receiver, Verifier, catalog};
use countersign_axum::{Event, VerifyLayer};
use countersign_memory::MemoryStore;
use tokio::net::TcpListener;

use crate::tenants::{Database, Tenants};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init();
    let database = Database::default();
    database.insert("acme", "acme-corp", &env::var("ACME_WEBHOOK_SECRET")?);
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!("listening on http://{}/hooks/acme", listener.local_addr()?);
    axum::serve(listener, app(database)?).await?;
    Ok(())
}

fn app(database: Database) -> Result<Router, ConfigError> {
    let github = Verifier::builder(catalog::GITHUB).build_without_secret()?;
    let receiver = Receiver::new(github, MemoryStore::new(100_000));
    let verify = VerifyLayer::new(receiver).secret_source(Tenants::new(database));
    Ok(Router::new()
        .route("/hooks", post(on_event))
        .route("/hooks/{tenant}", post(on_event))
        .route_layer(verify))
}

/// Who sent it is told by the proof, and by nothing that the delivery says of itself.
async fn on_event(event: Event) -> StatusCode {
    let tenant = event.proof().tenant().unwrap_or_default();
    println!("{tenant}: {} bytes", event.payload().len());
    StatusCode::NO_CONTENT
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;
    use countersign_testing::Signer;
    use tower::ServiceExt as _;

    use super::*;

    const ACME: &str = "the secret of Acme";
    const GLOBEX: &str = "the secret of Globex";

    fn database() -> Database {
        let database = Database::default();
        database.insert("acme", "acme-corp", ACME);
        database.insert("globex", "globex-inc", GLOBEX);
        database
    }

    async fn deliver(app: &Router, path: &str, secret: &str, body: &str) -> StatusCode {
        let signer = Signer::new(&catalog::GITHUB, secret).unwrap();
        let signed = signer.sign("POST", path, body.as_bytes()).unwrap();
        let mut request = Request::post(path);
        for (name, value) in &signed.headers {
            request = request.header(name, value);
        }
        let request = request.body(Body::from(signed.body)).unwrap();
        app.clone().oneshot(request).await.unwrap().status()
    }

    #[tokio::test]
    async fn a_tenant_is_found_by_the_path_or_by_the_body() {
        let app = app(database()).unwrap();
        assert_eq!(deliver(&app, "/hooks/acme", ACME, "{}").await, StatusCode::NO_CONTENT);
        let peeked = r#"{"organization":{"login":"globex-inc"}}"#;
        assert_eq!(deliver(&app, "/hooks", GLOBEX, peeked).await, StatusCode::NO_CONTENT);
    }

    #[tokio::test]
    async fn what_a_delivery_says_of_itself_proves_nothing() {
        let app = app(database()).unwrap();
        let lies = r#"{"organization":{"login":"acme-corp"}}"#;
        for (path, body) in [("/hooks/acme", "{}"), ("/hooks", lies), ("/hooks/nobody", "{}")] {
            assert_eq!(deliver(&app, path, GLOBEX, body).await, StatusCode::UNAUTHORIZED);
        }
    }

    #[tokio::test]
    async fn the_database_is_asked_once_for_each_tenant_known_or_not() {
        let database = database();
        let app = app(database.clone()).unwrap();
        for _ in 0..5 {
            deliver(&app, "/hooks/acme", ACME, "{}").await;
            deliver(&app, "/hooks/nobody", ACME, "{}").await;
        }
        assert_eq!(database.asked(), 2);
    }

    #[tokio::test]
    async fn a_database_that_is_down_is_not_the_senders_fault() {
        let database = database();
        database.stop();
        let app = app(database).unwrap();
        let answer = deliver(&app, "/hooks/acme", ACME, "{}").await;
        assert_eq!(answer, StatusCode::SERVICE_UNAVAILABLE);
    }
}
