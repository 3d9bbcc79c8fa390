//! The URL of a request as its sender knows it, which proxies may have changed.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::borrow::Cow;

use crate::config_error::ConfigError;
use crate::delivery::{Head, Occurrence, single};
use crate::rejection::{HeaderRole, Rejection};
use crate::scheme::Text;

/// The longest name of a host, with a port.
const MAX_HOST: usize = 261;

/// How the URL that the sender called is told.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum ExternalUrl {
    /// It is this one, whatever the request says.
    Exact(Text),
    /// Scheme and host, and in front of the path what a proxy takes away.
    Base(Text),
    /// By `X-Forwarded-Proto` and `X-Forwarded-Host`, if the peer is one of these proxies.
    Forwarded(Vec<Proxy>),
    /// In more ways than one.
    Several,
}

impl ExternalUrl {
    /// What is told in one way, unless it was told in another before.
    pub(crate) fn told_once(self, before: Option<&Self>) -> Self {
        match before {
            None => self,
            Some(_) => Self::Several,
        }
    }

    /// With one more proxy.
    pub(crate) fn with_proxy(before: Option<Self>, network: String) -> Self {
        let proxy = Proxy::parse(network);
        match before {
            None => Self::Forwarded(vec![proxy]),
            Some(Self::Forwarded(mut proxies)) => {
                proxies.push(proxy);
                Self::Forwarded(proxies)
            }
            Some(_) => Self::Several,
        }
    }

    /// Refuses what is no URL, and what is no network.
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        match self {
            Self::Exact(url) if is_absolute(url) => Ok(()),
            // What a base ends with would stand in the middle of the URL.
            Self::Base(url) if is_absolute(url) && !url.contains('?') => Ok(()),
            Self::Exact(_) | Self::Base(_) => Err(ConfigError::WrongExternalUrl),
            Self::Forwarded(proxies) => match proxies.iter().find(|it| it.network.is_none()) {
                Some(proxy) => Err(ConfigError::WrongProxy { network: proxy.text.clone() }),
                None => Ok(()),
            },
            Self::Several => Err(ConfigError::SeveralExternalUrls),
        }
    }

    /// The URL that the sender called.
    pub(crate) fn of<'v>(&'v self, head: &Head<'v>) -> Result<Cow<'v, str>, Rejection> {
        match self {
            Self::Exact(url) => Ok(Cow::Borrowed(url)),
            Self::Base(base) => {
                let base = base.trim_end_matches('/');
                Ok(Cow::Owned(format!("{base}{}", head.path_and_query())))
            }
            Self::Forwarded(proxies) => {
                let peer = head.peer().ok_or(Rejection::UntrustedProxy)?;
                if !proxies.iter().any(|proxy| proxy.is_at(peer)) {
                    return Err(Rejection::UntrustedProxy);
                }
                let scheme = forwarded_scheme(head)?;
                let host = forwarded_host(head)?;
                Ok(Cow::Owned(format!("{scheme}://{host}{}", head.path_and_query())))
            }
            // `Verifier::build` has refused it already.
            Self::Several => Err(Rejection::UntrustedProxy),
        }
    }
}

/// A proxy that is believed, or a network of such.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Proxy {
    text: String,
    /// `None` if the text is no network.
    network: Option<Network>,
}

impl Proxy {
    fn parse(text: String) -> Self {
        Self { network: Network::parse(&text), text }
    }

    fn is_at(&self, peer: IpAddr) -> bool {
        self.network.is_some_and(|network| network.contains(peer))
    }
}

/// A block of addresses ([RFC 4632](https://www.rfc-editor.org/rfc/rfc4632), read 2026-11-24).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Network {
    /// The first address; that of an IPv4 network as IPv6 maps it.
    first: u128,
    /// Ones where addresses of the network are alike.
    mask: u128,
}

impl Network {
    /// Reads an address, or an address with the length of its prefix. A network of all addresses is
    /// none: to believe everyone is to believe the forger.
    fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let bits = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            Some(digits) if digits.bytes().all(|it| it.is_ascii_digit()) => digits.parse().ok()?,
            Some(_) => return None,
            None => bits,
        };
        if !(1..=bits).contains(&prefix) {
            return None;
        }
        let mask = u128::MAX.checked_shl(bits - prefix)?;
        let network = Self { first: mapped(address) & mask, mask };
        // Those of IPv4 are all below one prefix of IPv6.
        let holds_all_ipv4 =
            bits - prefix >= 32 && network.contains(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        (!holds_all_ipv4).then_some(network)
    }

    fn contains(&self, address: IpAddr) -> bool {
        mapped(address) & self.mask == self.first
    }
}

