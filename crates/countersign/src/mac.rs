//! Digests, keyed and plain: the only file that names the cryptography crates.

use hmac::{Hmac, KeyInit as _, Mac as _};
#[cfg(feature = "md5")]
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::decode::MAX_TAG;
use crate::rejection::Rejection;
use crate::scheme::Algorithm;

/// The state of a digest: keyed once, then cloned for each delivery.
#[derive(Clone)]
pub(crate) enum Mac {
    HmacSha256(Hmac<Sha256>),
    HmacSha384(Hmac<Sha384>),
    HmacSha512(Hmac<Sha512>),
    HmacSha1(Hmac<Sha1>),
    #[cfg(feature = "md5")]
    HmacMd5(Hmac<Md5>),
    Sha256(Sha256),
    Sha1(Sha1),
    Sha512(Sha512),
    #[cfg(feature = "md5")]
    Md5(Md5),
}

/// Runs the same expression for each kind of digest.
macro_rules! each {
    ($mac:expr, $hmac:ident => $on_hmac:expr, $plain:ident => $on_plain:expr) => {
        match $mac {
            Mac::HmacSha256($hmac) => $on_hmac,
            Mac::HmacSha384($hmac) => $on_hmac,
            Mac::HmacSha512($hmac) => $on_hmac,
            Mac::HmacSha1($hmac) => $on_hmac,
            #[cfg(feature = "md5")]
            Mac::HmacMd5($hmac) => $on_hmac,
            Mac::Sha256($plain) => $on_plain,
            Mac::Sha1($plain) => $on_plain,
            Mac::Sha512($plain) => $on_plain,
            #[cfg(feature = "md5")]
            Mac::Md5($plain) => $on_plain,
        }
    };
}

impl Mac {
    /// Sets up the digest; plain ones take no key. `None` if the algorithm's feature is off, or it is no
    /// digest.
    pub(crate) fn new(algorithm: Algorithm, key: &[u8]) -> Option<Self> {
        // An HMAC takes keys of every length, so `ok` never drops an error.
        Some(match algorithm {
            Algorithm::HmacSha256 => Self::HmacSha256(Hmac::new_from_slice(key).ok()?),
            Algorithm::HmacSha384 => Self::HmacSha384(Hmac::new_from_slice(key).ok()?),
            Algorithm::HmacSha512 => Self::HmacSha512(Hmac::new_from_slice(key).ok()?),
            Algorithm::HmacSha1 => Self::HmacSha1(Hmac::new_from_slice(key).ok()?),
            #[cfg(feature = "md5")]
            Algorithm::HmacMd5 => Self::HmacMd5(Hmac::new_from_slice(key).ok()?),
            #[cfg(feature = "md5")]
            Algorithm::Md5 => Self::Md5(Md5::new()),
            Algorithm::Sha256 => Self::Sha256(Sha256::new()),
            Algorithm::Sha1 => Self::Sha1(Sha1::new()),
            Algorithm::Sha512 => Self::Sha512(Sha512::new()),
            _ => return None,
        })
    }

    /// Digests what `feed` hands over, and compares with `only` if there is only one tag to compare
    /// with, in constant time.
    pub(crate) fn compute(
        &self,
        only: Option<&[u8]>,
        feed: impl FnOnce(&mut dyn FnMut(&[u8])) -> Result<(), Rejection>,
    ) -> Result<Computed, Rejection> {
        each!(
            self,
            keyed => {
                let mut mac = keyed.clone();
                feed(&mut |piece| mac.update(piece))?;
                Ok(match only {
                    Some(tag) => Computed::Matched(mac.verify_slice(tag).is_ok()),
                    None => Computed::Tag(Tag::new(&mac.finalize().into_bytes())),
                })
            },
            plain => {
                let mut digest = plain.clone();
                feed(&mut |piece| digest.update(piece))?;
                let expected = Tag::new(&digest.finalize());
                Ok(match only {
                    Some(tag) => Computed::Matched(expected.matches(tag)),
                    None => Computed::Tag(expected),
                })
            }
        )
    }
}

/// What came of a digest.
pub(crate) enum Computed {
    /// Whether the only tag matched.
    Matched(bool),
    /// The tag, to compare with several.
    Tag(Tag),
}

/// A computed tag. Offers no comparison but the constant-time one.
pub(crate) struct Tag {
    bytes: [u8; MAX_TAG],
    length: usize,
}

