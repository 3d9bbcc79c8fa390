//! The URL of a request in its parts (section 2.2).

use std::borrow::Cow;

use crate::delivery::Head;
use crate::procedure::Setup;
use crate::rejection::{HeaderRole, Rejection};

/// The URL that the sender called.
pub(super) struct Target<'v> {
    /// Scheme and authority, if they are known.
    origin: Option<(String, String)>,
    url: Cow<'v, str>,
    /// Where the path begins.
    path_at: usize,
}

impl<'v> Target<'v> {
    /// The URL as it was configured, else as the request has it. A request over HTTP/1.1 has the path
    /// alone. The header `Host` is never asked: it names whatever receiver the signature was made for,
    /// so that a delivery to one could be taken to another.
    pub(super) fn of(setup: &'v Setup, head: &Head<'v>) -> Result<Self, Rejection> {
        let url = match &setup.external_url {
            Some(external) => external.of(head)?,
            None => Cow::Borrowed(head.url()),
        };
        Ok(Self::parse(url))
    }

    fn parse(url: Cow<'v, str>) -> Self {
        let Some((scheme, rest)) = url.split_once("://").filter(|_| !url.starts_with('/')) else {
            return Self { origin: None, url, path_at: 0 };
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let authority = rest.get(..end).unwrap_or_default();
        let scheme = scheme.to_ascii_lowercase();
        let authority = normal_authority(&scheme, authority);
        let path_at = url.len() - rest.len() + end;
        Self { origin: Some((scheme, authority)), url, path_at }
    }

    /// Path and query, as they were sent.
    fn tail(&self) -> &str {
        let tail = self.url.get(self.path_at..).unwrap_or_default();
        tail.split_once('#').map_or(tail, |(tail, _)| tail)
    }

    fn origin(&self) -> Result<(&str, &str), Rejection> {
        let origin = self.origin.as_ref().ok_or(Rejection::UntrustedProxy)?;
        Ok((&origin.0, &origin.1))
    }

    /// Section 2.2.3: the host in lower case, without the scheme's own port.
    pub(super) fn authority(&self) -> Result<String, Rejection> {
        Ok(self.origin()?.1.to_owned())
    }

    /// Section 2.2.4.
    pub(super) fn scheme(&self) -> Result<String, Rejection> {
        Ok(self.origin()?.0.to_owned())
    }

    /// Section 2.2.2.
    pub(super) fn uri(&self) -> Result<String, Rejection> {
        let (scheme, authority) = self.origin()?;
        Ok(format!("{scheme}://{authority}{}", self.request()))
    }

    /// Section 2.2.5, in origin form.
    pub(super) fn request(&self) -> String {
        let tail = self.tail();
        // An empty path is written as a slash (RFC 9110, section 4.2.3).
        let slash = if tail.starts_with('/') || tail == "*" { "" } else { "/" };
        format!("{slash}{tail}")
    }

    /// Section 2.2.6. Percent-encoding is left as it was sent: to decode it would give one value to
    /// paths that a router tells apart.
    pub(super) fn path(&self) -> String {
        let tail = self.tail();
        let path = tail.split_once('?').map_or(tail, |(path, _)| path);
        if path.is_empty() { "/".to_owned() } else { path.to_owned() }
    }

    /// Section 2.2.7: a question mark and the query, which may be empty or absent.
    pub(super) fn query(&self) -> String {
        format!("?{}", self.raw_query())
    }

    fn raw_query(&self) -> &str {
        self.tail().split_once('?').map_or("", |(_, query)| query)
    }

    /// Section 2.2.8: the value of the parameter of this encoded name, which must be there once.
    pub(super) fn query_parameter(&self, name: &str) -> Result<String, Rejection> {
        let mut found = None;
        for pair in self.raw_query().split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            if recoded(key).as_deref() != Some(name) {
                continue;
            }
            if found.is_some() {
                return Err(Rejection::AmbiguousHeader(HeaderRole::Signed));
            }
            found = Some(recoded(value).ok_or(Rejection::WrongHeader(HeaderRole::Signed))?);
        }
        found.ok_or(Rejection::MissingHeader(HeaderRole::Signed))
    }
}

/// An authority in lower case, without user, password and the port that the scheme has anyway.
fn normal_authority(scheme: &str, authority: &str) -> String {
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let mut host = host.to_ascii_lowercase();
    let port = match scheme {
        "https" => ":443",
        "http" => ":80",
        _ => ":",
    };
    if let Some(bare) = host.strip_suffix(port).or_else(|| host.strip_suffix(':')) {
        host.truncate(bare.len());
    }
    host
}

