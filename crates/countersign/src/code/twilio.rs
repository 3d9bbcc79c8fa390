//! Twilio: HMAC over the URL, and over the parameters of a form or the digest of another body.
//!
//! <https://www.twilio.com/docs/usage/webhooks/webhooks-security>, as of 2026-11-24, and the SDKs for
//! Node.js (6.2.0) and Python (9.13.0).

use core::slice;
use std::borrow::Cow;

use super::tools;
use crate::check::Checked;
use crate::config_error::ConfigError;
use crate::content::header_is;
use crate::delivery::{Delivery, Head};
use crate::external_url::{authority, split_port};
use crate::form::{self, Field};
use crate::mac::{self, Sha256Digest};
use crate::procedure::{KeyKind, Keys, NamedSecret, Procedure, Setup};
use crate::rejection::{HeaderRole, Rejection};
use crate::scheme::{Algorithm, Coverage, Encoding};
use crate::time::Timestamp;

const SIGNATURE: &str = "x-twilio-signature";
const SETTINGS: &str = "x-twilio-webhooks-signature-settings";
const BODY_DIGEST: &str = "bodySHA256";

/// Judges Twilio's requests.
pub(crate) struct Twilio;

impl Procedure for Twilio {
    fn coverage(&self) -> Coverage {
        Coverage::BODY.with_url()
    }

    fn needs_external_url(&self) -> bool {
        true
    }

    fn key_kind(&self) -> KeyKind {
        KeyKind::Secrets
    }

    fn check_setup(&self, setup: &Setup) -> Result<(), ConfigError> {
        let known = |secret: &&NamedSecret| {
            matches!(
                (&secret.id, secret.algorithm),
                (_, None | Some(Algorithm::HmacSha1)) | (Some(_), Some(Algorithm::HmacSha256))
            )
        };
        match setup.secrets.iter().find(|secret| !known(secret)) {
            Some(secret) => Err(ConfigError::WrongAlgorithm { label: secret.label.clone() }),
            None => Ok(()),
        }
    }

    fn precheck(&self, setup: &Setup, head: &Head<'_>, _: Timestamp) -> Result<(), Rejection> {
        let signature = tools::required(head, SIGNATURE, HeaderRole::Signature)?;
        let (_, algorithm) = signers(setup, head)?;
        tools::check_form(algorithm, Encoding::Base64, signature)
    }

    fn check(
        &self,
        setup: &Setup,
        delivery: &Delivery<'_>,
        _: &Keys<'_>,
        _: Timestamp,
    ) -> Result<Checked, Rejection> {
        let head = delivery.head();
        let signature = tools::required(head, SIGNATURE, HeaderRole::Signature)?;
        let (secrets, algorithm) = signers(setup, head)?;
        let url = tools::external_url(setup)?.of(head)?;
        let content = Content::read(&url, delivery)?;
        for secret in secrets {
            for url in spellings(&url) {
                let made = tools::made(
                    algorithm,
                    &secret.material.key,
                    Encoding::Base64,
                    signature,
                    |sink| content.feed(&url, sink),
                )?;
                if made {
                    return Ok(Checked::new(secret.label.clone(), self.coverage()));
                }
            }
        }
        Err(Rejection::BadSignature)
    }

    fn content_digest(&self, setup: &Setup, delivery: &Delivery<'_>) -> Option<[u8; 32]> {
        let url = tools::external_url(setup).ok()?.of(delivery.head()).ok()?;
        let content = Content::read(&url, delivery).ok()?;
        let mut digest = Sha256Digest::new();
        // Of all spellings that one signature covers one counts, or each would be another event. What is
        // joined to the URL is escaped like it, as it may have been moved into the query.
        content.feed(&without_port(&url), &mut |piece| {
            for byte in piece {
                digest.update(escape(*byte).map_or_else(|| slice::from_ref(byte), str::as_bytes));
            }
        });
        Some(digest.finish())
    }
}

