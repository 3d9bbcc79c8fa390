//! Certificates: read, and followed to a trusted root.
//!
//! The path is built and checked by `webpki`, as rustls does it, with the signature algorithms of this
//! crate ([RFC 5280, section 6](https://www.rfc-editor.org/rfc/rfc5280#section-6), read 2026-11-24).
//! Revocation is not looked up: it would take a request for each delivery.

use core::fmt;
use core::time::Duration;

use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{
    AlgorithmIdentifier, CertificateDer, InvalidSignature, SignatureVerificationAlgorithm,
    TrustAnchor, UnixTime, alg_id,
};
use webpki::{EndEntityCert, ExtendedKeyUsageValidator, KeyPurposeIdIter};
use x509_cert::der::asn1::{ObjectIdentifier, PrintableStringRef, TeletexStringRef, Utf8StringRef};
use x509_cert::der::{Decode as _, Encode as _};

use crate::config_error::{ConfigError, KeyProblem};
use crate::public_key::ParsedKey;
use crate::rejection::Rejection;
use crate::scheme::Algorithm;
use crate::time::Timestamp;

/// The most certificates that come with a delivery or are fetched for one.
const MAX_CERTIFICATES: usize = 8;
/// The longest certificate in bytes.
const MAX_CERTIFICATE: usize = 16 * 1024;

/// `id-at-commonName` ([RFC 5280, appendix A.1](https://www.rfc-editor.org/rfc/rfc5280#appendix-A.1),
/// read 2026-11-24).
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");

/// A certificate. Nothing that it says is to be believed before [`follow`] was.
pub(crate) struct Certificate(x509_cert::Certificate);

impl Certificate {
    /// Reads a certificate in DER.
    pub(crate) fn parse(der: &[u8]) -> Result<Self, KeyProblem> {
        if der.len() > MAX_CERTIFICATE {
            return Err(KeyProblem::Weak);
        }
        x509_cert::Certificate::from_der(der).map(Self).map_err(|_| KeyProblem::Undecodable)
    }

    /// The public key that it is about.
    pub(crate) fn key(&self) -> Result<ParsedKey, KeyProblem> {
        let info = self.0.tbs_certificate().subject_public_key_info();
        ParsedKey::from_bytes(&info.to_der().map_err(|_| KeyProblem::Undecodable)?)
    }

    /// The common name of its subject, if there is exactly one.
    pub(crate) fn common_name(&self) -> Option<&str> {
        let mut names =
            self.0.tbs_certificate().subject().iter().filter(|it| it.oid == COMMON_NAME);
        let (Some(name), None) = (names.next(), names.next()) else { return None };
        let name = &name.value;
        let utf8 = Utf8StringRef::try_from(name).map(|it| it.as_str());
        let printable = || PrintableStringRef::try_from(name).map(|it| it.as_str());
        let teletex = || TeletexStringRef::try_from(name).map(|it| it.as_str());
        utf8.or_else(|_| printable()).or_else(|_| teletex()).ok()
    }

    /// Whether it has an extension with this id.
    pub(crate) fn has_extension(&self, id: &str) -> bool {
        let Ok(id) = ObjectIdentifier::new(id) else { return false };
        let mut extensions = self.0.tbs_certificate().extensions().into_iter().flatten();
        extensions.any(|extension| extension.extn_id == id)
    }

    /// Whether now is within the time for which it was made.
    pub(crate) fn is_valid_at(&self, now: Timestamp) -> bool {
        let validity = self.0.tbs_certificate().validity();
        let Ok(now) = u64::try_from(now.as_unix_seconds()).map(Duration::from_secs) else {
            return false;
        };
        (validity.not_before.to_unix_duration()..=validity.not_after.to_unix_duration())
            .contains(&now)
    }
}

/// Reads a chain of certificates in PEM and returns them in DER.
pub(crate) fn chain(pem: &[u8]) -> Result<Vec<Vec<u8>>, KeyProblem> {
    let mut chain = Vec::new();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|_| KeyProblem::Undecodable)?;
        if chain.len() == MAX_CERTIFICATES || certificate.len() > MAX_CERTIFICATE {
            return Err(KeyProblem::Weak);
        }
        chain.push(certificate.to_vec());
    }
    if chain.is_empty() { Err(KeyProblem::Undecodable) } else { Ok(chain) }
}

