//! Stripe's webhooks in an actix-web application: failures that a retry mends and failures that it
//! does not, and a shutdown that lets handlers end.

use std::env;
use std::error::Error;
use std::fmt;
use std::net::TcpListener;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::rt::{signal, spawn, time};
use actix_web::web::{self, Json, ServiceConfig};
use actix_web::{App, HttpResponse, HttpServer, ResponseError};
use countersign::{ConfigError, Receiver, Secret, Verifier, catalog};
use countersign_actix::{Event, Permanent, Verify};
use countersign_memory::MemoryStore;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
struct Payload {
    r#type: String,
    customer: Option<String>,
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init();
    let receiver = receiver(env::var("STRIPE_WEBHOOK_SECRET")?)?;
    let app = app(receiver.clone());
    let listener = TcpListener::bind("127.0.0.1:3000")?;
    println!("listening on http://{}/hooks/stripe", listener.local_addr()?);
    let server = HttpServer::new(move || App::new().configure(&app))
        .disable_signals() // A server that stops takes its handlers with it.
        .listen(listener)?
        .run();
    let handle = server.handle();
    let server = spawn(server);
    signal::ctrl_c().await?;
    // New deliveries are answered 503 from here on, and handlers end.
    let open = receiver.drain(time::sleep(Duration::from_secs(10))).await;
    println!("{open} events were not handled to their end");
    handle.stop(true).await;
    server.await??;
    Ok(())
}

fn receiver(secret: String) -> Result<Receiver<MemoryStore>, ConfigError> {
    let stripe = Verifier::builder(catalog::STRIPE).secret(Secret::new(secret)).build()?;
    Ok(Receiver::new(stripe, MemoryStore::new(100_000)))
}

/// What each worker runs. They share one store.
fn app(receiver: Receiver<MemoryStore>) -> impl Fn(&mut ServiceConfig) + Clone + Send + 'static {
    let verify = Verify::new(receiver);
    move |config| {
        let hook = web::resource("/hooks/stripe").wrap(verify.clone());
        config.service(hook.route(web::post().to(on_event)));
    }
}

/// Why an event was not handled.
#[derive(Debug)]
enum Failure {
    /// Trying again may help: the event is released, and Stripe delivers it again.
    Busy,
    /// It will never help: the event is recorded, and Stripe is told to stop.
    NoCustomer,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Busy => "busy",
            Self::NoCustomer => "the event names no customer",
        })
    }
}

impl ResponseError for Failure {
    fn error_response(&self) -> HttpResponse {
        match self {
            Self::Busy => HttpResponse::new(StatusCode::SERVICE_UNAVAILABLE),
            Self::NoCustomer => Permanent(self).error_response(),
        }
    }
}

async fn on_event(event: Event<Json<Payload>>) -> Result<HttpResponse, Failure> {
    let payload = event.payload();
    let customer = payload.customer.as_ref().ok_or(Failure::NoCustomer)?;
    // The attempt grows each time the event is handled, so effects elsewhere can be fenced with it.
    let attempt = event.attempt().map_or(0, std::num::NonZeroU32::get);
    println!("attempt {attempt}: {} of {customer}", payload.r#type);
    if payload.r#type == "invoice.busy" && attempt == 1 {
        return Err(Failure::Busy);
    }
    Ok(HttpResponse::Ok().finish())
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use actix_web::test::{TestRequest, call_service, init_service};
    use countersign_testing::Signer;

    use super::*;

    const SECRET: &str = "whsec_an example that is long enough";
    const BUSY: &str = r#"{"id":"evt_1","type":"invoice.busy","customer":"cus_1"}"#;
    const HOPELESS: &str = r#"{"id":"evt_2","type":"invoice.paid","customer":null}"#;

    fn delivery(body: &str) -> TestRequest {
        let signer = Signer::new(&catalog::STRIPE, SECRET).unwrap().at(SystemTime::now().into());
        let signed = signer.sign("POST", "/hooks/stripe", body.as_bytes()).unwrap();
        let mut request = TestRequest::post().uri("/hooks/stripe");
        for header in signed.headers {
            request = request.insert_header(header);
        }
        request.insert_header(("content-type", "application/json")).set_payload(signed.body)
    }

    #[actix_web::test]
    async fn an_event_is_tried_again_until_it_is_handled_and_no_more() {
        let receiver = receiver(SECRET.to_owned()).unwrap();
        let app = init_service(App::new().configure(app(receiver.clone()))).await;
        let deliver = async |body| call_service(&app, delivery(body).to_request()).await.status();
        assert_eq!(deliver(BUSY).await, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(deliver(BUSY).await, StatusCode::OK);
        assert_eq!(deliver(BUSY).await, StatusCode::OK);

        assert_eq!(deliver(HOPELESS).await, StatusCode::OK);
        assert_eq!(deliver(HOPELESS).await, StatusCode::OK);
        let counts = receiver.counts();
        assert_eq!((counts.claimed, counts.reclaimed, counts.completed), (2, 1, 2));
    }

    #[actix_web::test]
    async fn during_a_shutdown_stripe_is_told_to_come_again() {
        let receiver = receiver(SECRET.to_owned()).unwrap();
        let app = init_service(App::new().configure(app(receiver.clone()))).await;
        assert_eq!(receiver.drain(time::sleep(Duration::from_secs(10))).await, 0);
        let late = call_service(&app, delivery(HOPELESS).to_request()).await;
        assert_eq!(late.status(), StatusCode::SERVICE_UNAVAILABLE);
    }
}
