//! Which URLs are ever asked.

use url::{Host, Url};

/// The URL, if it may be asked: `https` on the default port of a host that has a name, with neither user
/// nor fragment. Which hosts are a sender's own is for the core to say.
pub(crate) fn safe(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_plain = url.scheme() == "https"
        && url.port().is_none()
        && url.username().is_empty()
        && url.password().is_none()
        && url.fragment().is_none();
    let is_public = match url.host()? {
        Host::Domain(name) => {
            let name = name.trim_end_matches('.');
            name.contains('.') && !name.ends_with(".localhost") && !name.ends_with(".local")
        }
        Host::Ipv4(_) | Host::Ipv6(_) => false,
    };
    // What a parser had to mend, another may read otherwise.
    (is_plain && is_public && url.as_str() == text).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_on_the_default_port_of_a_named_host_is_asked() {
        for good in [
            "https://keys.example.com/jwks.json",
            "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-00.pem",
            "https://example.com/keys?kid=1",
        ] {
            assert!(safe(good).is_some(), "{good}");
        }
        for bad in [
            "http://example.com/",
            "https://example.com:8443/",
            "https://example.com:443/",
            "https://user@example.com/",
            "https://:password@example.com/",
            "https://127.0.0.1/",
            "https://0x7f.1/",
            "https://[::1]/",
            "https://localhost/",
            "https://keys.localhost/",
            "https://printer.local/",
            "https://example.com/#fragment",
            "https://example.com\\@evil.example/",
            "https:///example.com/",
            "https://EXAMPLE.com/",
            "https://example.com/../keys",
            "file:///etc/passwd",
            "ftp://example.com/",
            "//example.com/",
            "",
        ] {
            assert!(safe(bad).is_none(), "{bad}");
        }
    }
}
