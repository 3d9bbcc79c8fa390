//! Deliveries that come with a JSON Web Token.

use std::borrow::Cow;

use serde_json::Value;

use crate::MAX_SECRETS;
use crate::check::Checked;
use crate::config_error::ConfigError;
use crate::decode::{self, MAX_TAG};
use crate::delivery::{Delivery, Head, Occurrence, single};
use crate::json::{self, Scalar};
use crate::jws::{Jws, MAX_TOKEN, Object};
use crate::mac::{self, Sha256Digest};
use crate::procedure::{KeyKind, Keys, Procedure, Setup};
use crate::public_key::NamedKey;
use crate::rejection::{HeaderRole, Rejection};
use crate::remote_keys::KeyRequest;
use crate::scheme::{
    Algorithm, ClaimValue, Coverage, EmptyBody, Encoding, JwtRules, Text, TokenPlace, TokenTimes,
};
use crate::setting::Setting;
use crate::time::{Timestamp, Tolerance};

/// How many tokens one delivery may have.
const MAX_TOKENS: usize = 32;

/// How far ahead a token may say that it was signed, in seconds, where no tolerance says it.
const MAX_AHEAD: i64 = 300;

/// Claims that are another in each attempt to deliver one event.
const PER_ATTEMPT: [&str; 4] = ["exp", "iat", "jti", "nbf"];

impl Procedure for JwtRules {
    fn coverage(&self) -> Coverage {
        Self::coverage(self)
    }

    fn needs_external_url(&self) -> bool {
        self.signs_url()
    }

    fn key_kind(&self) -> KeyKind {
        let secrets = self.algorithms.iter().any(|it| it.is_keyed());
        let public = self.algorithms.iter().any(|it| it.is_public());
        match (secrets, public) {
            (true, false) => KeyKind::Secrets,
            (false, _) => KeyKind::PublicKeys,
            (true, true) => KeyKind::Either,
        }
    }

    fn check_setup(&self, setup: &Setup) -> Result<(), ConfigError> {
        check_features(&self.algorithms, setup)?;
        check_keys_url(setup, self.keys_need_login)?;
        let names_endpoint =
            self.claims.iter().any(|rule| matches!(rule.expected, ClaimValue::Endpoint));
        if names_endpoint && !setup.settings.has(Setting::Audience) && setup.external_url.is_none()
        {
            return Err(ConfigError::MissingSetting { setting: Setting::Audience });
        }
        Ok(())
    }

    fn precheck(&self, setup: &Setup, head: &Head<'_>, now: Timestamp) -> Result<(), Rejection> {
        let TokenPlace::Header { name, prefix } = &self.place else { return Ok(()) };
        let jws = Jws::read(header_token(head, name, prefix)?, &self.algorithms, self.detached)?;
        if !self.detached {
            judge_times(&self.times, &jws.claims()?, setup, now)?;
        }
        Ok(())
    }

    fn key_requests(
        &self,
        setup: &Setup,
        delivery: &Delivery<'_>,
    ) -> Result<Vec<KeyRequest>, Rejection> {
        let mut requests = Vec::new();
        for token in self.tokens(delivery)? {
            let jws = Jws::read(&token, &self.algorithms, self.detached)?;
            if let Some(request) = self.key_request(setup, &jws)?
                && !requests.contains(&request)
            {
                requests.push(request);
            }
        }
        Ok(requests)
    }

    fn check(
        &self,
        setup: &Setup,
        delivery: &Delivery<'_>,
        keys: &Keys<'_>,
        now: Timestamp,
    ) -> Result<Checked, Rejection> {
        let mut checked = Err(Rejection::MissingSignature);
        for token in self.tokens(delivery)? {
            checked = Ok(self.check_token(&token, setup, delivery, keys, now)?);
        }
        checked
    }

