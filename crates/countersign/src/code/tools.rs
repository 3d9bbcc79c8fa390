//! What several procedures do.

use crate::decode::{self, MAX_TAG};
use crate::delivery::{Head, Occurrence, single};
use crate::external_url::ExternalUrl;
use crate::mac::{Computed, Mac};
use crate::procedure::Setup;
use crate::rejection::{HeaderRole, Rejection};
use crate::scheme::{Algorithm, Encoding};

/// The value of a header that may be there once.
pub(super) fn optional<'d>(
    head: &Head<'d>,
    name: &str,
    role: HeaderRole,
) -> Result<Option<&'d [u8]>, Rejection> {
    match single(head.headers(), name) {
        Occurrence::Absent => Ok(None),
        Occurrence::Once(value) => Ok(Some(value)),
        Occurrence::Differing => Err(Rejection::AmbiguousHeader(role)),
    }
}

/// The value of a header that must be there once.
pub(super) fn required<'d>(
    head: &Head<'d>,
    name: &str,
    role: HeaderRole,
) -> Result<&'d [u8], Rejection> {
    optional(head, name, role)?.ok_or(Rejection::MissingHeader(role))
}

/// How the external URL is told. A scheme that signs it is not built without.
pub(super) fn external_url(setup: &Setup) -> Result<&ExternalUrl, Rejection> {
    setup.external_url.as_ref().ok_or(Rejection::UntrustedProxy)
}

/// Refuses a signature that cannot be one of this algorithm.
pub(super) fn check_form(
    algorithm: Algorithm,
    encoding: Encoding,
    signature: &[u8],
) -> Result<(), Rejection> {
    let tag =
        decode::tag(encoding, signature, algorithm.tag_bytes(), &mut [0; MAX_TAG]).map(|_| ());
    tag.ok_or(Rejection::MalformedSignature)
}

/// Whether the algorithm with this key makes this signature over what `feed` hands over.
pub(super) fn made(
    algorithm: Algorithm,
    key: &[u8],
    encoding: Encoding,
    signature: &[u8],
    feed: impl FnOnce(&mut dyn FnMut(&[u8])),
) -> Result<bool, Rejection> {
    let mut buffer = [0; MAX_TAG];
    let tag = decode::tag(encoding, signature, algorithm.tag_bytes(), &mut buffer);
    let tag = tag.ok_or(Rejection::MalformedSignature)?;
    // `Verifier::build` has refused an algorithm whose feature is off already.
    let mac = Mac::new(algorithm, key).ok_or(Rejection::BadSignature)?;
    let computed = mac.compute(Some(tag), |sink| {
        feed(sink);
        Ok(())
    })?;
    Ok(match computed {
        Computed::Matched(matched) => matched,
        Computed::Tag(expected) => expected.matches(tag),
    })
}
