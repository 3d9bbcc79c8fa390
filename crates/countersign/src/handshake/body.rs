//! Handshakes in a body, and those that are answered only once they are verified.

use std::borrow::Cow;

use super::Handshaker;
use super::head::{header_of, parameter_of, tag};
use super::reply::{self, HandshakeReply};
use crate::decode;
use crate::delivery::{Delivery, Head};
use crate::json::{self, Scalar};
use crate::rejection::Rejection;
use crate::scheme::{Handshake, Mark, Scheme};
use crate::secret::Secret;
use crate::setting::Setting;
use crate::time::Timestamp;
use crate::verify::Verifier;

/// The answer, or why there is none; `None` if it is no handshake.
type Answer = Option<Result<HandshakeReply, Rejection>>;

/// Whether a body must be looked into although nothing says that it is signed.
pub(super) fn may_be_unsigned(shaker: &Handshaker, head: &Head<'_>) -> bool {
    let may_be = match &shaker.handshake {
        // With a secret in the URL, the validation has it too.
        Handshake::EventGrid => !shaker.has_key && validates_grid(head),
        Handshake::Lark => header_of(head, "X-Lark-Signature").is_none(),
        Handshake::Monday => header_of(head, "Authorization").is_none(),
        Handshake::SecretBody { .. } => shaker.takes_secret(),
        _ => false,
    };
    may_be && head.method() == "POST"
}

/// Answers what no signature is asked of.
pub(super) fn answer_unsigned(
    shaker: &Handshaker,
    scheme: &Scheme,
    delivery: &Delivery<'_>,
) -> Answer {
    let body = delivery.body();
    match &shaker.handshake {
        Handshake::EventGrid => Some(event_grid(body)),
        Handshake::Lark => lark(shaker, body),
        Handshake::Monday => {
            let challenge = text_at(body, "/challenge").filter(|_| !has_member(body, "event"))?;
            let echo = |challenge| Ok(HandshakeReply::json(&[("challenge", challenge)]));
            Some(reply::echoable(challenge.as_bytes()).and_then(echo))
        }
        Handshake::SecretBody { value } => {
            let secret = text_at(body, value)?;
            Some(told_secret(scheme, delivery, &secret))
        }
        _ => None,
    }
}

/// Answers what was verified, with the secret of this label if it takes one.
pub(super) fn answer_verified(shaker: &Handshaker, label: &str, delivery: &Delivery<'_>) -> Answer {
    let (head, body) = (delivery.head(), delivery.body());
    match &shaker.handshake {
        Handshake::EchoQuery { method, parameter, signed: true } => {
            let value = parameter_of(head, parameter).filter(|_| head.method() == *method)?;
            Some(
                value.and_then(|value| {
                    Ok(HandshakeReply::text(reply::echoable(&value)?.to_owned()))
                }),
            )
        }
        Handshake::EchoHeader { header, reply, signed: true } => {
            let value = header_of(head, header)?;
            let echo = |value| Ok(HandshakeReply::echo(reply, reply::word(value)?));
            Some(value.and_then(echo))
        }
        Handshake::EchoBody { mark, value, reply } => {
            if !is_marked(mark, delivery) {
                return None;
            }
            let echo = |value: Cow<'_, str>| {
                Ok(HandshakeReply::echo(reply, reply::echoable(value.as_bytes())?))
            };
            Some(text_at(body, value).ok_or(Rejection::WrongHandshake).and_then(echo))
        }
        Handshake::Confirm { mark, url } => {
            if !is_marked(mark, delivery) {
                return None;
            }
            let url = text_at(body, url).ok_or(Rejection::WrongHandshake);
            Some(url.map(|url| HandshakeReply::empty(200).with_confirm_url(url.into_owned())))
        }
        Handshake::Ping { kind, pong } => {
            let is_ping = matches!(json::scalar(body, "/type"), Some(Scalar::Integer(it)) if it == u64::from(*kind));
            let reply =
                || if *pong { HandshakeReply::pong(*kind) } else { HandshakeReply::empty(204) };
            is_ping.then(|| Ok(reply()))
        }
        Handshake::NoEvents { items } => {
            is_empty_array(body, items).then(|| Ok(HandshakeReply::empty(200)))
        }
        Handshake::Zoom => {
            if !has_text(body, "/event", "endpoint.url_validation") {
                return None;
            }
            let token = text_at(body, "/payload/plainToken").ok_or(Rejection::WrongHandshake);
            Some(token.and_then(|token| {
                let token = reply::token(token.as_bytes())?;
                let tag = decode::to_hex(&tag(shaker.secret(Some(label)), token)?);
                Ok(HandshakeReply::json(&[("plainToken", token), ("encryptedToken", &tag)]))
            }))
        }
        Handshake::EventGrid if validates_grid(head) => Some(event_grid(body)),
        Handshake::Lark => lark(shaker, body),
        _ => None,
    }
}

