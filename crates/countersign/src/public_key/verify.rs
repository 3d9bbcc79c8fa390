//! Checks signatures that were made with private keys.
//!
//! Each is read strictly, so that one signature has one spelling, but for what its algorithm itself
//! allows: of an ECDSA signature (r, s), (r, n - s) verifies too, and real senders send both.

use super::content::{Content, Pieces};
use super::{NamedKey, ParsedKey};
use crate::rejection::Rejection;
use crate::scheme::Algorithm;

impl NamedKey {
    /// Whether it may have made signatures by an algorithm. A key that is for one algorithm is for no
    /// other.
    pub(crate) fn fits(&self, algorithm: Algorithm) -> bool {
        self.algorithm.is_none_or(|only| only == algorithm) && self.key.fits(algorithm)
    }

    /// Whether it verifies a signature; see [`ParsedKey::verify`].
    #[allow(dead_code, reason = "only for procedures, some of which are behind features")]
    pub(crate) fn verify(
        &self,
        algorithm: Algorithm,
        signature: &[u8],
        pieces: &mut Pieces<'_>,
    ) -> Result<bool, Rejection> {
        if !self.fits(algorithm) {
            return Ok(false);
        }
        self.key.verify(algorithm, signature, pieces)
    }
}

impl ParsedKey {
    /// Whether `signature` was made by `algorithm` with the private half over what `pieces` hands over. A
    /// key of another kind than the algorithm's made none.
    #[allow(dead_code, reason = "only for procedures, some of which are behind features")]
    pub(crate) fn verify(
        &self,
        algorithm: Algorithm,
        signature: &[u8],
        pieces: &mut Pieces<'_>,
    ) -> Result<bool, Rejection> {
        if !self.fits(algorithm) {
            return Ok(false);
        }
        Ok(self.verify_content(algorithm, signature, &Content::of(algorithm, pieces)?))
    }

    /// The same over content that was [made](Content::of) for this algorithm.
    pub(crate) fn verify_content(
        &self,
        algorithm: Algorithm,
        signature: &[u8],
        content: &Content,
    ) -> bool {
        if !self.fits(algorithm) {
            return false;
        }
        match self {
            #[cfg(feature = "ed25519")]
            Self::Ed25519(key) => ed25519(key, signature, content),
            #[cfg(feature = "p256")]
            Self::P256(key) => key.verify(algorithm, signature, content),
            #[cfg(feature = "p384")]
            Self::P384(key) => {
                use p384::ecdsa::signature::hazmat::PrehashVerifier as _;
                let signature = p384::ecdsa::Signature::from_slice(signature);
                signature.is_ok_and(|it| key.verify_prehash(content.bytes(), &it).is_ok())
            }
            #[cfg(feature = "p521")]
            Self::P521(key) => {
                use p521::ecdsa::signature::hazmat::PrehashVerifier as _;
                let signature = p521::ecdsa::Signature::from_slice(signature);
                signature.is_ok_and(|it| key.verify_prehash(content.bytes(), &it).is_ok())
            }
            #[cfg(feature = "rsa")]
            Self::Rsa(key) => key.verify(algorithm, signature, content),
            #[cfg(not(any(
                feature = "ed25519",
                feature = "p256",
                feature = "p384",
                feature = "p521",
                feature = "rsa"
            )))]
            _ => {
                _ = (signature, content.bytes());
                false
            }
        }
    }
}

/// Strict verification refuses `S + L` ([RFC 8032, section 5.1.7](https://www.rfc-editor.org/rfc/rfc8032#section-5.1.7),
/// read 2026-11-24), and points of small order, with which one signature fits many contents.
#[cfg(feature = "ed25519")]
fn ed25519(key: &ed25519_dalek::VerifyingKey, signature: &[u8], content: &Content) -> bool {
    let signature = ed25519_dalek::Signature::from_slice(signature);
    signature.is_ok_and(|it| key.verify_strict(content.bytes(), &it).is_ok())
}

