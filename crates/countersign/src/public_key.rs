//! Public keys: how they are pasted, read and used.

use core::fmt;

use zeroize::Zeroizing;

use crate::config_error::{ConfigError, KeyProblem};
use crate::decode;
use crate::scheme::{Algorithm, Text};
use crate::time::Timestamp;

#[cfg(all(feature = "aws-lc-rs", any(feature = "p256", feature = "rsa")))]
mod backend;
pub(crate) mod content;
#[cfg(feature = "jwt")]
pub(crate) mod jwk;
#[cfg(test)]
mod tests;
mod verify;

/// A sender's public key, as its dashboard or its documentation shows it.
///
/// Taken as PEM (a public key, or with feature `x509` a certificate, of which nothing but the key is
/// looked at), as base64 of the same DER, or for Ed25519 as 32 bytes in
/// hexadecimal or base64, with or without `whpk_` in front.
#[derive(Clone)]
pub struct PublicKey {
    pub(crate) text: String,
    pub(crate) label: Option<Text>,
    pub(crate) id: Option<Text>,
    pub(crate) algorithm: Option<Algorithm>,
}

impl PublicKey {
    /// Takes a key as it was pasted.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), label: None, id: None, algorithm: None }
    }

    /// Names the key in proofs, traces and messages. Unnamed keys are called `key-1`, `key-2` and so on.
    #[must_use]
    pub fn label(mut self, label: impl Into<Text>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// The id by which deliveries name the key.
    #[must_use]
    pub fn id(mut self, id: impl Into<Text>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// The algorithm that the key is used with, where the sender has several for keys of its kind. A
    /// delivery that names another is refused.
    #[must_use]
    pub fn algorithm(mut self, algorithm: Algorithm) -> Self {
        self.algorithm = Some(algorithm);
        self
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublicKey")
            .field("label", &self.label)
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// A public key with its names.
#[derive(Clone)]
pub(crate) struct NamedKey {
    pub(crate) label: Text,
    /// The id by which deliveries name it.
    pub(crate) id: Option<String>,
    /// The only algorithm it may be used with, if its document says.
    pub(crate) algorithm: Option<Algorithm>,
    /// When it ceases to be the sender's, if its document says.
    #[cfg_attr(not(feature = "jwt"), allow(dead_code, reason = "only for tokens"))]
    pub(crate) expires: Option<Timestamp>,
    pub(crate) key: ParsedKey,
}

/// Reads a key that was pasted. `index` makes up its label if it has none.
pub(crate) fn named(
    key: PublicKey,
    index: usize,
    algorithm: Option<Algorithm>,
) -> Result<NamedKey, ConfigError> {
    let label = key.label.unwrap_or_else(|| format!("key-{}", index + 1).into());
    match ParsedKey::parse(&key.text, key.algorithm.or(algorithm)) {
        Ok(parsed) => Ok(NamedKey {
            label,
            id: key.id.map(Text::into_owned),
            algorithm: key.algorithm,
            expires: None,
            key: parsed,
        }),
        Err(problem) => Err(ConfigError::PublicKey { label, problem }),
    }
}

/// Reads a JSON Web Key Set.
#[cfg(feature = "jwt")]
pub(crate) fn key_set(jwks: &[u8]) -> Result<Vec<NamedKey>, ConfigError> {
    jwk::read(jwks).map_err(|problem| ConfigError::PublicKey { label: "key set".into(), problem })
}

/// Reads a JSON Web Key Set.
#[cfg(not(feature = "jwt"))]
pub(crate) fn key_set(_: &[u8]) -> Result<Vec<NamedKey>, ConfigError> {
    Err(ConfigError::FeatureOff { feature: "jwt" })
}

/// Reads certificates in PEM that chains may end at, and returns them in DER.
#[cfg(feature = "x509")]
pub(crate) fn certificates(pem: &str) -> Result<Vec<Vec<u8>>, ConfigError> {
    crate::x509::roots(pem)
}

/// Reads certificates in PEM that chains may end at, and returns them in DER.
#[cfg(not(feature = "x509"))]
pub(crate) fn certificates(_: &str) -> Result<Vec<Vec<u8>>, ConfigError> {
    Err(ConfigError::FeatureOff { feature: "x509" })
}

/// A public key, ready for use.
#[derive(Clone)]
#[non_exhaustive]
pub(crate) enum ParsedKey {
    #[cfg(feature = "ed25519")]
    Ed25519(Box<ed25519_dalek::VerifyingKey>),
    #[cfg(feature = "p256")]
    P256(Box<verify::P256Key>),
    #[cfg(feature = "p384")]
    P384(Box<p384::ecdsa::VerifyingKey>),
    #[cfg(feature = "p521")]
    P521(Box<p521::ecdsa::VerifyingKey>),
    #[cfg(feature = "rsa")]
    Rsa(Box<verify::RsaKey>),
    /// There is none: the features that read keys are off.
    #[cfg(not(any(
        feature = "ed25519",
        feature = "p256",
        feature = "p384",
        feature = "p521",
        feature = "rsa"
    )))]
    #[expect(dead_code, reason = "without it, there would be no value of this type")]
    Unread,
}

