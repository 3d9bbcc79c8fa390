//! Commerce Layer: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://docs.commercelayer.io/core/callbacks-security>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Commerce Layer.
pub const COMMERCELAYER: Scheme = Scheme {
    id: text("commercelayer"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-CommerceLayer-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Header(text("X-CommerceLayer-Topic"))]),
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
        name: text("Commerce Layer"),
        category: text("commerce"),
        page: text("https://docs.commercelayer.io/core/callbacks-security"),
        confidence: Confidence::Secondary,
        deadline: Some(5),
        retries: text("up to 10 tries; circuit breaker after 30 consecutive failures"),
        traps: names![],
        variant_of: None,
    },
};
