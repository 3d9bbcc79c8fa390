//! Bitso: RSA over one member of the body, written without blanks.
//!
//! <https://docs.bitso.com/bitso-payouts-funding/docs/webhook-event-signatures>, as of 2026-11-24.

use super::minify::{minified, only_member};
use super::tools;
use crate::check::Checked;
use crate::config_error::ConfigError;
use crate::decode;
use crate::delivery::{Delivery, Head};
use crate::mac::{self, Sha256Digest};
use crate::procedure::{KeyKind, Keys, Procedure, Setup};
use crate::public_key::NamedKey;
use crate::rejection::{HeaderRole, Rejection};
use crate::scheme::{Algorithm, Coverage, Encoding};
use crate::time::Timestamp;

const SIGNATURE: &str = "x-bitso-webhook-event-signature";
const KEY_ID: &str = "x-bitso-key-id";

/// Judges Bitso's events.
pub(crate) struct Bitso;

impl Procedure for Bitso {
    fn coverage(&self) -> Coverage {
        Coverage::FIELDS
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
        tools::required(head, KEY_ID, HeaderRole::KeyId)?;
        tools::required(head, SIGNATURE, HeaderRole::Signature).map(|_| ())
    }

    fn check(
        &self,
        setup: &Setup,
        delivery: &Delivery<'_>,
        _: &Keys<'_>,
        _: Timestamp,
    ) -> Result<Checked, Rejection> {
        let signature = tools::required(delivery.head(), SIGNATURE, HeaderRole::Signature)?;
        let signature = decode::signature(Encoding::Base64, signature);
        let signature = signature.ok_or(Rejection::MalformedSignature)?;
        let id = tools::required(delivery.head(), KEY_ID, HeaderRole::KeyId)?;
        let is_named =
            |key: &&NamedKey| key.id.as_ref().is_none_or(|own| mac::equal(own.as_bytes(), id));
        let mut keys = setup.public_keys.iter().filter(is_named).peekable();
        keys.peek().ok_or(Rejection::UnknownKey)?;
        let payload = payload(delivery)?;
        for key in keys {
            let verified = key.verify(Algorithm::RsaSha256, &signature, &mut |sink| {
                sink(&payload);
                Ok(())
            })?;
            if verified {
                return Ok(Checked::new(key.label.clone(), self.coverage()));
            }
        }
        Err(Rejection::BadSignature)
    }

    fn content_digest(&self, _: &Setup, delivery: &Delivery<'_>) -> Option<[u8; 32]> {
        let mut digest = Sha256Digest::new();
        digest.update(&payload(delivery).ok()?);
        Some(digest.finish())
    }
}

fn payload(delivery: &Delivery<'_>) -> Result<Vec<u8>, Rejection> {
    let payload = only_member(delivery.body(), "payload").and_then(minified);
    payload.ok_or(Rejection::UnreadableBody)
}
