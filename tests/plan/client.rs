//! A sender, byte for byte.

use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

use countersign::{Timestamp, catalog};
use countersign_testing::Signer;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

pub(crate) const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// How long an answer may take, whatever goes wrong.
const LIMIT: Duration = Duration::from_secs(60);

/// What a sender sees.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) replayed: bool,
    pub(crate) retry_after: Option<String>,
}

/// An answer without more.
pub(crate) const fn handled(status: u16) -> Answer {
    Answer { status, replayed: false, retry_after: None }
}

/// The answer of an earlier delivery.
pub(crate) const fn replayed(status: u16) -> Answer {
    Answer { status, replayed: true, retry_after: None }
}

/// The bytes of a delivery that is signed now.
pub(crate) fn request(event: &str, body: &str) -> Vec<u8> {
    let signer = Signer::new(&catalog::STANDARD_WEBHOOKS, SECRET).unwrap();
    let signer = signer.at(Timestamp::from(SystemTime::now())).delivery_id(event);
    let signed = signer.sign("POST", "/hooks", body.as_bytes()).unwrap();
    let mut head =
        format!("POST /hooks HTTP/1.1\r\nhost: localhost\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in &signed.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    [head.as_bytes(), b"\r\n", &signed.body].concat()
}

pub(crate) async fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    stream
}

/// Delivers an event over a connection of its own.
pub(crate) async fn send(address: SocketAddr, event: &str) -> Answer {
    send_with(address, event, "{}").await
}

pub(crate) async fn send_with(address: SocketAddr, event: &str, body: &str) -> Answer {
    let mut stream = connect(address).await;
    stream.write_all(&request(event, body)).await.unwrap();
    answer(&mut stream).await
}

/// Delivers an event again and again, as long as it is in flight.
pub(crate) async fn send_until_settled(address: SocketAddr, event: &str) -> Answer {
    loop {
        let answer = send(address, event).await;
        if answer.status != 409 {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Reads a response with an empty body.
pub(crate) async fn answer(stream: &mut TcpStream) -> Answer {
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
            return Answer {
                status: response.code.unwrap(),
                replayed: header("idempotent-replayed").as_deref() == Some("true"),
                retry_after: header("retry-after"),
            };
        }
        let mut buffer = [0; 1024];
        let length = timeout(LIMIT, stream.read(&mut buffer)).await.unwrap().unwrap();
        assert!(length > 0, "the server closed the connection");
        read.extend_from_slice(&buffer[..length]);
    }
}