fn is_marked(mark: &Mark, delivery: &Delivery<'_>) -> bool {
    match mark {
        Mark::Header { name, value } => {
            let found = header_of(delivery.head(), name);
            matches!(found, Some(Ok(found)) if found == value.as_bytes())
        }
        Mark::Body { at, value } => has_text(delivery.body(), at, value),
    }
}

fn validates_grid(head: &Head<'_>) -> bool {
    let kind = header_of(head, "aeg-event-type");
    matches!(kind, Some(Ok(kind)) if kind.eq_ignore_ascii_case(b"SubscriptionValidation"))
}

/// The `validationUrl` beside the code is never called: nothing vouches for it.
fn event_grid(body: &[u8]) -> Result<HandshakeReply, Rejection> {
    if !has_text(body, "/0/eventType", "Microsoft.EventGrid.SubscriptionValidationEvent") {
        return Err(Rejection::WrongHandshake);
    }
    let code = text_at(body, "/0/data/validationCode").ok_or(Rejection::WrongHandshake)?;
    let code = reply::echoable(code.as_bytes())?;
    Ok(HandshakeReply::json(&[("validationResponse", code)]))
}

fn lark(shaker: &Handshaker, body: &[u8]) -> Answer {
    if !has_text(body, "/type", "url_verification") {
        return None;
    }
    let token = text_at(body, "/token").unwrap_or_default();
    if !shaker.matches(Setting::VerifyToken, token.as_bytes()) {
        return Some(Err(Rejection::WrongHandshake));
    }
    let challenge = text_at(body, "/challenge").ok_or(Rejection::WrongHandshake);
    let echo = |challenge: Cow<'_, str>| {
        let challenge = reply::echoable(challenge.as_bytes())?;
        Ok(HandshakeReply::json(&[("challenge", challenge)]))
    };
    Some(challenge.and_then(echo))
}

/// A secret that vouches for itself, which anyone can make one do.
fn told_secret(
    scheme: &Scheme,
    delivery: &Delivery<'_>,
    secret: &str,
) -> Result<HandshakeReply, Rejection> {
    let secret = reply::token(secret.as_bytes())?;
    let verifier = Verifier::builder(scheme.clone()).secret(Secret::new(secret)).build();
    let verifier = verifier.map_err(|_| Rejection::WrongHandshake)?;
    // The sender of such a secret signs no time.
    verifier.verify(delivery, Timestamp::from_unix_seconds(0))?;
    Ok(HandshakeReply::empty(200).with_secret(secret.to_owned()))
}

/// The text at a JSON pointer; a number is none.
fn text_at<'b>(body: &'b [u8], pointer: &str) -> Option<Cow<'b, str>> {
    match json::scalar(body, pointer)? {
        Scalar::Text(text) => Some(text),
        _ => None,
    }
}

/// Whether a JSON pointer leads to this text, which no sender writes with escapes: most events are
/// told apart without being parsed.
fn has_text(body: &[u8], pointer: &str, text: &str) -> bool {
    memchr::memmem::find(body, text.as_bytes()).is_some()
        && text_at(body, pointer).is_some_and(|found| found == text)
}

#[cfg(feature = "json")]
fn is_empty_array(body: &[u8], pointer: &str) -> bool {
    json::items(body, pointer).is_some_and(|items| items.is_empty())
}

#[cfg(not(feature = "json"))]
fn is_empty_array(_: &[u8], _: &str) -> bool {
    false
}

/// Whether the body is a JSON object that has a member of this name.
#[cfg(feature = "json")]
fn has_member(body: &[u8], name: &str) -> bool {
    use std::collections::BTreeMap;

    let members: Option<BTreeMap<Cow<'_, str>, serde::de::IgnoredAny>> =
        serde_json::from_slice(body).ok();
    members.is_some_and(|members| members.contains_key(name))
}

#[cfg(not(feature = "json"))]
fn has_member(_: &[u8], _: &str) -> bool {
    false
}
