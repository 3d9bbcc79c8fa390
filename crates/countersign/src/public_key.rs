//! Public keys: how they are pasted, read and used.

use core::fmt;

#[cfg(feature = "p256")]
use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
#[cfg(all(feature = "p384", not(feature = "p256")))]
use p384::ecdsa::signature::hazmat::PrehashVerifier as _;
#[cfg(all(feature = "p521", not(any(feature = "p256", feature = "p384"))))]
use p521::ecdsa::signature::hazmat::PrehashVerifier as _;
#[cfg(any(feature = "p256", feature = "p384", feature = "p521", feature = "rsa"))]
use sha1::Sha1;
#[cfg(any(feature = "p256", feature = "p384", feature = "p521", feature = "rsa"))]
use sha2::{Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

use crate::config_error::{ConfigError, KeyProblem};
use crate::decode;
use crate::rejection::Rejection;
use crate::scheme::{Algorithm, Text};

/// A sender's public key, as its dashboard or its documentation shows it.
///
/// Taken as PEM (a public key or a certificate), as base64 of the same DER, or for Ed25519 as 32 bytes in
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

/// Reads certificates in PEM, and returns them in DER.
pub(crate) fn certificates(pem: &str) -> Result<Vec<Vec<u8>>, ConfigError> {
    let _ = pem;
    Err(ConfigError::FeatureOff { feature: "x509" })
}

impl NamedKey {
    /// Whether it verifies a signature; see [`ParsedKey::verify`]. A key that is for one algorithm is for
    /// no other.
    pub(crate) fn verify(
        &self,
        algorithm: Algorithm,
        signature: &[u8],
        feed: &mut dyn FnMut(&mut dyn FnMut(&[u8])) -> Result<(), Rejection>,
    ) -> Result<bool, Rejection> {
        if self.algorithm.is_some_and(|only| only != algorithm) {
            return Ok(false);
        }
        self.key.verify(algorithm, signature, feed)
    }
}

/// A public key, ready for use.
#[derive(Clone)]
#[non_exhaustive]
pub(crate) enum ParsedKey {
    #[cfg(feature = "ed25519")]
    Ed25519(Box<ed25519_dalek::VerifyingKey>),
    #[cfg(feature = "p256")]
    P256(Box<p256::ecdsa::VerifyingKey>),
    #[cfg(feature = "p384")]
    P384(Box<p384::ecdsa::VerifyingKey>),
    #[cfg(feature = "p521")]
    P521(Box<p521::ecdsa::VerifyingKey>),
    #[cfg(feature = "rsa")]
    Rsa(Box<rsa::PublicKey>),
}

impl ParsedKey {
    /// Reads a key as it was pasted, for use with `algorithm` if that is known.
    pub(crate) fn parse(text: &str, algorithm: Option<Algorithm>) -> Result<Self, KeyProblem> {
        let text = text.trim();
        if text.contains("PRIVATE KEY") || text.starts_with("whsk_") {
            return Err(KeyProblem::Private);
        }
        let bytes = decode_text(text).ok_or(KeyProblem::Undecodable)?;
        let key = Self::from_bytes(&bytes)?;
        if algorithm.is_some_and(|algorithm| !key.fits(algorithm)) {
            return Err(KeyProblem::WrongKind);
        }
        Ok(key)
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
            return Ok(Self::P256(Box::new(key)));
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
        if let Ok(key) = rsa::pkcs8::DecodePublicKey::from_public_key_der(bytes) {
            return Self::rsa(key);
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

    #[cfg(feature = "rsa")]
    fn rsa(key: rsa::PublicKey) -> Result<Self, KeyProblem> {
        use rsa::traits::PublicKeyParts as _;

        // Below, it can be factored; above, checking it takes long enough to be an attack.
        if (2048..=4096).contains(&key.n().bit_width()) {
            Ok(Self::Rsa(Box::new(key)))
        } else {
            Err(KeyProblem::Weak)
        }
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

    /// Whether `signature` was made by `algorithm` with the private half over what `feed` hands over. A
    /// key of another kind than the algorithm's made none.
    pub(crate) fn verify(
        &self,
        algorithm: Algorithm,
        signature: &[u8],
        feed: &mut dyn FnMut(&mut dyn FnMut(&[u8])) -> Result<(), Rejection>,
    ) -> Result<bool, Rejection> {
        if !self.fits(algorithm) {
            return Ok(false);
        }
        match self {
            #[cfg(feature = "ed25519")]
            Self::Ed25519(key) => {
                let Ok(signature) = ed25519_dalek::Signature::from_slice(signature) else {
                    return Ok(false);
                };
                let mut message = Vec::new();
                feed(&mut |piece| message.extend_from_slice(piece))?;
                Ok(key.verify_strict(&message, &signature).is_ok())
            }
            #[cfg(feature = "p256")]
            Self::P256(key) => {
                use p256::ecdsa::Signature;
                let parsed = match algorithm {
                    Algorithm::EcdsaP256Sha256 => Signature::from_slice(signature),
                    _ => Signature::from_der(signature),
                };
                let Ok(signature) = parsed else { return Ok(false) };
                let digest = Digest::of(algorithm, feed)?;
                Ok(key.verify_prehash(digest.as_ref(), &signature).is_ok())
            }
            #[cfg(feature = "p384")]
            Self::P384(key) => {
                let Ok(signature) = p384::ecdsa::Signature::from_slice(signature) else {
                    return Ok(false);
                };
                let digest = Digest::of(algorithm, feed)?;
                Ok(key.verify_prehash(digest.as_ref(), &signature).is_ok())
            }
            #[cfg(feature = "p521")]
            Self::P521(key) => {
                let Ok(signature) = p521::ecdsa::Signature::from_slice(signature) else {
                    return Ok(false);
                };
                let digest = Digest::of(algorithm, feed)?;
                Ok(key.verify_prehash(digest.as_ref(), &signature).is_ok())
            }
            #[cfg(feature = "rsa")]
            Self::Rsa(key) => {
                use rsa::{Pkcs1v15Sign, Pss};
                let digest = Digest::of(algorithm, feed)?;
                let digest = digest.as_ref();
                let verified = match algorithm {
                    Algorithm::RsaSha1 => {
                        key.verify(Pkcs1v15Sign::new::<Sha1>(), digest, signature)
                    }
                    Algorithm::RsaSha384 => {
                        key.verify(Pkcs1v15Sign::new::<Sha384>(), digest, signature)
                    }
                    Algorithm::RsaSha512 => {
                        key.verify(Pkcs1v15Sign::new::<Sha512>(), digest, signature)
                    }
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
                Ok(verified.is_ok())
            }
            #[cfg(not(any(
                feature = "ed25519",
                feature = "p256",
                feature = "p384",
                feature = "p521",
                feature = "rsa"
            )))]
            _ => {
                _ = (signature, feed);
                Ok(false)
            }
        }
    }
}

/// What precedes the 32 bytes of an Ed25519 key in its `SubjectPublicKeyInfo`
/// ([RFC 8410](https://www.rfc-editor.org/rfc/rfc8410), section 4, read 2026-11-24).
#[cfg(feature = "ed25519")]
const ED25519_SPKI: [u8; 12] =
    [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// The bytes of a key as it was pasted: PEM, hexadecimal or base64.
fn decode_text(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    if let Some(text) = text.strip_prefix("whpk_") {
        return decode::base64_key(text);
    }
    if let Some(armoured) = text.strip_prefix("-----BEGIN PUBLIC KEY-----") {
        let (inner, _) = armoured.split_once("-----END PUBLIC KEY-----")?;
        // Some senders show a key without its line breaks.
        let inner: String = inner.chars().filter(|it| !it.is_ascii_whitespace()).collect();
        return decode::base64_key(&inner);
    }
    if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return decode::hex_key(text);
    }
    let text: String = text.chars().filter(|it| !it.is_ascii_whitespace()).collect();
    decode::base64_key(&text)
}

/// What is signed in place of the content.
#[cfg(any(feature = "p256", feature = "p384", feature = "p521", feature = "rsa"))]
struct Digest {
    bytes: [u8; 64],
    length: usize,
}

#[cfg(any(feature = "p256", feature = "p384", feature = "p521", feature = "rsa"))]
impl Digest {
    fn of(
        algorithm: Algorithm,
        feed: &mut dyn FnMut(&mut dyn FnMut(&[u8])) -> Result<(), Rejection>,
    ) -> Result<Self, Rejection> {
        match algorithm {
            Algorithm::RsaSha1 | Algorithm::EcdsaP256Sha1Der => Self::by::<Sha1>(feed),
            Algorithm::EcdsaP384Sha384 | Algorithm::RsaSha384 | Algorithm::RsaPssSha384 => {
                Self::by::<Sha384>(feed)
            }
            Algorithm::EcdsaP521Sha512 | Algorithm::RsaSha512 | Algorithm::RsaPssSha512 => {
                Self::by::<Sha512>(feed)
            }
            Algorithm::RsaSha256OfDigest => {
                let once = Self::by::<Sha256>(feed)?;
                Self::by::<Sha256>(&mut |sink| {
                    sink(once.as_ref());
                    Ok(())
                })
            }
            _ => Self::by::<Sha256>(feed),
        }
    }

    fn by<D: sha2::Digest>(
        feed: &mut dyn FnMut(&mut dyn FnMut(&[u8])) -> Result<(), Rejection>,
    ) -> Result<Self, Rejection> {
        let mut digest = D::new();
        feed(&mut |piece| digest.update(piece))?;
        let digest = digest.finalize();
        let mut bytes = [0; 64];
        for (to, from) in bytes.iter_mut().zip(digest.iter()) {
            *to = *from;
        }
        Ok(Self { bytes, length: digest.len() })
    }
}

#[cfg(any(feature = "p256", feature = "p384", feature = "p521", feature = "rsa"))]
impl AsRef<[u8]> for Digest {
    fn as_ref(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

/// Keys of a JSON Web Key Set ([RFC 7517](https://www.rfc-editor.org/rfc/rfc7517), read 2026-11-24).
/// Those of a kind that no feature reads, and those that are not for signing, are left out.
#[cfg(feature = "jwt")]
pub(crate) mod jwk {
    use serde_json::Value;

    use super::{NamedKey, ParsedKey};
    use crate::config_error::KeyProblem;
    use crate::decode;
    use crate::scheme::Algorithm;

    /// The most keys that are read of one set.
    const MAX_KEYS: usize = 64;

    /// Reads a set, or a single key.
    pub(crate) fn read(document: &[u8]) -> Result<Vec<NamedKey>, KeyProblem> {
        let document: Value =
            serde_json::from_slice(document).map_err(|_| KeyProblem::Undecodable)?;
        let single = std::slice::from_ref(&document);
        let keys = match document.get("keys") {
            Some(keys) => keys.as_array().ok_or(KeyProblem::Undecodable)?,
            None => single,
        };
        if keys.len() > MAX_KEYS {
            return Err(KeyProblem::Weak);
        }
        let mut read = Vec::new();
        for (index, jwk) in keys.iter().enumerate() {
            if jwk.get("d").is_some() || jwk.get("p").is_some() {
                return Err(KeyProblem::Private);
            }
            let is_for_signing = jwk.get("use").is_none_or(|it| it == "sig");
            let Some(key) = parse(jwk).filter(|_| is_for_signing) else { continue };
            let text = |name| jwk.get(name).and_then(Value::as_str);
            let algorithm = match text("alg") {
                // A key for an algorithm that is not known here is for no other.
                Some(name) => match algorithm(name) {
                    Some(algorithm) => Some(algorithm),
                    None => continue,
                },
                None => None,
            };
            let id = text("kid").map(str::to_owned);
            let label = id.clone().unwrap_or_else(|| format!("key-{}", index + 1));
            read.push(NamedKey { label: label.into(), id, algorithm, key });
        }
        if read.is_empty() { Err(KeyProblem::Undecodable) } else { Ok(read) }
    }

    /// The algorithm of a name in [RFC 7518](https://www.rfc-editor.org/rfc/rfc7518#section-3.1), read
    /// 2026-11-24. `None` is not among them.
    pub(crate) fn algorithm(name: &str) -> Option<Algorithm> {
        Some(match name {
            "HS256" => Algorithm::HmacSha256,
            "HS384" => Algorithm::HmacSha384,
            "HS512" => Algorithm::HmacSha512,
            "RS256" => Algorithm::RsaSha256,
            "RS384" => Algorithm::RsaSha384,
            "RS512" => Algorithm::RsaSha512,
            "PS256" => Algorithm::RsaPssSha256,
            "PS384" => Algorithm::RsaPssSha384,
            "PS512" => Algorithm::RsaPssSha512,
            "ES256" => Algorithm::EcdsaP256Sha256,
            "ES384" => Algorithm::EcdsaP384Sha384,
            "ES512" => Algorithm::EcdsaP521Sha512,
            "EdDSA" | "Ed25519" => Algorithm::Ed25519,
            _ => return None,
        })
    }

    fn parse(jwk: &Value) -> Option<ParsedKey> {
        let text = |name| jwk.get(name).and_then(Value::as_str);
        let bytes = |name| decode::base64_url(text(name)?.as_bytes());
        match (text("kty")?, text("crv")) {
            #[cfg(feature = "rsa")]
            ("RSA", _) => {
                let number = |name| Some(rsa::BoxedUint::from_be_slice_vartime(&bytes(name)?));
                ParsedKey::rsa(rsa::PublicKey::new(number("n")?, number("e")?).ok()?).ok()
            }
            #[cfg(feature = "ed25519")]
            ("OKP", Some("Ed25519")) => {
                ParsedKey::ed25519(&<[u8; 32]>::try_from(bytes("x")?).ok()?).ok()
            }
            #[cfg(feature = "p256")]
            ("EC", Some("P-256")) => {
                let point = point(&bytes("x")?, &bytes("y")?, 32)?;
                let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(&point).ok()?;
                Some(ParsedKey::P256(Box::new(key)))
            }
            #[cfg(feature = "p384")]
            ("EC", Some("P-384")) => {
                let point = point(&bytes("x")?, &bytes("y")?, 48)?;
                let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(&point).ok()?;
                Some(ParsedKey::P384(Box::new(key)))
            }
            #[cfg(feature = "p521")]
            ("EC", Some("P-521")) => {
                let point = point(&bytes("x")?, &bytes("y")?, 66)?;
                let key = p521::ecdsa::VerifyingKey::from_sec1_bytes(&point).ok()?;
                Some(ParsedKey::P521(Box::new(key)))
            }
            _ => None,
        }
    }

    /// An uncompressed point ([SEC 1](https://www.secg.org/sec1-v2.pdf), section 2.3.3). Some writers of
    /// keys drop leading zeros, against RFC 7518.
    #[cfg(any(feature = "p256", feature = "p384", feature = "p521"))]
    fn point(x: &[u8], y: &[u8], width: usize) -> Option<Vec<u8>> {
        let mut point = vec![4];
        for coordinate in [x, y] {
            let zeros = width.checked_sub(coordinate.len())?;
            point.resize(point.len() + zeros, 0);
            point.extend_from_slice(coordinate);
        }
        Some(point)
    }
}
