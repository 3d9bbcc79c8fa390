//! How senders make sure that an endpoint is the receiver's.

/// How a sender makes sure that the endpoint is the receiver's, before or while it delivers.
#[derive(Clone, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Handshake {}
