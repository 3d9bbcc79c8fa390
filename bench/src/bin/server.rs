//! One server for one endpoint on a free port of the loopback, in the way that its argument names:
//! for `scripts/bench-wire` and for the bench `large`.
//!
//! It prints its port, serves until its standard input ends, and then prints how many events it has
//! handled and how many duplicates it has answered. `sign COUNT` prints deliveries instead, for wrk.

use std::hint::black_box;
use std::io::{self, Read as _, Write as _};
use std::sync::Arc;

use actix_web::{App, HttpResponse, HttpServer, web};
use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use bytes::Bytes;
use countersign::{Delivery, Receiver, Verifier};
use countersign_axum::VerifyLayer;
use countersign_bench::{Sender, body, now, signed_at};
use countersign_memory::MemoryStore;

/// The path of the endpoint.
const PATH: &str = "/hooks";

/// How many events the store has room for.
const EVENTS: usize = 1_000_000;

/// What the servers without countersign accept, in bytes.
const BODY_LIMIT: usize = 32 * 1024 * 1024;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> Outcome {
    let mut arguments = std::env::args().skip(1);
    let mode = arguments.next().ok_or("which server?")?;
    let verifier = Sender::GitHub.verifier();
    let receiver = Receiver::new(verifier.clone(), MemoryStore::new(EVENTS));
    match mode.as_str() {
        "sign" => sign(arguments.next().ok_or("how many deliveries?")?.parse()?),
        "axum-bare" => serve_axum(Router::new().route(PATH, post(read)), receiver),
        "axum-bare-large" => {
            let lifted = DefaultBodyLimit::max(BODY_LIMIT);
            serve_axum(Router::new().route(PATH, post(read)).route_layer(lifted), receiver)
        }
        "axum-inline" => {
            let route = Router::new().route(PATH, post(verify_inline));
            serve_axum(route.with_state(Arc::new(verifier)), receiver)
        }
        "axum-layer" => {
            let layer = VerifyLayer::new(verifier);
            serve_axum(Router::new().route(PATH, post(on_event)).route_layer(layer), receiver)
        }
        "axum-layer-bytes" => {
            let layer = VerifyLayer::new(verifier);
            serve_axum(Router::new().route(PATH, post(read)).route_layer(layer), receiver)
        }
        "axum-store" => {
            let layer = VerifyLayer::new(receiver.clone());
            serve_axum(Router::new().route(PATH, post(on_event)).route_layer(layer), receiver)
        }
        "actix-bare" => serve_actix(receiver, |config| {
            config.app_data(web::PayloadConfig::new(BODY_LIMIT));
            config.service(web::resource(PATH).route(web::post().to(read_in_actix)));
        }),
        "actix-verify" => {
            let verify = countersign_actix::Verify::new(verifier);
            serve_actix(receiver, move |config| {
                let resource = web::resource(PATH).wrap(verify.clone());
                config.service(resource.route(web::post().to(on_event_in_actix)));
            })
        }
        "actix-store" => {
            let verify = countersign_actix::Verify::new(receiver.clone());
            serve_actix(receiver, move |config| {
                let resource = web::resource(PATH).wrap(verify.clone());
                config.service(resource.route(web::post().to(on_event_in_actix)));
            })
        }
        other => Err(format!("there is no server {other}").into()),
    }
}

async fn read(body: Bytes) -> StatusCode {
    black_box(body.len());
    StatusCode::OK
}

/// Verification as one writes it without a layer.
async fn verify_inline(
    State(verifier): State<Arc<Verifier>>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    match verifier.verify(&Delivery::new("POST", PATH, &headers, &body), now()) {
        Ok(_) => StatusCode::OK,
        Err(_) => StatusCode::UNAUTHORIZED,
    }
}

async fn on_event(event: countersign_axum::Event) -> StatusCode {
    black_box(event.payload().len());
    StatusCode::OK
}

async fn read_in_actix(body: Bytes) -> HttpResponse {
    black_box(body.len());
    HttpResponse::Ok().finish()
}

async fn on_event_in_actix(event: countersign_actix::Event) -> HttpResponse {
    black_box(event.payload().len());
    HttpResponse::Ok().finish()
}

fn serve_axum(app: Router, receiver: Receiver<MemoryStore>) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        announce(listener.local_addr()?.port())?;
        stop_with_the_input(receiver);
        Ok(axum::serve(listener, app).await?)
    })
}

fn serve_actix(
    receiver: Receiver<MemoryStore>,
    configure: impl Fn(&mut web::ServiceConfig) + Clone + Send + 'static,
) -> Outcome {
    actix_web::rt::System::new().block_on(async {
        let server = HttpServer::new(move || App::new().configure(configure.clone()))
            .workers(1)
            .disable_signals()
            .bind("127.0.0.1:0")?;
        announce(server.addrs()[0].port())?;
        stop_with_the_input(receiver);
        Ok(server.run().await?)
    })
}

fn announce(port: u16) -> io::Result<()> {
    println!("{port}");
    io::stdout().flush()
}

/// So that a server does not outlive the script that started it.
fn stop_with_the_input(receiver: Receiver<MemoryStore>) {
    std::thread::spawn(move || {
        let _ = io::stdin().read_to_end(&mut Vec::new());
        let counts = receiver.counts();
        println!("{} {}", counts.completed, counts.unknown_duplicates);
        std::process::exit(0);
    });
}

/// Prints what is before and after the number in each body, and for each number from 0 the signature.
fn sign(count: u32) -> Outcome {
    const DIGITS: usize = 9;
    let template = String::from_utf8(body(1024))?;
    let (before, after) = template.split_at(template.len() / 2);
    let after = &after[DIGITS..];
    let mut out = io::BufWriter::new(io::stdout().lock());
    writeln!(out, "{before}\n{after}")?;
    for number in 0..count {
        let body = format!("{before}{number:0DIGITS$}{after}");
        let signed = Sender::GitHub.sign(body.into_bytes(), signed_at());
        writeln!(out, "{}", Sender::GitHub.write(&signed.tag, signed.seconds))?;
    }
    Ok(out.flush()?)
}
