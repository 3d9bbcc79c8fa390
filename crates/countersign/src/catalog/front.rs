//! Front (application webhooks): HMAC-SHA256 over `{timestamp}:{body}`.
//!
//! Page: <https://dev.frontapp.com/docs/application-webhooks>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs); third-party declarative scheme registry (states doc-verified
//! 2026-07-01).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Echo, Encoding, Handshake, Lookup, Part, Place,
    Procedure, Reply, Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
    TimestampPlace, TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Front (application webhooks).
///
/// - Delivery id (body:/payload/id) is unverified.
/// - No window is documented; the tolerance is assumed.
pub const FRONT: Scheme = Scheme {
    id: text("front"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Timestamp, Part::Literal(text(":")), Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Front-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Header(names!["X-Front-Request-Timestamp"]),
        format: TimestampFormat::Milliseconds,
    }),
    tolerance: Tolerance::symmetric(300),
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/payload/id"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/type"))]),
    batch: None,
    max_body: None,
    retry_horizon: None,
    reply: Reply {
        success: statuses![],
        refused: 401,
        never: statuses![],
        retried: statuses![408, 429, 500],
        empty_body: false,
    },
    remote_keys: None,
    handshake: Some(Handshake::EchoHeader {
        header: text("X-Front-Challenge"),
        reply: Echo::Json(text("challenge")),
        signed: true,
    }),
    about: About {
        name: text("Front (application webhooks)"),
        category: text("support"),
        page: text("https://dev.frontapp.com/docs/application-webhooks"),
        confidence: Confidence::Secondary,
        deadline: Some(10),
        retries: text("up to 3x on 408/429/500/timeout"),
        traps: names![
            "Delivery id (body:/payload/id) is unverified.",
            "No window is documented; the tolerance is assumed."
        ],
        variant_of: None,
    },
};
