//! WebSub: HMAC over the body by a method that the delivery names, with the secret of its topic.
//!
//! <https://www.w3.org/TR/websub/>, as of 2026-11-24.

use core::str;

use super::parameters;
use super::shared;
use crate::check::Checked;
use crate::decode::{self, MAX_TAG};
use crate::delivery::{Delivery, Head, Occurrence, single};
use crate::procedure::{KeyKind, Keys, NamedSecret, Procedure, Setup};
use crate::rejection::{HeaderRole, Rejection};
use crate::scheme::{Algorithm, Coverage, Encoding};
use crate::setting::Setting;
use crate::time::Timestamp;

pub(super) struct WebSub;

/// The algorithm and the text of the signature. Every method is an HMAC with the same key, so that
/// a forger gains nothing by naming another one.
fn signature<'d>(head: &Head<'d>) -> Result<(Algorithm, &'d [u8]), Rejection> {
    let role = HeaderRole::Signature;
    let value = match single(head.headers(), "x-hub-signature") {
        Occurrence::Once(value) => value,
        Occurrence::Absent => return Err(Rejection::MissingHeader(role)),
        Occurrence::Differing => return Err(Rejection::AmbiguousHeader(role)),
    };
    let at = memchr::memchr(b'=', value).ok_or(Rejection::MalformedSignature)?;
    let (method, text) = value.split_at_checked(at).ok_or(Rejection::MalformedSignature)?;
    let algorithm = match method {
        b"sha1" => Algorithm::HmacSha1,
        b"sha256" => Algorithm::HmacSha256,
        b"sha384" => Algorithm::HmacSha384,
        b"sha512" => Algorithm::HmacSha512,
        _ => return Err(Rejection::WrongAlgorithm),
    };
    Ok((algorithm, text.get(1..).unwrap_or_default()))
}

/// The topic that a delivery says it is of. It is not signed: what proves the topic is its secret.
fn topic<'d>(head: &Head<'d>) -> Result<Option<&'d str>, Rejection> {
    let role = HeaderRole::KeyId;
    let mut found = Occurrence::Absent;
    let mut malformed = false;
    head.headers().each_value("link", &mut |value| match parameters::links(value, "self") {
        Ok(targets) => targets.into_iter().for_each(|target| found.add(target)),
        Err(parameters::Malformed) => malformed = true,
    });
    match found {
        _ if malformed => Err(Rejection::WrongHeader(role)),
        Occurrence::Absent => Ok(None),
        Occurrence::Once(topic) => {
            Ok(Some(str::from_utf8(topic).map_err(|_| Rejection::WrongHeader(role))?))
        }
        Occurrence::Differing => Err(Rejection::AmbiguousHeader(role)),
    }
}

/// The topic, if it is subscribed to.
fn wanted<'d>(setup: &Setup, head: &Head<'d>) -> Result<Option<&'d str>, Rejection> {
    let topic = topic(head)?;
    if !setup.settings.has(Setting::Topic) {
        return Ok(topic);
    }
    let topic = topic.ok_or(Rejection::MissingHeader(HeaderRole::KeyId))?;
    if setup.settings.all(Setting::Topic).any(|it| it == topic) {
        Ok(Some(topic))
    } else {
        Err(Rejection::Unwanted)
    }
}

/// Whether a secret is tried for a topic: one that has an id is only for the topic of that name.
fn is_of(secret: &NamedSecret, topic: Option<&str>) -> bool {
    match (&secret.id, topic) {
        (Some(id), Some(topic)) => *id == topic,
        (None, _) | (_, None) => true,
    }
}

impl Procedure for WebSub {
    fn coverage(&self) -> Coverage {
        Coverage::BODY
    }

    fn optional_settings(&self) -> &'static [Setting] {
        &[Setting::Topic]
    }

    fn key_kind(&self) -> KeyKind {
        KeyKind::Secrets
    }

    fn precheck(&self, setup: &Setup, head: &Head<'_>, _: Timestamp) -> Result<(), Rejection> {
        let (algorithm, text) = signature(head)?;
        let mut tag = [0; MAX_TAG];
        let tag = decode::tag(Encoding::Hex, text, algorithm.tag_bytes(), &mut tag);
        tag.ok_or(Rejection::MalformedSignature)?;
        wanted(setup, head).map(|_| ())
    }

    fn check(
        &self,
        setup: &Setup,
        delivery: &Delivery<'_>,
        _: &Keys<'_>,
        _: Timestamp,
    ) -> Result<Checked, Rejection> {
        let (algorithm, text) = signature(delivery.head())?;
        let mut tag = [0; MAX_TAG];
        let tag = decode::tag(Encoding::Hex, text, algorithm.tag_bytes(), &mut tag);
        let tag = tag.ok_or(Rejection::MalformedSignature)?;
        let topic = wanted(setup, delivery.head())?;
        let secrets = setup.secrets.iter().filter(|secret| {
            is_of(secret, topic) && secret.algorithm.is_none_or(|only| only == algorithm)
        });
        let secret = shared::signer(secrets, algorithm, tag, &[delivery.body()])?;
        Ok(Checked::new(secret.label.clone(), self.coverage()))
    }
}
