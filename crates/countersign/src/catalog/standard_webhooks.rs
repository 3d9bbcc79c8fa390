//! Standard Webhooks (symmetric v1): HMAC-SHA256 over `{id}.{timestamp}.{body}`.
//!
//! Page: <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: standardwebhooks npm; standardwebhooks PyPI;
//! repository Go test vector.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Pairs, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Separator, Signature, SignatureHeaders, Syntax,
    TimestampPlace, TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Standard Webhooks (symmetric v1).
///
/// - Secret: whsec\_ + base64 of 24-64 random bytes; the prefix is optional when parsing.
/// - Ignore v1a (ed25519) and unknown versions.
/// - Header list is SPACE separated, each entry version,signature.
pub const STANDARD_WEBHOOKS: Scheme = Scheme {
    id: text("standard-webhooks"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![
        Part::DeliveryId,
        Part::Literal(text(".")),
        Part::Timestamp,
        Part::Literal(text(".")),
        Part::Body
    ],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Whsec, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["webhook-signature"]),
        syntax: Syntax::Pairs(Pairs {
            separator: Separator::Space,
            assign: Separator::Comma,
            key: text("v1"),
            once: false,
            trim: false,
        }),
        encoding: Encoding::Base64,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Header(names!["webhook-timestamp"]),
        format: TimestampFormat::Seconds,
    }),
    tolerance: Tolerance::symmetric(300),
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Header(text("webhook-id"))]),
    event_id: Lookup::First(places![Place::Header(text("webhook-id"))]),
    event_type: Lookup::First(places![Place::Body(text("/type"))]),
    batch: None,
    max_body: None,
    retry_horizon: Some(273_600),
    reply: Reply {
        success: statuses![],
        refused: 401,
        never: statuses![410, 429, 502, 504],
        retried: statuses![],
        empty_body: false,
    },
    remote_keys: None,
    handshake: None,
    about: About {
        name: text("Standard Webhooks (symmetric v1)"),
        category: text("standard"),
        page: text(
            "https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md",
        ),
        confidence: Confidence::SdkVerified,
        deadline: Some(15),
        retries: text(
            "spec recommends several days with exponential back-off and jitter; 410 disables; 429/502/504 throttle",
        ),
        traps: names![
            "Secret: whsec_ + base64 of 24-64 random bytes; the prefix is optional when parsing.",
            "Ignore v1a (ed25519) and unknown versions.",
            "Header list is SPACE separated, each entry version,signature."
        ],
        variant_of: None,
    },
};