impl Tag {
    fn new(digest: &[u8]) -> Self {
        let mut bytes = [0; MAX_TAG];
        let length = std::cmp::min(digest.len(), MAX_TAG);
        for (to, from) in bytes.iter_mut().zip(digest) {
            *to = *from;
        }
        Self { bytes, length }
    }

    pub(crate) fn matches(&self, tag: &[u8]) -> bool {
        self.bytes.get(..self.length).is_some_and(|bytes| bytes.ct_eq(tag).into())
    }
}

/// Compares texts that are not signatures, such as key ids, in constant time.
pub(crate) fn equal(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).into()
}

/// The tag of content in one piece, to be sent: it shows the sender of a handshake that the
/// receiver has the secret. Nothing is compared with it.
pub(crate) fn answer(algorithm: Algorithm, key: &[u8], content: &[u8]) -> Option<Vec<u8>> {
    let computed = Mac::new(algorithm, key)?.compute(None, |sink| {
        sink(content);
        Ok(())
    });
    match computed {
        Ok(Computed::Tag(tag)) => tag.bytes.get(..tag.length).map(<[u8]>::to_vec),
        Ok(Computed::Matched(_)) | Err(_) => None,
    }
}

/// SHA-256 of content in one piece.
pub(crate) fn sha256(content: &[u8]) -> [u8; 32] {
    Sha256::digest(content).into()
}

/// SHA-256 of some pieces, as lower-case hexadecimal text.
pub(crate) fn sha256_hex(pieces: &[&[u8]]) -> String {
    let mut digest = Sha256Digest::new();
    for piece in pieces {
        digest.update(piece);
    }
    crate::decode::to_hex(&digest.finish())
}

/// SHA-512 of content in one piece.
#[cfg(feature = "http-signatures")]
pub(crate) fn sha512(content: &[u8]) -> [u8; 64] {
    Sha512::digest(content).into()
}

/// SHA-1 of a secret, where that is the key.
pub(crate) fn sha1(secret: &[u8]) -> Zeroizing<[u8; 20]> {
    Zeroizing::new(Sha1::digest(secret).into())
}

/// SHA-256 of content that comes in pieces.
pub(crate) struct Sha256Digest(Sha256);

impl Sha256Digest {
    pub(crate) fn new() -> Self {
        Self(Sha256::new())
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(crate) fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }

    /// The digest as lower-case hexadecimal text.
    pub(crate) fn finish_hex(self) -> [u8; 64] {
        let mut text = [0; 64];
        // The lengths fit, so there is no error to drop.
        _ = const_hex::encode_to_slice(self.finish(), &mut text);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_wiped_when_it_is_dropped() {
        fn is_wiped<T: zeroize::ZeroizeOnDrop>() {}
        // An HMAC is two states of its digest, and is wiped with them.
        is_wiped::<Sha256>();
        is_wiped::<Sha512>();
        is_wiped::<Sha1>();
        #[cfg(feature = "md5")]
        is_wiped::<Md5>();
    }

    /// RFC 4231, test case 2, and RFC 2202, test case 2.
    #[test]
    fn published_digests_are_reproduced() {
        let check = |algorithm, expected: &str| {
            let tag = const_hex::decode_to_array::<_, 64>(format!("{expected:0<128}")).unwrap();
            let tag = &tag[..expected.len() / 2];
            let mac = Mac::new(algorithm, b"Jefe").unwrap();
            let compute = |only| {
                mac.compute(only, |sink| {
                    sink(b"what do ya want ");
                    sink(b"for nothing?");
                    Ok(())
                })
            };
            assert!(matches!(compute(Some(tag)), Ok(Computed::Matched(true))));
            assert!(matches!(compute(Some(&tag[1..])), Ok(Computed::Matched(false))));
            let Ok(Computed::Tag(computed)) = compute(None) else { panic!("no tag") };
            assert!(computed.matches(tag) && !computed.matches(&tag[1..]));
        };
        check(
            Algorithm::HmacSha256,
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        );
        check(
            Algorithm::HmacSha512,
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
        );
        check(Algorithm::HmacSha1, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
        #[cfg(feature = "md5")]
        check(Algorithm::HmacMd5, "750c783e6ab0b503eaa86e310a5db738");
    }
}
