//! Sinch Conversation API: HMAC-SHA256 over `{body}.{header:x-sinch-webhook-signature-nonce}.{timestamp}`.
//!
//! Page: <https://developers.sinch.com/docs/conversation/callbacks>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: third-party declarative scheme registry (states
//! doc-verified 2026-07-01).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax, TimestampPlace,
    TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Sinch Conversation API.
///
/// - Body first, then nonce, then timestamp.
/// - No window is documented; the tolerance is assumed.
pub const SINCH: Scheme = Scheme {
    id: text("sinch"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![
        Part::Body,
        Part::Literal(text(".")),
        Part::Nonce(text("x-sinch-webhook-signature-nonce")),
        Part::Literal(text(".")),
        Part::Timestamp
    ],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["x-sinch-webhook-signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Header(names!["x-sinch-webhook-signature-timestamp"]),
        format: TimestampFormat::Seconds,
    }),
    tolerance: Tolerance::symmetric(300),
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Header(text("x-sinch-webhook-signature-nonce"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::Absent,
    batch: None,
    max_body: None,
    retry_horizon: Some(81_920),
    reply: Reply {
        success: statuses![],
        refused: 401,
        never: statuses![],
        retried: statuses![429, 500, 503],
        empty_body: false,
    },
    remote_keys: None,
    handshake: None,
    about: About {
        name: text("Sinch Conversation API"),
        category: text("messaging"),
        page: text("https://developers.sinch.com/docs/conversation/callbacks"),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text(""),
        traps: names![
            "Body first, then nonce, then timestamp.",
            "No window is documented; the tolerance is assumed."
        ],
        variant_of: None,
    },
};
