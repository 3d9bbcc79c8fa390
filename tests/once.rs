//! Events handled once, over sockets: the whole path from a client's bytes to the handler.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use countersign::{Receiver, Secret, Verifier, catalog};
use countersign_axum::{Event, VerifyLayer};
use countersign_memory::MemoryStore;
use countersign_testing::Signer;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

const SECRET: &str = "It's a Secret to Everybody";

/// No test may take longer, whatever goes wrong.
const LIMIT: Duration = Duration::from_secs(60);

/// A server on loopback whose handler takes `pause`, and counts its runs for each body.
struct Server {
    address: SocketAddr,
    receiver: Receiver<MemoryStore>,
    runs: Arc<Mutex<HashMap<Vec<u8>, u32>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Server {
    async fn start(pause: Duration) -> Self {
        let verifier =
            Verifier::builder(catalog::GITHUB).secret(Secret::new(SECRET)).build().unwrap();
        let receiver = Receiver::new(verifier, MemoryStore::new(10_000));
        let runs: Arc<Mutex<HashMap<Vec<u8>, u32>>> = Arc::default();
        let counter = Arc::clone(&runs);
        let handler = async move |event: Event| {
            *counter.lock().unwrap().entry(event.body().to_vec()).or_default() += 1;
            sleep(pause).await;
            StatusCode::ACCEPTED
        };
        let app = Router::new()
            .route("/hooks", post(handler))
            .route_layer(VerifyLayer::new(receiver.clone()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let task = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { address, receiver, runs, task }
    }

    fn runs(&self, body: &str) -> u32 {
        self.runs.lock().unwrap().get(body.as_bytes()).copied().unwrap_or(0)
    }

    async fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        stream
    }

    /// Sends over a connection of its own.
    async fn send(&self, body: &str) -> Answer {
        let mut stream = self.connect().await;
        stream.write_all(&request(body)).await.unwrap();
        answer(&mut stream).await.unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The bytes of a signed request.
fn request(body: &str) -> Vec<u8> {
    let signer = Signer::new(&catalog::GITHUB, SECRET).unwrap();
    let signed = signer.sign("POST", "/hooks", body.as_bytes()).unwrap();
    let mut head =
        format!("POST /hooks HTTP/1.1\r\nhost: localhost\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in &signed.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    [head.as_bytes(), b"\r\n", &signed.body].concat()
}

#[derive(Clone, Debug, Eq, PartialEq)]
struct Answer {
    status: u16,
    replayed: bool,
    retry_after: Option<String>,
}

/// Reads a response with an empty body; `None` if the server closes first.
async fn answer(stream: &mut TcpStream) -> Option<Answer> {
    let mut read = Vec::new();
    loop {
        let mut headers = [httparse::EMPTY_HEADER; 16];
        let mut response = httparse::Response::new(&mut headers);
        if response.parse(&read).unwrap().is_complete() {
            let header = |name: &str| {
                let found = response.headers.iter().find(|it| it.name.eq_ignore_ascii_case(name));
                found.map(|it| String::from_utf8(it.value.to_vec()).unwrap())
            };
            assert_eq!(header("content-length").as_deref(), Some("0"), "answers are empty");
            return Some(Answer {
                status: response.code.unwrap(),
                replayed: header("idempotent-replayed").is_some(),
                retry_after: header("retry-after"),
            });
        }
        let mut buffer = [0; 1024];
        match timeout(LIMIT, stream.read(&mut buffer)).await.unwrap().unwrap() {
            0 => return None,
            length => read.extend_from_slice(&buffer[..length]),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_64_deliveries_at_once_one_is_handled_for_each_of_200_events() {
    const CLIENTS: usize = 64;
    const EVENTS: usize = 200;
    const GROUPS: usize = 4;
    let server = Arc::new(Server::start(Duration::from_millis(50)).await);
    let mut clients = JoinSet::new();
    for group in 0..GROUPS {
        let barrier = Arc::new(Barrier::new(CLIENTS));
        for _ in 0..CLIENTS {
            let (server, barrier) = (Arc::clone(&server), Arc::clone(&barrier));
            clients.spawn(async move {
                let mut stream = server.connect().await;
                let mut answers = Vec::new();
                for event in (0..EVENTS).filter(|event| event % GROUPS == group) {
                    let request = request(&format!("{{\"event\":{event}}}"));
                    barrier.wait().await;
                    stream.write_all(&request).await.unwrap();
                    answers.push(answer(&mut stream).await.unwrap());
                }
                answers
            });
        }
    }
    let answers: Vec<_> = timeout(LIMIT, clients.join_all()).await.unwrap().concat();
    assert_eq!(answers.len(), CLIENTS * EVENTS);
    let runs = server.runs.lock().unwrap();
    assert_eq!(runs.len(), EVENTS);
    assert!(runs.values().all(|runs| *runs == 1), "exactly {EVENTS} runs: {runs:?}");
    let handled = answers.iter().filter(|it| it.status == 202 && !it.replayed).count();
    assert_eq!(handled, EVENTS);
    for answer in &answers {
        match answer.status {
            202 => assert_eq!(answer.retry_after, None),
            409 => assert_eq!(answer.retry_after.as_deref(), Some("30")),
            status => panic!("answered {status}"),
        }
    }
    let counts = server.receiver.counts();
    assert_eq!((counts.claimed, counts.completed, counts.lost), (200, 200, 0));
}

/// How a client goes away.
#[derive(Clone, Copy, Debug)]
enum Leaves {
    Closes,
    HalfCloses,
    Resets,
}

async fn a_client_that_leaves(how: Leaves) {
    let server = Server::start(Duration::from_secs(1)).await;
    let body = format!("{{\"leaves\":\"{how:?}\"}}");
    let mut stream = server.connect().await;
    stream.write_all(&request(&body)).await.unwrap();
    sleep(Duration::from_millis(100)).await;
    assert_eq!(server.runs(&body), 1, "the handler is running");
    let mut half = None;
    match how {
        Leaves::Closes => drop(stream),
        Leaves::HalfCloses => {
            stream.shutdown().await.unwrap();
            half = Some(stream);
        }
        Leaves::Resets => {
            stream.set_zero_linger().unwrap();
            drop(stream);
        }
    }
    sleep(Duration::from_millis(100)).await;
    let meanwhile = server.send(&body).await;
    assert_eq!(meanwhile.status, 409, "the event is still in flight");
    // The handler and its settlement go on by themselves.
    for _ in 0..200 {
        if server.receiver.counts().completed == 1 {
            break;
        }
        sleep(Duration::from_millis(50)).await;
    }
    let retry = server.send(&body).await;
    assert_eq!((retry.status, retry.replayed), (202, true));
    assert_eq!(server.runs(&body), 1);
    let counts = server.receiver.counts();
    assert_eq!((counts.claimed, counts.completed, counts.released), (1, 1, 0));
    drop(half);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_closes_gets_its_event_handled_once() {
    a_client_that_leaves(Leaves::Closes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_half_closes_gets_its_event_handled_once() {
    a_client_that_leaves(Leaves::HalfCloses).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_resets_gets_its_event_handled_once() {
    a_client_that_leaves(Leaves::Resets).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_lets_its_handlers_end() {
    let server = Server::start(Duration::from_millis(500)).await;
    let mut stream = server.connect().await;
    stream.write_all(&request("{}")).await.unwrap();
    sleep(Duration::from_millis(100)).await;
    assert_eq!(server.receiver.drain(sleep(Duration::from_secs(10))).await, 0);
    assert_eq!(server.receiver.counts().completed, 1);
    assert_eq!(answer(&mut stream).await.unwrap().status, 202);
    let refused = server.send("{\"another\":true}").await;
    assert_eq!((refused.status, refused.retry_after.as_deref()), (503, Some("5")));
}
