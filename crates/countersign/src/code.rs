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
    /// Atlassian Connect: a token that signs method and URL (feature `jwt`).
    AtlassianConnect => atlassian_connect::AtlassianConnect,
    /// TrueLayer: a detached token over method, path, listed headers and body (feature `jwt`).
    #[cfg_attr(feature = "serde", serde(rename = "truelayer"))]
    TrueLayer => truelayer::TrueLayer,
    /// Nothing is signed, and nothing is accepted: what the delivery names must be asked for at the
    /// sender.
    Unsigned => unsigned::Unsigned,
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

/// What Atlassian Connect's token covers.
const ATLASSIAN_CONNECT: Coverage = Coverage::NOTHING.with_method().with_url().with_timestamp();

/// What TrueLayer's token covers; of the URL, only the path.
const TRUELAYER: Coverage = Coverage::BODY.with_method().with_timestamp();

#[cfg(feature = "jwt")]
mod atlassian_connect;
#[cfg(not(feature = "jwt"))]
mod off;
#[cfg(feature = "jwt")]
mod truelayer;
mod unsigned;

#[cfg(not(feature = "jwt"))]
mod atlassian_connect {
    use super::off::Off;
    use crate::procedure::KeyKind;

    #[expect(non_upper_case_globals, reason = "it stands for the procedure of this name")]
    pub(crate) const AtlassianConnect: Off =
        Off { feature: "jwt", kind: KeyKind::Secrets, coverage: super::ATLASSIAN_CONNECT };
}

#[cfg(not(feature = "jwt"))]
mod truelayer {
    use super::off::Off;
    use crate::procedure::KeyKind;

    #[expect(non_upper_case_globals, reason = "it stands for the procedure of this name")]
    pub(crate) const TrueLayer: Off =
        Off { feature: "jwt", kind: KeyKind::PublicKeys, coverage: super::TRUELAYER };
}
