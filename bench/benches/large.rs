//! P11: how much memory a large body takes: on the heap of one request, and in a server after four.
//!
//! Nothing is timed, so that a busy machine gives the same verdict.

use std::convert::Infallible;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::pin::Pin;
use std::process::{Child, ChildStdin, Command, ExitCode, Stdio};
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::dev::{Payload, Service as _};
use actix_web::error::PayloadError;
use actix_web::rt::System;
use actix_web::test::{TestRequest, init_service};
use actix_web::{App, HttpResponse, web};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::routing::post;
use bytes::Bytes;
use countersign_axum::VerifyLayer;
use countersign_bench::{Report, Sender, Signed, body, signed_at};
use futures_core::Stream;
use http_body::{Frame, SizeHint};
use tower_service::Service as _;

// `allocation_counter` takes a buffer that grows in place for two.
#[global_allocator]
static HEAP: dhat::Alloc = dhat::Alloc;

const MIB: usize = 1024 * 1024;

/// The body.
const SIZE: usize = 8 * MIB;

/// How much of it comes at once.
const CHUNK: usize = 16 * 1024;

/// How many requests a server gets, each over a connection of its own.
const REQUESTS: usize = 4;

fn main() -> ExitCode {
    let mut report = Report::new();
    let large = Sender::GitHub.sign(body(SIZE), signed_at());

    // A buffer that doubles as it grows leaves half of itself unused for a byte more; those pages are
    // not touched, which is why there is no limit.
    let longer = Sender::GitHub.sign(body(SIZE + 1), signed_at());
    println!("\nlive heap of one request over its body, bytes");
    for (name, live) in [("axum", axum as fn(&Signed) -> usize), ("actix-web", actix)] {
        let [over, beyond] = [&large, &longer].map(|it| live(it).saturating_sub(it.body.len()));
        println!("  {name:<12} 8 MiB {over:>9}   and a byte {beyond:>9}");
        let label = format!("P11 {name}: bytes on the heap over a body of 8 MiB");
        report.count(&label, over as u64, 128 * 1024);
    }

    println!("\nserver, four requests of 8 MiB: growth of RSS over one body");
    println!("  {:<18}{:>8}{:>8}{:>8}{:>8}{:>14}", "the most after", 1, 2, 3, 4, "left at the end");
    let small = Sender::GitHub.sign(body(1024), signed_at());
    for (mode, limited) in [
        ("axum-bare-large", false),
        ("axum-layer", true),
        ("axum-store", true),
        ("actix-bare", false),
        ("actix-verify", true),
        ("actix-store", true),
    ] {
        let server = Server::start(mode);
        // What the first request needs for good is not its body's.
        server.post(&small);
        let before = server.memory("VmRSS:");
        let most: [u64; REQUESTS] = std::array::from_fn(|_| {
            server.post(&large);
            server.memory("VmHWM:").saturating_sub(before)
        });
        let left = server.memory("VmRSS:").saturating_sub(before);
        server.stop();
        print!("  {mode:<18}");
        most.iter().for_each(|bytes| print!("{:>8.3}", *bytes as f64 / SIZE as f64));
        println!("{:>14.3}", left as f64 / SIZE as f64);
        if limited {
            let label = format!("P11 {mode}: bytes that the server grew by at most");
            report.count(&label, most[REQUESTS - 1], (SIZE * 115 / 100 + MIB) as u64);
        }
    }
    report.finish()
}

/// The most that is on the heap at once while axum answers this request.
fn axum(signed: &Signed) -> usize {
    let size = signed.body.len();
    let on_event = move |event: countersign_axum::Event| async move {
        assert_eq!(event.payload().len(), size);
        StatusCode::OK
    };
    let layer = VerifyLayer::new(signed.sender.verifier());
    let mut app = Router::new().route("/hooks", post(on_event)).route_layer(layer);
    let request = Request::post("/hooks").body(Body::new(Chunks::of(signed)));
    let mut request = request.expect("a request");
    *request.headers_mut() = signed.headers.clone();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    most(|| {
        let Ok(response) = runtime.block_on(app.call(request));
        assert_eq!(response.status(), StatusCode::OK);
    })
}

