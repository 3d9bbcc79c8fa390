//! What is wrong with a configuration, told when the program starts.

use core::fmt;

use crate::scheme::{SchemeError, Text};
use crate::secret::SecretProblem;

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
            Self::TooManySecrets { most } => write!(f, "more than {most} secrets were given"),
            Self::Secret { label, problem } => write!(f, "the secret \"{label}\" {problem}"),
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