    fn claims<'d>(&self, _: &Setup, delivery: &Delivery<'d>) -> Option<Cow<'d, [u8]>> {
        if self.detached {
            return Some(Cow::Borrowed(delivery.body()));
        }
        let tokens = self.tokens(delivery).ok()?;
        let jws = Jws::read(tokens.first()?, &self.algorithms, false).ok()?;
        let payload = jws.payload()?;
        let Some(inside) = &self.inside else { return Some(Cow::Owned(payload)) };
        match jws.claims().ok()?.remove(&**inside)? {
            Value::String(text) => Some(Cow::Owned(text.into_bytes())),
            value => Some(Cow::Owned(value.to_string().into_bytes())),
        }
    }

    fn content_digest(&self, setup: &Setup, delivery: &Delivery<'_>) -> Option<[u8; 32]> {
        let is_token = matches!(self.place, TokenPlace::Body { .. });
        if is_token || (delivery.body().is_empty() && !self.signs_url()) {
            let tokens = self.tokens(delivery).ok()?;
            let jws = Jws::read(tokens.first()?, &self.algorithms, self.detached).ok()?;
            let mut claims = jws.claims().ok()?;
            // Without a body nothing else tells two events apart.
            if is_token {
                PER_ATTEMPT.iter().for_each(|name| _ = claims.remove(*name));
            }
            return Some(mac::sha256(Value::Object(claims).to_string().as_bytes()));
        }
        if self.signs_url() {
            let url = setup.external_url.as_ref()?.of(delivery.head()).ok()?;
            let mut digest = Sha256Digest::new();
            digest.update(&mac::sha256(url.as_bytes()));
            digest.update(delivery.body());
            return Some(digest.finish());
        }
        None
    }
}

impl JwtRules {
    /// The tokens of a delivery; all of them must be valid.
    fn tokens<'d>(&self, delivery: &Delivery<'d>) -> Result<Vec<Cow<'d, [u8]>>, Rejection> {
        let body = delivery.body();
        match &self.place {
            TokenPlace::Header { name, prefix } => {
                Ok(vec![Cow::Borrowed(header_token(delivery.head(), name, prefix)?)])
            }
            TokenPlace::Body { trim } => {
                Ok(vec![Cow::Borrowed(if *trim { body.trim_ascii() } else { body })])
            }
            TokenPlace::BodyValue(pointer) => {
                let Some(items) = json::unique_items(body, pointer) else {
                    let text = json::unique(body, pointer)?.ok_or(Rejection::MissingSignature)?;
                    return Ok(vec![body_token(text)?]);
                };
                if items.len() > MAX_TOKENS {
                    return Err(Rejection::TooManySignatures);
                }
                let token =
                    |item| body_token(json::scalar(item, "").ok_or(Rejection::MalformedToken)?);
                items.into_iter().map(token).collect()
            }
        }
    }

    fn check_token(
        &self,
        token: &[u8],
        setup: &Setup,
        delivery: &Delivery<'_>,
        keys: &Keys<'_>,
        now: Timestamp,
    ) -> Result<Checked, Rejection> {
        let jws = Jws::read(token, &self.algorithms, self.detached)?;
        let detached = self.detached.then(|| delivery.body());
        let claims = if self.detached { Object::new() } else { jws.claims()? };
        let signer = if jws.algorithm.is_keyed() {
            let id = match &self.secret_claim {
                Some(name) => claims.get(&**name).and_then(Value::as_str),
                None => jws.key_id.as_deref(),
            };
            find_secret(setup, &jws, detached, id)?
        } else {
            if self.names_key && jws.key_id.is_none() {
                return Err(Rejection::UnknownKey);
            }
            let request = self.key_request(setup, &jws)?;
            find_key(setup, &jws, detached, request.as_ref(), keys, now)?
        };
        for rule in self.claims.iter() {
            let claim = rule.names.iter().find_map(|name| Some((name, claims.get(&**name)?)));
            check_claim(&rule.expected, claim, setup, delivery)?;
        }
        let mut checked = Checked::new(signer, Self::coverage(self));
        checked.signed_at = judge_times(&self.times, &claims, setup, now)?;
        Ok(checked)
    }

    /// The document that a token's key is to be looked for in, unless it was given.
    fn key_request(&self, setup: &Setup, jws: &Jws<'_>) -> Result<Option<KeyRequest>, Rejection> {
        let Some(remote) = setup.scheme.remote_keys.as_ref().filter(|_| setup.remote_keys) else {
            return Ok(None);
        };
        let id = jws.key_id.as_deref();
        if !jws.algorithm.is_public() || setup.public_keys.iter().any(|key| is_named(key, id)) {
            return Ok(None);
        }
        if self.names_key && id.is_none() {
            return Err(Rejection::UnknownKey);
        }
        let url = setup.settings.get(Setting::KeysUrl).unwrap_or(&remote.url);
        let request = KeyRequest::new(&setup.scheme.id, url, remote.form.clone());
        Ok(Some(match id {
            Some(id) => request.of_key(id),
            None => request,
        }))
    }
}

