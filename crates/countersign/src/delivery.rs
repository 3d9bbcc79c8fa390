//! A request as the sender made it: method, URL, headers and the exact bytes of the body.

use core::fmt;
use core::net::IpAddr;

/// Read access to the headers of a request, whatever map the framework keeps them in.
///
/// The core looks at headers through this one method, because actix-web and axum use
/// different major versions of `http`. Names are compared without regard to ASCII case.
///
/// Implemented for `http::HeaderMap` (feature `http`), and for slices, arrays and vectors
/// of name and value pairs.
///
/// ```
/// use countersign::Headers;
///
/// let headers = [("X-Signature", "00ff"), ("x-signature", "11ee")];
/// let mut seen = Vec::new();
/// headers.each_value("X-SIGNATURE", &mut |value| seen.push(value));
/// assert_eq!(seen, [b"00ff", b"11ee"]);
/// ```
pub trait Headers {
    /// Calls `visit` with the value of every occurrence of `name`, in order.
    fn each_value<'h>(&'h self, name: &str, visit: &mut dyn FnMut(&'h [u8]));
}

impl<H: Headers + ?Sized> Headers for &H {
    fn each_value<'h>(&'h self, name: &str, visit: &mut dyn FnMut(&'h [u8])) {
        (**self).each_value(name, visit);
    }
}

impl<N: AsRef<str>, V: AsRef<[u8]>> Headers for [(N, V)] {
    fn each_value<'h>(&'h self, name: &str, visit: &mut dyn FnMut(&'h [u8])) {
        for (key, value) in self {
            if key.as_ref().eq_ignore_ascii_case(name) {
                visit(value.as_ref());
            }
        }
    }
}

impl<N: AsRef<str>, V: AsRef<[u8]>, const L: usize> Headers for [(N, V); L] {
    fn each_value<'h>(&'h self, name: &str, visit: &mut dyn FnMut(&'h [u8])) {
        self.as_slice().each_value(name, visit);
    }
}

impl<N: AsRef<str>, V: AsRef<[u8]>> Headers for Vec<(N, V)> {
    fn each_value<'h>(&'h self, name: &str, visit: &mut dyn FnMut(&'h [u8])) {
        self.as_slice().each_value(name, visit);
    }
}

#[cfg(feature = "http")]
impl Headers for http::HeaderMap {
    fn each_value<'h>(&'h self, name: &str, visit: &mut dyn FnMut(&'h [u8])) {
        // Looking the name up would parse and hash it first, which takes longer than to compare
        // it with all the names that a request has.
        for (key, value) in self {
            let key = key.as_str().as_bytes();
            // Most names differ in length or in their last letter.
            let alike = key.len() == name.len()
                && key.last().map(u8::to_ascii_lowercase)
                    == name.as_bytes().last().map(u8::to_ascii_lowercase);
            if alike && key.eq_ignore_ascii_case(name.as_bytes()) {
                visit(value.as_bytes());
            }
        }
    }
}

/// How often a header is there.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Occurrence<'h> {
    Absent,
    /// Once, or several times with the very same value.
    Once(&'h [u8]),
    /// Several times, with values that differ.
    Differing,
}

impl<'h> Occurrence<'h> {
    /// Counts in one more value.
    #[inline]
    pub(crate) fn add(&mut self, value: &'h [u8]) {
        *self = match *self {
            Self::Absent => Self::Once(value),
            Self::Once(first) if first == value => Self::Once(first),
            Self::Once(_) | Self::Differing => Self::Differing,
        };
    }
}

/// Reads a header that may have one value only.
#[inline]
pub(crate) fn single<'h>(headers: &'h dyn Headers, name: &str) -> Occurrence<'h> {
    let mut found = Occurrence::Absent;
    headers.each_value(name, &mut |value| found.add(value));
    found
}

/// What is known of a delivery before its body is read.
#[derive(Clone, Copy)]
pub struct Head<'d> {
    method: &'d str,
    url: &'d str,
    headers: &'d dyn Headers,
    peer: Option<IpAddr>,
}

impl<'d> Head<'d> {
    /// Borrows the head of a request.
    ///
    /// `url` is what the request line named: a path with its query, or an absolute URL.
    /// Only schemes that sign the method or the path read `method` and `url`.
    ///
    /// ```
    /// use countersign::Head;
    ///
    /// let headers = [("X-Hub-Signature-256", "sha256=00")];
    /// let head = Head::new("POST", "/hooks/github", &headers);
    /// assert_eq!(head.path_and_query(), "/hooks/github");
    /// ```
    #[must_use]
    pub fn new(method: &'d str, url: &'d str, headers: &'d dyn Headers) -> Self {
        Self { method, url, headers, peer: None }
    }

