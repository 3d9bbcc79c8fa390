//! Why a delivery was refused, and what the sender is told.

use core::fmt;

/// Which header a [`Rejection`] speaks of.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum HeaderRole {
    /// It holds the signature.
    Signature,
    /// It holds the timestamp.
    Timestamp,
    /// It holds the delivery id, and is signed.
    DeliveryId,
    /// It names the key.
    KeyId,
    /// The scheme requires it with a constant value.
    Required,
    /// It is part of the signed content.
    Signed,
    /// A proxy says in it what the sender called.
    Forwarded,
}

impl fmt::Display for HeaderRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Signature => "signature",
            Self::Timestamp => "timestamp",
            Self::DeliveryId => "delivery id",
            Self::KeyId => "key id",
            Self::Required => "required",
            Self::Signed => "signed",
            Self::Forwarded => "forwarded",
        })
    }
}

/// Why a delivery was refused.
///
/// The variants are for the operator: adapters put them in traces and in the response's
/// extensions, and send only the [status](Self::status) to the sender. Everything that concerns
/// authenticity or freshness has one and the same status, so that a forger learns nothing.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Rejection {
    /// A header that the scheme needs is absent.
    MissingHeader(HeaderRole),
    /// A header that may have one value was sent with several that differ.
    AmbiguousHeader(HeaderRole),
    /// A header that must hold a certain value holds another.
    WrongHeader(HeaderRole),
    /// A signature that is not in a header is absent.
    MissingSignature,
    /// The signature header does not have the sender's form, or no signature in it has the right
    /// encoding and length.
    MalformedSignature,
    /// More than [128](crate::MAX_SIGNATURES) signatures were presented.
    TooManySignatures,
    /// The timestamp does not have the sender's form.
    MalformedTimestamp,
    /// The body cannot be brought into the form that was signed: it does not decompress within
    /// the limit, or the signed form field is absent.
    UnreadableBody,
    /// The signature does not cover all that it must.
    NotCovered,
    /// No configured secret produced any of the presented signatures.
    BadSignature,
    /// The signed timestamp is older than the tolerance allows: a replay, a late retry, or a
    /// clock that is ahead.
    TooOld,
    /// The signed timestamp is further ahead than the tolerance allows.
    FromTheFuture,
    /// No tenant is known by what the delivery says of itself ([`SecretSource`](crate::SecretSource)).
    UnknownTenant,
    /// The sender signs nothing, so nothing can be accepted.
    Unsigned,
    /// The token is not a JSON Web Token in the form that the sender sends.
    MalformedToken,
    /// The token says that it is signed in another way than the sender's, or in none.
    WrongAlgorithm,
    /// A claim of the token is absent or is not what it must be.
    WrongClaim,
    /// The digest of the body that is signed is not that of the body.
    WrongDigest,
    /// The delivery names a key that the sender does not have.
    UnknownKey,
    /// The delivery names a place for its key that is not one of the sender's.
    ForeignKeyUrl,
    /// The certificate does not lead to a trusted root, is not valid now, or is another's.
    UntrustedCertificate,
    /// A key that the delivery is to be verified with could not be had. Not the sender's fault.
    KeyUnavailable,
    /// The URL that the sender called cannot be told: the peer is not a trusted proxy.
    UntrustedProxy,
    /// The delivery is about something that was not subscribed to.
    Unwanted,
    /// A handshake that does not hold what it must.
    WrongHandshake,
    /// A handshake that is not expected.
    UnexpectedHandshake,
    /// The body is longer than the limit.
    BodyTooLarge,
    /// The body did not arrive within the read timeout.
    BodyTooSlow,
    /// The body broke off or its transfer encoding was broken.
    BodyBroken,
}

