//! Mailgun: HMAC-SHA256 over `{timestamp}{token}`, which say nothing of the event.
//!
//! <https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks>, as of
//! 2026-11-24.

use std::borrow::Cow;

use super::form_body::Form;
use super::shared;
use crate::check::Checked;
use crate::config_error::ConfigError;
use crate::decode::{self, MAX_TAG};
use crate::delivery::Delivery;
use crate::json::{self, Scalar};
use crate::mac::Sha256Digest;
use crate::procedure::{KeyKind, Keys, Procedure, Setup};
use crate::rejection::Rejection;
use crate::scheme::{Algorithm, Coverage, Encoding};
use crate::time::{Timestamp, TimestampFormat, Told};

pub(super) struct Mailgun;

/// What a delivery says of its signature.
struct Signed<'d> {
    timestamp: Cow<'d, [u8]>,
    token: Cow<'d, [u8]>,
    signature: Cow<'d, [u8]>,
}

impl<'d> Signed<'d> {
    /// Webhooks send JSON; routes and the webhooks of old send forms.
    fn read(delivery: &Delivery<'d>) -> Result<Self, Rejection> {
        let body = delivery.body();
        match Form::of(delivery)? {
            Form::Other => Self::of(|name| {
                let member = json::unique(body, &format!("/signature/{name}"))?;
                Ok(member.map(bytes))
            }),
            form => Self::of(|name| form.value(body, name)),
        }
    }

    fn of(
        read: impl Fn(&str) -> Result<Option<Cow<'d, [u8]>>, Rejection>,
    ) -> Result<Self, Rejection> {
        let missing = Rejection::MissingSignature;
        Ok(Self {
            signature: read("signature")?.ok_or(missing)?,
            timestamp: read("timestamp")?.ok_or(missing)?,
            token: read("token")?.filter(|it| !it.is_empty()).ok_or(missing)?,
        })
    }
}

impl Procedure for Mailgun {
    fn coverage(&self) -> Coverage {
        Coverage::FIELDS.with_timestamp()
    }

    fn key_kind(&self) -> KeyKind {
        KeyKind::Secrets
    }

    fn check_setup(&self, _: &Setup) -> Result<(), ConfigError> {
        shared::needs(&[("json", cfg!(feature = "json")), ("form", cfg!(feature = "form"))])
    }

    fn check(
        &self,
        setup: &Setup,
        delivery: &Delivery<'_>,
        _: &Keys<'_>,
        _: Timestamp,
    ) -> Result<Checked, Rejection> {
        let signed = Signed::read(delivery)?;
        let mut tag = [0; MAX_TAG];
        let tag = decode::tag(Encoding::Hex, &signed.signature, 32, &mut tag);
        let tag = tag.ok_or(Rejection::MalformedSignature)?;
        let told = TimestampFormat::Seconds.parse(&signed.timestamp);
        let time = told.and_then(Told::time).ok_or(Rejection::MalformedTimestamp)?;
        let content: [&[u8]; 2] = [&signed.timestamp, &signed.token];
        let secret = shared::signer(&setup.secrets, Algorithm::HmacSha256, tag, &content)?;
        Ok(Checked::new(secret.label.clone(), self.coverage()).signed_at(time))
    }

    /// Of the signed text as a whole. What stands at the end of the timestamp may be moved to the
    /// front of the token, and this makes no other event; nor does another event beside the same
    /// token.
    fn content_digest(&self, _: &Setup, delivery: &Delivery<'_>) -> Option<[u8; 32]> {
        let signed = Signed::read(delivery).ok()?;
        let mut digest = Sha256Digest::new();
        digest.update(&signed.timestamp);
        digest.update(&signed.token);
        Some(digest.finish())
    }
}

fn bytes(scalar: Scalar<'_>) -> Cow<'_, [u8]> {
    match scalar.into_text() {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    }
}