/// A key on P-256.
#[cfg(feature = "p256")]
#[derive(Clone)]
pub(crate) struct P256Key {
    key: p256::ecdsa::VerifyingKey,
    #[cfg(feature = "aws-lc-rs")]
    backend: super::backend::Keys,
}

#[cfg(feature = "p256")]
impl P256Key {
    pub(crate) fn new(key: p256::ecdsa::VerifyingKey) -> Self {
        Self {
            #[cfg(feature = "aws-lc-rs")]
            backend: super::backend::Keys::of(key.to_sec1_point(false).as_bytes()),
            key,
        }
    }

    fn verify(&self, algorithm: Algorithm, signature: &[u8], content: &Content) -> bool {
        use p256::ecdsa::Signature;
        use p256::ecdsa::signature::hazmat::PrehashVerifier as _;

        // DER, not BER, and r and s between 1 and n - 1, whatever the backend reads.
        let parsed = match algorithm {
            Algorithm::EcdsaP256Sha256 => Signature::from_slice(signature),
            _ => Signature::from_der(signature),
        };
        let Ok(parsed) = parsed else { return false };
        #[cfg(feature = "aws-lc-rs")]
        if let Some(verified) = self.backend.verify(algorithm, signature, content.bytes()) {
            return verified;
        }
        self.key.verify_prehash(content.bytes(), &parsed).is_ok()
    }
}

/// An RSA key of a sound size.
#[cfg(feature = "rsa")]
#[derive(Clone)]
pub(crate) struct RsaKey {
    key: rsa::PublicKey,
    #[cfg(feature = "aws-lc-rs")]
    backend: super::backend::Keys,
}

#[cfg(feature = "rsa")]
impl RsaKey {
    pub(crate) fn new(key: rsa::PublicKey) -> Self {
        Self {
            #[cfg(feature = "aws-lc-rs")]
            backend: super::backend::Keys::of(&pkcs1_der(&key)),
            key,
        }
    }

    fn verify(&self, algorithm: Algorithm, signature: &[u8], content: &Content) -> bool {
        use rsa::traits::PublicKeyParts as _;
        use rsa::{Pkcs1v15Sign, Pss};
        use sha1::Sha1;
        use sha2::{Sha256, Sha384, Sha512};

        // A shorter text is another spelling of a number with leading zeros
        // (RFC 8017, section 8.2.2, step 1).
        if signature.len() != self.key.size() {
            return false;
        }
        let digest = content.bytes();
        #[cfg(feature = "aws-lc-rs")]
        if let Some(verified) = self.backend.verify(algorithm, signature, digest) {
            return verified;
        }
        let key = &self.key;
        let verified = match algorithm {
            Algorithm::RsaSha1 => key.verify(Pkcs1v15Sign::new::<Sha1>(), digest, signature),
            Algorithm::RsaSha384 => key.verify(Pkcs1v15Sign::new::<Sha384>(), digest, signature),
            Algorithm::RsaSha512 => key.verify(Pkcs1v15Sign::new::<Sha512>(), digest, signature),
            Algorithm::RsaPssSha256 => {
                key.verify(Pss::<Sha256>::new_with_salt(32), digest, signature)
            }
            Algorithm::RsaPssSha384 => {
                key.verify(Pss::<Sha384>::new_with_salt(48), digest, signature)
            }
            Algorithm::RsaPssSha512 => {
                key.verify(Pss::<Sha512>::new_with_salt(64), digest, signature)
            }
            _ => key.verify(Pkcs1v15Sign::new::<Sha256>(), digest, signature),
        };
        verified.is_ok()
    }
}

#[cfg(all(feature = "rsa", feature = "aws-lc-rs"))]
fn pkcs1_der(key: &rsa::PublicKey) -> Vec<u8> {
    use rsa::pkcs1::EncodeRsaPublicKey as _;

    // Encoding fails only for numbers too long for DER; without a key the backend does nothing.
    key.to_pkcs1_der().map(|der| der.as_bytes().to_vec()).unwrap_or_default()
}
