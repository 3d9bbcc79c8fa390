//! Cloudinary: plain SHA-1 over `{body}{timestamp}{secret}`.
//!
//! Page: <https://cloudinary.com/documentation/notification_signatures>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: cloudinary npm.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax, TimestampPlace,
    TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Cloudinary.
///
/// - Plain SHA-1 with the secret as SUFFIX (no HMAC); sha256 if the account opted in.
/// - 2-hour validity by default.
/// - The sender's SDK accepts any future timestamp; here the window is symmetric.
pub const CLOUDINARY: Scheme = Scheme {
    id: text("cloudinary"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::Sha1,
    signed: signed![Part::Body, Part::Timestamp, Part::Secret],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Cld-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Header(names!["X-Cld-Timestamp"]),
        format: TimestampFormat::Seconds,
    }),
    tolerance: Tolerance::symmetric(7200),
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/notification_type"))]),
    batch: None,
    max_body: None,
    retry_horizon: None,
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
        name: text("Cloudinary"),
        category: text("cms"),
        page: text("https://cloudinary.com/documentation/notification_signatures"),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "Plain SHA-1 with the secret as SUFFIX (no HMAC); sha256 if the account opted in.",
            "2-hour validity by default.",
            "The sender's SDK accepts any future timestamp; here the window is symmetric."
        ],
        variant_of: None,
    },
};
