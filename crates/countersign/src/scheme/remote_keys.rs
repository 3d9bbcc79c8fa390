//! Where senders publish their public keys.

use super::Text;

/// Where a sender publishes its public keys.
#[derive(Clone, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
#[expect(clippy::exhaustive_structs, reason = "written as a literal by those who build schemes")]
pub struct RemoteKeys {
    /// The document's URL: `https`, on the default port. Empty if each receiver has its own, given as
    /// [`Setting::KeysUrl`](crate::Setting::KeysUrl), or if a procedure makes it up.
    pub url: Text,
    /// How keys are written in the document.
    pub form: KeyForm,
}

/// How a document holds public keys.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum KeyForm {
    /// A JSON Web Key Set ([RFC 7517](https://www.rfc-editor.org/rfc/rfc7517), read 2026-11-24), or a
    /// single key.
    Jwks,
    /// One public key in PEM.
    Pem,
    /// Certificates in PEM, the signer's first (feature `x509`).
    Certificates,
    /// JSON with keys in PEM.
    Json {
        /// The JSON pointer of an array of keys; `None` if there is one key.
        items: Option<Text>,
        /// The JSON pointer of a key's id, within an item.
        id: Option<Text>,
        /// The JSON pointer of the key in PEM, within an item or the document.
        key: Text,
        /// Whether a key's id is the SHA-256 of its text in hexadecimal. A key of which that is not true
        /// is not used.
        #[cfg_attr(feature = "serde", serde(default))]
        id_is_digest: bool,
    },
}
