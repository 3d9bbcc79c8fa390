//! Adobe I/O Events: two RSA signatures of the body by keys of Adobe's, the same for all receivers.
//!
//! Page: <https://developer.adobe.com/events/docs/guides/>, as of 2026-11-24.

use super::signers::{check_keys, is_plain_path, optional_header, signer};
use crate::check::Checked;
use crate::config_error::ConfigError;
use crate::decode;
use crate::delivery::{Delivery, Head};
use crate::json::{self, Scalar};
use crate::procedure::{KeyKind, Keys, Procedure, Setup};
use crate::rejection::{HeaderRole, Rejection};
use crate::remote_keys::KeyRequest;
use crate::scheme::{Algorithm, Coverage, Encoding, KeyForm};
use crate::setting::Setting;
use crate::time::Timestamp;

/// Where Adobe keeps its keys. The path comes with the delivery.
const HOST: &str = "https://static.adobeioevents.com";

/// The headers of a signature and of the path of its key.
const PAIRS: [(&str, &str); 2] = [
    ("x-adobe-digital-signature-1", "x-adobe-public-key1-path"),
    ("x-adobe-digital-signature-2", "x-adobe-public-key2-path"),
];

/// Judges deliveries of Adobe I/O Events.
pub(crate) struct AdobeIoEvents;

impl Procedure for AdobeIoEvents {
    fn coverage(&self) -> Coverage {
        Coverage::BODY
    }

    fn required_settings(&self) -> &'static [Setting] {
        &[Setting::ClientId]
    }

    fn key_kind(&self) -> KeyKind {
        KeyKind::PublicKeys
    }

    fn check_setup(&self, setup: &Setup) -> Result<(), ConfigError> {
        if setup.settings.all(Setting::ClientId).any(str::is_empty) {
            return Err(ConfigError::WrongSetting { setting: Setting::ClientId });
        }
        check_keys(setup, Algorithm::RsaSha256)
    }

    fn precheck(&self, _: &Setup, head: &Head<'_>, _: Timestamp) -> Result<(), Rejection> {
        signatures(head).map(|_| ())
    }

    fn key_requests(
        &self,
        setup: &Setup,
        delivery: &Delivery<'_>,
    ) -> Result<Vec<KeyRequest>, Rejection> {
        check_recipient(setup, delivery)?;
        let signatures = signatures(delivery.head())?;
        let mut requests: Vec<_> = signatures.iter().map(|it| it.key_request(setup)).collect();
        requests.dedup();
        Ok(requests)
    }

    fn check(
        &self,
        setup: &Setup,
        delivery: &Delivery<'_>,
        keys: &Keys<'_>,
        _: Timestamp,
    ) -> Result<Checked, Rejection> {
        let signatures = signatures(delivery.head())?;
        check_recipient(setup, delivery)?;
        let mut failure = Rejection::BadSignature;
        // One is enough: while keys rotate, the other may be by a key that is gone.
        for signature in &signatures {
            let sign =
                |keys| signer(keys, Algorithm::RsaSha256, &signature.bytes, &[delivery.body()]);
            let mut label = sign(&setup.public_keys[..])?;
            if label.is_none() && setup.remote_keys {
                match keys.answer(&signature.key_request(setup)) {
                    Ok(document) => label = sign(&document.keys)?,
                    Err(unavailable) => failure = unavailable,
                }
            }
            if let Some(label) = label {
                return Ok(Checked::new(label, self.coverage()));
            }
        }
        Err(failure)
    }
}

/// The same keys sign for all of Adobe's customers, so a delivery to another of them is genuine too.
fn check_recipient(setup: &Setup, delivery: &Delivery<'_>) -> Result<(), Rejection> {
    let recipient = json::scalar(delivery.body(), "/recipient_client_id").map(Scalar::into_text);
    let is_here = |id: &str| recipient.as_deref() == Some(id);
    if setup.settings.all(Setting::ClientId).any(is_here) {
        Ok(())
    } else {
        Err(Rejection::WrongClaim)
    }
}

/// A signature, and where its key is.
struct Signed<'d> {
    bytes: Vec<u8>,
    key_path: &'d str,
}

impl Signed<'_> {
    fn key_request(&self, setup: &Setup) -> KeyRequest {
        let url = format!("{HOST}{}", self.key_path);
        KeyRequest::new(&setup.scheme.id, url, KeyForm::Pem)
    }
}

/// The signatures that come with their keys: one or two.
fn signatures<'d>(head: &Head<'d>) -> Result<Vec<Signed<'d>>, Rejection> {
    let mut signatures = Vec::with_capacity(PAIRS.len());
    for (signature, path) in PAIRS {
        let signature = optional_header(head, signature, HeaderRole::Signature)?;
        let path = optional_header(head, path, HeaderRole::KeyId)?;
        // Appended to a host, `.evil.example` and `@evil.example` are another host's name.
        if path.is_some_and(|path| !is_plain_path(path) || !path.ends_with(".pem")) {
            return Err(Rejection::ForeignKeyUrl);
        }
        let (Some(signature), Some(key_path)) = (signature, path) else { continue };
        let bytes = decode::signature(Encoding::Base64, signature.as_bytes());
        signatures.extend(bytes.map(|bytes| Signed { bytes, key_path }));
    }
    if signatures.is_empty() {
        return Err(Rejection::MissingHeader(HeaderRole::Signature));
    }
    Ok(signatures)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: Result<(), Rejection>) {
        let headers = [
            ("x-adobe-digital-signature-1", "AAAA"),
            ("x-adobe-digital-signature-2", "AAAA"),
            ("x-adobe-public-key1-path", path),
            ("x-adobe-public-key2-path", "/prod/keys/pub-key-2.pem"),
        ];
        let found = signatures(&Head::new("POST", "/", &headers)).map(|_| ());
        assert_eq!(found, expected, "{path}");
    }

    #[test]
    fn no_path_leads_to_another_host() {
        check("/prod/keys/pub-key-voy5XEbWmT.pem", Ok(()));
        for path in [
            ".evil.example/x.pem",
            "@evil.example/x.pem",
            ":8443/x.pem",
            "//evil.example/x.pem",
            "\\evil.example/x.pem",
            "/../x.pem",
            "/x.pem?y=.pem",
            "/x.pem#.pem",
            "/x.txt",
            "x.pem",
        ] {
            check(path, Err(Rejection::ForeignKeyUrl));
        }
    }

    #[test]
    fn a_signature_without_its_key_does_not_count() {
        let count = |headers: &[(&str, &str)]| {
            signatures(&Head::new("POST", "/", &headers)).map(|found| found.len())
        };
        let (one, two) =
            (("x-adobe-digital-signature-1", "AAAA"), ("x-adobe-public-key1-path", "/x.pem"));
        let other = ("x-adobe-public-key2-path", "/x.pem");
        assert_eq!(count(&[one, two]), Ok(1));
        let missing = Err(Rejection::MissingHeader(HeaderRole::Signature));
        assert_eq!(count(&[one, other]), missing);
        assert_eq!(count(&[one]), missing);
        assert_eq!(count(&[]), missing);
    }
}
