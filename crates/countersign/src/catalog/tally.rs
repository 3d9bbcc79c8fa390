//! Tally: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://tally.so/help/webhooks>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Tally.
///
/// - Unsigned when no secret is set.
/// - Official sample signs JSON.stringify(payload).
pub const TALLY: Scheme = Scheme {
    id: text("tally"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Tally-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/eventId"))]),
    event_id: Lookup::First(places![Place::Body(text("/eventId"))]),
    event_type: Lookup::First(places![Place::Body(text("/eventType"))]),
    batch: None,
    max_body: None,
    retry_horizon: Some(113_700),
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
        name: text("Tally"),
        category: text("forms"),
        page: text("https://tally.so/help/webhooks"),
        confidence: Confidence::Secondary,
        deadline: Some(10),
        retries: text("5m, 30m, 1h, 6h, 1d"),
        traps: names![
            "Unsigned when no secret is set.",
            "Official sample signs JSON.stringify(payload)."
        ],
        variant_of: None,
    },
};