/// The secrets that may have signed, and by which algorithm: the auth tokens, or the shared key that the
/// delivery names. What it says of the algorithm is held against the key's own.
fn signers<'s>(
    setup: &'s Setup,
    head: &Head<'_>,
) -> Result<(Vec<&'s NamedSecret>, Algorithm), Rejection> {
    let settings = tools::optional(head, SETTINGS, HeaderRole::KeyId)?.unwrap_or_default();
    let key = setting(settings, b"key")?;
    let secrets: Vec<_> = setup.secrets.iter().filter(|it| is_named(it, key)).collect();
    let first = secrets.first().ok_or(Rejection::UnknownKey)?;
    let usual = if key.is_some() { Algorithm::HmacSha256 } else { Algorithm::HmacSha1 };
    let algorithm = first.algorithm.unwrap_or(usual);
    if secrets.iter().any(|it| it.algorithm.unwrap_or(usual) != algorithm) {
        return Err(Rejection::WrongAlgorithm);
    }
    let name: &[u8] =
        if algorithm == Algorithm::HmacSha256 { b"HMAC_SHA256" } else { b"HMAC_SHA1" };
    match setting(settings, b"algorithm")? {
        Some(said) if !said.eq_ignore_ascii_case(name) => Err(Rejection::WrongAlgorithm),
        _ => Ok((secrets, algorithm)),
    }
}

/// Whether a delivery that names this key, or none, may be signed by this secret.
fn is_named(secret: &NamedSecret, key: Option<&[u8]>) -> bool {
    match (&secret.id, key) {
        (None, None) => true,
        (Some(id), Some(key)) => mac::equal(id.as_bytes(), key),
        _ => false,
    }
}

/// A value out of `key=<id>,algorithm=<name>`.
fn setting<'d>(settings: &'d [u8], wanted: &[u8]) -> Result<Option<&'d [u8]>, Rejection> {
    let mut found = None;
    for item in settings.split(|byte| *byte == b',') {
        let at = item.iter().position(|byte| *byte == b'=').unwrap_or(item.len());
        let (name, value) = item.split_at(at);
        let value = value.strip_prefix(b"=").unwrap_or_default().trim_ascii();
        if name.trim_ascii() == wanted && !value.is_empty() && found.replace(value).is_some() {
            return Err(Rejection::AmbiguousHeader(HeaderRole::KeyId));
        }
    }
    Ok(found)
}

/// What is signed behind the URL.
struct Content<'d>(Vec<Field<'d>>);

impl<'d> Content<'d> {
    fn read(url: &str, delivery: &Delivery<'d>) -> Result<Self, Rejection> {
        let body = delivery.body();
        let digest = form::only(form::query_of(url).as_bytes(), BODY_DIGEST);
        if let Some(digest) = digest.map_err(|form::Repeated| Rejection::UnreadableBody)? {
            // In the signed URL, so it stands for the body.
            let mut expected = Sha256Digest::new();
            expected.update(body);
            return if mac::equal(&digest, &expected.finish_hex()) {
                Ok(Self(Vec::new()))
            } else {
                Err(Rejection::WrongDigest)
            };
        }
        if body.is_empty() {
            return Ok(Self(Vec::new()));
        }
        // The signature of the URL alone says nothing of another body.
        if !header_is(delivery, "content-type", "application/x-www-form-urlencoded") {
            return Err(Rejection::UnreadableBody);
        }
        let mut fields: Vec<_> = form::fields(body).collect();
        fields.sort_unstable();
        fields.dedup();
        Ok(Self(fields))
    }

    fn feed(&self, url: &str, sink: &mut dyn FnMut(&[u8])) {
        sink(url.as_bytes());
        for (name, value) in &self.0 {
            sink(name);
            sink(value);
        }
    }
}

/// The URL in the ways in which Twilio may have written it: without a port or with one, and with some
/// characters of the query escaped.
fn spellings(url: &str) -> Vec<Cow<'_, str>> {
    let mut urls = vec![without_port(url), with_port(url)];
    for at in 0..urls.len() {
        if let Some(Cow::Owned(escaped)) = urls.get(at).map(|url| escaped(url)) {
            urls.push(Cow::Owned(escaped));
        }
    }
    urls
}

