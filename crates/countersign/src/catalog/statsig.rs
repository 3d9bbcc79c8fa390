//! Statsig: HMAC-SHA256 over `v0:{timestamp}:{body}`.
//!
//! Page: <https://docs.statsig.com/integrations/event_webhook#webhook-signature>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs).

use super::{names, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, Batch, BodyForm, Confidence, Encoding, Lookup, Part, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax, TimestampPlace,
    TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Statsig.
///
/// - Slack scheme with MILLISECONDS.
/// - No window is documented, so the age of the timestamp is not judged unless a tolerance is
///   set.
pub const STATSIG: Scheme = Scheme {
    id: text("statsig"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![
        Part::Literal(text("v0:")),
        Part::Timestamp,
        Part::Literal(text(":")),
        Part::Body
    ],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Statsig-Signature"]),
        syntax: Syntax::Prefixed(text("v0=")),
        encoding: Encoding::Hex,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Header(names!["X-Statsig-Request-Timestamp"]),
        format: TimestampFormat::Milliseconds,
    }),
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::Absent,
    batch: Some(Batch { items: text(""), id: names![], event_type: names![] }),
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
        name: text("Statsig"),
        category: text("data"),
        page: text("https://docs.statsig.com/integrations/event_webhook#webhook-signature"),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text(""),
        traps: names![
            "Slack scheme with MILLISECONDS.",
            "No window is documented, so the age of the timestamp is not judged unless a tolerance is set."
        ],
        variant_of: None,
    },
};