/// The token in a header.
pub(crate) fn header_token<'d>(
    head: &Head<'d>,
    name: &str,
    prefix: &str,
) -> Result<&'d [u8], Rejection> {
    let role = HeaderRole::Signature;
    let value = match single(head.headers(), name) {
        Occurrence::Once(value) => value,
        Occurrence::Absent => return Err(Rejection::MissingHeader(role)),
        Occurrence::Differing => return Err(Rejection::AmbiguousHeader(role)),
    };
    let token = after_prefix(value, prefix).ok_or(Rejection::WrongHeader(role))?;
    if token.len() > MAX_TOKEN { Err(Rejection::MalformedToken) } else { Ok(token) }
}

/// What follows the word in front of a token
/// ([RFC 9110, section 11.4](https://www.rfc-editor.org/rfc/rfc9110#section-11.4), read 2026-11-24).
pub(crate) fn after_prefix<'v>(value: &'v [u8], prefix: &str) -> Option<&'v [u8]> {
    if prefix.is_empty() {
        return Some(value);
    }
    let (word, rest) = value.split_at_checked(prefix.len())?;
    let token = rest.strip_prefix(b" ")?;
    word.eq_ignore_ascii_case(prefix.as_bytes()).then(|| token.trim_ascii())
}

fn body_token(text: Scalar<'_>) -> Result<Cow<'_, [u8]>, Rejection> {
    let token = match text {
        Scalar::Text(Cow::Borrowed(text)) => Cow::Borrowed(text.as_bytes()),
        Scalar::Text(Cow::Owned(text)) => Cow::Owned(text.into_bytes()),
        _ => return Err(Rejection::MalformedToken),
    };
    if token.len() > MAX_TOKEN { Err(Rejection::MalformedToken) } else { Ok(token) }
}

/// Refuses a configuration whose keys could verify nothing, as the features for them are off.
pub(crate) fn check_features(algorithms: &[Algorithm], setup: &Setup) -> Result<(), ConfigError> {
    if setup.public_keys.is_empty() && !setup.remote_keys {
        return Ok(());
    }
    let features = || algorithms.iter().filter_map(|it| it.feature());
    // Which of several kinds the receiver's keys have is not known here.
    if features().any(is_on) {
        return Ok(());
    }
    match features().next() {
        Some(feature) => Err(ConfigError::FeatureOff { feature }),
        None => Err(ConfigError::WantsSecret),
    }
}

fn is_on(feature: &str) -> bool {
    match feature {
        "ed25519" => cfg!(feature = "ed25519"),
        "p256" => cfg!(feature = "p256"),
        "p384" => cfg!(feature = "p384"),
        "p521" => cfg!(feature = "p521"),
        _ => cfg!(feature = "rsa"),
    }
}

fn check_keys_url(setup: &Setup, need_login: bool) -> Result<(), ConfigError> {
    let setting = Setting::KeysUrl;
    match setup.settings.get(setting) {
        Some(url) if !url.starts_with("https://") => Err(ConfigError::WrongSetting { setting }),
        Some(_) => Ok(()),
        None if !setup.remote_keys || need_login => Ok(()),
        None => match &setup.scheme.remote_keys {
            None => Err(ConfigError::NoRemoteKeys),
            Some(remote) if remote.url.is_empty() => Err(ConfigError::MissingSetting { setting }),
            Some(_) => Ok(()),
        },
    }
}

/// Finds the secret that signed, among those that have the id or none.
pub(crate) fn find_secret(
    setup: &Setup,
    jws: &Jws<'_>,
    detached: Option<&[u8]>,
    id: Option<&str>,
) -> Result<Text, Rejection> {
    let mut failure = Rejection::UnknownKey;
    for secret in &setup.secrets {
        let named = secret.id.as_deref().is_none_or(|own| Some(own) == id);
        if !named || secret.algorithm.is_some_and(|only| only != jws.algorithm) {
            continue;
        }
        failure = Rejection::BadSignature;
        if jws.is_signed_with(&secret.material.key, detached) {
            return Ok(secret.label.clone());
        }
    }
    Err(failure)
}

/// Finds the public key whose private half signed: among those that were given if one may be it, else
/// among those that were fetched.
pub(crate) fn find_key(
    setup: &Setup,
    jws: &Jws<'_>,
    detached: Option<&[u8]>,
    request: Option<&KeyRequest>,
    fetched: &Keys<'_>,
    now: Timestamp,
) -> Result<Text, Rejection> {
    let keys = match request {
        Some(request) => &fetched.answer(request)?.keys,
        None => &setup.public_keys,
    };
    let mut failure = Rejection::UnknownKey;
    let named = keys.iter().filter(|key| is_named(key, jws.key_id.as_deref()));
    for key in named.take(MAX_SECRETS) {
        if key.expires.is_some_and(|expires| expires <= now) {
            continue;
        }
        failure = Rejection::BadSignature;
        if jws.is_signed_by(key, detached)? {
            return Ok(key.label.clone());
        }
    }
    Err(failure)
}

/// Whether a key may be the one that is named. One without an id may be any, and all may be if none is
/// named.
pub(crate) fn is_named(key: &NamedKey, id: Option<&str>) -> bool {
    id.is_none() || key.id.is_none() || key.id.as_deref() == id
}

/// Holds a claim against its rule.
fn check_claim(
    expected: &ClaimValue,
    claim: Option<(&Text, &Value)>,
    setup: &Setup,
    delivery: &Delivery<'_>,
) -> Result<(), Rejection> {
    let must = |holds: bool| if holds { Ok(()) } else { Err(Rejection::WrongClaim) };
    let one_of = |wanted: &mut dyn Iterator<Item = &str>| {
        let Some((name, value)) = claim else { return Err(Rejection::WrongClaim) };
        for text in wanted {
            if says(name, value, text) {
                return Ok(());
            }
        }
        Err(Rejection::WrongClaim)
    };
    match expected {
        ClaimValue::OneOf(texts) => one_of(&mut texts.iter().map(|text| &**text)),
        ClaimValue::True => must(claim.is_some_and(|(_, value)| *value == Value::Bool(true))),
        ClaimValue::Setting(setting) => one_of(&mut setup.settings.all(*setting)),
        ClaimValue::SettingIfGiven(setting) if !setup.settings.has(*setting) => Ok(()),
        ClaimValue::SettingIfGiven(setting) => one_of(&mut setup.settings.all(*setting)),
        ClaimValue::Endpoint => match &setup.external_url {
            Some(url) if !setup.settings.has(Setting::Audience) => {
                one_of(&mut core::iter::once(&*url.of(delivery.head())?))
            }
            _ => one_of(&mut setup.settings.all(Setting::Audience)),
        },
        ClaimValue::BodySha256 { encoding, empty } => {
            let body = delivery.body();
            let claim = claim.map(|(_, value)| value);
            match (claim, body.is_empty(), empty) {
                (None, true, EmptyBody::Absent | EmptyBody::DigestedOrAbsent) => Ok(()),
                (Some(_), true, EmptyBody::Absent) => Err(Rejection::WrongDigest),
                // A token without the digest says nothing about the body.
                (None, _, _) => Err(Rejection::WrongClaim),
                (Some(claim), _, _) => check_digest(claim, *encoding, body),
            }
        }
        ClaimValue::UrlSha256(encoding) => {
            let url = setup.external_url.as_ref().ok_or(Rejection::UntrustedProxy)?;
            let url = url.of(delivery.head())?;
            let (_, claim) = claim.ok_or(Rejection::WrongClaim)?;
            check_digest(claim, *encoding, url.as_bytes()).map_err(|_| Rejection::WrongClaim)
        }
    }
}

/// Whether a claim is a text; an audience may be an array that has it
/// ([RFC 7519, section 4.1.3](https://www.rfc-editor.org/rfc/rfc7519#section-4.1.3), read 2026-11-24).
fn says(name: &str, claim: &Value, text: &str) -> bool {
    match claim {
        Value::String(claim) => mac::equal(claim.as_bytes(), text.as_bytes()),
        Value::Array(items) if name == "aud" => items.iter().any(|item| says("", item, text)),
        _ => false,
    }
}

/// Whether a claim is the SHA-256 of some content.
pub(crate) fn check_digest(
    claim: &Value,
    encoding: Encoding,
    content: &[u8],
) -> Result<(), Rejection> {
    let mut buffer = [0; MAX_TAG];
    let claim = claim.as_str().ok_or(Rejection::WrongClaim)?;
    let claimed = decode::tag(encoding, claim.as_bytes(), 32, &mut buffer);
    let claimed = claimed.ok_or(Rejection::WrongClaim)?;
    if mac::equal(claimed, &mac::sha256(content)) { Ok(()) } else { Err(Rejection::WrongDigest) }
}

/// Holds a token's times against the clock, and returns when it was signed.
pub(crate) fn judge_times(
    times: &TokenTimes,
    claims: &Object,
    setup: &Setup,
    now: Timestamp,
) -> Result<Option<Timestamp>, Rejection> {
    let time = |name: &str| claims.get(name).map(numeric_date).transpose();
    let (expires, not_before, issued_at) = (time("exp")?, time("nbf")?, time("iat")?);
    let signed_at = match &times.signed_at {
        Some(name) => Some(time(name)?.ok_or(Rejection::WrongClaim)?),
        None => None,
    };
    if expires.is_none() && times.expires {
        return Err(Rejection::WrongClaim);
    }
    if setup.any_age {
        return Ok(signed_at);
    }
    let leeway = i64::from(times.leeway);
    let ahead = |time: Timestamp, by: i64| {
        time.as_unix_millis() > now.as_unix_millis().saturating_add(by * 1000)
    };
    // "On or after" its expiry a token is refused (RFC 7519, section 4.1.4).
    if expires.is_some_and(|time| !ahead(time, -leeway)) {
        return Err(Rejection::TooOld);
    }
    let early = not_before.is_some_and(|time| ahead(time, leeway));
    let has_tolerance = times.signed_at.is_some() && setup.scheme.tolerance != Tolerance::ANY_AGE;
    let unborn = !has_tolerance && issued_at.is_some_and(|time| ahead(time, MAX_AHEAD));
    if early || unborn {
        return Err(Rejection::FromTheFuture);
    }
    Ok(signed_at)
}

/// Seconds since the Unix epoch, as a number; a fraction is dropped
/// ([RFC 7519, section 2](https://www.rfc-editor.org/rfc/rfc7519#section-2), read 2026-11-24).
fn numeric_date(value: &Value) -> Result<Timestamp, Rejection> {
    let Value::Number(number) = value else { return Err(Rejection::MalformedTimestamp) };
    let text = number.to_string();
    // A number so large that it has an exponent is no time.
    let whole = text.split_once('.').map_or(&*text, |(whole, _)| whole);
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    match whole.parse() {
        Ok(seconds) if is_plain => Ok(Timestamp::from_unix_seconds(seconds)),
        _ => Err(Rejection::MalformedTimestamp),
    }
}