/// The address as IPv6 writes it: a socket for both kinds reports IPv4 peers so.
fn mapped(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

/// `http` or `https`, by the word of a trusted proxy, which must have one word.
fn forwarded_scheme(head: &Head<'_>) -> Result<&'static str, Rejection> {
    let role = HeaderRole::Forwarded;
    match single(head.headers(), "x-forwarded-proto") {
        Occurrence::Once(value) if value.eq_ignore_ascii_case(b"https") => Ok("https"),
        Occurrence::Once(value) if value.eq_ignore_ascii_case(b"http") => Ok("http"),
        // A list tells of several proxies, and not which of them is believed.
        Occurrence::Once(_) => Err(Rejection::WrongHeader(role)),
        Occurrence::Differing => Err(Rejection::AmbiguousHeader(role)),
        Occurrence::Absent => Err(Rejection::MissingHeader(role)),
    }
}

/// The host by the word of a trusted proxy; many say nothing and leave `Host` as it was.
fn forwarded_host<'d>(head: &Head<'d>) -> Result<&'d str, Rejection> {
    let role = HeaderRole::Forwarded;
    let told = |name| match single(head.headers(), name) {
        Occurrence::Once(value) => Ok(Some(value)),
        Occurrence::Differing => Err(Rejection::AmbiguousHeader(role)),
        Occurrence::Absent => Ok(None),
    };
    let host = match told("x-forwarded-host")? {
        Some(host) => Some(host),
        None => match authority(head.url()) {
            Some(authority) => Some(authority.as_bytes()),
            None => told("host")?,
        },
    };
    let host = host.ok_or(Rejection::MissingHeader(role))?;
    let host = core::str::from_utf8(host).map_err(|_| Rejection::WrongHeader(role))?;
    if is_host(host) { Ok(host) } else { Err(Rejection::WrongHeader(role)) }
}

/// What an absolute URL has between `://` and the path.
pub(crate) fn authority(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    rest.split(['/', '?', '#']).next()
}

/// The authority without user and password.
pub(crate) fn host_of(authority: &str) -> &str {
    authority.rsplit_once('@').map_or(authority, |(_, host)| host)
}

/// Whether a text is an absolute URL of HTTP, as a sender may be told.
fn is_absolute(url: &str) -> bool {
    let known = url.starts_with("https://") || url.starts_with("http://");
    let clean = !url.contains(|it: char| it.is_whitespace() || it.is_control() || it == '#');
    let host = authority(url).map(host_of);
    // A name that is not ASCII is signed as it was told, so its letters are not judged.
    known && clean && host.is_some_and(|host| is_host(host) || (!host.is_ascii()))
}

/// Whether a text is a host, with or without a port
/// ([RFC 3986, section 3.2.2](https://www.rfc-editor.org/rfc/rfc3986#section-3.2.2), read
/// 2026-11-24), and nothing that would end it.
fn is_host(text: &str) -> bool {
    let (name, port) = split_port(text);
    let is_name = match name.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']').is_some_and(|it| it.parse::<Ipv6Addr>().is_ok()),
        None => {
            let letter = |it: u8| it.is_ascii_alphanumeric() || b"-._".contains(&it);
            !name.is_empty() && name.bytes().all(letter)
        }
    };
    let digits = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    text.len() <= MAX_HOST
        && is_name
        && port.is_none_or(|port| digits(port) && port.parse::<u16>().is_ok())
}

