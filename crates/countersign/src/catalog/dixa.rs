//! Dixa: HMAC-SHA256 over `{timestamp}.{body}`.
//!
//! Page: <https://docs.dixa.io/docs/webhooks/webhooks-security>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: official docs page (read).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Pairs, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Separator, Signature, SignatureHeaders, Syntax,
    TimestampPlace, TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Dixa.
///
/// - Hex-decoded key and millisecond t.
/// - Delivery id (body:/event\_id) is unverified.
/// - Event type (body:/event\_fqn) is unverified.
/// - No window is documented, so the age of the timestamp is not judged unless a tolerance is
///   set.
pub const DIXA: Scheme = Scheme {
    id: text("dixa"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Timestamp, Part::Literal(text(".")), Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Hex, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-DIXA-SIGNATURE"]),
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
        format: TimestampFormat::Milliseconds,
    }),
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/event_id"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/event_fqn"))]),
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
        name: text("Dixa"),
        category: text("support"),
        page: text("https://docs.dixa.io/docs/webhooks/webhooks-security"),
        confidence: Confidence::DocsVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "Hex-decoded key and millisecond t.",
            "Delivery id (body:/event_id) is unverified.",
            "Event type (body:/event_fqn) is unverified.",
            "No window is documented, so the age of the timestamp is not judged unless a tolerance is set."
        ],
        variant_of: None,
    },
};
