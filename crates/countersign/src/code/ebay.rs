//! eBay: ECDSA with SHA-1 over the body; the header is an envelope of JSON.
//!
//! Page: <https://developer.ebay.com/api-docs/commerce/notification/overview.html>, as of 2026-11-24.

use super::members::Members;
use super::signers::{check_keys, header, signer};
use crate::check::Checked;
use crate::config_error::ConfigError;
use crate::decode;
use crate::delivery::{Delivery, Head};
use crate::procedure::{KeyKind, Keys, Procedure, Setup};
use crate::rejection::{HeaderRole, Rejection};
use crate::remote_keys::KeyRequest;
use crate::scheme::{Algorithm, Coverage, Encoding, RemoteKeys};
use crate::time::Timestamp;

/// The only algorithm that the page names.
const ALGORITHM: Algorithm = Algorithm::EcdsaP256Sha1Der;

/// Judges deliveries of eBay.
pub(crate) struct Ebay;

impl Procedure for Ebay {
    fn coverage(&self) -> Coverage {
        // eBay's SDK digests the body as it parsed and wrote it again; what is sent is already written
        // in that way, and no other bytes are accepted.
        Coverage::BODY
    }

    fn key_kind(&self) -> KeyKind {
        KeyKind::PublicKeys
    }

    fn check_setup(&self, setup: &Setup) -> Result<(), ConfigError> {
        if setup.remote_keys && setup.scheme.remote_keys.is_none() {
            return Err(ConfigError::NoRemoteKeys);
        }
        check_keys(setup, ALGORITHM)
    }

    fn precheck(&self, _: &Setup, head: &Head<'_>, _: Timestamp) -> Result<(), Rejection> {
        Envelope::read(head).map(|_| ())
    }

    fn key_requests(
        &self,
        setup: &Setup,
        delivery: &Delivery<'_>,
    ) -> Result<Vec<KeyRequest>, Rejection> {
        let envelope = Envelope::read(delivery.head())?;
        if setup.public_keys.iter().any(|key| envelope.may_be_by(key.id.as_deref())) {
            return Ok(Vec::new());
        }
        Ok(envelope.key_request(setup).into_iter().collect())
    }

    fn check(
        &self,
        setup: &Setup,
        delivery: &Delivery<'_>,
        keys: &Keys<'_>,
        _: Timestamp,
    ) -> Result<Checked, Rejection> {
        let envelope = Envelope::read(delivery.head())?;
        let mut given =
            setup.public_keys.iter().filter(|key| envelope.may_be_by(key.id.as_deref())).peekable();
        let pieces = [delivery.body()];
        let label = match envelope.key_request(setup) {
            _ if given.peek().is_some() => signer(given, ALGORITHM, &envelope.signature, &pieces)?,
            None => return Err(Rejection::UnknownKey),
            Some(request) => {
                let fetched = &keys.answer(&request)?.keys;
                signer(fetched, ALGORITHM, &envelope.signature, &pieces)?
            }
        };
        let label = label.ok_or(Rejection::BadSignature)?;
        Ok(Checked::new(label, self.coverage()))
    }
}

/// What the header holds.
struct Envelope {
    key_id: String,
    signature: Vec<u8>,
}

impl Envelope {
    fn read(head: &Head<'_>) -> Result<Self, Rejection> {
        let malformed = Rejection::MalformedSignature;
        let text = header(head, "x-ebay-signature", HeaderRole::Signature)?;
        let envelope = decode::signature(Encoding::Base64, text.as_bytes()).ok_or(malformed)?;
        let envelope = Members::read(&envelope).ok_or(malformed)?;
        let text = |name: &str| envelope.text(name).ok().flatten().ok_or(malformed);
        // The envelope is not signed, so it chooses nothing.
        let (algorithm, digest) = (text("alg")?, text("digest")?);
        if !algorithm.eq_ignore_ascii_case("ecdsa") || !digest.eq_ignore_ascii_case("SHA1") {
            return Err(Rejection::WrongAlgorithm);
        }
        let key_id = text("kid")?;
        // Whoever fetches the key appends it to a path.
        if !is_uuid(&key_id) {
            return Err(Rejection::ForeignKeyUrl);
        }
        let signature = decode::signature(Encoding::Base64, text("signature")?.as_bytes());
        let signature = signature.ok_or(malformed)?;
        Ok(Self { key_id: key_id.into_owned(), signature })
    }

    /// Whether it may be by a key with this id. A key that was given without one is for all.
    fn may_be_by(&self, id: Option<&str>) -> bool {
        id.is_none_or(|id| id == self.key_id)
    }

    /// Keys are read with a token of the receiver's own, so there is no URL that anyone could fetch.
    fn key_request(&self, setup: &Setup) -> Option<KeyRequest> {
        let RemoteKeys { url, form } = setup.scheme.remote_keys.as_ref()?;
        let request = KeyRequest::new(&setup.scheme.id, &**url, form.clone());
        setup.remote_keys.then(|| request.of_key(&*self.key_id))
    }
}

/// Hexadecimal digits in groups of 8, 4, 4, 4 and 12
/// ([RFC 9562](https://www.rfc-editor.org/rfc/rfc9562#section-4), read 2026-11-24).
fn is_uuid(text: &str) -> bool {
    let is_group = |group: &str, length| {
        group.len() == length && group.bytes().all(|it| it.is_ascii_hexdigit())
    };
    let mut groups = text.split('-');
    [8, 4, 4, 4, 12].iter().all(|length| groups.next().is_some_and(|it| is_group(it, *length)))
        && groups.next().is_none()
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    #[track_caller]
    fn check(envelope: &str, expected: Result<(), Rejection>) {
        let text = STANDARD.encode(envelope);
        let headers = [("x-ebay-signature", text)];
        let read = Envelope::read(&Head::new("POST", "/", &headers));
        assert_eq!(read.map(|_| ()), expected, "{envelope}");
    }

    #[test]
    fn the_envelope_names_a_uuid_and_the_one_algorithm() {
        const KID: &str = "9936261a-7d7b-4621-a0f1-96ccb428af49";
        let envelope = |alg: &str, kid: &str, digest: &str| {
            format!(r#"{{"alg":"{alg}","kid":"{kid}","signature":"AAAA","digest":"{digest}"}}"#)
        };
        check(&envelope("ecdsa", KID, "SHA1"), Ok(()));
        for (alg, digest) in [("rsa", "SHA1"), ("ecdsa", "SHA256"), ("none", "SHA1"), ("", "")] {
            check(&envelope(alg, KID, digest), Err(Rejection::WrongAlgorithm));
        }
        for kid in [
            "",
            "../../../sell/x",
            "9936261a-7d7b-4621-a0f1-96ccb428af4",
            "9936261a-7d7b-4621-a0f1-96ccb428af49-",
            "9936261a-7d7b-4621-a0f1-96ccb428af4/",
            "9936261a7d7b4621a0f196ccb428af49",
            "{9936261a-7d7b-4621-a0f1-96ccb428af49}",
        ] {
            check(&envelope("ecdsa", kid, "SHA1"), Err(Rejection::ForeignKeyUrl));
        }
        let malformed = Err(Rejection::MalformedSignature);
        check("{}", malformed);
        check("not-json", malformed);
        let twice = format!(r#"{{"kid":"x",{}"#, &envelope("ecdsa", KID, "SHA1")[1..]);
        check(&twice, malformed);
    }
}
