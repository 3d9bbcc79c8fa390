//! App Store Server Notifications V2: a token in the body, signed by a key whose certificates come along.
//!
//! Page: <https://developer.apple.com/documentation/appstoreservernotifications>, as of 2026-11-24.

use std::borrow::Cow;

use serde_json::Value;

use super::members::Members;
use crate::check::Checked;
use crate::config_error::{ConfigError, KeyProblem};
use crate::decode;
use crate::delivery::Delivery;
use crate::jws::{Jws, Object};
use crate::mac;
use crate::procedure::{KeyKind, Keys, Procedure, Setup};
use crate::public_key::NamedKey;
use crate::rejection::Rejection;
use crate::scheme::{Algorithm, Coverage};
use crate::setting::Setting;
use crate::time::Timestamp;
use crate::x509::{self, Certificate};

/// Marks certificates of keys that sign for the App Store.
const LEAF_MARK: &str = "1.2.840.113635.100.6.11.1";
/// Marks certificates of Apple Worldwide Developer Relations, who issue them.
const ISSUER_MARK: &str = "1.2.840.113635.100.6.2.1";

/// Judges notifications of the App Store.
pub(crate) struct AppleAppStore;

impl Procedure for AppleAppStore {
    fn coverage(&self) -> Coverage {
        Coverage::FIELDS.with_timestamp()
    }

    fn required_settings(&self) -> &'static [Setting] {
        &[Setting::BundleId, Setting::Environment]
    }

    fn optional_settings(&self) -> &'static [Setting] {
        &[Setting::ClientId]
    }

    fn key_kind(&self) -> KeyKind {
        KeyKind::Certificates
    }

    fn check_setup(&self, setup: &Setup) -> Result<(), ConfigError> {
        if let Some(key) = setup.public_keys.first() {
            let (label, problem) = (key.label.clone(), KeyProblem::WrongKind);
            return Err(ConfigError::PublicKey { label, problem });
        }
        if setup.remote_keys {
            return Err(ConfigError::NoRemoteKeys);
        }
        if setup.trust_roots.is_empty() {
            return Err(ConfigError::NoTrustRoot);
        }
        let wrong = |setting| Err(ConfigError::WrongSetting { setting });
        if setup.settings.all(Setting::BundleId).any(str::is_empty) {
            return wrong(Setting::BundleId);
        }
        let app_id = setup.settings.get(Setting::ClientId);
        if app_id.is_some_and(|id| id.parse::<u64>().is_err()) {
            return wrong(Setting::ClientId);
        }
        match setup.settings.get(Setting::Environment) {
            Some("Sandbox") => Ok(()),
            Some("Production") if app_id.is_some() => Ok(()),
            Some("Production") => Err(ConfigError::MissingSetting { setting: Setting::ClientId }),
            // What Xcode sends is signed by no one.
            _ => wrong(Setting::Environment),
        }
    }

    fn check(
        &self,
        setup: &Setup,
        delivery: &Delivery<'_>,
        _: &Keys<'_>,
        now: Timestamp,
    ) -> Result<Checked, Rejection> {
        let text = signed_payload(delivery)?;
        let token = read(&text)?;
        let key = trusted_key(&token, setup, now)?;
        if !token.is_signed_by(&key, None)? {
            return Err(Rejection::BadSignature);
        }
        let signed_at = check_claims(setup, &token.claims()?)?;
        Ok(Checked::new(key.label, self.coverage()).signed_at(signed_at))
    }

    fn claims<'d>(&self, _: &Setup, delivery: &Delivery<'d>) -> Option<Cow<'d, [u8]>> {
        let text = signed_payload(delivery).ok()?;
        Some(Cow::Owned(read(&text).ok()?.payload()?))
    }

    fn content_digest(&self, _: &Setup, delivery: &Delivery<'_>) -> Option<[u8; 32]> {
        let text = signed_payload(delivery).ok()?;
        Some(mac::sha256(&read(&text).ok()?.payload()?))
    }
}

