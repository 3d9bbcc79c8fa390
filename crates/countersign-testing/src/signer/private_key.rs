//! Keys of senders that sign with a private one.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign::Algorithm;
use ed25519_dalek::Signer as _;
use p256::ecdsa::signature::hazmat::PrehashSigner as _;
use p256::pkcs8::DecodePrivateKey as _;
use rsa::Pkcs1v15Sign;
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

/// A private key. For tests: it is neither wiped nor used with any care.
#[derive(Clone)]
pub(super) enum PrivateKey {
    Ed25519(Box<ed25519_dalek::SigningKey>),
    P256(Box<p256::ecdsa::SigningKey>),
    Rsa(Box<rsa::PrivateKey>),
}

impl PrivateKey {
    /// Reads a key in PEM (PKCS #8), or for Ed25519 32 bytes in hexadecimal or base64, with or without
    /// `whsk_` in front.
    pub(super) fn read(text: &str) -> Option<Self> {
        if text.contains("-----BEGIN") {
            let der = der(text)?;
            if let Ok(key) = p256::ecdsa::SigningKey::from_pkcs8_der(&der) {
                return Some(Self::P256(Box::new(key)));
            }
            if let Ok(key) = rsa::PrivateKey::from_pkcs8_der(&der) {
                return Some(Self::Rsa(Box::new(key)));
            }
            // The seed stands at the end (RFC 8410, section 7).
            let seed = der.get(der.len().checked_sub(32)?..)?;
            return Some(Self::ed25519(seed.try_into().ok()?));
        }
        let text = text.strip_prefix("whsk_").unwrap_or(text);
        let seed = const_hex::decode(text).ok().or_else(|| STANDARD.decode(text).ok())?;
        Some(Self::ed25519(seed.get(..32)?.try_into().ok()?))
    }

    fn ed25519(seed: &[u8; 32]) -> Self {
        Self::Ed25519(Box::new(ed25519_dalek::SigningKey::from_bytes(seed)))
    }

    /// Signs by an algorithm; `None` if the key is not for it.
    pub(super) fn sign(&self, algorithm: Algorithm, content: &[u8]) -> Option<Vec<u8>> {
        match (self, algorithm) {
            (Self::Ed25519(key), Algorithm::Ed25519) => Some(key.sign(content).to_bytes().to_vec()),
            (Self::P256(key), Algorithm::EcdsaP256Sha256Der) => {
                let signature: p256::ecdsa::Signature =
                    key.sign_prehash(&Sha256::digest(content)).ok()?;
                Some(signature.to_der().as_bytes().to_vec())
            }
            (Self::P256(key), Algorithm::EcdsaP256Sha256) => {
                let signature: p256::ecdsa::Signature =
                    key.sign_prehash(&Sha256::digest(content)).ok()?;
                Some(signature.to_bytes().to_vec())
            }
            (Self::Rsa(key), algorithm) => {
                let signed = match algorithm {
                    Algorithm::RsaSha1 => {
                        key.sign(Pkcs1v15Sign::new::<Sha1>(), &Sha1::digest(content))
                    }
                    Algorithm::RsaSha256 => {
                        key.sign(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(content))
                    }
                    Algorithm::RsaSha256OfDigest => {
                        let digest = Sha256::digest(Sha256::digest(content));
                        key.sign(Pkcs1v15Sign::new::<Sha256>(), &digest)
                    }
                    Algorithm::RsaSha384 => {
                        key.sign(Pkcs1v15Sign::new::<Sha384>(), &Sha384::digest(content))
                    }
                    Algorithm::RsaSha512 => {
                        key.sign(Pkcs1v15Sign::new::<Sha512>(), &Sha512::digest(content))
                    }
                    _ => return None,
                };
                signed.ok()
            }
            _ => None,
        }
    }
}

/// The bytes between the lines of PEM.
fn der(pem: &str) -> Option<Vec<u8>> {
    let lines = pem.lines().filter(|line| !line.starts_with("-----"));
    STANDARD.decode(lines.map(str::trim).collect::<String>()).ok()
}
