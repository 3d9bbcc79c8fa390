//! What a sender's JSON Web Token must say.

use super::{Algorithm, Coverage, List, Text};

/// What a sender's JSON Web Token must say.
#[derive(Clone, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
#[expect(clippy::exhaustive_structs, reason = "written as a literal by those who build schemes")]
pub struct JwtRules {
    /// The header that holds the token.
    pub header: Text,
    /// The algorithms that the sender signs with. No other is accepted, whatever the token says.
    pub algorithms: List<Algorithm>,
}

impl JwtRules {
    /// What a token covers.
    pub(crate) fn coverage(&self) -> Coverage {
        Coverage::NOTHING
    }
}
