//! Box: HMAC-SHA256 over `{body}{timestamp}`.
//!
//! Page: <https://developer.box.com/guides/webhooks/v2/signatures-v2/>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: box-node-sdk npm; boxsdk/box\_sdk\_gen PyPI +
//! repository test vectors.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax, TimestampPlace,
    TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Box.
///
/// - Two keys: primary key signs the primary header, secondary the secondary header; either
///   suffices.
/// - BODY COMES FIRST, then the timestamp text.
/// - Historic quirk: the signature may cover the body with non-ASCII characters written as
///   \uXXXX (UTF-16 units, lowercase hex) although raw UTF-8 arrives; SDK tries raw, then
///   escaped.
/// - The deadline is from memory of the documentation.
pub const BOX: Scheme = Scheme {
    id: text("box"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body, Part::Timestamp],
    body: BodyForm::RawOrEscaped,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::Two {
            first: text("BOX-SIGNATURE-PRIMARY"),
            second: text("BOX-SIGNATURE-SECONDARY"),
            paired: true,
        },
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Header(names!["BOX-DELIVERY-TIMESTAMP"]),
        format: TimestampFormat::Rfc3339,
    }),
    tolerance: Tolerance::new(600, 0),
    required_headers: required!["BOX-SIGNATURE-VERSION": "1", "BOX-SIGNATURE-ALGORITHM": "HmacSHA256"],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Header(text("BOX-DELIVERY-ID"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/trigger"))]),
    batch: None,
    max_body: None,
    retry_horizon: Some(7_200),
    reply: Reply {
        success: statuses![],
        refused: 401,
        never: statuses![],
        retried: statuses![],
        empty_body: false,
    },
    remote_keys: None,
    handshake: None,
    about: About {
        name: text("Box"),
        category: text("documents"),
        page: text("https://developer.box.com/guides/webhooks/v2/signatures-v2/"),
        confidence: Confidence::SdkVerified,
        deadline: Some(30),
        retries: text("up to 10 retries with exponential back-off over about 1-2 h (unverified)"),
        traps: names![
            "Two keys: primary key signs the primary header, secondary the secondary header; either suffices.",
            "BODY COMES FIRST, then the timestamp text.",
            "Historic quirk: the signature may cover the body with non-ASCII characters written as \\uXXXX (UTF-16 units, lowercase hex) although raw UTF-8 arrives; SDK tries raw, then escaped.",
            "The deadline is from memory of the documentation."
        ],
        variant_of: None,
    },
};
