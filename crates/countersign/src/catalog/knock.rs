//! Knock: HMAC-SHA256 over `{timestamp}.{body}`.
//!
//! Page: <https://docs.knock.app/developer-tools/outbound-webhooks/overview>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Pairs, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Separator, Signature, SignatureHeaders, Syntax,
    TimestampPlace, TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Knock.
///
/// - base64 with = padding inside a k=v list: split at the FIRST =.
/// - Milliseconds.
pub const KNOCK: Scheme = Scheme {
    id: text("knock"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Timestamp, Part::Literal(text(".")), Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["x-knock-signature"]),
        syntax: Syntax::Pairs(Pairs {
            separator: Separator::Comma,
            assign: Separator::Equals,
            key: text("s"),
            once: false,
            trim: false,
        }),
        encoding: Encoding::Base64,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Field(text("t")),
        format: TimestampFormat::Milliseconds,
    }),
    tolerance: Tolerance::symmetric(300),
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/id"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/type"))]),
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
        name: text("Knock"),
        category: text("messaging"),
        page: text("https://docs.knock.app/developer-tools/outbound-webhooks/overview"),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text("up to 8"),
        traps: names![
            "base64 with = padding inside a k=v list: split at the FIRST =.",
            "Milliseconds."
        ],
        variant_of: None,
    },
};
