//! PayPal: RSA over the ids of transmission and webhook, the time, and the CRC-32 of the body.
//!
//! Page: <https://developer.paypal.com/api/rest/webhooks/rest/>, as of 2026-11-24.

use super::signers::{check_keys, header, is_plain_path, signer};
use crate::check::Checked;
use crate::config_error::ConfigError;
use crate::decode;
use crate::delivery::{Delivery, Head};
use crate::mac;
use crate::procedure::{KeyKind, Keys, Procedure, Setup};
use crate::rejection::{HeaderRole, Rejection};
use crate::remote_keys::{KeyDocument, KeyRequest};
use crate::scheme::{Algorithm, Coverage, Encoding, KeyForm};
use crate::setting::Setting;
use crate::time::{Timestamp, TimestampFormat, Told};
use crate::x509::{self, Certificate};

/// Judges deliveries of PayPal.
pub(crate) struct PayPal;

impl Procedure for PayPal {
    fn coverage(&self) -> Coverage {
        // Anyone can make another body with the same CRC-32, so that counts for nothing.
        Coverage { delivery_id: true, ..Coverage::NOTHING.with_timestamp() }
    }

    fn required_settings(&self) -> &'static [Setting] {
        &[Setting::WebhookId]
    }

    fn key_kind(&self) -> KeyKind {
        KeyKind::Certificates
    }

    fn check_setup(&self, setup: &Setup) -> Result<(), ConfigError> {
        let webhook_id = setup.settings.get(Setting::WebhookId).unwrap_or_default();
        if webhook_id.is_empty() || webhook_id.contains('|') {
            return Err(ConfigError::WrongSetting { setting: Setting::WebhookId });
        }
        if setup.remote_keys && setup.trust_roots.is_empty() {
            return Err(ConfigError::NoTrustRoot);
        }
        if !setup.remote_keys && setup.public_keys.is_empty() {
            return Err(ConfigError::NoPublicKey);
        }
        check_keys(setup, Algorithm::RsaSha256)
    }

    fn precheck(&self, _: &Setup, head: &Head<'_>, _: Timestamp) -> Result<(), Rejection> {
        Transmission::read(head).map(|_| ())
    }

    fn key_requests(
        &self,
        setup: &Setup,
        delivery: &Delivery<'_>,
    ) -> Result<Vec<KeyRequest>, Rejection> {
        Ok(vec![Transmission::read(delivery.head())?.key_request(setup)])
    }

    fn check(
        &self,
        setup: &Setup,
        delivery: &Delivery<'_>,
        keys: &Keys<'_>,
        now: Timestamp,
    ) -> Result<Checked, Rejection> {
        let transmission = Transmission::read(delivery.head())?;
        let webhook_id = setup.settings.get(Setting::WebhookId).unwrap_or_default();
        // Decimal and without a sign.
        let crc = crc32fast::hash(delivery.body());
        let content = format!("{}|{}|{webhook_id}|{crc}", transmission.id, transmission.time);
        let sign = |keys| {
            signer(keys, Algorithm::RsaSha256, &transmission.signature, &[content.as_bytes()])
        };
        let mut label = sign(&setup.public_keys[..])?;
        if label.is_none() && setup.remote_keys {
            let document = keys.answer(&transmission.key_request(setup))?;
            check_certificate(setup, document, now)?;
            label = sign(&document.keys)?;
        }
        let label = label.ok_or(Rejection::BadSignature)?;
        Ok(Checked::new(label, self.coverage()).signed_at(transmission.signed_at))
    }

    fn content_digest(&self, _: &Setup, delivery: &Delivery<'_>) -> Option<[u8; 32]> {
        // Not of the body: who has one delivery can make others, with other bodies.
        Some(mac::sha256(Transmission::read(delivery.head()).ok()?.id.as_bytes()))
    }
}

/// The key is PayPal's if its certificate leads to a root that is trusted and is one of PayPal's names:
/// that it was found at PayPal is not enough.
fn check_certificate(
    setup: &Setup,
    document: &KeyDocument,
    now: Timestamp,
) -> Result<(), Rejection> {
    let untrusted = Rejection::UntrustedCertificate;
    let (leaf, others) = document.certificates.split_first().ok_or(untrusted)?;
    x509::follow(leaf, others, &setup.trust_roots, now)?;
    let certificate = Certificate::parse(leaf).map_err(|_| untrusted)?;
    match certificate.common_name() {
        Some(name) if name.ends_with(".paypal.com") => Ok(()),
        _ => Err(untrusted),
    }
}

/// What the headers say.
struct Transmission<'d> {
    id: &'d str,
    time: &'d str,
    signed_at: Timestamp,
    signature: Vec<u8>,
    certificate_url: &'d str,
}