impl ParsedKey {
    /// Reads a key as it was pasted, for use with `algorithm` if that is known.
    pub(crate) fn parse(text: &str, algorithm: Option<Algorithm>) -> Result<Self, KeyProblem> {
        let text = text.trim();
        if text.contains("PRIVATE KEY") || text.starts_with("whsk_") {
            return Err(KeyProblem::Private);
        }
        let key = Self::from_text(text)?;
        if algorithm.is_some_and(|algorithm| !key.fits(algorithm)) {
            return Err(KeyProblem::WrongKind);
        }
        Ok(key)
    }

    fn from_text(text: &str) -> Result<Self, KeyProblem> {
        #[cfg(feature = "x509")]
        if text.starts_with("-----BEGIN CERTIFICATE-----") {
            let chain = crate::x509::chain(text.as_bytes())?;
            // What is pasted is trusted as it is, as a bare key would be.
            let signer = chain.first().ok_or(KeyProblem::Undecodable)?;
            return crate::x509::Certificate::parse(signer)?.key();
        }
        Self::from_bytes(&decode_text(text).ok_or(KeyProblem::Undecodable)?)
    }

    /// Reads the key of an issuer of certificates: what its `SubjectPublicKeyInfo` holds, without the
    /// name of the algorithm.
    #[cfg(feature = "x509")]
    pub(crate) fn of_issuer(algorithm: Algorithm, key: &[u8]) -> Option<Self> {
        let key = match algorithm {
            Algorithm::EcdsaP256Sha256Der => {
                let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(key).ok()?;
                Self::P256(Box::new(verify::P256Key::new(key)))
            }
            Algorithm::EcdsaP384Sha384 => {
                Self::P384(Box::new(p384::ecdsa::VerifyingKey::from_sec1_bytes(key).ok()?))
            }
            _ => Self::rsa_der(key)?.ok()?,
        };
        Some(key)
    }

