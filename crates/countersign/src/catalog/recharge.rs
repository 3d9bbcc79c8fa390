//! Recharge: HMAC-SHA256 over `{timestamp}.{body}`.
//!
//! Page: <https://docs.getrecharge.com/docs/webhooks-overview#validating-webhooks>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs).

use super::{names, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Pairs, Part, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Separator, Signature, SignatureHeaders, Syntax,
    TimestampPlace, TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Recharge.
///
/// - 48-hour tolerance.
/// - Key is the API client secret, not the API token.
pub const RECHARGE: Scheme = Scheme {
    id: text("recharge"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Timestamp, Part::Literal(text(".")), Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Recharge-Webhook-Signature"]),
        syntax: Syntax::Pairs(Pairs {
            separator: Separator::Comma,
            assign: Separator::Equals,
            key: text("v1"),
            once: false,
            trim: false,
        }),
        encoding: Encoding::Hex,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Field(text("t")),
        format: TimestampFormat::Seconds,
    }),
    tolerance: Tolerance::symmetric(172800),
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::Absent,
    batch: None,
    max_body: None,
    retry_horizon: Some(172_800),
    reply: Reply {
        success: statuses![200],
        refused: 401,
        never: statuses![],
        retried: statuses![408, 429, 500, 503],
        empty_body: false,
    },
    remote_keys: None,
    handshake: None,
    about: About {
        name: text("Recharge"),
        category: text("payments"),
        page: text("https://docs.getrecharge.com/docs/webhooks-overview#validating-webhooks"),
        confidence: Confidence::Secondary,
        deadline: Some(5),
        retries: text(
            "no answer, 408, 429 or 5xx: 20 tries over 48 h, then the subscription is DELETED",
        ),
        traps: names!["48-hour tolerance.", "Key is the API client secret, not the API token."],
        variant_of: None,
    },
};
