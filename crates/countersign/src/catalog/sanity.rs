//! Sanity: HMAC-SHA256 over `{timestamp}.{body}`.
//!
//! Page: <https://www.sanity.io/docs/webhooks>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: @sanity/webhook npm + repository test vectors.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Pairs, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Separator, Signature, SignatureHeaders, Syntax,
    TimestampPlace, TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Sanity.
///
/// - base64url WITHOUT padding.
/// - Library enforces no age but refuses t before 2021-01-01 in ms and an empty body.
/// - Header regex accepts ', ' or space as separator.
/// - Comparison is of the whole header text, so an extra entry fails.
/// - Event type (none fixed (GROQ); header:sanity-operation) is unverified.
/// - No window is documented, so the age of the timestamp is not judged unless a tolerance is
///   set.
pub const SANITY: Scheme = Scheme {
    id: text("sanity"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Timestamp, Part::Literal(text(".")), Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["sanity-webhook-signature"]),
        syntax: Syntax::Pairs(Pairs {
            separator: Separator::Comma,
            assign: Separator::Equals,
            key: text("v1"),
            once: true,
            trim: true,
        }),
        encoding: Encoding::Base64Url,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Field(text("t")),
        format: TimestampFormat::Milliseconds,
    }),
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Header(text("idempotency-key"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::Absent,
    batch: None,
    max_body: None,
    retry_horizon: Some(3_600),
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
        name: text("Sanity"),
        category: text("cms"),
        page: text("https://www.sanity.io/docs/webhooks"),
        confidence: Confidence::SdkVerified,
        deadline: Some(30),
        retries: text("2 retries 30 s apart per digest; docs elsewhere say 30 min back-off"),
        traps: names![
            "base64url WITHOUT padding.",
            "Library enforces no age but refuses t before 2021-01-01 in ms and an empty body.",
            "Header regex accepts ', ' or space as separator.",
            "Comparison is of the whole header text, so an extra entry fails.",
            "Event type (none fixed (GROQ); header:sanity-operation) is unverified.",
            "No window is documented, so the age of the timestamp is not judged unless a tolerance is set."
        ],
        variant_of: None,
    },
};
