//! Affirm: HMAC-SHA512 over `{timestamp}.{body}`.
//!
//! Page: <https://docs.affirm.com/developers/docs/webhooks>, as of 2026-11-24.
//!
//! Confidence: unverified. Checked against: third-party declarative scheme registry (states
//! doc-verified 2026-07-01).

use super::{names, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Pairs, Part, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Separator, Signature, SignatureHeaders, Syntax,
    TimestampPlace, TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Affirm.
///
/// - No window is documented; the tolerance is assumed.
pub const AFFIRM: Scheme = Scheme {
    id: text("affirm"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha512,
    signed: signed![Part::Timestamp, Part::Literal(text(".")), Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Affirm-Signature"]),
        syntax: Syntax::Pairs(Pairs {
            separator: Separator::Comma,
            assign: Separator::Equals,
            key: text("v0"),
            once: false,
            trim: false,
        }),
        encoding: Encoding::Hex,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Field(text("t")),
        format: TimestampFormat::Seconds,
    }),
    tolerance: Tolerance::symmetric(300),
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::Absent,
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
        name: text("Affirm"),
        category: text("payments"),
        page: text("https://docs.affirm.com/developers/docs/webhooks"),
        confidence: Confidence::Unverified,
        deadline: None,
        retries: text(""),
        traps: names!["No window is documented; the tolerance is assumed."],
        variant_of: None,
    },
};
