//! P-256 and RSA by AWS-LC (feature `aws-lc-rs`): faster, and in C.

use std::sync::{Arc, OnceLock};

use aws_lc_rs::digest::{self, Digest};
use aws_lc_rs::signature::{self, ParsedPublicKey, VerificationAlgorithm};

use crate::scheme::Algorithm;

/// One key, ready for each algorithm that it was used with.
#[derive(Clone)]
pub(crate) struct Keys(Arc<Inner>);

struct Inner {
    /// A point, or an RSA key in PKCS #1.
    encoded: Box<[u8]>,
    parsed: [OnceLock<Option<ParsedPublicKey>>; ALGORITHMS],
}

/// How many algorithms there are for the key of the kind that has most.
const ALGORITHMS: usize = 7;

impl Keys {
    pub(crate) fn of(encoded: &[u8]) -> Self {
        Self(Arc::new(Inner { encoded: encoded.into(), parsed: Default::default() }))
    }

    /// Whether the signature is good; `None` if this must be found out in another way.
    pub(crate) fn verify(
        &self,
        algorithm: Algorithm,
        signature: &[u8],
        digest: &[u8],
    ) -> Option<bool> {
        let (place, hash, backend) = backend(algorithm)?;
        let parsed = self.0.parsed.get(place)?;
        // A key is read once; for as long as it is used, it keeps what speeds up checks.
        let parsed =
            parsed.get_or_init(|| ParsedPublicKey::new(backend, &self.0.encoded).ok()).as_ref()?;
        let digest = Digest::import_less_safe(digest, hash).ok()?;
        Some(parsed.verify_digest_sig(&digest, signature).is_ok())
    }
}

type Backend = (usize, &'static digest::Algorithm, &'static dyn VerificationAlgorithm);

/// The place of the parsed key, the digest, and the algorithm.
fn backend(algorithm: Algorithm) -> Option<Backend> {
    Some(match algorithm {
        Algorithm::EcdsaP256Sha256Der => (0, &digest::SHA256, &signature::ECDSA_P256_SHA256_ASN1),
        Algorithm::EcdsaP256Sha256 => (1, &digest::SHA256, &signature::ECDSA_P256_SHA256_FIXED),
        Algorithm::EcdsaP256Sha1Der => {
            (2, &digest::SHA1_FOR_LEGACY_USE_ONLY, &signature::ECDSA_P256_SHA1_ASN1)
        }
        // The content was digested once more before it came here.
        Algorithm::RsaSha256 | Algorithm::RsaSha256OfDigest => {
            (0, &digest::SHA256, &signature::RSA_PKCS1_2048_8192_SHA256)
        }
        Algorithm::RsaSha384 => (1, &digest::SHA384, &signature::RSA_PKCS1_2048_8192_SHA384),
        Algorithm::RsaSha512 => (2, &digest::SHA512, &signature::RSA_PKCS1_2048_8192_SHA512),
        Algorithm::RsaSha1 => (
            3,
            &digest::SHA1_FOR_LEGACY_USE_ONLY,
            &signature::RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
        ),
        Algorithm::RsaPssSha256 => (4, &digest::SHA256, &signature::RSA_PSS_2048_8192_SHA256),
        Algorithm::RsaPssSha384 => (5, &digest::SHA384, &signature::RSA_PSS_2048_8192_SHA384),
        Algorithm::RsaPssSha512 => (6, &digest::SHA512, &signature::RSA_PSS_2048_8192_SHA512),
        _ => return None,
    })
}