    /// Reads 32 bytes of an Ed25519 key, or the DER of any `SubjectPublicKeyInfo`.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, KeyProblem> {
        #[cfg(feature = "ed25519")]
        {
            let raw = bytes.strip_prefix(&ED25519_SPKI).unwrap_or(bytes);
            if let Ok(raw) = <&[u8; 32]>::try_from(raw) {
                return Self::ed25519(raw);
            }
        }
        #[cfg(feature = "p256")]
        if let Ok(key) = p256::pkcs8::DecodePublicKey::from_public_key_der(bytes) {
            return Ok(Self::P256(Box::new(verify::P256Key::new(key))));
        }
        #[cfg(feature = "p384")]
        if let Ok(key) = p384::pkcs8::DecodePublicKey::from_public_key_der(bytes) {
            return Ok(Self::P384(Box::new(key)));
        }
        #[cfg(feature = "p521")]
        if let Ok(key) = p521::pkcs8::DecodePublicKey::from_public_key_der(bytes) {
            return Ok(Self::P521(Box::new(key)));
        }
        #[cfg(feature = "rsa")]
        if let Some(key) = Self::rsa_der(bytes) {
            return key;
        }
        _ = bytes;
        Err(KeyProblem::Undecodable)
    }

    /// An Ed25519 key.
    #[cfg(feature = "ed25519")]
    pub(crate) fn ed25519(raw: &[u8; 32]) -> Result<Self, KeyProblem> {
        let key =
            ed25519_dalek::VerifyingKey::from_bytes(raw).map_err(|_| KeyProblem::Undecodable)?;
        // Anyone can sign for a key of small order.
        if key.is_weak() { Err(KeyProblem::Weak) } else { Ok(Self::Ed25519(Box::new(key))) }
    }

    /// The DER of an RSA key, in a `SubjectPublicKeyInfo` or bare (PKCS #1); `None` if it is no such key.
    #[cfg(feature = "rsa")]
    fn rsa_der(der: &[u8]) -> Option<Result<Self, KeyProblem>> {
        use rsa::{pkcs1, pkcs8};

        let key = match pkcs8::SubjectPublicKeyInfoRef::try_from(der) {
            Ok(info) if info.algorithm.oid == pkcs1::ALGORITHM_OID => {
                info.subject_public_key.as_bytes()?
            }
            Ok(_) => return None,
            Err(_) => der,
        };
        let key = pkcs1::RsaPublicKeyRef::try_from(key).ok()?;
        Some(Self::rsa(key.modulus.as_bytes(), key.public_exponent.as_bytes()))
    }

    /// An RSA key of this modulus and exponent.
    #[cfg(feature = "rsa")]
    pub(crate) fn rsa(modulus: &[u8], exponent: &[u8]) -> Result<Self, KeyProblem> {
        use rsa::BoxedUint;

        let significant = modulus.iter().position(|byte| *byte != 0).unwrap_or(modulus.len());
        let modulus = modulus.get(significant..).unwrap_or_default();
        let spare = modulus.first().map_or(0, |byte| byte.leading_zeros() as usize);
        let bits = modulus.len() * 8 - spare;
        // Below, it can be factored; above, checking it takes long enough to be an attack.
        if !(2048..=4096).contains(&bits) || exponent.len() > 8 {
            return Err(KeyProblem::Weak);
        }
        let modulus = BoxedUint::from_be_slice_vartime(modulus);
        // An even exponent is none, and with one everything is its own signature.
        let exponent = BoxedUint::from_be_slice_vartime(exponent);
        let key = rsa::PublicKey::new(modulus, exponent).map_err(|_| KeyProblem::Weak)?;
        Ok(Self::Rsa(Box::new(verify::RsaKey::new(key))))
    }

    /// Whether it is of the kind that an algorithm needs.
    pub(crate) fn fits(&self, algorithm: Algorithm) -> bool {
        let feature = match self {
            #[cfg(feature = "ed25519")]
            Self::Ed25519(_) => "ed25519",
            #[cfg(feature = "p256")]
            Self::P256(_) => "p256",
            #[cfg(feature = "p384")]
            Self::P384(_) => "p384",
            #[cfg(feature = "p521")]
            Self::P521(_) => "p521",
            #[cfg(feature = "rsa")]
            Self::Rsa(_) => "rsa",
            #[cfg(not(any(
                feature = "ed25519",
                feature = "p256",
                feature = "p384",
                feature = "p521",
                feature = "rsa"
            )))]
            _ => "",
        };
        algorithm.feature() == Some(feature)
    }
}

/// What precedes the 32 bytes of an Ed25519 key in its `SubjectPublicKeyInfo`
/// ([RFC 8410](https://www.rfc-editor.org/rfc/rfc8410), section 4, read 2026-11-24).
#[cfg(feature = "ed25519")]
const ED25519_SPKI: [u8; 12] =
    [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// The longest text of a key: a certificate with a key of 4096 bits takes half of it.
const MAX_TEXT: usize = 16 * 1024;

/// The bytes of a key as it was pasted: PEM, hexadecimal or base64.
fn decode_text(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    if text.len() > MAX_TEXT {
        return None;
    }
    if let Some(text) = text.strip_prefix("whpk_") {
        return decode::base64_key(text);
    }
    for (begin, end) in ARMOUR {
        if let Some(armoured) = text.strip_prefix(begin) {
            // Of two keys, no one can tell which was meant.
            return unfold(armoured.strip_suffix(end)?);
        }
    }
    if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return decode::hex_key(text);
    }
    unfold(text)
}

/// What stands around keys in PEM ([RFC 7468](https://www.rfc-editor.org/rfc/rfc7468), read 2026-11-24).
const ARMOUR: [(&str, &str); 2] = [
    ("-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----"),
    ("-----BEGIN RSA PUBLIC KEY-----", "-----END RSA PUBLIC KEY-----"),
];

/// Decodes base64 that may be broken into lines or not. Some senders show a key without its line breaks,
/// and environment files hold them as `\n`.
fn unfold(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let text = text.replace("\\n", "\n");
    let text: String = text.chars().filter(|it| !it.is_ascii_whitespace()).collect();
    decode::base64_key(&text)
}
