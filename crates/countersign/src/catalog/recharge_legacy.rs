//! Recharge (legacy header): plain SHA-256 over `{secret}{body}`.
//!
//! Page: <https://docs.getrecharge.com/docs/webhooks-overview#validating-webhooks>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs).

use super::{names, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Procedure, Reply, Scheme,
    SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Recharge (legacy header).
///
/// - Named Hmac but is a plain SHA-256 of secret followed by body.
pub const RECHARGE_LEGACY: Scheme = Scheme {
    id: text("recharge-legacy"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::Sha256,
    signed: signed![Part::Secret, Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Recharge-Hmac-Sha256"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::Absent,
    batch: None,
    max_body: None,
    retry_horizon: Some(172_800),
    reply: Reply {
        success: statuses![200],
        refused: 401,
        never: statuses![],
        retried: statuses![408, 429, 500, 503],
        empty_body: false,
    },
    remote_keys: None,
    handshake: None,
    about: About {
        name: text("Recharge (legacy header)"),
        category: text("payments"),
        page: text("https://docs.getrecharge.com/docs/webhooks-overview#validating-webhooks"),
        confidence: Confidence::Secondary,
        deadline: Some(5),
        retries: text("as recharge"),
        traps: names!["Named Hmac but is a plain SHA-256 of secret followed by body."],
        variant_of: None,
    },
};
