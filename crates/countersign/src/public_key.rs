//! Public keys: how they are pasted, read and used.

use core::fmt;

use crate::config_error::{ConfigError, KeyProblem};
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
}

impl PublicKey {
    /// Takes a key as it was pasted.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), label: None, id: None }
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
    match ParsedKey::parse(&key.text, algorithm) {
        Ok(parsed) => {
            Ok(NamedKey { label, id: key.id.map(Text::into_owned), algorithm: None, key: parsed })
        }
        Err(problem) => Err(ConfigError::PublicKey { label, problem }),
    }
}

/// Reads a JSON Web Key Set.
pub(crate) fn key_set(jwks: &[u8]) -> Result<Vec<NamedKey>, ConfigError> {
    let _ = jwks;
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
pub(crate) struct ParsedKey {}

impl ParsedKey {
    /// Reads a key as it was pasted, for use with `algorithm` if that is known.
    pub(crate) fn parse(text: &str, algorithm: Option<Algorithm>) -> Result<Self, KeyProblem> {
        let _ = (text, algorithm);
        Err(KeyProblem::Undecodable)
    }

    /// Whether `signature` was made by `algorithm` with the private half over what `feed` hands over. A
    /// key of another kind than the algorithm's made none.
    pub(crate) fn verify(
        &self,
        algorithm: Algorithm,
        signature: &[u8],
        feed: &mut dyn FnMut(&mut dyn FnMut(&[u8])) -> Result<(), Rejection>,
    ) -> Result<bool, Rejection> {
        let _ = (algorithm, signature);
        feed(&mut |_| {})?;
        Ok(false)
    }
}
