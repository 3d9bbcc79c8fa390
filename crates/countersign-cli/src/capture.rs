//! A captured HTTP request.

use crate::failure::Failure;

/// How many headers a capture may have.
const MAX_HEADERS: usize = 256;

/// A request as it came over the wire.
#[derive(Debug)]
pub(crate) struct Capture {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
}

/// Parses a raw HTTP/1 request. The body is taken byte for byte: what follows the empty line.
pub(crate) fn parse(bytes: &[u8]) -> Result<Capture, Failure> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    let start = match request.parse(bytes) {
        Ok(httparse::Status::Complete(start)) => start,
        Ok(httparse::Status::Partial) => {
            return Err(Failure::new("the capture has no empty line between headers and body"));
        }
        Err(error) => return Err(Failure::new(format!("the capture is no HTTP request: {error}"))),
    };
    let headers: Vec<_> =
        request.headers.iter().map(|it| (it.name.to_owned(), it.value.to_vec())).collect();
    let body = bytes.get(start..).unwrap_or_default();
    let find = |name: &str| {
        let mut found = headers.iter().filter(|(it, _)| it.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| String::from_utf8_lossy(value).into_owned())
    };
    let body = if let Some(coding) = find("transfer-encoding") {
        if !coding.trim().eq_ignore_ascii_case("chunked") {
            return Err(Failure::new(format!(
                "the capture's Transfer-Encoding is \"{coding}\"; only chunked can be undone"
            )));
        }
        unchunk(body)?
    } else {
        let length = find("content-length").and_then(|it| it.trim().parse::<usize>().ok());
        if let Some(length) = length.filter(|length| *length != body.len()) {
            return Err(Failure::new(format!(
                "the capture's body has {} bytes, but its Content-Length is {length}; it must be \
                 kept byte for byte",
                body.len()
            )));
        }
        body.to_vec()
    };
    Ok(Capture {
        method: request.method.unwrap_or_default().to_owned(),
        url: request.path.unwrap_or_default().to_owned(),
        headers,
        body,
    })
}

/// Joins the chunks of a body
/// ([RFC 9112, section 7.1](https://www.rfc-editor.org/rfc/rfc9112#section-7.1), read 2026-11-24).
fn unchunk(mut rest: &[u8]) -> Result<Vec<u8>, Failure> {
    let broken = || Failure::new("the capture's chunks are broken");
    let mut body = Vec::new();
    loop {
        let Ok(httparse::Status::Complete((start, size))) = httparse::parse_chunk_size(rest) else {
            return Err(broken());
        };
        let size = usize::try_from(size).map_err(|_| broken())?;
        rest = rest.get(start..).ok_or_else(broken)?;
        if size == 0 {
            return Ok(body);
        }
        let (chunk, after) = rest.split_at_checked(size).ok_or_else(broken)?;
        body.extend_from_slice(chunk);
        rest = after.strip_prefix(b"\r\n").ok_or_else(broken)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_is_kept_byte_for_byte() {
        let capture = parse(b"POST /a?b HTTP/1.1\r\nX-A: 1\r\n\r\n{\r\n\xff}\n").unwrap();
        assert_eq!((capture.method.as_str(), capture.url.as_str()), ("POST", "/a?b"));
        assert_eq!(capture.headers, [("X-A".to_owned(), b"1".to_vec())]);
        assert_eq!(capture.body, b"{\r\n\xff}\n");
    }

    #[test]
    fn chunks_are_joined() {
        let head = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
        let parse = |body: &str| parse(format!("{head}{body}").as_bytes()).map(|it| it.body);
        assert_eq!(parse("3\r\n{\"a\r\n4\r\n\":1}\r\n0\r\n\r\n").unwrap(), b"{\"a\":1}");
        let gzip = super::parse(b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n{}");
        assert!(gzip.is_err());
        for broken in ["", "5\r\n{}\r\n", "2\r\n{}0\r\n", "ffffffffffffffff\r\n{}"] {
            assert!(parse(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn a_capture_that_lost_bytes_is_told() {
        let lost = parse(b"POST / HTTP/1.1\nContent-Length: 3\n\n{}").unwrap_err();
        let Failure(message) = lost;
        assert!(message.contains("2 bytes") && message.contains("is 3"), "{message}");
        assert!(parse(b"POST / HTTP/1.1\nX-A: 1\n").is_err());
        assert!(parse(b"\x00").is_err());
    }
}