/// The name of a host, and its port if it says one.
pub(crate) fn split_port(host: &str) -> (&str, Option<&str>) {
    // The colons of an IPv6 address are in brackets.
    let from = host.rfind(']').map_or(0, |at| at + 1);
    match host.get(from..).and_then(|rest| rest.find(':')) {
        Some(at) => (host.get(..from + at).unwrap_or(host), host.get(from + at + 1..)),
        None => (host, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NO_HEADERS: [(&str, &str); 0] = [];

    fn proxies(networks: &[&str]) -> ExternalUrl {
        let urls = networks.iter().fold(None, |before, network| {
            Some(ExternalUrl::with_proxy(before, (*network).to_owned()))
        });
        urls.unwrap()
    }

    #[test]
    fn a_url_that_is_none_is_refused() {
        let wrong = Err(ConfigError::WrongExternalUrl);
        for url in [
            "",
            "example.com",
            "/hooks",
            "ftp://example.com",
            "https://",
            "https:///hooks",
            "https://exa mple.com",
            "https://example.com/\n",
            "https://example.com:port",
            "https://example.com:99999",
            "https://user@/hooks",
            "https://example.com/#part",
            "https://[::1/hooks",
            "https://a,b/",
        ] {
            assert_eq!(ExternalUrl::Exact(url.into()).check(), wrong, "{url}");
            assert_eq!(ExternalUrl::Base(url.into()).check(), wrong, "{url}");
        }
        for url in [
            "https://example.com",
            "http://example.com:8080/hooks/",
            "https://user:pass@example.com/hooks",
            "https://[2001:db8::1]:8443/hooks",
            "https://b\u{fc}cher.example/hooks",
        ] {
            assert_eq!(ExternalUrl::Exact(url.into()).check(), Ok(()), "{url}");
            assert_eq!(ExternalUrl::Base(url.into()).check(), Ok(()), "{url}");
        }
        let query = "https://example.com/hooks?a=b";
        assert_eq!(ExternalUrl::Exact(query.into()).check(), Ok(()));
        assert_eq!(ExternalUrl::Base(query.into()).check(), wrong);
    }

    #[test]
    fn a_base_goes_in_front_of_path_and_query() {
        let head = Head::new("POST", "http://10.0.0.1:8080/sms?a=b", &NO_HEADERS);
        for base in ["https://example.com/api", "https://example.com/api/"] {
            let url = ExternalUrl::Base(base.into());
            assert_eq!(url.of(&head).unwrap(), "https://example.com/api/sms?a=b");
        }
    }

    #[test]
    fn a_network_is_an_address_or_a_prefix() {
        let contains = |network: &str, address: &str| {
            Network::parse(network).unwrap().contains(address.parse().unwrap())
        };
        assert!(contains("10.1.2.3", "10.1.2.3"));
        assert!(!contains("10.1.2.3", "10.1.2.4"));
        assert!(contains("10.0.0.0/8", "10.255.0.1"));
        assert!(contains("10.9.9.9/8", "::ffff:10.255.0.1"));
        assert!(!contains("10.0.0.0/8", "11.0.0.1"));
        assert!(!contains("10.0.0.0/8", "a00::1"));
        assert!(contains("2001:db8::/32", "2001:db8:ffff::1"));
        assert!(!contains("2001:db8::/32", "2001:db9::1"));
        assert!(contains("::1", "::1"));
        for text in [
            "",
            "10.0.0.0/",
            "10.0.0.0/33",
            "10.0.0.0/+8",
            "0.0.0.0/0",
            "::/0",
            "::/1",
            "::ffff:0.0.0.0/96",
            "10/8",
            "proxy",
        ] {
            assert_eq!(Network::parse(text), None, "{text}");
        }
    }

    #[test]
    fn what_a_peer_says_counts_only_if_it_is_trusted() {
        let headers = [("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "example.com")];
        let head = Head::new("POST", "/sms", &headers);
        let url = proxies(&["10.0.0.0/8", "::1"]);
        let of = |peer: &str| {
            let head = head.from_peer(peer.parse().unwrap());
            url.of(&head).map(Cow::into_owned)
        };
        assert_eq!(of("10.1.2.3").as_deref(), Ok("https://example.com/sms"));
        assert_eq!(of("::1").as_deref(), Ok("https://example.com/sms"));
        assert_eq!(of("192.0.2.1"), Err(Rejection::UntrustedProxy));
        assert_eq!(url.of(&head), Err(Rejection::UntrustedProxy));
    }

    #[track_caller]
    fn check(url: &str, headers: &[(&str, &str)], expected: Result<&str, Rejection>) {
        let headers = headers.to_vec();
        let head = Head::new("POST", url, &headers).from_peer([10, 0, 0, 1].into());
        let told = proxies(&["10.0.0.1"]).of(&head).map(Cow::into_owned);
        assert_eq!(told.as_deref().map_err(|it| *it), expected);
    }

    #[test]
    fn a_trusted_proxy_says_one_thing() {
        let role = HeaderRole::Forwarded;
        let proto = ("X-Forwarded-Proto", "https");
        let host = ("X-Forwarded-Host", "example.com:8443");
        let inner = ("Host", "inner.example.com");
        check("/", &[proto, host, inner], Ok("https://example.com:8443/"));
        check("/", &[proto, inner], Ok("https://inner.example.com/"));
        check("https://h2.example.com/a", &[proto], Ok("https://h2.example.com/a"));
        check("/", &[proto], Err(Rejection::MissingHeader(role)));
        check("/", &[host], Err(Rejection::MissingHeader(role)));
        check("/", &[proto, ("x-forwarded-proto", "http"), host], {
            Err(Rejection::AmbiguousHeader(role))
        });
        check("/", &[proto, host, ("x-forwarded-host", "evil.example")], {
            Err(Rejection::AmbiguousHeader(role))
        });
        for value in ["https,http", "", "ftp", "https "] {
            let headers = [("X-Forwarded-Proto", value), host];
            check("/", &headers, Err(Rejection::WrongHeader(role)));
        }
        for value in ["a,b", "", "a/b", "a?b", "a#", "u@a", "a b", "a:b", "[::1", "a:"] {
            let headers = [proto, ("X-Forwarded-Host", value)];
            check("/", &headers, Err(Rejection::WrongHeader(role)));
        }
    }

    #[test]
    fn the_url_is_told_in_one_way() {
        let exact = ExternalUrl::Exact("https://example.com".into());
        let several = exact.clone().told_once(Some(&proxies(&["10.0.0.1"])));
        assert_eq!(several.check(), Err(ConfigError::SeveralExternalUrls));
        let several = ExternalUrl::with_proxy(Some(exact), "10.0.0.1".to_owned());
        assert_eq!(several.check(), Err(ConfigError::SeveralExternalUrls));
        let wrong = proxies(&["10.0.0.1", "proxy"]).check();
        assert_eq!(wrong, Err(ConfigError::WrongProxy { network: "proxy".to_owned() }));
    }
}
