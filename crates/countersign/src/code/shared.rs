//! What procedures that check with shared secrets have in common.

use crate::mac::{Computed, Mac};
use crate::procedure::NamedSecret;
use crate::rejection::Rejection;
use crate::scheme::Algorithm;
use crate::{config_error::ConfigError, mac};

/// The secret with which an algorithm makes this tag of the pieces.
pub(super) fn signer<'s>(
    secrets: impl IntoIterator<Item = &'s NamedSecret>,
    algorithm: Algorithm,
    tag: &[u8],
    pieces: &[&[u8]],
) -> Result<&'s NamedSecret, Rejection> {
    for secret in secrets {
        // `Verifier::build` has refused algorithms whose feature is off.
        let Some(mac) = Mac::new(algorithm, &secret.material.key) else { continue };
        let computed = mac.compute(Some(tag), |sink| {
            pieces.iter().copied().for_each(sink);
            Ok(())
        })?;
        if matches!(computed, Computed::Matched(true)) {
            return Ok(secret);
        }
    }
    Err(Rejection::BadSignature)
}

/// The secret that was sent along as it is. Digests are compared, so that not even its length is
/// told.
pub(super) fn bearer<'s>(
    secrets: impl IntoIterator<Item = &'s NamedSecret>,
    token: &[u8],
) -> Result<&'s NamedSecret, Rejection> {
    if token.is_empty() {
        return Err(Rejection::MissingSignature);
    }
    let token = mac::sha256(token);
    let mut secrets = secrets.into_iter();
    let found = secrets.find(|secret| mac::equal(&mac::sha256(&secret.material.key), &token));
    found.ok_or(Rejection::BadSignature)
}

/// Refuses a configuration whose features are off.
pub(super) fn needs(features: &[(&'static str, bool)]) -> Result<(), ConfigError> {
    match features.iter().find(|(_, on)| !on) {
        Some((feature, _)) => Err(ConfigError::FeatureOff { feature }),
        None => Ok(()),
    }
}