impl<'d> Transmission<'d> {
    fn read(head: &Head<'d>) -> Result<Self, Rejection> {
        let id = header(head, "PAYPAL-TRANSMISSION-ID", HeaderRole::DeliveryId)?;
        // It would move what stands behind it.
        if id.contains('|') {
            return Err(Rejection::WrongHeader(HeaderRole::DeliveryId));
        }
        let time = header(head, "PAYPAL-TRANSMISSION-TIME", HeaderRole::Timestamp)?;
        let Some(Told::Time(signed_at)) = TimestampFormat::Rfc3339.parse(time.as_bytes()) else {
            return Err(Rejection::MalformedTimestamp);
        };
        let signature = header(head, "PAYPAL-TRANSMISSION-SIG", HeaderRole::Signature)?;
        let signature = decode::signature(Encoding::Base64, signature.as_bytes());
        let signature = signature.ok_or(Rejection::MalformedSignature)?;
        // The header is not signed, so it chooses nothing.
        if header(head, "PAYPAL-AUTH-ALGO", HeaderRole::Required)? != "SHA256withRSA" {
            return Err(Rejection::WrongAlgorithm);
        }
        let certificate_url = header(head, "PAYPAL-CERT-URL", HeaderRole::KeyId)?;
        if !is_paypals(certificate_url) {
            return Err(Rejection::ForeignKeyUrl);
        }
        Ok(Self { id, time, signed_at, signature, certificate_url })
    }

    fn key_request(&self, setup: &Setup) -> KeyRequest {
        KeyRequest::new(&setup.scheme.id, self.certificate_url, KeyForm::Certificates)
    }
}

/// Whether a URL is one of PayPal's: `https`, the default port, `paypal.com` or a name below it, and a
/// path that is nothing but a path.
fn is_paypals(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("https://") else { return false };
    let Some((host, path)) = rest.find('/').and_then(|at| rest.split_at_checked(at)) else {
        return false;
    };
    let is_label = |label: &str| {
        let is_name = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-';
        !label.is_empty() && label.bytes().all(is_name)
    };
    let is_host = match host.strip_suffix("paypal.com") {
        Some("") => true,
        Some(below) => {
            below.strip_suffix('.').is_some_and(|labels| labels.split('.').all(is_label))
        }
        None => false,
    };
    is_host && host.len() <= 253 && is_plain_path(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_are_at_paypal_and_nowhere_else() {
        for url in [
            "https://api.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-1d93a270",
            "https://api.sandbox.paypal.com/v1/notifications/certs/CERT-1",
            "https://paypal.com/CERT-1",
        ] {
            assert!(is_paypals(url), "{url}");
        }
        for url in [
            "",
            "https://",
            "https:///CERT-1",
            "https://api.paypal.com",
            "https://api.paypal.com/",
            "http://api.paypal.com/CERT-1",
            "file:///etc/passwd",
            "//api.paypal.com/CERT-1",
            "https://attacker.example/CERT-1",
            "https://notpaypal.com/CERT-1",
            "https://.paypal.com/CERT-1",
            "https://a..paypal.com/CERT-1",
            "https://paypal.com.attacker.example/CERT-1",
            "https://api.paypal.com.attacker.example/CERT-1",
            "https://api.paypal.com@attacker.example/CERT-1",
            "https://attacker.example@api.paypal.com/CERT-1",
            "https://attacker.example\\@api.paypal.com/CERT-1",
            "https://attacker.example\\.paypal.com/CERT-1",
            "https://attacker.example/x.paypal.com/CERT-1",
            "https://attacker.example#.paypal.com/CERT-1",
            "https://attacker.example?.paypal.com/CERT-1",
            "https://api.paypal.com:8443/CERT-1",
            "https://api.paypal.com:443/CERT-1",
            "https://api.paypal.com./CERT-1",
            "https://169.254.169.254/latest/meta-data",
            "https://api.paypal.com/CERT-1?x=1",
            "https://api.paypal.com/CERT-1#x",
            "https://api.paypal.com/../CERT-1",
            "https://api.paypal.com/%2e%2e/CERT-1",
            "https://xn--pypal-4ve.com/CERT-1",
            "https://api.p\u{430}ypal.com/CERT-1",
            "https://api.paypal.com/CERT-1\r\nHost: x",
            " https://api.paypal.com/CERT-1",
        ] {
            assert!(!is_paypals(url), "{url}");
        }
    }

    #[test]
    fn a_bar_in_an_id_and_another_algorithm_are_refused() {
        let read = |id: &'static str, time: &'static str, algorithm: &'static str| {
            let headers = [
                ("PAYPAL-TRANSMISSION-ID", id),
                ("PAYPAL-TRANSMISSION-TIME", time),
                ("PAYPAL-TRANSMISSION-SIG", "AAAA"),
                ("PAYPAL-AUTH-ALGO", algorithm),
                ("PAYPAL-CERT-URL", "https://api.paypal.com/CERT-1"),
            ];
            Transmission::read(&Head::new("POST", "/", &headers)).map(|_| ())
        };
        let (id, time, algorithm) = ("69cd13f0", "2024-06-01T12:00:05Z", "SHA256withRSA");
        assert_eq!(read(id, time, algorithm), Ok(()));
        let wrong = Err(Rejection::WrongHeader(HeaderRole::DeliveryId));
        assert_eq!(read("a|b", time, algorithm), wrong);
        assert_eq!(read(id, "1717243205", algorithm), Err(Rejection::MalformedTimestamp));
        for algorithm in ["SHA1withRSA", "sha256withrsa", "none"] {
            assert_eq!(read(id, time, algorithm), Err(Rejection::WrongAlgorithm));
        }
        assert_eq!(read(id, time, ""), Err(Rejection::MissingHeader(HeaderRole::Required)));
    }
}
