//! What a sender's JSON Web Token must say.

use super::{Algorithm, Coverage, Encoding, List, Text};
use crate::setting::Setting;

/// What a sender's JSON Web Token must say
/// ([RFC 7519](https://www.rfc-editor.org/rfc/rfc7519), read 2026-11-24).
///
/// Whatever a token says of its own key is not read but for the key's id, and no algorithm is
/// accepted that is not listed here.
#[derive(Clone, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
#[expect(clippy::exhaustive_structs, reason = "written as a literal by those who build schemes")]
pub struct JwtRules {
    /// Where the token is.
    pub place: TokenPlace,
    /// Whether the body is what is signed, and is left out of the token
    /// ([RFC 7515, appendix F](https://www.rfc-editor.org/rfc/rfc7515#appendix-F), read 2026-11-24).
    #[cfg_attr(feature = "serde", serde(default))]
    pub detached: bool,
    /// The algorithms that the sender signs with. No other is accepted, whatever the token says.
    pub algorithms: List<Algorithm>,
    /// Whether the token must name its key.
    #[cfg_attr(feature = "serde", serde(default))]
    pub names_key: bool,
    /// Whether keys are told only to those who log in, so that a request for one has no URL and only a
    /// [source](crate::RemoteKeySource) of the receiver's own can answer it.
    #[cfg_attr(feature = "serde", serde(default))]
    pub keys_need_login: bool,
    /// The claim that holds the [id](crate::Secret::id) of the secret, where a receiver may have several.
    #[cfg_attr(feature = "serde", serde(default))]
    pub secret_claim: Option<Text>,
    /// What claims must be. A claim that is not here is not looked at.
    #[cfg_attr(feature = "serde", serde(default))]
    pub claims: List<ClaimRule>,
    /// How long the token is valid.
    #[cfg_attr(feature = "serde", serde(default))]
    pub times: TokenTimes,
    /// The claim whose text is JSON, if ids and types are looked up in that.
    #[cfg_attr(feature = "serde", serde(default))]
    pub inside: Option<Text>,
}

/// Where a token is.
#[derive(Clone, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum TokenPlace {
    /// In a header.
    Header {
        /// The header's name.
        name: Text,
        /// The word in front of the token, such as `Bearer`, without regard to case. Empty if the
        /// token stands alone.
        prefix: Text,
    },
    /// The body is the token.
    Body {
        /// Whether white space around it is dropped.
        trim: bool,
    },
    /// At a JSON pointer of the body, where there is a text or an array of texts. Every one of them is
    /// a token that must be valid.
    BodyValue(Text),
}

/// What a claim of a token must be.
#[derive(Clone, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
#[expect(clippy::exhaustive_structs, reason = "written as a literal by those who build schemes")]
pub struct ClaimRule {
    /// Its name; of several, the first that the token has.
    pub names: List<Text>,
    /// What it must be.
    pub expected: ClaimValue,
}

/// What a claim must be. Where a text is wanted, the audience may be an array that holds it.
#[derive(Clone, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum ClaimValue {
    /// One of these texts.
    OneOf(List<Text>),
    /// The truth value `true`, not a text.
    True,
    /// A value of this setting, which must be given.
    Setting(Setting),
    /// A value of this setting, if it is given.
    SettingIfGiven(Setting),
    /// A value of [`Setting::Audience`] or, if that is not given, the URL that the sender calls.
    Endpoint,
    /// The SHA-256 of the body.
    BodySha256 {
        /// How it is written.
        encoding: Encoding,
        /// What the claim is if there is no body.
        empty: EmptyBody,
    },
    /// The SHA-256 of the URL that the sender calls. The verifier must be told
    /// [what that is](crate::VerifierBuilder::external_url).
    UrlSha256(Encoding),
}

/// What a claim with the body's digest is if the body is empty. A body that is not empty always needs
/// the claim.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum EmptyBody {
    /// The digest of nothing.
    Digested,
    /// Absent.
    Absent,
    /// Either.
    DigestedOrAbsent,
}

/// How long a token is valid. `exp` and `nbf` are observed wherever they are.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields, default))]
#[expect(clippy::exhaustive_structs, reason = "written as a literal by those who build schemes")]
pub struct TokenTimes {
    /// The claim that says when it was signed, which the token must have and which the
    /// [tolerance](super::Scheme::tolerance) is for.
    pub signed_at: Option<Text>,
    /// Whether it must say when it expires.
    pub expires: bool,
    /// How many seconds the receiver's clock may be off `exp` and `nbf`.
    pub leeway: u16,
}

impl JwtRules {
    /// What a token covers.
    pub(crate) fn coverage(&self) -> Coverage {
        let has =
            |wanted: fn(&ClaimValue) -> bool| self.claims.iter().any(|it| wanted(&it.expected));
        let is_body = matches!(self.place, TokenPlace::Body { .. });
        let digests = has(|it| matches!(it, ClaimValue::BodySha256 { .. }));
        Coverage {
            body: self.detached || is_body || digests,
            timestamp: self.times.signed_at.is_some(),
            url: self.signs_url(),
            ..Coverage::NOTHING
        }
    }

    /// Whether a claim is the digest of the URL.
    pub(crate) fn signs_url(&self) -> bool {
        self.claims.iter().any(|it| matches!(it.expected, ClaimValue::UrlSha256(_)))
    }

    /// Adds the settings that claims are held against, and that for keys.
    pub(crate) fn add_settings(&self, required: &mut Vec<Setting>, optional: &mut Vec<Setting>) {
        for rule in self.claims.iter() {
            match rule.expected {
                ClaimValue::Setting(setting) => required.push(setting),
                ClaimValue::SettingIfGiven(setting) => optional.push(setting),
                ClaimValue::Endpoint => optional.push(Setting::Audience),
                _ => {}
            }
        }
    }
}