/// The token is a member of the body.
fn signed_payload<'d>(delivery: &Delivery<'d>) -> Result<Cow<'d, str>, Rejection> {
    let members = Members::read(delivery.body()).ok_or(Rejection::UnreadableBody)?;
    let token = members.text("signedPayload").map_err(|_| Rejection::UnreadableBody)?;
    token.ok_or(Rejection::MissingSignature)
}

fn read(text: &str) -> Result<Jws<'_>, Rejection> {
    Jws::read(text.as_bytes(), &[Algorithm::EcdsaP256Sha256], false)
}

/// The certificates of a token in DER ([RFC 7515, section 4.1.6](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.6),
/// read 2026-11-24): the signer's, the issuer's and the root.
fn certificates(token: &Jws<'_>) -> Option<[Vec<u8>; 3]> {
    let listed = token.header.get("x5c")?.as_array()?;
    let [signer, issuer, root] = &listed[..] else { return None };
    let der = |text: &Value| decode::base64_padded(text.as_str()?.as_bytes());
    Some([der(signer)?, der(issuer)?, der(root)?])
}

/// The signer's key, if the certificates lead to a root that is held here and are marked as Apple marks
/// them. Apple's roots issue certificates for other purposes too.
fn trusted_key(token: &Jws<'_>, setup: &Setup, now: Timestamp) -> Result<NamedKey, Rejection> {
    let untrusted = Rejection::UntrustedCertificate;
    let [signer, issuer, root] = certificates(token).ok_or(Rejection::MalformedToken)?;
    if !setup.trust_roots.contains(&root) {
        return Err(untrusted);
    }
    let parse = |der: &[u8]| Certificate::parse(der).map_err(|_| untrusted);
    let certificate = parse(&signer)?;
    if !certificate.has_extension(LEAF_MARK) || !parse(&issuer)?.has_extension(ISSUER_MARK) {
        return Err(untrusted);
    }
    // Past the issuer, and not straight from the root.
    if x509::follow(&signer, &[issuer], &[root], now)? != 1 {
        return Err(untrusted);
    }
    let key = certificate.key().map_err(|_| untrusted)?;
    Ok(NamedKey { label: "x5c".into(), id: None, algorithm: None, expires: None, key })
}

/// Checks for which app and environment a notification is, and returns when it was signed.
fn check_claims(setup: &Setup, claims: &Object) -> Result<Timestamp, Rejection> {
    let wrong = Rejection::WrongClaim;
    let about = ["data", "summary", "externalPurchaseToken", "appData"];
    let about = about.into_iter().find_map(|name| Some((name, claims.get(name)?)));
    let (name, about) = about.ok_or(wrong)?;
    let bundle_id = about.get("bundleId").and_then(Value::as_str).ok_or(wrong)?;
    let environment = if name == "externalPurchaseToken" {
        // These say it in their id.
        let id = about.get("externalPurchaseId").and_then(Value::as_str).ok_or(wrong)?;
        if id.starts_with("SANDBOX") { "Sandbox" } else { "Production" }
    } else {
        about.get("environment").and_then(Value::as_str).ok_or(wrong)?
    };
    let mut bundle_ids = setup.settings.all(Setting::BundleId);
    if !bundle_ids.any(|it| it == bundle_id)
        || setup.settings.get(Setting::Environment) != Some(environment)
    {
        return Err(wrong);
    }
    if environment == "Production" {
        // The sandbox does not tell it.
        let app_id = about.get("appAppleId").and_then(Value::as_u64).ok_or(wrong)?;
        let mut app_ids = setup.settings.all(Setting::ClientId);
        if !app_ids.any(|it| it.parse() == Ok(app_id)) {
            return Err(wrong);
        }
    }
    let signed_at = claims.get("signedDate").and_then(Value::as_i64);
    signed_at.map(Timestamp::from_unix_millis).ok_or(Rejection::MalformedTimestamp)
}
