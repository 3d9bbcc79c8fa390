//! WeChat Official Accounts in plain mode: SHA-1 over the token, a time and a nonce, sorted.
//!
//! <https://developers.weixin.qq.com/doc/offiaccount/en/Basic_Information/Access_Overview.html>, as of
//! 2026-11-24.

use std::borrow::Cow;

use super::tools;
use crate::check::Checked;
use crate::delivery::{Delivery, Head};
use crate::mac::Sha256Digest;
use crate::outside;
use crate::procedure::{KeyKind, Keys, Procedure, Setup};
use crate::rejection::{HeaderRole, Rejection};
use crate::scheme::{Algorithm, Coverage, Encoding};
use crate::time::{Timestamp, TimestampFormat};

/// Judges WeChat's messages to an Official Account.
pub(crate) struct WechatOfficialAccount;

impl Procedure for WechatOfficialAccount {
    fn coverage(&self) -> Coverage {
        Coverage::NOTHING.with_timestamp()
    }

    fn key_kind(&self) -> KeyKind {
        KeyKind::Secrets
    }

    fn precheck(&self, _: &Setup, head: &Head<'_>, _: Timestamp) -> Result<(), Rejection> {
        let query = Query::read(head)?;
        tools::check_form(Algorithm::Sha1, Encoding::Hex, &query.signature)
    }

    fn check(
        &self,
        setup: &Setup,
        delivery: &Delivery<'_>,
        _: &Keys<'_>,
        _: Timestamp,
    ) -> Result<Checked, Rejection> {
        let query = Query::read(delivery.head())?;
        let told = TimestampFormat::Seconds.parse(&query.timestamp);
        let signed_at = told.ok_or(Rejection::MalformedTimestamp)?.time();
        for secret in &setup.secrets {
            let mut parts: [&[u8]; 3] = [&secret.material.key, &query.timestamp, &query.nonce];
            parts.sort_unstable();
            let signature = &query.signature;
            let made = tools::made(Algorithm::Sha1, &[], Encoding::Hex, signature, |sink| {
                parts.iter().for_each(|part| sink(part));
            })?;
            if made {
                let mut checked = Checked::new(secret.label.clone(), self.coverage());
                checked.signed_at = signed_at;
                return Ok(checked);
            }
        }
        Err(Rejection::BadSignature)
    }

    fn content_digest(&self, _: &Setup, delivery: &Delivery<'_>) -> Option<[u8; 32]> {
        let query = Query::read(delivery.head()).ok()?;
        let mut digest = Sha256Digest::new();
        // Time and nonce are joined without a delimiter and in either order, so the same signature fits
        // several of them; it names what was signed.
        digest.update(&query.signature.to_ascii_lowercase());
        Some(digest.finish())
    }
}

/// The parameters that matter, each there once.
struct Query<'d> {
    signature: Cow<'d, [u8]>,
    timestamp: Cow<'d, [u8]>,
    nonce: Cow<'d, [u8]>,
}

impl<'d> Query<'d> {
    fn read(head: &Head<'d>) -> Result<Self, Rejection> {
        let parameter = |name, missing| {
            let value = outside::query(head, name)?.filter(|value| !value.is_empty());
            value.ok_or(missing)
        };
        Ok(Self {
            signature: parameter("signature", Rejection::MissingSignature)?,
            timestamp: parameter("timestamp", Rejection::MalformedTimestamp)?,
            nonce: parameter("nonce", Rejection::MissingHeader(HeaderRole::Signed))?,
        })
    }
}