impl Rejection {
    /// The status that a sender is to be answered with, with an empty body.
    ///
    /// ```
    /// use countersign::Rejection;
    ///
    /// assert_eq!(Rejection::BadSignature.status(), 401);
    /// assert_eq!(Rejection::TooOld.status(), 401);
    /// assert_eq!(Rejection::BodyTooLarge.status(), 413);
    /// ```
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::KeyUnavailable => 503,
            Self::BodyTooLarge => 413,
            Self::BodyTooSlow => 408,
            Self::BodyBroken => 400,
            _ => 401,
        }
    }

    /// A short, stable code of the reason, for logs and metrics.
    ///
    /// ```
    /// use countersign::Rejection;
    ///
    /// assert_eq!(Rejection::BadSignature.code(), "signature.mismatch");
    /// ```
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::MissingHeader(_) => "header.missing",
            Self::AmbiguousHeader(_) => "header.ambiguous",
            Self::WrongHeader(_) => "header.wrong",
            Self::MissingSignature => "signature.missing",
            Self::MalformedSignature => "signature.malformed",
            Self::TooManySignatures => "signature.too_many",
            Self::MalformedTimestamp => "timestamp.malformed",
            Self::UnreadableBody => "body.unreadable",
            Self::NotCovered => "signature.coverage",
            Self::BadSignature => "signature.mismatch",
            Self::TooOld => "timestamp.stale",
            Self::FromTheFuture => "timestamp.future",
            Self::UnknownTenant => "tenant.unknown",
            Self::Unsigned => "signature.none",
            Self::MalformedToken => "token.malformed",
            Self::WrongAlgorithm => "token.algorithm",
            Self::WrongClaim => "token.claim",
            Self::WrongDigest => "body.digest",
            Self::UnknownKey => "key.unknown",
            Self::ForeignKeyUrl => "key.foreign_url",
            Self::UntrustedCertificate => "certificate.untrusted",
            Self::KeyUnavailable => "key.unavailable",
            Self::UntrustedProxy => "url.untrusted_proxy",
            Self::Unwanted => "event.unwanted",
            Self::WrongHandshake => "handshake.wrong",
            Self::UnexpectedHandshake => "handshake.unexpected",
            Self::BodyTooLarge => "body.too_large",
            Self::BodyTooSlow => "body.too_slow",
            Self::BodyBroken => "body.broken",
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingHeader(role) => write!(f, "the {role} header is absent"),
            Self::AmbiguousHeader(role) => {
                write!(f, "the {role} header was sent with several differing values")
            }
            Self::WrongHeader(role) => write!(f, "the {role} header has an unexpected value"),
            Self::MissingSignature => f.write_str("the signature is absent"),
            Self::MalformedSignature => {
                f.write_str("the signature header does not have the sender's form")
            }
            Self::TooManySignatures => f.write_str("too many signatures were presented"),
            Self::MalformedTimestamp => {
                f.write_str("the timestamp does not have the sender's form")
            }
            Self::UnreadableBody => {
                f.write_str("the body cannot be brought into the form that was signed")
            }
            Self::NotCovered => f.write_str("the signature does not cover all that it must"),
            Self::BadSignature => f.write_str("no configured secret produced the signature"),
            Self::TooOld => f.write_str("the signed timestamp is too old"),
            Self::FromTheFuture => f.write_str("the signed timestamp lies in the future"),
            Self::UnknownTenant => {
                f.write_str("no tenant is known by what the delivery says of itself")
            }
            Self::Unsigned => f.write_str("the sender signs nothing"),
            Self::MalformedToken => f.write_str("the token does not have the sender's form"),
            Self::WrongAlgorithm => {
                f.write_str("the token says that it is signed in another way than the sender's")
            }
            Self::WrongClaim => f.write_str("a claim of the token is not what it must be"),
            Self::WrongDigest => f.write_str("the signed digest is not that of the body"),
            Self::UnknownKey => f.write_str("the sender has no key of that name"),
            Self::ForeignKeyUrl => f.write_str("the place of the key is not one of the sender's"),
            Self::UntrustedCertificate => f.write_str("the certificate is not to be trusted"),
            Self::KeyUnavailable => f.write_str("the sender's key could not be had"),
            Self::UntrustedProxy => {
                f.write_str("the URL cannot be told, as the peer is not a trusted proxy")
            }
            Self::Unwanted => f.write_str("it is about something that was not subscribed to"),
            Self::WrongHandshake => f.write_str("the handshake does not hold what it must"),
            Self::UnexpectedHandshake => f.write_str("no handshake is expected"),
            Self::BodyTooLarge => f.write_str("the body is longer than the limit"),
            Self::BodyTooSlow => f.write_str("the body did not arrive in time"),
            Self::BodyBroken => f.write_str("the body broke off"),
        }
    }
}

impl core::error::Error for Rejection {}
