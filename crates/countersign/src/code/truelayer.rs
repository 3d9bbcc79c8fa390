//! TrueLayer: a detached token over method, path, listed headers and body.

use serde_json::Value;

use crate::check::Checked;
use crate::config_error::ConfigError;
use crate::delivery::{Delivery, Head};
use crate::jws::Jws;
use crate::jwt;
use crate::procedure::{KeyKind, Keys, Procedure, Setup};
use crate::rejection::{HeaderRole, Rejection};
use crate::remote_keys::KeyRequest;
use crate::scheme::{Algorithm, Coverage, KeyForm};
use crate::setting::Setting;
use crate::time::{Timestamp, TimestampFormat, Told};

/// Judges by the header `Tl-Signature`.
pub(crate) struct TrueLayer;

const ALGORITHMS: &[Algorithm] = &[Algorithm::EcdsaP521Sha512];

const SIGNATURE: &str = "tl-signature";
const TIMESTAMP: &str = "x-tl-webhook-timestamp";

/// Where keys are published, by environment. What a token names must be one of these, letter by letter
/// (<https://docs.truelayer.com/docs/webhooks>, read 2026-11-24).
const KEY_URLS: [(&str, &str); 2] = [
    ("production", "https://webhooks.truelayer.com/.well-known/jwks"),
    ("sandbox", "https://webhooks.truelayer-sandbox.com/.well-known/jwks"),
];

/// How many headers a token may list.
const MAX_HEADERS: usize = 32;

impl Procedure for TrueLayer {
    fn coverage(&self) -> Coverage {
        // Of the URL, only the path.
        Coverage::BODY.with_method().with_timestamp()
    }

    fn optional_settings(&self) -> &'static [Setting] {
        &[Setting::Environment]
    }

    fn key_kind(&self) -> KeyKind {
        KeyKind::PublicKeys
    }

    fn check_setup(&self, setup: &Setup) -> Result<(), ConfigError> {
        let setting = Setting::Environment;
        let known = |name| KEY_URLS.iter().any(|(environment, _)| *environment == name);
        if !setup.settings.all(setting).all(known) {
            return Err(ConfigError::WrongSetting { setting });
        }
        if !cfg!(feature = "rfc3339") {
            return Err(ConfigError::FeatureOff { feature: "rfc3339" });
        }
        jwt::check_features(ALGORITHMS, setup)
    }

    fn precheck(&self, setup: &Setup, head: &Head<'_>, _: Timestamp) -> Result<(), Rejection> {
        let signed = Signed::read(head)?;
        signed.key_request(setup)?;
        signed.time().map(|_| ())
    }

    fn key_requests(
        &self,
        setup: &Setup,
        delivery: &Delivery<'_>,
    ) -> Result<Vec<KeyRequest>, Rejection> {
        Ok(Signed::read(delivery.head())?.key_request(setup)?.into_iter().collect())
    }

    fn check(
        &self,
        setup: &Setup,
        delivery: &Delivery<'_>,
        keys: &Keys<'_>,
        now: Timestamp,
    ) -> Result<Checked, Rejection> {
        let signed = Signed::read(delivery.head())?;
        let request = signed.key_request(setup)?;
        let url = setup.external_url.as_ref().map(|url| url.of(delivery.head())).transpose()?;
        let url = url.as_deref().unwrap_or_else(|| delivery.head().url());
        let path = Head::new("", url, delivery.head().headers()).path_and_query();
        let path = path.split(['?', '#']).next().unwrap_or_default();
        // The sender may know the path with the slash at its end or without, as in its own SDKs.
        let other = match path.strip_suffix('/') {
            Some(path) => path.to_owned(),
            None => format!("{path}/"),
        };
        let mut failure = Rejection::BadSignature;
        for path in [path, &other] {
            let content = signed.content(delivery, path);
            let request = request.as_ref();
            match jwt::find_key(setup, &signed.jws, Some(&content), request, keys, now) {
                Ok(key) => {
                    return Ok(Checked::new(key, self.coverage()).signed_at(signed.time()?));
                }
                Err(rejection) => failure = rejection,
            }
        }
        Err(failure)
    }
}

