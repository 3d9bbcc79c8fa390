//! Calendly: HMAC-SHA256 over `{timestamp}.{body}`.
//!
//! Page: <https://developer.calendly.com/api-docs/4c305798a61d3-webhook-signatures>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs); third-party declarative scheme registry (states doc-verified
//! 2026-07-01); Calendly staff reply on community.calendly.com (read).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Pairs, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Separator, Signature, SignatureHeaders, Syntax,
    TimestampPlace, TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Calendly.
///
/// - Sample code in the docs uses a three-minute tolerance.
/// - The deadline is from memory of the documentation.
pub const CALENDLY: Scheme = Scheme {
    id: text("calendly"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Timestamp, Part::Literal(text(".")), Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Calendly-Webhook-Signature"]),
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
    tolerance: Tolerance::symmetric(180),
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/event"))]),
    batch: None,
    max_body: None,
    retry_horizon: Some(86_400),
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
        name: text("Calendly"),
        category: text("scheduling"),
        page: text("https://developer.calendly.com/api-docs/4c305798a61d3-webhook-signatures"),
        confidence: Confidence::Secondary,
        deadline: Some(10),
        retries: text("24 h with exponential back-off, then disabled (unverified)"),
        traps: names![
            "Sample code in the docs uses a three-minute tolerance.",
            "The deadline is from memory of the documentation."
        ],
        variant_of: None,
    },
};