    /// The same delivery with the address of the peer, from which a
    /// [trusted proxy](crate::VerifierBuilder::trusted_proxy) is told: that of the connection, not one
    /// that a header names.
    ///
    /// ```
    /// use countersign::Head;
    ///
    /// let headers: [(&str, &str); 0] = [];
    /// let head = Head::new("POST", "/hooks/twilio", &headers).from_peer([10, 0, 0, 1].into());
    /// assert_eq!(head.peer(), Some([10, 0, 0, 1].into()));
    /// ```
    #[must_use]
    pub fn from_peer(self, peer: IpAddr) -> Self {
        Self { peer: Some(peer), ..self }
    }

    /// The same delivery with its body: the bytes as they came over the wire.
    #[must_use]
    pub fn with_body(self, body: &'d [u8]) -> Delivery<'d> {
        Delivery { head: self, body }
    }

    /// The address of the peer, if it was given.
    #[must_use]
    pub fn peer(&self) -> Option<IpAddr> {
        self.peer
    }

    /// The method, as it was sent.
    #[must_use]
    pub fn method(&self) -> &'d str {
        self.method
    }

    /// The URL, as it was given.
    #[must_use]
    pub fn url(&self) -> &'d str {
        self.url
    }

    /// The path with its query: the URL without scheme and authority.
    #[must_use]
    pub fn path_and_query(&self) -> &'d str {
        let Some((_, rest)) = self.url.split_once("://") else { return self.url };
        let path = rest.find(['/', '?']).and_then(|start| rest.get(start..));
        path.unwrap_or("/")
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &'d dyn Headers {
        self.headers
    }
}

impl fmt::Debug for Head<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The headers hold signatures and sometimes tokens, and the URL may hold one too.
        f.debug_struct("Head").field("method", &self.method).finish_non_exhaustive()
    }
}

/// One delivery: its head and the exact bytes of its body.
///
/// ```
/// use countersign::Delivery;
///
/// let headers = [("X-Hub-Signature-256", "sha256=00")];
/// let delivery = Delivery::new("POST", "/hooks/github", &headers, b"{}");
/// assert_eq!(delivery.body(), b"{}");
/// ```
#[derive(Clone, Copy)]
pub struct Delivery<'d> {
    head: Head<'d>,
    body: &'d [u8],
}

impl<'d> Delivery<'d> {
    /// Borrows a whole request. See [`Head::new`] for `url`.
    #[must_use]
    pub fn new(method: &'d str, url: &'d str, headers: &'d dyn Headers, body: &'d [u8]) -> Self {
        Head::new(method, url, headers).with_body(body)
    }

    /// All but the body.
    #[must_use]
    pub fn head(&self) -> &Head<'d> {
        &self.head
    }

    /// The body, as it came over the wire.
    #[must_use]
    pub fn body(&self) -> &'d [u8] {
        self.body
    }
}

impl fmt::Debug for Delivery<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("method", &self.head.method)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_header_is_one_value_only_if_its_values_are_equal() {
        let headers = [("a", "1"), ("B", "2"), ("A", "1"), ("b", "3")];
        assert_eq!(single(&headers, "A"), Occurrence::Once(b"1"));
        assert_eq!(single(&headers, "b"), Occurrence::Differing);
        assert_eq!(single(&headers, "c"), Occurrence::Absent);
    }

    #[test]
    fn the_path_and_query_leave_out_scheme_and_authority() {
        let headers: [(&str, &str); 0] = [];
        let path = |url| Head::new("GET", url, &headers).path_and_query().to_owned();
        assert_eq!(path("https://example.com/a/b?c=d"), "/a/b?c=d");
        assert_eq!(path("https://example.com?c=d"), "?c=d");
        assert_eq!(path("https://example.com"), "/");
        assert_eq!(path("/a?b"), "/a?b");
    }

    #[test]
    fn debug_output_shows_no_header() {
        let headers = [("authorization", "hunter2")];
        let delivery = Delivery::new("POST", "/?token=hunter2", &headers, b"hunter2");
        assert!(!format!("{delivery:?} {:?}", delivery.head()).contains("hunter2"));
    }
}
