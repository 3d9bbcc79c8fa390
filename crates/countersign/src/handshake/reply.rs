//! The answer to a handshake, and what may go into one.

use core::fmt;

use super::ToldSecret;
use crate::rejection::Rejection;
use crate::scheme::{Echo, Text};

/// The longest value that is sent back.
const MAX_ECHO: usize = 1024;

/// The longest text that is signed.
const MAX_CHALLENGE: usize = 128;

/// The answer to a handshake: a status, headers and a body.
///
/// What it reflects goes out as text or JSON with `X-Content-Type-Options: nosniff`, and consists
/// of printable ASCII.
#[derive(Clone)]
pub struct HandshakeReply {
    status: u16,
    headers: Vec<(Text, String)>,
    body: String,
    secret: Option<ToldSecret>,
    confirm_url: Option<String>,
}

impl HandshakeReply {
    /// The status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The headers: names and values. `Content-Length` is not among them.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.iter().map(|(name, value)| (&**name, &**value))
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.body
    }

    /// The body, as what is sent.
    #[must_use]
    pub fn into_body(self) -> String {
        self.body
    }

    /// The secret that the sender told, which from now on signs its events: keep it, and build the
    /// next verifier with it. Some only if one was
    /// [expected](crate::VerifierBuilder::expect_handshake); anyone may have sent it, so make sure
    /// that it is of the subscription that you just made.
    #[must_use]
    pub fn told_secret(&self) -> Option<&str> {
        self.secret.as_ref().map(|secret| &***secret)
    }

    /// The URL that confirms the subscription once it is visited, after the answer. It was verified
    /// to be the sender's, for a topic that you named. Follow no redirect.
    #[must_use]
    pub fn confirm_url(&self) -> Option<&str> {
        self.confirm_url.as_deref()
    }

    pub(super) fn with_confirm_url(mut self, url: String) -> Self {
        self.confirm_url = Some(url);
        self
    }

    pub(super) fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: String::new(), secret: None, confirm_url: None }
    }

    pub(super) fn text(text: String) -> Self {
        Self::empty(200).with_body("text/plain", text)
    }

    pub(super) fn json(members: &[(&str, &str)]) -> Self {
        Self::empty(200).with_body("application/json", object(members))
    }

    /// `{"type":kind}`.
    pub(super) fn pong(kind: u8) -> Self {
        Self::empty(200).with_body("application/json", format!("{{\"type\":{kind}}}"))
    }

    /// A value on its way back.
    pub(super) fn echo(how: &Echo, value: &str) -> Self {
        match how {
            Echo::Text => Self::text(value.to_owned()),
            Echo::Json(member) => Self::json(&[(member, value)]),
            Echo::HeaderAndJson { header, member } => {
                Self::json(&[(member, value)]).with_header(header.clone(), value)
            }
        }
    }

    pub(super) fn with_header(mut self, name: impl Into<Text>, value: &str) -> Self {
        self.headers.push((name.into(), value.to_owned()));
        self
    }

    pub(super) fn with_secret(mut self, secret: String) -> Self {
        self.secret = Some(ToldSecret::new(secret));
        self
    }

    fn with_body(mut self, content_type: &str, body: String) -> Self {
        self.body = body;
        self.with_header("Content-Type", content_type)
            .with_header("X-Content-Type-Options", "nosniff")
    }
}

impl fmt::Debug for HandshakeReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Headers and body may hold the secret, or a tag that was made with it.
        f.debug_struct("HandshakeReply")
            .field("status", &self.status)
            .field("tells_secret", &self.secret.is_some())
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "json")]
fn object(members: &[(&str, &str)]) -> String {
    let member = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).into());
    let object: serde_json::Map<_, _> = members.iter().map(member).collect();
    serde_json::Value::Object(object).to_string()
}

#[cfg(not(feature = "json"))]
fn object(_: &[(&str, &str)]) -> String {
    String::new() // Handshakes that need it are left out.
}

/// A value that may be sent back: printable ASCII, so that no header is broken and no text is read
/// in another encoding.
pub(super) fn echoable(value: &[u8]) -> Result<&str, Rejection> {
    limited(value, MAX_ECHO, |byte| matches!(byte, b' '..=b'~'))
}

/// The same without blanks, for what becomes a header or a secret.
pub(super) fn word(value: &[u8]) -> Result<&str, Rejection> {
    limited(value, MAX_ECHO, |byte| byte.is_ascii_graphic())
}

