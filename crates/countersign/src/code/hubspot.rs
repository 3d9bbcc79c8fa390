//! HubSpot: three versions of signatures, of which the third has a time.
//!
//! <https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation>,
//! as of 2026-11-24, and @hubspot/api-client 13.5.0.

use std::borrow::Cow;

use super::tools;
use crate::check::Checked;
use crate::delivery::{Delivery, Head};
use crate::mac::Sha256Digest;
use crate::procedure::{KeyKind, Keys, Procedure, Setup};
use crate::rejection::{HeaderRole, Rejection};
use crate::scheme::{Algorithm, Coverage, Encoding};
use crate::time::{Timestamp, TimestampFormat};

const SIGNATURE_V3: &str = "x-hubspot-signature-v3";
const TIMESTAMP: &str = "x-hubspot-request-timestamp";
const SIGNATURE: &str = "x-hubspot-signature";
const VERSION: &str = "x-hubspot-signature-version";

/// Judges HubSpot's requests.
pub(crate) struct Hubspot {
    only_v3: bool,
}

/// By the version that they name; by the third if its header is there, whatever else is.
pub(crate) const ANY: Hubspot = Hubspot { only_v3: false };
/// By the third version.
pub(crate) const V3: Hubspot = Hubspot { only_v3: true };

/// A version of signatures.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Version {
    V1,
    V2,
    V3,
}

impl Version {
    const fn algorithm(self) -> Algorithm {
        match self {
            Self::V1 | Self::V2 => Algorithm::Sha256,
            Self::V3 => Algorithm::HmacSha256,
        }
    }

    const fn encoding(self) -> Encoding {
        match self {
            Self::V1 | Self::V2 => Encoding::Hex,
            Self::V3 => Encoding::Base64,
        }
    }

    const fn coverage(self) -> Coverage {
        match self {
            Self::V1 => Coverage::BODY,
            Self::V2 => Coverage::BODY.with_method().with_url(),
            Self::V3 => Coverage::BODY.with_method().with_url().with_timestamp(),
        }
    }
}

impl Hubspot {
    /// The version of a delivery, and its signature.
    fn read<'d>(&self, head: &Head<'d>) -> Result<(Version, &'d [u8]), Rejection> {
        let role = HeaderRole::Signature;
        // A bad signature of the third version must not be made up for by a good one of the first, which
        // can be extended without the secret.
        if let Some(signature) = tools::optional(head, SIGNATURE_V3, role)? {
            return Ok((Version::V3, signature));
        }
        if self.only_v3 {
            return Err(Rejection::MissingHeader(role));
        }
        let signature = tools::required(head, SIGNATURE, role)?;
        match tools::required(head, VERSION, HeaderRole::Required)? {
            b"v1" => Ok((Version::V1, signature)),
            b"v2" => Ok((Version::V2, signature)),
            _ => Err(Rejection::WrongHeader(HeaderRole::Required)),
        }
    }
}

impl Procedure for Hubspot {
    fn coverage(&self) -> Coverage {
        if self.only_v3 { Version::V3.coverage() } else { Version::V1.coverage() }
    }

    fn needs_external_url(&self) -> bool {
        true
    }

    fn key_kind(&self) -> KeyKind {
        KeyKind::Secrets
    }

    fn precheck(&self, _: &Setup, head: &Head<'_>, _: Timestamp) -> Result<(), Rejection> {
        let (version, signature) = self.read(head)?;
        if version == Version::V3 {
            tools::required(head, TIMESTAMP, HeaderRole::Timestamp)?;
        }
        tools::check_form(version.algorithm(), version.encoding(), signature)
    }

    fn check(
        &self,
        setup: &Setup,
        delivery: &Delivery<'_>,
        _: &Keys<'_>,
        _: Timestamp,
    ) -> Result<Checked, Rejection> {
        let head = delivery.head();
        let (version, signature) = self.read(head)?;
        let url = match version {
            Version::V1 => Cow::Borrowed(""),
            Version::V2 => tools::external_url(setup)?.of(head)?,
            Version::V3 => Cow::Owned(decoded(&tools::external_url(setup)?.of(head)?)),
        };
        let timestamp = match version {
            Version::V1 | Version::V2 => None,
            Version::V3 => Some(tools::required(head, TIMESTAMP, HeaderRole::Timestamp)?),
        };
        let signed_at = match timestamp.map(|text| TimestampFormat::Milliseconds.parse(text)) {
            Some(None) => return Err(Rejection::MalformedTimestamp),
            Some(Some(told)) => told.time(),
            None => None,
        };
        for secret in &setup.secrets {
            let key = &secret.material.key;
            let made =
                tools::made(version.algorithm(), key, version.encoding(), signature, |sink| {
                    if version != Version::V3 {
                        sink(key);
                    }
                    if version != Version::V1 {
                        sink(head.method().as_bytes());
                        sink(url.as_bytes());
                    }
                    sink(delivery.body());
                    sink(timestamp.unwrap_or_default());
                })?;
            if made {
                let mut checked = Checked::new(secret.label.clone(), version.coverage());
                checked.signed_at = signed_at;
                return Ok(checked);
            }
        }
        Err(Rejection::BadSignature)
    }

    fn content_digest(&self, setup: &Setup, delivery: &Delivery<'_>) -> Option<[u8; 32]> {
        let head = delivery.head();
        let mut digest = Sha256Digest::new();
        // The body is what all versions sign: a delivery that is judged by another version, because a
        // header was taken away, is the same event. Requests without a body differ in their URLs alone.
        if delivery.body().is_empty() && self.read(head).ok()?.0 != Version::V1 {
            let url = tools::external_url(setup).ok()?.of(head).ok()?;
            digest.update(head.method().as_bytes());
            digest.update(decoded(&url).as_bytes());
        }
        digest.update(delivery.body());
        Some(digest.finish())
    }
}

/// The URL as the third version signs it: with these characters, and no others, decoded.
fn decoded(url: &str) -> String {
    let mut decoded = String::with_capacity(url.len());
    let mut rest = url;
    while let Some((front, back)) = rest.split_once('%') {
        decoded.push_str(front);
        let escape = back.get(..2).map(str::to_ascii_uppercase);
        let character = match escape.as_deref() {
            Some("3A") => Some(':'),
            Some("2F") => Some('/'),
            Some("3F") => Some('?'),
            Some("40") => Some('@'),
            Some("21") => Some('!'),
            Some("24") => Some('$'),
            Some("27") => Some('\''),
            Some("28") => Some('('),
            Some("29") => Some(')'),
            Some("2A") => Some('*'),
            Some("2C") => Some(','),
            Some("3B") => Some(';'),
            _ => None,
        };
        decoded.push(character.unwrap_or('%'));
        rest = if character.is_some() { back.get(2..).unwrap_or_default() } else { back };
    }
    decoded.push_str(rest);
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_characters_of_a_url_are_decoded_once() {
        assert_eq!(decoded("https://a/b"), "https://a/b");
        assert_eq!(
            decoded("/%3A%2F%3F%40%21%24%27%28%29%2A%2C%3B?%3a%2f%3f%2a%2c%3b"),
            "/:/?@!$'()*,;?:/?*,;"
        );
        assert_eq!(decoded("/%20%26%3D%25%2B%C3%A9"), "/%20%26%3D%25%2B%C3%A9");
        assert_eq!(decoded("%252F%%2F%2%"), "%252F%/%2%");
        assert_eq!(decoded("%\u{e9}%3"), "%\u{e9}%3");
    }
}
