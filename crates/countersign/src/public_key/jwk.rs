//! Keys of a JSON Web Key Set ([RFC 7517](https://www.rfc-editor.org/rfc/rfc7517), read 2026-11-24).
//! Those of a kind that no feature reads, and those that are not for signing, are left out.

use serde_json::Value;

#[cfg(feature = "p256")]
use super::verify::P256Key;
use super::{NamedKey, ParsedKey};
use crate::config_error::KeyProblem;
use crate::scheme::Algorithm;
use crate::time::Timestamp;

/// The most keys that are read of one set.
const MAX_KEYS: usize = 64;

/// Reads a set, or a single key.
pub(crate) fn read(document: &[u8]) -> Result<Vec<NamedKey>, KeyProblem> {
    let document: Value = serde_json::from_slice(document).map_err(|_| KeyProblem::Undecodable)?;
    // Plaid's answer has its one key in a member.
    let single = std::slice::from_ref(document.get("key").unwrap_or(&document));
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
        let may_verify = |operations: &Value| {
            operations.as_array().is_some_and(|them| them.iter().any(|it| it == "verify"))
        };
        let is_for_signing = jwk.get("use").is_none_or(|it| it == "sig")
            && jwk.get("key_ops").is_none_or(may_verify);
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
        // Plaid says when a key expired; what is not a time is not read as "never".
        let expires = match jwk.get("expired_at") {
            None | Some(Value::Null) => None,
            Some(time) => Some(Timestamp::from_unix_seconds(time.as_i64().unwrap_or(0))),
        };
        let id = text("kid").map(str::to_owned);
        let label = id.clone().unwrap_or_else(|| format!("key-{}", index + 1));
        read.push(NamedKey { label: label.into(), id, algorithm, expires, key });
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
    #[cfg(any(
        feature = "ed25519",
        feature = "p256",
        feature = "p384",
        feature = "p521",
        feature = "rsa"
    ))]
    let bytes = |name| crate::decode::base64_url(text(name)?.as_bytes());
    match (text("kty")?, text("crv")) {
        #[cfg(feature = "rsa")]
        ("RSA", _) => ParsedKey::rsa(&bytes("n")?, &bytes("e")?).ok(),
        #[cfg(feature = "ed25519")]
        ("OKP", Some("Ed25519")) => {
            ParsedKey::ed25519(&<[u8; 32]>::try_from(bytes("x")?).ok()?).ok()
        }
        #[cfg(feature = "p256")]
        ("EC", Some("P-256")) => {
            let point = point(&bytes("x")?, &bytes("y")?, 32)?;
            let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(&point).ok()?;
            Some(ParsedKey::P256(Box::new(P256Key::new(key))))
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
