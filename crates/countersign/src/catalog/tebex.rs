//! Tebex: HMAC-SHA256 over `{body_sha256_hex}`.
//!
//! Page: <https://docs.tebex.io/developers/webhooks/overview#verifying-webhook-authenticity>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Tebex.
///
/// - HMAC over the hex text of SHA-256(body).
/// - validation.webhook must be answered with its id (handshake).
pub const TEBEX: Scheme = Scheme {
    id: text("tebex"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::BodyDigest],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/id"))]),
    event_id: Lookup::First(places![Place::Body(text("/id"))]),
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
        name: text("Tebex"),
        category: text("payments"),
        page: text(
            "https://docs.tebex.io/developers/webhooks/overview#verifying-webhook-authenticity",
        ),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text("any non-2xx retried"),
        traps: names![
            "HMAC over the hex text of SHA-256(body).",
            "validation.webhook must be answered with its id (handshake)."
        ],
        variant_of: None,
    },
};
