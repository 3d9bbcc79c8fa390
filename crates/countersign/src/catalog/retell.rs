//! Retell AI: HMAC-SHA256 over `{body}{timestamp}`.
//!
//! Page: <https://docs.retellai.com/features/secure-webhook>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: retell-sdk npm.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Pairs, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Separator, Signature, SignatureHeaders, Syntax,
    TimestampPlace, TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Retell AI.
///
/// - v= is the TIMESTAMP and d= the digest.
/// - Key is an API key.
pub const RETELL: Scheme = Scheme {
    id: text("retell"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body, Part::Timestamp],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Retell-Signature"]),
        syntax: Syntax::Pairs(Pairs {
            separator: Separator::Comma,
            assign: Separator::Equals,
            key: text("d"),
            once: true,
            trim: false,
        }),
        encoding: Encoding::Hex,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Field(text("v")),
        format: TimestampFormat::Milliseconds,
    }),
    tolerance: Tolerance::symmetric(300),
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Joined(places![
        Place::Body(text("/event")),
        Place::Body(text("/call/call_id"))
    ]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/event"))]),
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
        name: text("Retell AI"),
        category: text("ai"),
        page: text("https://docs.retellai.com/features/secure-webhook"),
        confidence: Confidence::SdkVerified,
        deadline: Some(10),
        retries: text("up to 3"),
        traps: names!["v= is the TIMESTAMP and d= the digest.", "Key is an API key."],
        variant_of: None,
    },
};