/// Scheme, authority and the rest of a URL.
fn split(url: &str) -> Option<(&str, &str, &str)> {
    let (scheme, rest) = url.split_once("://")?;
    let authority = authority(url)?;
    Some((scheme, authority, rest.get(authority.len()..)?))
}

fn without_port(url: &str) -> Cow<'_, str> {
    match split(url) {
        Some((scheme, authority, rest)) => match split_host_port(authority) {
            (host, Some(_)) => Cow::Owned(format!("{scheme}://{host}{rest}")),
            _ => Cow::Borrowed(url),
        },
        None => Cow::Borrowed(url),
    }
}

fn with_port(url: &str) -> Cow<'_, str> {
    match split(url) {
        Some((scheme, authority, rest)) if split_host_port(authority).1.is_none() => {
            let port = if scheme == "https" { 443 } else { 80 };
            Cow::Owned(format!("{scheme}://{authority}:{port}{rest}"))
        }
        _ => Cow::Borrowed(url),
    }
}

/// The authority up to its port, and the port. A password may have colons, too.
fn split_host_port(authority: &str) -> (&str, Option<&str>) {
    let host_at = authority.rfind('@').map_or(0, |at| at + 1);
    let (_, port) = split_port(authority.get(host_at..).unwrap_or_default());
    let length = port.map_or(authority.len(), |port| authority.len() - port.len() - 1);
    (authority.get(..length).unwrap_or(authority), port)
}

/// Escapes what browsers do in a query
/// (<https://url.spec.whatwg.org/#special-query-percent-encode-set>, read 2026-11-24).
fn escaped(url: &str) -> Cow<'_, str> {
    let special = |it: char| u8::try_from(it).is_ok_and(|it| escape(it).is_some());
    let Some((front, query)) = url.split_once('?') else { return Cow::Borrowed(url) };
    if !query.contains(special) {
        return Cow::Borrowed(url);
    }
    let mut escaped = format!("{front}?");
    for character in query.chars() {
        match u8::try_from(character).ok().and_then(escape) {
            Some(escape) => escaped.push_str(escape),
            None => escaped.push(character),
        }
    }
    Cow::Owned(escaped)
}

/// What stands for a character that is escaped.
fn escape(byte: u8) -> Option<&'static str> {
    match byte {
        b'\'' => Some("%27"),
        b'"' => Some("%22"),
        b'<' => Some("%3C"),
        b'>' => Some("%3E"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_spelt_with_and_without_a_port() {
        let check = |url, expected: &[&str]| assert_eq!(spellings(url), expected, "{url}");
        check(
            "https://a.example/b?c=d",
            &["https://a.example/b?c=d", "https://a.example:443/b?c=d"],
        );
        check("http://a.example", &["http://a.example", "http://a.example:80"]);
        check("https://a.example:1234/b", &["https://a.example/b", "https://a.example:1234/b"]);
        check("https://u:p@a.example/", &["https://u:p@a.example/", "https://u:p@a.example:443/"]);
        check("https://u:p@a.example:1/", &["https://u:p@a.example/", "https://u:p@a.example:1/"]);
        check("https://[::1]/", &["https://[::1]/", "https://[::1]:443/"]);
        check("https://[::1]:1/", &["https://[::1]/", "https://[::1]:1/"]);
        check(
            "http://a/it's?it's",
            &[
                "http://a/it's?it's",
                "http://a:80/it's?it's",
                "http://a/it's?it%27s",
                "http://a:80/it's?it%27s",
            ],
        );
    }

    #[test]
    fn settings_are_named_once() {
        let settings = b"key=a=b, algorithm = HMAC_SHA256,x,=y";
        assert_eq!(setting(settings, b"key"), Ok(Some(&b"a=b"[..])));
        assert_eq!(setting(settings, b"algorithm"), Ok(Some(&b"HMAC_SHA256"[..])));
        assert_eq!(setting(b"", b"key"), Ok(None));
        assert_eq!(setting(b"key=", b"key"), Ok(None));
        let twice = Err(Rejection::AmbiguousHeader(HeaderRole::KeyId));
        assert_eq!(setting(b"key=a,key=b", b"key"), twice);
    }
}
