//! What is wrong with a configuration, told when the program starts.

use core::fmt;

use crate::scheme::{SchemeError, Text};
use crate::secret::SecretProblem;
use crate::setting::Setting;

/// Why a [`Verifier`](crate::Verifier) cannot be built.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ConfigError {
    /// No secret was given.
    NoSecret,
    /// More secrets were given than are tried.
    TooManySecrets {
        /// How many are.
        most: usize,
    },
    /// A secret cannot be used.
    Secret {
        /// Its label.
        label: Text,
        /// What is wrong with it.
        problem: SecretProblem,
    },
    /// A public key cannot be used.
    PublicKey {
        /// Its label.
        label: Text,
        /// What is wrong with it.
        problem: KeyProblem,
    },
    /// A secret was given, but the sender signs with a key of its own.
    WantsPublicKey,
    /// A public key was given, but the sender signs with a shared secret.
    WantsSecret,
    /// No public key was given, and none is to be fetched.
    NoPublicKey,
    /// Keys are to be fetched, but the sender publishes none.
    NoRemoteKeys,
    /// The chain of certificates has no root to end at.
    NoTrustRoot,
    /// A root was given, but the sender signs without certificates.
    UnusedTrustRoot,
    /// A setting that the sender's check needs was not given.
    MissingSetting {
        /// The setting.
        setting: Setting,
    },
    /// A setting was given that makes no difference.
    UnusedSetting {
        /// The setting.
        setting: Setting,
    },
    /// A setting has a value that it cannot have.
    WrongSetting {
        /// The setting.
        setting: Setting,
    },
    /// The sender signs the URL, and it was not said how that is told.
    MissingExternalUrl,
    /// A secret is for an algorithm that the sender does not use it with.
    WrongAlgorithm {
        /// The label of the secret.
        label: Text,
    },
    /// The external URL is none.
    WrongExternalUrl,
    /// More than one way was given to tell the external URL.
    SeveralExternalUrls,
    /// A trusted proxy is neither an address nor a network, or it is everyone.
    WrongProxy {
        /// What was given.
        network: String,
    },
    /// Two secrets have the same label.
    RepeatedLabel {
        /// The label.
        label: Text,
    },
    /// The sender names its key in a header, and no key id was given to compare it with.
    MissingKeyId {
        /// The header.
        header: Text,
    },
    /// A key id was given, but the sender names none.
    UnusedKeyId,
    /// A tolerance was given, but the scheme signs no time, or none in a known unit.
    NothingToTolerate,
    /// The tolerance [`ANY_AGE`](crate::Tolerance::ANY_AGE) was given.
    AnyAge,
    /// The scheme needs a feature that is off.
    FeatureOff {
        /// The feature.
        feature: &'static str,
    },
    /// The scheme contradicts itself.
    Scheme(SchemeError),
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSecret => f.write_str("no secret was given"),
            Self::TooManySecrets { most } => write!(f, "more than {most} secrets or keys were given"),
            Self::Secret { label, problem } => write!(f, "the secret \"{label}\" {problem}"),
            Self::PublicKey { label, problem } => write!(f, "the public key \"{label}\" {problem}"),
            Self::WantsPublicKey => f.write_str(
                "the sender signs with a private key of its own; give its public key with `public_key`",
            ),
            Self::WantsSecret => {
                f.write_str("the sender signs with a shared secret; give it with `secret`")
            }
            Self::NoPublicKey => f.write_str(
                "no public key was given; give one with `public_key`, or call `remote_keys` to have \
                 them fetched",
            ),
            Self::NoRemoteKeys => {
                f.write_str("the sender publishes no keys; give one with `public_key`")
            }
            Self::NoTrustRoot => f.write_str(
                "the sender signs with a certificate; give the roots it may lead to with `trust_root`",
            ),
            Self::UnusedTrustRoot => {
                f.write_str("a trust root was given, but the sender signs without certificates")
            }
            Self::MissingSetting { setting } => {
                write!(f, "the setting `{setting}` is needed; give it with `setting`")
            }
            Self::UnusedSetting { setting } => {
                write!(f, "the setting `{setting}` was given, but makes no difference")
            }
            Self::WrongSetting { setting } => {
                write!(f, "the setting `{setting}` has a value that it cannot have")
            }
            Self::MissingExternalUrl => f.write_str(
                "the sender signs the URL that it calls; say what that is with `external_url`",
            ),
            Self::WrongExternalUrl => f.write_str(
                "the external URL is not an absolute one, such as https://example.com",
            ),
            Self::WrongAlgorithm { label } => {
                write!(f, "the secret \"{label}\" is for an algorithm that the sender does not use")
            }
            Self::SeveralExternalUrls => f.write_str(
                "call one of `notification_url`, `external_url` and `trusted_proxy`, once; only the \
                 last may be called for each proxy",
            ),
            Self::WrongProxy { network } => write!(
                f,
                "the trusted proxy \"{network}\" is not an address or a network, such as 10.0.0.0/8"
            ),
            Self::RepeatedLabel { label } => {
                write!(f, "two secrets have the label \"{label}\"")
            }
            Self::MissingKeyId { header } => {
                write!(f, "the sender names its key in {header}; give your own with `key_id`")
            }
            Self::UnusedKeyId => f.write_str("a key id was given, but the sender names no key"),
            Self::NothingToTolerate => {
                f.write_str("a tolerance was given, but no time in a known unit is signed")
            }
            Self::AnyAge => f.write_str("to judge no timestamp's age, call `danger_any_age`"),
            Self::FeatureOff { feature } => {
                write!(f, "the scheme needs the feature `{feature}` of countersign")
            }
            Self::Scheme(error) => write!(f, "the scheme is unusable: {error}"),
        }
    }
}

impl core::error::Error for ConfigError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Scheme(error) => Some(error),
            _ => None,
        }
    }
}

impl From<SchemeError> for ConfigError {
    fn from(error: SchemeError) -> Self {
        match error {
            SchemeError::FeatureOff { feature } => Self::FeatureOff { feature },
            error => Self::Scheme(error),
        }
    }
}

/// What is wrong with a public key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum KeyProblem {
    /// The text is no public key in a known form.
    Undecodable,
    /// It is a private key, which no receiver must have.
    Private,
    /// It is a key of another kind than the sender's.
    WrongKind,
    /// It is too short, too long, or one that anyone can sign for.
    Weak,
    /// Keys of its kind have several algorithms, and none was named.
    NoAlgorithm,
}

impl fmt::Display for KeyProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Undecodable => "is not a public key in PEM, DER or the sender's own form",
            Self::Private => "is a private key, which no receiver must have; give the public one",
            Self::WrongKind => "is of another kind than the sender signs with",
            Self::Weak => "is too weak or too large to be used",
            Self::NoAlgorithm => {
                "is of a kind that has several algorithms; name the sender's with `algorithm`"
            }
        })
    }
}

/// Something about a configuration that works but should be looked at.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Warning {
    /// A key is so short that it could be guessed from a captured delivery. The receiver cannot
    /// always choose it, so it is not refused.
    ShortSecret {
        /// The label of the secret.
        label: Text,
        /// The length of the key in bytes.
        bytes: usize,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ShortSecret { label, bytes } => write!(
                f,
                "the secret \"{label}\" has a key of only {bytes} bytes; use at least 16 random ones"
            ),
        }
    }
}
