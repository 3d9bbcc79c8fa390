//! Handshakes that are not signed, and told by method, query and headers alone.

use std::borrow::Cow;

use super::reply::{self, HandshakeReply};
use super::{Answering, Handshaker};
use crate::decode;
use crate::delivery::{Head, Occurrence, single};
use crate::mac;
use crate::outside;
use crate::rejection::Rejection;
use crate::scheme::{Algorithm, Handshake};
use crate::setting::Setting;

/// The answer, or why there is none; `None` if it is no such handshake.
pub(super) fn answer(
    shaker: &Handshaker,
    head: &Head<'_>,
) -> Option<Result<HandshakeReply, Rejection>> {
    let is_get = head.method() == "GET";
    match &shaker.handshake {
        Handshake::Probe { method } => {
            (head.method() == *method).then(|| Ok(HandshakeReply::empty(200)))
        }
        Handshake::EchoQuery { method, parameter, signed: false } => {
            let value = parameter_of(head, parameter).filter(|_| head.method() == *method)?;
            Some(
                value.and_then(|value| {
                    Ok(HandshakeReply::text(reply::echoable(&value)?.to_owned()))
                }),
            )
        }
        Handshake::EchoHeader { header, reply, signed: false } => {
            let value = header_of(head, header)?;
            let echo = |value| Ok(HandshakeReply::echo(reply, reply::word(value)?));
            Some(value.and_then(echo))
        }
        Handshake::Hub { reply } if is_get => {
            let mode = parameter_of(head, "hub.mode")?;
            Some(mode.and_then(|mode| {
                let token = parameter(head, "hub.verify_token")?;
                let is_meant =
                    *mode == *b"subscribe" && shaker.matches(Setting::VerifyToken, &token);
                let challenge = parameter(head, "hub.challenge")?;
                let challenge = reply::echoable(&challenge)?;
                if is_meant {
                    Ok(HandshakeReply::echo(reply, challenge))
                } else {
                    Err(Rejection::WrongHandshake)
                }
            }))
        }
        Handshake::WebSub if is_get => {
            let mode = parameter_of(head, "hub.mode")?;
            Some(mode.and_then(|mode| web_sub(shaker, head, &mode)))
        }
        Handshake::Code { parameter } if is_get => {
            let code = parameter_of(head, parameter)?;
            Some(code.and_then(|code| {
                let is_right = shaker.matches(Setting::VerifyCode, &code);
                if is_right {
                    Ok(HandshakeReply::empty(204))
                } else {
                    Err(Rejection::WrongHandshake)
                }
            }))
        }
        Handshake::CloudEvents | Handshake::EventGrid if head.method() == "OPTIONS" => {
            let origin = header_of(head, "WebHook-Request-Origin")?;
            Some(origin.and_then(|origin| cloud_events(shaker, head, origin)))
        }
        Handshake::X if is_get => {
            let token = parameter_of(head, "crc_token")?;
            Some(token.and_then(|token| {
                let token = reply::base64_token(&token)?;
                let tag = tag(shaker.secret(None), token)?;
                let text = format!("sha256={}", decode::to_base64(&tag));
                Ok(HandshakeReply::json(&[("response_token", &text)]))
            }))
        }
        Handshake::LinkedIn if is_get => {
            let code = parameter_of(head, "challengeCode")?;
            Some(code.and_then(|code| {
                let code = reply::uuid(&code)?;
                let tag = decode::to_hex(&tag(shaker.secret(None), code)?);
                Ok(HandshakeReply::json(&[("challengeCode", code), ("challengeResponse", &tag)]))
            }))
        }
        Handshake::Braintree if is_get => {
            let challenge = parameter_of(head, "bt_challenge")?;
            Some(challenge.and_then(|challenge| braintree(shaker, &challenge)))
        }
        Handshake::Ebay if is_get => {
            let code = parameter_of(head, "challenge_code")?;
            Some(code.and_then(|code| ebay(shaker, head, &code)))
        }
        Handshake::SecretHeader { header } if head.method() == "POST" => {
            let secret = header_of(head, header)?;
            Some(secret.and_then(|secret| {
                if !shaker.takes_secret() {
                    return Err(Rejection::UnexpectedHandshake);
                }
                let secret = reply::word(secret)?;
                let reply = HandshakeReply::empty(200).with_header(header.clone(), secret);
                Ok(reply.with_secret(secret.to_owned()))
            }))
        }
        _ => None,
    }
}

/// [WebSub, section 5](https://www.w3.org/TR/websub/#hub-verifies-intent): what is not wanted is
/// 404.
fn web_sub(shaker: &Handshaker, head: &Head<'_>, mode: &[u8]) -> Result<HandshakeReply, Rejection> {
    if !shaker.matches(Setting::Topic, &parameter(head, "hub.topic")?) {
        return Err(Rejection::WrongHandshake);
    }
    match mode {
        b"denied" => Ok(HandshakeReply::empty(200)),
        b"subscribe" | b"unsubscribe" => {
            let challenge = parameter(head, "hub.challenge")?;
            Ok(HandshakeReply::text(reply::echoable(&challenge)?.to_owned()))
        }
        _ => Err(Rejection::WrongHandshake),
    }
}

