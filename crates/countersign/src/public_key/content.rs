//! What a private key signed, in the form that its algorithm takes.

#[cfg(any(feature = "p256", feature = "p384", feature = "p521", feature = "rsa"))]
use sha1::Sha1;
#[cfg(any(feature = "p256", feature = "p384", feature = "p521", feature = "rsa"))]
use sha2::{Sha256, Sha384, Sha512};

use crate::rejection::Rejection;
use crate::scheme::Algorithm;

/// Hands over the signed content piece after piece.
pub(crate) type Pieces<'p> = dyn FnMut(&mut dyn FnMut(&[u8])) -> Result<(), Rejection> + 'p;

/// What was signed. It is made once, however many signatures and keys are tried.
pub(crate) enum Content {
    /// The content itself: Ed25519 digests it behind the signature and the key.
    Whole(Vec<u8>),
    /// Its digest.
    #[cfg(any(feature = "p256", feature = "p384", feature = "p521", feature = "rsa"))]
    Digest([u8; 64], usize),
}

impl Content {
    /// The content as `algorithm` takes it.
    #[cfg(any(feature = "p256", feature = "p384", feature = "p521", feature = "rsa"))]
    pub(crate) fn of(algorithm: Algorithm, pieces: &mut Pieces<'_>) -> Result<Self, Rejection> {
        match algorithm {
            Algorithm::Ed25519 => Self::whole(pieces),
            Algorithm::RsaSha1 | Algorithm::EcdsaP256Sha1Der => Self::digest::<Sha1>(pieces),
            Algorithm::EcdsaP384Sha384 | Algorithm::RsaSha384 | Algorithm::RsaPssSha384 => {
                Self::digest::<Sha384>(pieces)
            }
            Algorithm::EcdsaP521Sha512 | Algorithm::RsaSha512 | Algorithm::RsaPssSha512 => {
                Self::digest::<Sha512>(pieces)
            }
            Algorithm::RsaSha256OfDigest => {
                let once = Self::digest::<Sha256>(pieces)?;
                Self::digest::<Sha256>(&mut |sink| {
                    sink(once.bytes());
                    Ok(())
                })
            }
            _ => Self::digest::<Sha256>(pieces),
        }
    }

    /// The content as `algorithm` takes it.
    #[cfg(not(any(feature = "p256", feature = "p384", feature = "p521", feature = "rsa")))]
    pub(crate) fn of(_: Algorithm, pieces: &mut Pieces<'_>) -> Result<Self, Rejection> {
        Self::whole(pieces)
    }

    fn whole(pieces: &mut Pieces<'_>) -> Result<Self, Rejection> {
        let mut whole = Vec::new();
        pieces(&mut |piece| whole.extend_from_slice(piece))?;
        Ok(Self::Whole(whole))
    }

    #[cfg(any(feature = "p256", feature = "p384", feature = "p521", feature = "rsa"))]
    fn digest<D: sha2::Digest>(pieces: &mut Pieces<'_>) -> Result<Self, Rejection> {
        let mut digest = D::new();
        pieces(&mut |piece| digest.update(piece))?;
        let digest = digest.finalize();
        let mut bytes = [0; 64];
        for (to, from) in bytes.iter_mut().zip(digest.iter()) {
            *to = *from;
        }
        Ok(Self::Digest(bytes, digest.len()))
    }

    /// The content or its digest.
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Whole(bytes) => bytes,
            #[cfg(any(feature = "p256", feature = "p384", feature = "p521", feature = "rsa"))]
            Self::Digest(bytes, length) => bytes.get(..*length).unwrap_or_default(),
        }
    }
}
