//! Atlassian Connect: a token that signs the method and the URL in a canonical form, and says which
//! installation it comes from.

use std::borrow::Cow;

use serde_json::Value;

use crate::check::Checked;
use crate::config_error::ConfigError;
use crate::delivery::{Delivery, Head, Occurrence, single};
use crate::external_url::ExternalUrl;
#[cfg(feature = "form")]
use crate::form;
use crate::jws::{Jws, MAX_TOKEN};
use crate::jwt;
use crate::outside;
use crate::procedure::{KeyKind, Keys, Procedure, Setup};
use crate::rejection::{HeaderRole, Rejection};
use crate::scheme::{Algorithm, Coverage, Encoding, TokenTimes};
use crate::setting::Setting;
use crate::time::Timestamp;

/// Judges by the token in `Authorization: JWT` or in the query's `jwt`.
pub(crate) struct AtlassianConnect;

const ALGORITHMS: &[Algorithm] = &[Algorithm::HmacSha256];

const TIMES: TokenTimes =
    TokenTimes { signed_at: Some(Cow::Borrowed("iat")), expires: true, leeway: 0 };

impl Procedure for AtlassianConnect {
    fn coverage(&self) -> Coverage {
        Coverage::NOTHING.with_method().with_url().with_timestamp()
    }

    fn optional_settings(&self) -> &'static [Setting] {
        &[Setting::Issuer]
    }

    fn key_kind(&self) -> KeyKind {
        KeyKind::Secrets
    }

    fn check_setup(&self, _: &Setup) -> Result<(), ConfigError> {
        if cfg!(feature = "form") {
            Ok(())
        } else {
            Err(ConfigError::FeatureOff { feature: "form" })
        }
    }

    fn precheck(&self, setup: &Setup, head: &Head<'_>, now: Timestamp) -> Result<(), Rejection> {
        let token = token(head)?;
        let claims = Jws::read(&token, ALGORITHMS, false)?.claims()?;
        jwt::judge_times(&TIMES, &claims, setup, now).map(|_| ())
    }

    fn check(
        &self,
        setup: &Setup,
        delivery: &Delivery<'_>,
        _: &Keys<'_>,
        now: Timestamp,
    ) -> Result<Checked, Rejection> {
        let token = token(delivery.head())?;
        let jws = Jws::read(&token, ALGORITHMS, false)?;
        let claims = jws.claims()?;
        // The installation, each of which has a secret of its own.
        let issuer = claims.get("iss").and_then(Value::as_str).ok_or(Rejection::WrongClaim)?;
        let secret = jwt::find_secret(setup, &jws, None, Some(issuer))?;
        let mut issuers = setup.settings.all(Setting::Issuer);
        if setup.settings.has(Setting::Issuer) && !issuers.any(|it| it == issuer) {
            return Err(Rejection::WrongClaim);
        }
        let canonical = canonical_request(setup, delivery.head());
        // Tokens for frames say "context-qsh" instead, and are in the hands of every user.
        let digest = claims.get("qsh").ok_or(Rejection::WrongClaim)?;
        jwt::check_digest(digest, Encoding::Hex, canonical.as_bytes())
            .map_err(|_| Rejection::WrongClaim)?;
        let mut checked = Checked::new(secret, self.coverage());
        checked.signed_at = jwt::judge_times(&TIMES, &claims, setup, now)?;
        Ok(checked)
    }

    fn claims<'d>(&self, _: &Setup, delivery: &Delivery<'d>) -> Option<Cow<'d, [u8]>> {
        let token = token(delivery.head()).ok()?;
        let payload = Jws::read(&token, ALGORITHMS, false).ok()?.payload()?;
        Some(Cow::Owned(payload))
    }
}

/// The token in the header or, if there is none in it, in the query.
fn token<'d>(head: &Head<'d>) -> Result<Cow<'d, [u8]>, Rejection> {
    let role = HeaderRole::Signature;
    let in_header = match single(head.headers(), "authorization") {
        Occurrence::Once(value) => jwt::after_prefix(value, "JWT"),
        Occurrence::Absent => None,
        Occurrence::Differing => return Err(Rejection::AmbiguousHeader(role)),
    };
    let token = match in_header {
        Some(token) => Cow::Borrowed(token),
        None => outside::query(head, "jwt")?.ok_or(Rejection::MissingHeader(role))?,
    };
    if token.len() > MAX_TOKEN { Err(Rejection::MalformedToken) } else { Ok(token) }
}