/// [HTTP 1.1 Web Hooks for Event Delivery, section
/// 4](https://github.com/cloudevents/spec/blob/main/cloudevents/http-webhook.md). A
/// `WebHook-Request-Callback` is never called: anyone can name one.
fn cloud_events(
    shaker: &Handshaker,
    head: &Head<'_>,
    origin: &[u8],
) -> Result<HandshakeReply, Rejection> {
    let is_named = |allowed: &&str| allowed.as_bytes().eq_ignore_ascii_case(origin);
    let named = shaker.settings.all(Setting::AllowedOrigin).find(is_named);
    let any = || shaker.settings.all(Setting::AllowedOrigin).find(|it| *it == "*");
    let allowed = named.or_else(any).ok_or(Rejection::WrongHandshake)?;
    let mut reply = HandshakeReply::empty(200)
        .with_header("WebHook-Allowed-Origin", allowed)
        .with_header("Allow", "POST");
    match shaker.settings.get(Setting::AllowedRate) {
        Some(rate) => reply = reply.with_header("WebHook-Allowed-Rate", rate),
        None if header_of(head, "WebHook-Request-Rate").is_some() => {
            return Err(Rejection::WrongHandshake);
        }
        None => {}
    }
    Ok(reply)
}

/// The public half of a pair of keys, and the tag that the other half makes.
fn braintree(shaker: &Handshaker, challenge: &[u8]) -> Result<HandshakeReply, Rejection> {
    let challenge = reply::short_hex(challenge)?;
    let secret = shaker.secret(None).ok_or(Rejection::WrongHandshake)?;
    let app_key = secret.material.app_key.as_ref();
    let app_key = app_key.and_then(|key| core::str::from_utf8(key).ok());
    let half = app_key.or_else(|| shaker.settings.all(Setting::PublicHalf).next());
    let half = reply::word(half.unwrap_or_default().as_bytes())?;
    let key = mac::sha1(&secret.material.key);
    let tag = mac::answer(Algorithm::HmacSha1, &*key, challenge.as_bytes());
    let tag = decode::to_hex(&tag.ok_or(Rejection::WrongHandshake)?);
    Ok(HandshakeReply::text(format!("{half}|{tag}")))
}

fn ebay(shaker: &Handshaker, head: &Head<'_>, code: &[u8]) -> Result<HandshakeReply, Rejection> {
    let code = reply::token(code)?;
    let token = shaker.settings.get(Setting::VerifyToken).filter(|token| !token.is_empty());
    let (Some(token), Some(url)) = (token, &shaker.external_url) else {
        return Err(Rejection::WrongHandshake);
    };
    let url = url.of(head)?;
    // The endpoint is what eBay was told, which has no query; a URL that was configured whole is
    // taken as it is.
    let endpoint = match url {
        Cow::Borrowed(url) => url,
        Cow::Owned(ref url) => url.split_once('?').map_or(&**url, |(endpoint, _)| endpoint),
    };
    let digest = mac::sha256_hex(&[code.as_bytes(), token.as_bytes(), endpoint.as_bytes()]);
    Ok(HandshakeReply::json(&[("challengeResponse", &digest)]))
}

/// HMAC-SHA256 of a text.
pub(super) fn tag(secret: Option<&Answering>, text: &str) -> Result<Vec<u8>, Rejection> {
    let tag = secret.and_then(|secret| {
        mac::answer(Algorithm::HmacSha256, &secret.material.key, text.as_bytes())
    });
    tag.ok_or(Rejection::WrongHandshake)
}

/// A parameter of the query; an error if it is there twice.
pub(super) fn parameter_of<'d>(
    head: &Head<'d>,
    name: &str,
) -> Option<Result<Cow<'d, [u8]>, Rejection>> {
    outside::query(head, name).map_err(|_| Rejection::WrongHandshake).transpose()
}

fn parameter<'d>(head: &Head<'d>, name: &str) -> Result<Cow<'d, [u8]>, Rejection> {
    parameter_of(head, name).unwrap_or(Err(Rejection::WrongHandshake))
}

/// A header; an error if it is there with several values.
pub(super) fn header_of<'d>(head: &Head<'d>, name: &str) -> Option<Result<&'d [u8], Rejection>> {
    match single(head.headers(), name) {
        Occurrence::Absent => None,
        Occurrence::Once(value) => Some(Ok(value)),
        Occurrence::Differing => Some(Err(Rejection::WrongHandshake)),
    }
}