/// The same for actix-web.
fn actix(signed: &Signed) -> usize {
    let size = signed.body.len();
    let on_event = move |event: countersign_actix::Event| async move {
        assert_eq!(event.payload().len(), size);
        HttpResponse::Ok().finish()
    };
    let verify = countersign_actix::Verify::new(signed.sender.verifier());
    let resource = web::resource("/hooks").wrap(verify).route(web::post().to(on_event));
    let system = System::new();
    let app = system.block_on(init_service(App::new().service(resource)));
    let mut request = TestRequest::post().uri("/hooks");
    for (name, value) in &signed.headers {
        request = request.insert_header((name.as_str(), value.as_bytes()));
    }
    let chunks: Pin<Box<dyn Stream<Item = _>>> = Box::pin(Chunks::of(signed));
    let (request, _) = request.to_request().replace_payload(Payload::from(chunks));
    most(|| {
        let response = system.block_on(app.call(request)).expect("an answer");
        assert_eq!(response.status(), 200);
    })
}

/// The most that `run` has on the heap at once, beside what was there before.
fn most(run: impl FnOnce()) -> usize {
    let profiler = dhat::Profiler::builder().testing().build();
    run();
    let most = dhat::HeapStats::get().max_bytes;
    drop(profiler);
    most
}

/// A body that comes in chunks, each with memory of its own as from a socket.
struct Chunks {
    body: &'static [u8],
}

impl Chunks {
    fn of(signed: &Signed) -> Self {
        // A body must be `'static`, and there are few.
        Self { body: signed.body.clone().leak() }
    }

    fn take(&mut self) -> Option<Bytes> {
        let (chunk, rest) = self.body.split_at(std::cmp::min(CHUNK, self.body.len()));
        self.body = rest;
        (!chunk.is_empty()).then(|| Bytes::copy_from_slice(chunk))
    }
}

impl http_body::Body for Chunks {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.take().map(|chunk| Ok(Frame::data(chunk))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.body.len() as u64)
    }
}

impl Stream for Chunks {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.take().map(Ok))
    }
}

/// A server in a process of its own, which ends when its standard input does.
struct Server {
    process: Child,
    input: ChildStdin,
    port: u16,
}

impl Server {
    fn start(mode: &str) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_server"));
        let command = command.arg(mode).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().expect("the server starts");
        let input = process.stdin.take().expect("it is piped");
        let mut output = BufReader::new(process.stdout.as_mut().expect("it is piped"));
        let mut port = String::new();
        output.read_line(&mut port).expect("the server says its port");
        Self { process, input, port: port.trim().parse().expect("a port") }
    }

    fn post(&self, signed: &Signed) {
        let mut head = String::from("POST /hooks HTTP/1.1\r\nconnection: close\r\n");
        for (name, value) in &signed.headers {
            let value = value.to_str().expect("text");
            head.extend([name.as_str(), ": ", value, "\r\n"]);
        }
        head.push_str("\r\n");
        let mut connection = TcpStream::connect(("127.0.0.1", self.port)).expect("it listens");
        let patience = Some(Duration::from_secs(20));
        connection.set_read_timeout(patience).expect("a time");
        connection.set_write_timeout(patience).expect("a time");
        connection.write_all(head.as_bytes()).expect("the head is sent");
        connection.write_all(&signed.body).expect("the body is sent");
        let mut answer = String::new();
        connection.read_to_string(&mut answer).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    }

    fn memory(&self, field: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()));
        let status = status.expect("this is Linux");
        let line = status.lines().find_map(|line| line.strip_prefix(field)).expect("it is told");
        let kibibytes: u64 = line.trim().trim_end_matches(" kB").parse().expect("a number");
        kibibytes * 1024
    }

    fn stop(mut self) {
        drop(self.input);
        self.process.wait().expect("the server ends");
    }
}
