//! A sender of webhooks.

use std::time::Duration;

use countersign::{Timestamp, catalog};
use countersign_testing::Signer;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::ledger::now;
use crate::worker::SECRET;

/// What a worker answered.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) replayed: bool,
}

/// Delivers an event once, signed anew; `None` if there was no answer in this time.
pub(crate) async fn deliver(
    port: u16,
    path: &str,
    event: u64,
    patience: Duration,
) -> Option<Answer> {
    let request = request(path, event);
    timeout(patience, exchange(port, &request)).await.ok()?
}

fn request(path: &str, event: u64) -> Vec<u8> {
    let body = format!("{{\"type\":\"sale\",\"event\":{event}}}");
    let seconds = i64::try_from(now() / 1_000_000).unwrap_or(i64::MAX);
    let signer = Signer::new(&catalog::STANDARD_WEBHOOKS, SECRET).expect("the secret is valid");
    let signer = signer.at(Timestamp::from_unix_seconds(seconds));
    let signer = signer.delivery_id(format!("evt_{event}"));
    let signed = signer.sign("POST", path, body.as_bytes()).expect("it can be signed");
    let mut head = format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n",
        signed.body.len()
    );
    for (name, value) in &signed.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    [head.as_bytes(), b"\r\n", &signed.body].concat()
}

async fn exchange(port: u16, request: &[u8]) -> Option<Answer> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
    stream.set_nodelay(true).ok()?;
    stream.write_all(request).await.ok()?;
    let mut read = Vec::new();
    // The worker closes.
    stream.read_to_end(&mut read).await.ok()?;
    let mut headers = [httparse::EMPTY_HEADER; 32];
    let mut response = httparse::Response::new(&mut headers);
    if !response.parse(&read).ok()?.is_complete() {
        return None;
    }
    let replayed =
        response.headers.iter().any(|it| it.name.eq_ignore_ascii_case("idempotent-replayed"));
    Some(Answer { status: response.code?, replayed })
}
