//! Adyen's standard notifications: HMAC-SHA256 over some values of each item of the batch.
//!
//! <https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures/>,
//! as of 2026-11-24.

use std::borrow::Cow;

use super::shared;
use crate::check::Checked;
use crate::config_error::ConfigError;
use crate::decode::{self, MAX_TAG};
use crate::delivery::Delivery;
use crate::json::{self, Scalar};
use crate::mac::{self, Sha256Digest};
use crate::procedure::{KeyKind, Keys, NamedSecret, Procedure, Setup};
use crate::rejection::Rejection;
use crate::scheme::{Algorithm, Coverage, Encoding};
use crate::time::Timestamp;

pub(super) struct AdyenNotification;

/// The signed values of an item, in order, and whether a colon may be in them. They are joined by
/// colons as they are: where only two neighbours may hold some, nothing but the border between
/// those two can be moved.
const SIGNED: [(&str, bool); 8] = [
    ("/NotificationRequestItem/pspReference", false),
    ("/NotificationRequestItem/originalReference", false),
    ("/NotificationRequestItem/merchantAccountCode", true),
    ("/NotificationRequestItem/merchantReference", true),
    ("/NotificationRequestItem/amount/value", false),
    ("/NotificationRequestItem/amount/currency", false),
    ("/NotificationRequestItem/eventCode", false),
    ("/NotificationRequestItem/success", false),
];

impl Procedure for AdyenNotification {
    fn coverage(&self) -> Coverage {
        Coverage::FIELDS
    }

    fn key_kind(&self) -> KeyKind {
        KeyKind::Secrets
    }

    fn check_setup(&self, _: &Setup) -> Result<(), ConfigError> {
        shared::needs(&[("json", cfg!(feature = "json"))])
    }

    fn check(
        &self,
        setup: &Setup,
        delivery: &Delivery<'_>,
        _: &Keys<'_>,
        _: Timestamp,
    ) -> Result<Checked, Rejection> {
        let items = json::unique_items(delivery.body(), "/notificationItems");
        let items = items.ok_or(Rejection::UnreadableBody)?;
        let mut secret = None;
        let mut known = Vec::new();
        for item in items {
            let content = signed(item)?;
            secret = Some(check_item(setup, item, &content)?);
            known.push(mac::sha256(content.as_bytes()));
        }
        // A batch can be put together of items of others, but none of them can be made to count twice.
        known.sort_unstable();
        if known.windows(2).any(|pair| pair.first() == pair.last()) {
            return Err(Rejection::UnreadableBody);
        }
        // A batch of nothing would be authentic whoever sent it.
        let secret = secret.ok_or(Rejection::MissingSignature)?;
        Ok(Checked::new(secret.label.clone(), self.coverage()))
    }

    /// Of what is signed, as it is signed, in whatever order: no change of anything else makes another
    /// event of the same items. Each is signed by itself, so to leave some out, or to add genuine ones of
    /// another batch, does: the ids of the items tell those.
    fn content_digest(&self, _: &Setup, delivery: &Delivery<'_>) -> Option<[u8; 32]> {
        let items = json::unique_items(delivery.body(), "/notificationItems")?;
        let known = |item| signed(item).ok().map(|content| mac::sha256(content.as_bytes()));
        let mut known: Vec<_> = items.into_iter().map(known).collect::<Option<_>>()?;
        known.sort_unstable();
        let mut digest = Sha256Digest::new();
        for item in known {
            digest.update(&item);
        }
        Some(digest.finish())
    }
}

fn check_item<'s>(
    setup: &'s Setup,
    item: &[u8],
    content: &str,
) -> Result<&'s NamedSecret, Rejection> {
    let at = "/NotificationRequestItem/additionalData/hmacSignature";
    let Some(Scalar::Text(signature)) = json::unique(item, at)? else {
        return Err(Rejection::MissingSignature);
    };
    let mut tag = [0; MAX_TAG];
    let tag = decode::tag(Encoding::Base64, signature.as_bytes(), 32, &mut tag);
    let tag = tag.ok_or(Rejection::MalformedSignature)?;
    shared::signer(&setup.secrets, Algorithm::HmacSha256, tag, &[content.as_bytes()])
}

/// The signed values of an item, joined.
fn signed(item: &[u8]) -> Result<String, Rejection> {
    let mut values: Vec<Cow<'_, str>> = Vec::with_capacity(SIGNED.len());
    for (pointer, may_hold_colon) in SIGNED {
        let value = json::unique(item, pointer)?.map(Scalar::into_text).unwrap_or_default();
        if value.contains(':') && !may_hold_colon {
            return Err(Rejection::UnreadableBody);
        }
        values.push(value);
    }
    Ok(values.join(":"))
}