/// A text that may be signed: no object of JSON and nothing with delimiters consists of these letters
/// alone. A bare `null` does, so where events are signed over the body alone, such a body is refused
/// ([`signs_alike`](super::signs_alike)).
pub(super) fn token(value: &[u8]) -> Result<&str, Rejection> {
    limited(value, MAX_CHALLENGE, |byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
    })
}

/// The same, or base64.
pub(super) fn base64_token(value: &[u8]) -> Result<&str, Rejection> {
    let end = value.iter().rposition(|byte| *byte != b'=').map_or(0, |last| last + 1);
    let (front, padding) = value.split_at(end);
    if padding.len() > 2 {
        return Err(Rejection::WrongHandshake);
    }
    limited(front, MAX_CHALLENGE, |byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'/')
    })?;
    core::str::from_utf8(value).map_err(|_| Rejection::WrongHandshake)
}

/// A UUID: [RFC 9562, section 4](https://www.rfc-editor.org/rfc/rfc9562#section-4), read
/// 2026-11-24.
pub(super) fn uuid(value: &[u8]) -> Result<&str, Rejection> {
    let text = limited(value, 36, |byte| byte.is_ascii_hexdigit() || byte == b'-')?;
    let lengths = text.split('-').map(str::len);
    if lengths.eq([8, 4, 4, 4, 12]) { Ok(text) } else { Err(Rejection::WrongHandshake) }
}

/// 20 to 32 lower-case hexadecimal digits.
pub(super) fn short_hex(value: &[u8]) -> Result<&str, Rejection> {
    let text = limited(value, 32, |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))?;
    if text.len() >= 20 { Ok(text) } else { Err(Rejection::WrongHandshake) }
}

fn limited(value: &[u8], most: usize, allowed: fn(u8) -> bool) -> Result<&str, Rejection> {
    let fits = (1..=most).contains(&value.len()) && value.iter().all(|byte| allowed(*byte));
    let text = core::str::from_utf8(value).ok().filter(|_| fits);
    text.ok_or(Rejection::WrongHandshake)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(read: fn(&[u8]) -> Result<&str, Rejection>, good: &[&str], bad: &[&str]) {
        for text in good {
            assert_eq!(read(text.as_bytes()), Ok(*text));
        }
        for text in bad {
            assert_eq!(read(text.as_bytes()), Err(Rejection::WrongHandshake), "{text:?}");
        }
    }

    #[test]
    fn what_comes_back_is_printable_and_short() {
        let long = "x".repeat(MAX_ECHO + 1);
        check(echoable, &["a b", "<img>"], &["", "a\r\nb", "a\u{0}", "a\u{7f}", "ż", &long]);
        check(word, &["a-b"], &["", "a b", "a\n"]);
        assert!(echoable(&[0xff]).is_err());
    }

    #[test]
    fn nothing_with_delimiters_is_signed() {
        let long = "x".repeat(MAX_CHALLENGE + 1);
        let events = ["", "{}", "v0:1700000000:{}", "a.b", "a b", "[]", "\"a\"", "a&b", &long];
        check(token, &["qgg8vlvZRS6UYooatFL8Aw", "a_b-c"], &events);
        check(token, &[], &["a=", "a+b"]);
        check(base64_token, &["uzwcfYtzr9", "ab+/cd==", "a="], &events);
        check(base64_token, &[], &["=", "==", "a===", "a=b"]);
    }

    #[test]
    fn uuids_and_digits_are_read_strictly() {
        let uuid_text = "890e4665-4dfe-4ab1-b689-ed553bceeed0";
        let no_uuids = [
            "",
            "890e46654dfe4ab1b689ed553bceeed0",
            "890e4665-4dfe-4ab1-b689-ed553bceeed",
            "890e4665-4dfe-4ab1-b689-ed553bceeedg",
            "890e4665-4dfe-4ab1-b689ed553bc-eeed0",
            "------------------------------------",
        ];
        check(uuid, &[uuid_text], &no_uuids);
        let no_digits = [
            "20f9f8ed05f77439fe9",
            "20F9F8ED05F77439FE955C977E4C8A53",
            "20f9f8ed05f77439fe955c977e4c8a530",
        ];
        check(short_hex, &["20f9f8ed05f77439fe955c977e4c8a53", "20f9f8ed05f77439fe95"], &no_digits);
    }

    #[test]
    fn debug_output_shows_no_secret() {
        let reply = HandshakeReply::text("hunter2".to_owned())
            .with_header("X-Hook-Secret", "hunter2")
            .with_secret("hunter2".to_owned());
        assert!(!format!("{reply:?}").contains("hunter2"));
        assert_eq!(reply.told_secret(), Some("hunter2"));
    }
}