/// Decodes a name or a value of a form, and encodes it in the one way that is signed: the
/// percent-encode set of forms, with blanks as `%20`
/// ([URL Standard](https://url.spec.whatwg.org/#urlencoded-parsing), read 2026-11-24). `None` if it is
/// not UTF-8: what cannot be decoded is decoded alike.
fn recoded(text: &str) -> Option<String> {
    let decoded = String::from_utf8(decoded(text.as_bytes())).ok()?;
    let mut encoded = String::with_capacity(decoded.len());
    for byte in decoded.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'*' | b'-' | b'.' | b'_') {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            for nibble in [byte >> 4, byte & 15] {
                encoded.extend(
                    char::from_digit(u32::from(nibble), 16).map(|it| it.to_ascii_uppercase()),
                );
            }
        }
    }
    Some(encoded)
}

fn decoded(mut text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    while let Some((first, rest)) = text.split_first() {
        text = rest;
        let nibble = |at: usize| char::from(*rest.get(at)?).to_digit(16);
        out.push(match (*first, nibble(0), nibble(1)) {
            (b'%', Some(high), Some(low)) => {
                text = rest.get(2..).unwrap_or_default();
                u8::try_from(high * 16 + low).unwrap_or_default()
            }
            (b'+', ..) => b' ',
            (byte, ..) => byte,
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(url: &str) -> Target<'_> {
        Target::parse(Cow::Borrowed(url))
    }

    #[test]
    fn the_authority_is_normal() {
        for (url, authority) in [
            ("https://EXAMPLE.com:443/", "example.com"),
            ("http://example.com:80", "example.com"),
            ("https://example.com:80", "example.com:80"),
            ("https://example.com:8443?x", "example.com:8443"),
            ("HTTPS://user:443@Example.com:/", "example.com"),
            ("https://[::1]:443/", "[::1]"),
            ("https://[2001:DB8::443]/", "[2001:db8::443]"),
        ] {
            assert_eq!(target(url).authority().unwrap(), authority, "{url}");
        }
        assert_eq!(target("HTTPS://a/").scheme().unwrap(), "https");
        assert_eq!(target("/foo").authority(), Err(Rejection::UntrustedProxy));
        assert_eq!(target("/foo?u=https://a/").scheme(), Err(Rejection::UntrustedProxy));
        assert_eq!(target("//a/b").uri(), Err(Rejection::UntrustedProxy));
    }

    #[test]
    fn path_and_query_are_as_they_were_sent() {
        for (url, path, query, request) in [
            ("https://a", "/", "?", "/"),
            ("https://a?x=1", "/", "?x=1", "/?x=1"),
            ("https://a/?", "/", "?", "/?"),
            ("https://a/%7Ea/../b?x=%2f#y", "/%7Ea/../b", "?x=%2f", "/%7Ea/../b?x=%2f"),
            ("/a?b?c", "/a", "?b?c", "/a?b?c"),
        ] {
            let target = target(url);
            assert_eq!((&*target.path(), &*target.query()), (path, query), "{url}");
            assert_eq!(target.request(), request);
        }
        assert_eq!(target("https://A:443/b?c#d").uri().unwrap(), "https://a/b?c");
        assert_eq!(target("https://A?c").uri().unwrap(), "https://a/?c");
    }

    #[test]
    fn a_query_parameter_is_encoded_in_one_way_and_there_once() {
        // Section 2.2.8.
        let url = "https://www.example.com/parameters?var=this%20is%20a%20big%0Amultiline%20value&\
                   bar=with+plus+whitespace&fa%C3%A7ade%22%3A%20=something&two=1&%74wo=2&e&bad=%ff&p=%zz";
        let target = target(url);
        let get = |name| target.query_parameter(name);
        assert_eq!(get("var").unwrap(), "this%20is%20a%20big%0Amultiline%20value");
        assert_eq!(get("bar").unwrap(), "with%20plus%20whitespace");
        assert_eq!(get("fa%C3%A7ade%22%3A%20").unwrap(), "something");
        assert_eq!(get("e").unwrap(), "");
        assert_eq!(get("p").unwrap(), "%25zz");
        assert_eq!(get("two"), Err(Rejection::AmbiguousHeader(HeaderRole::Signed)));
        assert_eq!(get("no"), Err(Rejection::MissingHeader(HeaderRole::Signed)));
        assert_eq!(get("bad"), Err(Rejection::WrongHeader(HeaderRole::Signed)));
    }
}