/// What a delivery says of its own signature.
struct Signed<'d> {
    jws: Jws<'d>,
    /// The signed headers: the names as the token writes them, and their values.
    headers: Vec<(String, &'d [u8])>,
}

impl<'d> Signed<'d> {
    fn read(head: &Head<'d>) -> Result<Self, Rejection> {
        let jws = Jws::read(jwt::header_token(head, SIGNATURE, "")?, ALGORITHMS, true)?;
        let text = |name| jws.header.get(name).and_then(Value::as_str);
        // Version 1 signs the body alone.
        if text("tl_version") != Some("2") || jws.key_id.is_none() {
            return Err(Rejection::MalformedToken);
        }
        let mut headers: Vec<(String, &'d [u8])> = Vec::new();
        let names = text("tl_headers").ok_or(Rejection::MalformedToken)?;
        for name in names.split(',').filter(|name| !name.is_empty()) {
            let repeated = headers.iter().any(|(other, _)| other.eq_ignore_ascii_case(name));
            if repeated || headers.len() == MAX_HEADERS {
                return Err(Rejection::AmbiguousHeader(HeaderRole::Signed));
            }
            headers.push((name.to_owned(), only_value(head, name)?));
        }
        let signed = Self { jws, headers };
        // A signature over the body alone would be valid for ever, with any time beside it.
        signed.timestamp().ok_or(Rejection::MissingHeader(HeaderRole::Timestamp))?;
        Ok(signed)
    }

    fn timestamp(&self) -> Option<&'d [u8]> {
        let found = self.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(TIMESTAMP));
        found.map(|(_, value)| *value)
    }

    fn time(&self) -> Result<Timestamp, Rejection> {
        let told = self.timestamp().and_then(|text| TimestampFormat::Rfc3339.parse(text));
        told.and_then(Told::time).ok_or(Rejection::MalformedTimestamp)
    }

    /// The keys that the token names, unless they were given.
    fn key_request(&self, setup: &Setup) -> Result<Option<KeyRequest>, Rejection> {
        let environments = || setup.settings.all(Setting::Environment);
        let accepted = |environment: &str| match setup.settings.has(Setting::Environment) {
            true => environments().any(|it| it == environment),
            // The sandbox signs what anyone makes up.
            false => environment == "production",
        };
        let url = match self.jws.header.get("jku") {
            Some(named) => {
                let listed = KEY_URLS
                    .iter()
                    .find(|(environment, url)| named == url && accepted(environment));
                Some(listed.ok_or(Rejection::ForeignKeyUrl)?.1)
            }
            None => None,
        };
        let id = self.jws.key_id.as_deref();
        if !setup.remote_keys || setup.public_keys.iter().any(|key| jwt::is_named(key, id)) {
            return Ok(None);
        }
        let url = url.ok_or(Rejection::ForeignKeyUrl)?;
        let request = KeyRequest::new(&setup.scheme.id, url, KeyForm::Jwks);
        Ok(id.map(|id| request.of_key(id)))
    }

    /// What is signed, but for the token's own header.
    fn content(&self, delivery: &Delivery<'_>, path: &str) -> Vec<u8> {
        let mut content = Vec::with_capacity(delivery.body().len() + 512);
        for text in [delivery.head().method(), " ", path, "\n"] {
            content.extend_from_slice(text.as_bytes());
        }
        for (name, value) in &self.headers {
            for piece in [name.as_bytes(), b": ", value, b"\n"] {
                content.extend_from_slice(piece);
            }
        }
        content.extend_from_slice(delivery.body());
        content
    }
}

/// The value of a header that is there once. The same value twice is refused too, as the sender's SDKs do.
fn only_value<'d>(head: &Head<'d>, name: &str) -> Result<&'d [u8], Rejection> {
    let mut found = None;
    let mut count = 0_usize;
    head.headers().each_value(name, &mut |value| {
        found = Some(value);
        count += 1;
    });
    match found {
        Some(value) if count == 1 => Ok(value),
        Some(_) => Err(Rejection::AmbiguousHeader(HeaderRole::Signed)),
        None => Err(Rejection::MissingHeader(HeaderRole::Signed)),
    }
}