/// The method, the path and the query as they are signed
/// (<https://developer.atlassian.com/cloud/jira/platform/understanding-jwt-for-connect-apps/>, "Creating
/// a query string hash", read 2026-11-24; what it leaves open is as in npm atlassian-jwt 2.0.3).
fn canonical_request(setup: &Setup, head: &Head<'_>) -> String {
    let url = head.path_and_query();
    let url = url.split_once('#').map_or(url, |(url, _)| url);
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let base = match &setup.external_url {
        Some(ExternalUrl::Base(base)) => path_of(base),
        _ => "",
    };
    let method = head.method().to_ascii_uppercase();
    format!("{method}&{}&{}", canonical_path(path, base), canonical_query(query))
}

/// The path of an absolute URL, without a slash at its end.
fn path_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or_default();
    path.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/')
}

/// The path from the app's base URL on. The request has the base's path in front unless a proxy took it
/// away.
fn canonical_path(path: &str, base: &str) -> String {
    let relative = match path.strip_prefix(base) {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => rest,
        _ => path,
    };
    let relative = relative.strip_suffix('/').unwrap_or(relative);
    let slash = if relative.starts_with('/') { "" } else { "/" };
    // Otherwise the end of a path could be the beginning of a query.
    format!("{slash}{}", relative.replace('&', "%26"))
}

/// The parameters sorted by name, values of one name sorted and joined, without the token.
#[cfg(feature = "form")]
fn canonical_query(query: &str) -> String {
    use std::collections::BTreeMap;

    let mut parameters: BTreeMap<Cow<'_, [u8]>, Vec<Cow<'_, [u8]>>> = BTreeMap::new();
    for (name, value) in form::fields(query.as_bytes()) {
        if *name != *b"jwt" {
            parameters.entry(name).or_default().push(value);
        }
    }
    let mut canonical = String::new();
    for (name, mut values) in parameters {
        if !canonical.is_empty() {
            canonical.push('&');
        }
        values.sort_unstable();
        push_encoded(&name, &mut canonical);
        canonical.push('=');
        for (index, value) in values.iter().enumerate() {
            if index > 0 {
                canonical.push(',');
            }
            push_encoded(value, &mut canonical);
        }
    }
    canonical
}

#[cfg(not(feature = "form"))]
fn canonical_query(_: &str) -> String {
    String::new() // `Verifier::build` has refused the scheme already.
}

/// Percent-encodes all but unreserved characters
/// ([RFC 3986, section 2.3](https://www.rfc-editor.org/rfc/rfc3986#section-2.3), read 2026-11-24).
#[cfg(feature = "form")]
fn push_encoded(text: &[u8], out: &mut String) {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    let digit = |half: u8| DIGITS.get(usize::from(half)).copied().unwrap_or_default();
    for byte in text.iter().copied() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.extend(['%', digit(byte >> 4), digit(byte & 0xf)]);
        }
    }
}

#[cfg(all(test, feature = "form"))]
mod tests {
    use super::*;

    #[test]
    fn the_path_is_relative_to_the_base() {
        for (path, base, expected) in [
            ("/addon/webhook", "/addon", "/webhook"),
            ("/webhook", "/addon", "/webhook"),
            ("/addon-2/webhook", "/addon", "/addon-2/webhook"),
            ("/addon", "/addon", "/"),
            ("/addon/", "/addon", "/"),
            ("/", "", "/"),
            ("", "", "/"),
            ("/a/", "", "/a"),
            ("/a&b", "", "/a%26b"),
            ("/a%20b", "", "/a%20b"),
        ] {
            assert_eq!(canonical_path(path, base), expected, "{path} from {base}");
        }
        assert_eq!(path_of("https://example.com/addon/"), "/addon");
        assert_eq!(path_of("https://example.com"), "");
    }

    #[test]
    fn the_query_is_sorted_and_encoded_in_one_way() {
        for (query, expected) in [
            ("", ""),
            ("b=2&a=1", "a=1&b=2"),
            ("a=2&a=1", "a=1,2"),
            ("a=x%2Cy&a=z", "a=x%2Cy,z"),
            ("a", "a="),
            ("a=&jwt=x.y.z", "a="),
            ("q=a+b", "q=a%20b"),
            ("q=a%20b*~%C3%A9&q=A", "q=A,a%20b%2A~%C3%A9"),
            ("a=%2a%7E!'()", "a=%2A~%21%27%28%29"),
            ("%61=1", "a=1"),
        ] {
            assert_eq!(canonical_query(query), expected, "{query}");
        }
    }
}
