//! Senders that no data describes: one procedure each.

use crate::procedure::Procedure;
use crate::scheme::Coverage;
use crate::setting::Setting;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident => $procedure:path,)*) => {
        /// What is judged by code.
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        #[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
        #[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
        #[non_exhaustive]
        pub enum Code {
            $($(#[$doc])* $name,)*
        }

        impl Code {
            pub(crate) fn procedure(self) -> &'static dyn Procedure {
                match self {
                    $(Self::$name => &$procedure,)*
                }
            }
        }
    };
}

codes! {
    /// Nothing is signed, and nothing is accepted: what the delivery names must be asked for at the
    /// sender.
    Unsigned => unsigned::Unsigned,
    /// HTTP message signatures (RFC 9421).
    Rfc9421 => RFC9421,
    /// A digest of the body alone, which authenticates nothing (RFC 9530).
    ContentDigest => CONTENT_DIGEST,
}

impl Code {
    pub(crate) fn coverage(self) -> Coverage {
        self.procedure().coverage()
    }

    pub(crate) fn required_settings(self) -> &'static [Setting] {
        self.procedure().required_settings()
    }

    pub(crate) fn optional_settings(self) -> &'static [Setting] {
        self.procedure().optional_settings()
    }
}

#[cfg(feature = "http-signatures")]
mod content_digest;
#[cfg(not(feature = "http-signatures"))]
mod off;
#[cfg(feature = "http-signatures")]
mod rfc9421;
mod unsigned;

#[cfg(feature = "http-signatures")]
static RFC9421: rfc9421::Rfc9421 = rfc9421::Rfc9421;
#[cfg(not(feature = "http-signatures"))]
static RFC9421: off::Off = off::Off("http-signatures");
#[cfg(feature = "http-signatures")]
static CONTENT_DIGEST: content_digest::ContentDigest = content_digest::ContentDigest;
#[cfg(not(feature = "http-signatures"))]
static CONTENT_DIGEST: off::Off = off::Off("http-signatures");
