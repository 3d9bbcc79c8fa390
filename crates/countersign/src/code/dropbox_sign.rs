//! Dropbox Sign: HMAC-SHA256 over `{event_time}{event_type}` of JSON in a field of a form.
//!
//! <https://developers.hellosign.com/docs/events/walkthrough/>, as of 2026-11-24.

use std::borrow::Cow;

use super::form_body::Form;
use super::shared;
use crate::check::Checked;
use crate::config_error::ConfigError;
use crate::decode::{self, MAX_TAG};
use crate::delivery::Delivery;
use crate::json::{self, Scalar};
use crate::mac;
use crate::procedure::{KeyKind, Keys, Procedure, Setup};
use crate::rejection::Rejection;
use crate::scheme::{Algorithm, Coverage, Encoding};
use crate::time::{Timestamp, TimestampFormat, Told};

pub(super) struct DropboxSign;

fn event<'d>(delivery: &Delivery<'d>) -> Result<Cow<'d, [u8]>, Rejection> {
    let field = Form::of(delivery)?.value(delivery.body(), "json")?;
    field.ok_or(Rejection::UnreadableBody)
}

fn text<'b>(event: &'b [u8], pointer: &str) -> Result<Cow<'b, str>, Rejection> {
    let value = json::unique(event, pointer)?.map(Scalar::into_text);
    value.ok_or(Rejection::MissingSignature)
}

impl Procedure for DropboxSign {
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
        let event = event(delivery)?;
        let signature = text(&event, "/event/event_hash")?;
        let mut tag = [0; MAX_TAG];
        let tag = decode::tag(Encoding::Hex, signature.as_bytes(), 32, &mut tag);
        let tag = tag.ok_or(Rejection::MalformedSignature)?;
        let timestamp = text(&event, "/event/event_time")?;
        let told = TimestampFormat::Seconds.parse(timestamp.as_bytes());
        let time = told.and_then(Told::time).ok_or(Rejection::MalformedTimestamp)?;
        let kind = text(&event, "/event/event_type")?;
        // Nothing stands between the two: the end of the time, moved to the front of the type,
        // would make another time of it. No type begins with a digit.
        if kind.as_bytes().first().is_none_or(u8::is_ascii_digit) {
            return Err(Rejection::UnreadableBody);
        }
        let content = [timestamp.as_bytes(), kind.as_bytes()];
        let secret = shared::signer(&setup.secrets, Algorithm::HmacSha256, tag, &content)?;
        Ok(Checked::new(secret.label.clone(), self.coverage()).signed_at(time))
    }

    fn claims<'d>(&self, _: &Setup, delivery: &Delivery<'d>) -> Option<Cow<'d, [u8]>> {
        event(delivery).ok()
    }

    /// Of the JSON: two events of one type in one second have the same signature, and each attempt
    /// has a boundary of its own.
    fn content_digest(&self, _: &Setup, delivery: &Delivery<'_>) -> Option<[u8; 32]> {
        event(delivery).ok().map(|event| mac::sha256(&event))
    }
}
