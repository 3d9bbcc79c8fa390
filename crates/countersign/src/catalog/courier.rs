//! Courier: HMAC-SHA256 over `{timestamp}.{body}`.
//!
//! Page: <https://www.courier.com/docs/platform/workspaces/outbound-webhooks>, as of 2026-11-24.
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

/// Courier.
///
/// - No window is documented, so the age of the timestamp is not judged unless a tolerance is
///   set.
pub const COURIER: Scheme = Scheme {
    id: text("courier"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Timestamp, Part::Literal(text(".")), Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["courier-signature"]),
        syntax: Syntax::Pairs(Pairs {
            separator: Separator::Comma,
            assign: Separator::Equals,
            key: text("signature"),
            once: false,
            trim: false,
        }),
        encoding: Encoding::Hex,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Field(text("t")),
        format: TimestampFormat::Milliseconds,
    }),
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
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
        name: text("Courier"),
        category: text("messaging"),
        page: text("https://www.courier.com/docs/platform/workspaces/outbound-webhooks"),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text(""),
        traps: names![
            "No window is documented, so the age of the timestamp is not judged unless a tolerance is set."
        ],
        variant_of: None,
    },
};
