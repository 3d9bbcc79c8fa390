//! Zoom: HMAC-SHA256 over `v0:{timestamp}:{body}`.
//!
//! Page: <https://developers.zoom.us/docs/api/webhooks/#verify-webhook-events>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs); third-party declarative scheme registry (states doc-verified
//! 2026-07-01); ten independent implementations.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Handshake, Lookup, Part, Place, Procedure,
    Reply, Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax, TimestampPlace,
    TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Zoom.
///
/// - Slack's scheme under other names.
/// - endpoint.url\_validation needs a computed answer and recurs (every 72 h, third-party).
/// - Docs state no tolerance; common samples use 5 minutes.
/// - Delivery id (none (header x-zm-trackingid, unverified)) is unverified.
/// - No window is documented; the tolerance is assumed.
pub const ZOOM: Scheme = Scheme {
    id: text("zoom"),
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
        headers: SignatureHeaders::First(names!["x-zm-signature"]),
        syntax: Syntax::Prefixed(text("v0=")),
        encoding: Encoding::Hex,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Header(names!["x-zm-request-timestamp"]),
        format: TimestampFormat::Seconds,
    }),
    tolerance: Tolerance::symmetric(300),
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/event"))]),
    batch: None,
    max_body: None,
    retry_horizon: Some(7_500),
    reply: Reply {
        success: statuses![200, 204],
        refused: 401,
        never: statuses![],
        retried: statuses![500, 503],
        empty_body: false,
    },
    remote_keys: None,
    handshake: Some(Handshake::Zoom),
    about: About {
        name: text("Zoom"),
        category: text("messaging"),
        page: text("https://developers.zoom.us/docs/api/webhooks/#verify-webhook-events"),
        confidence: Confidence::Secondary,
        deadline: Some(3),
        retries: text("3 retries: 5, 30, 90 min on 5xx and connection errors (unverified)"),
        traps: names![
            "Slack's scheme under other names.",
            "endpoint.url_validation needs a computed answer and recurs (every 72 h, third-party).",
            "Docs state no tolerance; common samples use 5 minutes.",
            "Delivery id (none (header x-zm-trackingid, unverified)) is unverified.",
            "No window is documented; the tolerance is assumed."
        ],
        variant_of: None,
    },
};