/// Reads roots in PEM and returns them in DER.
pub(crate) fn roots(pem: &str) -> Result<Vec<Vec<u8>>, ConfigError> {
    let unreadable = || ConfigError::PublicKey {
        label: "trust root".into(),
        problem: if pem.contains("PRIVATE KEY") {
            KeyProblem::Private
        } else {
            KeyProblem::Undecodable
        },
    };
    let mut roots = Vec::new();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        let certificate = certificate.map_err(|_| unreadable())?;
        webpki::anchor_from_trusted_cert(&certificate).map_err(|_| unreadable())?;
        roots.push(certificate.to_vec());
    }
    if roots.is_empty() { Err(unreadable()) } else { Ok(roots) }
}

/// Follows a certificate to one of the roots by way of the others, all of them valid now. Returns the
/// number of certificates between it and the root.
pub(crate) fn follow(
    leaf: &[u8],
    others: &[Vec<u8>],
    roots: &[Vec<u8>],
    now: Timestamp,
) -> Result<usize, Rejection> {
    let untrusted = Rejection::UntrustedCertificate;
    if others.len() > MAX_CERTIFICATES {
        return Err(untrusted);
    }
    let roots: Vec<_> = roots.iter().map(|root| CertificateDer::from(root.as_slice())).collect();
    let anchors: Vec<TrustAnchor<'_>> =
        roots.iter().filter_map(|root| webpki::anchor_from_trusted_cert(root).ok()).collect();
    let others: Vec<_> = others.iter().map(|it| CertificateDer::from(it.as_slice())).collect();
    let leaf = CertificateDer::from(leaf);
    let leaf = EndEntityCert::try_from(&leaf).map_err(|_| untrusted)?;
    let now = u64::try_from(now.as_unix_seconds()).map_err(|_| untrusted)?;
    let now = UnixTime::since_unix_epoch(Duration::from_secs(now));
    let path = leaf
        .verify_for_usage(ALGORITHMS, &anchors, &others, now, AnyUsage, None, None)
        .map_err(|_| untrusted)?;
    Ok(path.intermediate_certificates().count())
}

/// What a certificate is for is told by the sender's own rules: it signs messages, not connections, and
/// no purpose was registered for that.
struct AnyUsage;

impl ExtendedKeyUsageValidator for AnyUsage {
    fn validate(&self, _: KeyPurposeIdIter<'_, '_>) -> Result<(), webpki::Error> {
        Ok(())
    }
}

/// How issuers sign certificates. SHA-1 is not among it.
const ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] = &[
    &Issuer {
        algorithm: Algorithm::RsaSha256,
        key: alg_id::RSA_ENCRYPTION,
        signature: alg_id::RSA_PKCS1_SHA256,
    },
    &Issuer {
        algorithm: Algorithm::RsaSha384,
        key: alg_id::RSA_ENCRYPTION,
        signature: alg_id::RSA_PKCS1_SHA384,
    },
    &Issuer {
        algorithm: Algorithm::RsaSha512,
        key: alg_id::RSA_ENCRYPTION,
        signature: alg_id::RSA_PKCS1_SHA512,
    },
    &Issuer {
        algorithm: Algorithm::EcdsaP256Sha256Der,
        key: alg_id::ECDSA_P256,
        signature: alg_id::ECDSA_SHA256,
    },
    &Issuer {
        algorithm: Algorithm::EcdsaP384Sha384,
        key: alg_id::ECDSA_P384,
        signature: alg_id::ECDSA_SHA384,
    },
];

/// Checks the signatures of certificates with the keys of this crate.
struct Issuer {
    algorithm: Algorithm,
    key: AlgorithmIdentifier,
    signature: AlgorithmIdentifier,
}

impl Issuer {
    fn verifies(&self, key: &[u8], message: &[u8], signature: &[u8]) -> Option<bool> {
        let key = ParsedKey::of_issuer(self.algorithm, key)?;
        let raw;
        let signature = if self.algorithm == Algorithm::EcdsaP384Sha384 {
            // Certificates hold it in DER, the algorithm of deliveries is bare.
            raw = p384::ecdsa::Signature::from_der(signature).ok()?.to_bytes();
            &*raw
        } else {
            signature
        };
        let mut pieces = |sink: &mut dyn FnMut(&[u8])| {
            sink(message);
            Ok(())
        };
        key.verify(self.algorithm, signature, &mut pieces).ok()
    }
}

impl SignatureVerificationAlgorithm for Issuer {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        match self.verifies(public_key, message, signature) {
            Some(true) => Ok(()),
            _ => Err(InvalidSignature),
        }
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.key
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.signature
    }
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issuer").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
