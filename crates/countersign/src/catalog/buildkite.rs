//! Buildkite: HMAC-SHA256 over `{timestamp}.{body}`.
//!
//! Page: <https://buildkite.com/docs/apis/webhooks/pipelines#webhook-signature>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: official docs page text (read).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Pairs, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Separator, Signature, SignatureHeaders, Syntax,
    TimestampPlace, TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Buildkite.
///
/// - Long key names.
/// - No delivery id: dedupe on build id + event + state.
/// - Docs text says the raw body is signed, its sample signs timestamp.body: the sample is
///   right.
pub const BUILDKITE: Scheme = Scheme {
    id: text("buildkite"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Timestamp, Part::Literal(text(".")), Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Buildkite-Signature"]),
        syntax: Syntax::Pairs(Pairs {
            separator: Separator::Comma,
            assign: Separator::Equals,
            key: text("signature"),
            once: true,
            trim: false,
        }),
        encoding: Encoding::Hex,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Field(text("timestamp")),
        format: TimestampFormat::Seconds,
    }),
    tolerance: Tolerance::symmetric(300),
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Header(text("X-Buildkite-Event"))]),
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
        name: text("Buildkite"),
        category: text("dev-tools"),
        page: text("https://buildkite.com/docs/apis/webhooks/pipelines#webhook-signature"),
        confidence: Confidence::DocsVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "Long key names.",
            "No delivery id: dedupe on build id + event + state.",
            "Docs text says the raw body is signed, its sample signs timestamp.body: the sample is right."
        ],
        variant_of: None,
    },
};
