//! Callbacks by the standard SNAP of Bank Indonesia: RSA over method, path, the digest of the body
//! without its blanks, and a time.
//!
//! <https://docs.winpay.id/en/docs/payments/snap-api/signature-callback-validation>, as of 2026-11-24.

use std::borrow::Cow;

use super::minify::minified;
use super::tools;
use crate::check::Checked;
use crate::config_error::ConfigError;
use crate::decode;
use crate::delivery::{Delivery, Head};
use crate::mac::Sha256Digest;
use crate::procedure::{KeyKind, Keys, Procedure, Setup};
use crate::rejection::{HeaderRole, Rejection};
use crate::scheme::{Algorithm, Coverage, Encoding};
use crate::time::{Timestamp, TimestampFormat};

/// Judges callbacks by SNAP.
pub(crate) struct BiSnap;

impl Procedure for BiSnap {
    fn coverage(&self) -> Coverage {
        Coverage::BODY.with_method().with_url().with_timestamp()
    }

    fn key_kind(&self) -> KeyKind {
        KeyKind::PublicKeys
    }

    fn check_setup(&self, _: &Setup) -> Result<(), ConfigError> {
        if cfg!(feature = "json") {
            Ok(())
        } else {
            Err(ConfigError::FeatureOff { feature: "json" })
        }
    }

    fn precheck(&self, _: &Setup, head: &Head<'_>, _: Timestamp) -> Result<(), Rejection> {
        tools::required(head, "x-timestamp", HeaderRole::Timestamp)?;
        tools::required(head, "x-signature", HeaderRole::Signature).map(|_| ())
    }

    fn check(
        &self,
        setup: &Setup,
        delivery: &Delivery<'_>,
        _: &Keys<'_>,
        _: Timestamp,
    ) -> Result<Checked, Rejection> {
        let head = delivery.head();
        let signature = tools::required(head, "x-signature", HeaderRole::Signature)?;
        let signature = decode::signature(Encoding::Base64, signature);
        let signature = signature.ok_or(Rejection::MalformedSignature)?;
        let timestamp = tools::required(head, "x-timestamp", HeaderRole::Timestamp)?;
        let told = TimestampFormat::Rfc3339.parse(timestamp);
        let signed_at = told.ok_or(Rejection::MalformedTimestamp)?.time();
        let path = path(setup, head)?;
        let body = body_digest(delivery)?;
        let content = [head.method().as_bytes(), path.as_bytes(), &body, timestamp].join(&b':');
        for key in &setup.public_keys {
            let verified = key.verify(Algorithm::RsaSha256, &signature, &mut |sink| {
                sink(&content);
                Ok(())
            })?;
            if verified {
                let mut checked = Checked::new(key.label.clone(), self.coverage());
                checked.signed_at = signed_at;
                return Ok(checked);
            }
        }
        Err(Rejection::BadSignature)
    }

    fn content_digest(&self, setup: &Setup, delivery: &Delivery<'_>) -> Option<[u8; 32]> {
        let head = delivery.head();
        let mut digest = Sha256Digest::new();
        digest.update(head.method().as_bytes());
        digest.update(b":");
        digest.update(path(setup, head).ok()?.as_bytes());
        digest.update(b":");
        digest.update(&body_digest(delivery).ok()?);
        Some(digest.finish())
    }
}

/// The path as the sender knows it: that of the external URL if that is told, else of the request.
fn path<'v>(setup: &'v Setup, head: &Head<'v>) -> Result<Cow<'v, str>, Rejection> {
    let Some(url) = &setup.external_url else { return Ok(Cow::Borrowed(head.path_and_query())) };
    Ok(match url.of(head)? {
        Cow::Borrowed(url) => Cow::Borrowed(Head::new("", url, head.headers()).path_and_query()),
        Cow::Owned(url) => {
            Cow::Owned(Head::new("", &url, head.headers()).path_and_query().to_owned())
        }
    })
}

fn body_digest(delivery: &Delivery<'_>) -> Result<[u8; 64], Rejection> {
    let mut digest = Sha256Digest::new();
    if !delivery.body().is_empty() {
        digest.update(&minified(delivery.body()).ok_or(Rejection::UnreadableBody)?);
    }
    Ok(digest.finish_hex())
}
