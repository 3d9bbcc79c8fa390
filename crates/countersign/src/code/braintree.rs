//! Braintree: HMAC-SHA1 over a field of a form, keyed with the SHA-1 of the private API key.
//!
//! <https://developer.paypal.com/braintree/docs/guides/webhooks/parse>, as of 2026-11-24, and the SDKs for
//! Node.js (3.40.0) and Python (4.48.0).

use std::borrow::Cow;

use super::tools;
use crate::MAX_SIGNATURES;
use crate::check::Checked;
use crate::delivery::Delivery;
use crate::mac::{self, Sha256Digest};
use crate::outside;
use crate::procedure::{KeyKind, Keys, Procedure, Setup};
use crate::rejection::Rejection;
use crate::scheme::{Algorithm, Coverage, Encoding};
use crate::setting::Setting;
use crate::time::Timestamp;

/// Judges Braintree's notifications.
pub(crate) struct Braintree;

impl Procedure for Braintree {
    fn coverage(&self) -> Coverage {
        Coverage { form_field: true, ..Coverage::NOTHING }
    }

    fn required_settings(&self) -> &'static [Setting] {
        &[Setting::PublicHalf]
    }

    fn key_kind(&self) -> KeyKind {
        KeyKind::Secrets
    }

    fn check(
        &self,
        setup: &Setup,
        delivery: &Delivery<'_>,
        _: &Keys<'_>,
        _: Timestamp,
    ) -> Result<Checked, Rejection> {
        let payload = payload(delivery)?;
        let signatures = outside::form_field(delivery.body(), "bt_signature")?;
        let signatures = signatures.ok_or(Rejection::MissingSignature)?;
        let signatures = own_signatures(setup, &signatures)?;
        for secret in &setup.secrets {
            let key = mac::sha1(&secret.material.key);
            for signature in &signatures {
                // The line end that the payload was signed with may have been lost on the way.
                for end in [&b""[..], b"\n"] {
                    let made = tools::made(
                        Algorithm::HmacSha1,
                        &*key,
                        Encoding::Hex,
                        signature,
                        |sink| {
                            sink(&payload);
                            sink(end);
                        },
                    )?;
                    if made {
                        return Ok(Checked::new(secret.label.clone(), self.coverage()));
                    }
                }
            }
        }
        Err(Rejection::BadSignature)
    }

    fn content_digest(&self, _: &Setup, delivery: &Delivery<'_>) -> Option<[u8; 32]> {
        let payload = payload(delivery).ok()?;
        let mut digest = Sha256Digest::new();
        // With and without its last line ends it is one event.
        digest.update(outside::without_line_ends(&payload));
        Some(digest.finish())
    }
}

/// The payload: base64 in lines.
fn payload<'d>(delivery: &Delivery<'d>) -> Result<Cow<'d, [u8]>, Rejection> {
    let payload = outside::form_field(delivery.body(), "bt_payload")?;
    let payload = payload.ok_or(Rejection::UnreadableBody)?;
    let known = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=\n".contains(byte);
    if payload.is_empty() || !payload.iter().all(known) {
        return Err(Rejection::UnreadableBody);
    }
    Ok(payload)
}

/// Of pairs of a public key and a signature, joined by `&`, the signatures for the receiver's own.
fn own_signatures<'s>(setup: &Setup, pairs: &'s [u8]) -> Result<Vec<&'s [u8]>, Rejection> {
    let mut own = Vec::new();
    for (at, pair) in pairs.split(|byte| *byte == b'&').enumerate() {
        if at == MAX_SIGNATURES {
            return Err(Rejection::TooManySignatures);
        }
        let Some(bar) = pair.iter().position(|byte| *byte == b'|') else { continue };
        let (public, signature) = pair.split_at(bar);
        let is_own = |key: &str| mac::equal(key.as_bytes(), public);
        if setup.settings.all(Setting::PublicHalf).any(is_own) {
            own.push(signature.strip_prefix(b"|").unwrap_or_default());
        }
    }
    // Each is tried with each secret, and no sender has use for many.
    match own.len() {
        0 => Err(Rejection::UnknownKey),
        1..=8 => Ok(own),
        _ => Err(Rejection::TooManySignatures),
    }
}
