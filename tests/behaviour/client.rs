//! Raw bytes out, answers in.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::{Duration, SystemTime};

use countersign::{Scheme, Timestamp};
use countersign_testing::Signer;

use crate::servers::{PRIVATE_KEY, SECRET};

/// Nothing here takes longer, whatever goes wrong.
const LIMIT: Duration = Duration::from_secs(10);

/// What a client sees.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
    /// Those of our headers that are there.
    pub(crate) headers: Vec<(String, String)>,
}

/// A request, before it is bytes.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
    pub(crate) framing: Framing,
}

/// How the length of a body is told.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Framing {
    /// By this many bytes more than there are.
    Length(usize),
    Chunked,
    /// By a chunk whose size is no number.
    BrokenChunk,
}

/// A request of the sender, signed `age` seconds ago.
pub(crate) fn signed(scheme: &Scheme, body: &[u8], age: i64) -> Request {
    request(scheme, "POST", body, age)
}

pub(crate) fn request(scheme: &Scheme, method: &'static str, body: &[u8], age: i64) -> Request {
    let now = Timestamp::from(SystemTime::now()).as_unix_seconds();
    let secret = if scheme.algorithm.is_public() { PRIVATE_KEY } else { SECRET };
    let signer = Signer::new(scheme, secret).unwrap();
    let signer = signer.at(Timestamp::from_unix_seconds(now - age));
    let signed = signer.sign(method, "/hooks", body).unwrap();
    let headers = signed.headers.into_iter().map(|(name, value)| (name, value.into_bytes()));
    let framing = Framing::Length(0);
    let path = signed.url;
    Request { method, path, headers: headers.collect(), body: signed.body, framing }
}

impl Request {
    pub(crate) fn header(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Changes the values of a header.
    pub(crate) fn with(mut self, name: &str, change: impl Fn(&mut Vec<u8>)) -> Self {
        for (key, value) in &mut self.headers {
            if key.eq_ignore_ascii_case(name) {
                change(value);
            }
        }
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(key, _)| !key.eq_ignore_ascii_case(name));
        self
    }

    pub(crate) fn framed(mut self, framing: Framing) -> Self {
        self.framing = framing;
        self
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes =
            format!("{} {} HTTP/1.1\r\nhost: localhost\r\n", self.method, self.path).into_bytes();
        for (name, value) in &self.headers {
            bytes.extend(name.as_bytes());
            bytes.extend(b": ");
            bytes.extend(value);
            bytes.extend(b"\r\n");
        }
        match self.framing {
            Framing::Length(more) => {
                let length = self.body.len() + more;
                bytes.extend(format!("content-length: {length}\r\n\r\n").bytes());
                bytes.extend(&self.body);
            }
            Framing::Chunked => {
                bytes.extend(b"transfer-encoding: chunked\r\n\r\n");
                for chunk in self.body.chunks(100) {
                    bytes.extend(format!("{:x}\r\n", chunk.len()).bytes());
                    bytes.extend(chunk);
                    bytes.extend(b"\r\n");
                }
                bytes.extend(b"0\r\n\r\n");
            }
            Framing::BrokenChunk => {
                bytes.extend(b"transfer-encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n");
            }
        }
        bytes
    }
}

/// A connection.
pub(crate) struct Client {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Client {
    pub(crate) fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        Self { stream, read: Vec::new() }
    }

    /// Whether all of it could be sent. A server that refused may have closed already.
    pub(crate) fn send(&mut self, bytes: &[u8]) -> bool {
        self.stream.write_all(bytes).is_ok()
    }

    pub(crate) fn half_close(&self) {
        _ = self.stream.shutdown(Shutdown::Write);
    }

    /// The next answer; `None` if the server closes first.
    pub(crate) fn answer(&mut self, to: &str) -> Option<Answer> {
        loop {
            if let Some((answer, length)) = parse(&self.read, to) {
                self.read.drain(..length);
                return Some(answer);
            }
            let mut buffer = [0; 4096];
            match self.stream.read(&mut buffer) {
                Ok(0) => return None,
                Ok(length) => self.read.extend_from_slice(&buffer[..length]),
                Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => return None,
                Err(error) => panic!("{error}"),
            }
        }
    }
}

/// Sends over a connection of its own.
pub(crate) fn send(address: SocketAddr, request: &Request) -> Option<Answer> {
    let mut client = Client::connect(address);
    client.send(&request.bytes());
    client.answer(request.method)
}

/// The headers that are ours, or that we keep.
const OURS: [&str; 3] = ["retry-after", "idempotent-replayed", "content-type"];

/// The first answer of these bytes to a request with this method, and its length.
fn parse(bytes: &[u8], method: &str) -> Option<(Answer, usize)> {
    let mut headers = [httparse::EMPTY_HEADER; 32];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(head) = response.parse(bytes).unwrap() else { return None };
    let header = |name: &str| {
        let found = response.headers.iter().find(|it| it.name.eq_ignore_ascii_case(name));
        found.map(|it| String::from_utf8_lossy(it.value).into_owned())
    };
    assert_eq!(header("transfer-encoding"), None, "no answer here is chunked");
    let length = match header("content-length") {
        _ if method == "HEAD" => 0,
        Some(length) => length.parse().unwrap(),
        None => 0,
    };
    let body = bytes.get(head..head + length)?;
    let ours = OURS.iter().filter_map(|name| Some(((*name).to_owned(), header(name)?)));
    let answer = Answer {
        status: response.code?,
        body: String::from_utf8_lossy(body).into_owned(),
        headers: ours.collect(),
    };
    Some((answer, head + length))
}
