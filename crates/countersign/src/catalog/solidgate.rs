//! Solidgate: HMAC-SHA512 over `{header:merchant}{body}{header:merchant}`.
//!
//! Page: <https://docs.solidgate.com/payments/integrate/webhooks/#security>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Solidgate.
///
/// - base64 of the lowercase HEX STRING, not of the raw digest.
/// - Public key from the merchant header wraps the body on both sides; a receiver must also
///   check it equals its own public key.
pub const SOLIDGATE: Scheme = Scheme {
    id: text("solidgate"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha512,
    signed: signed![Part::Header(text("merchant")), Part::Body, Part::Header(text("merchant"))],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64OfHex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: Some(text("merchant")),
    delivery_id: Lookup::First(places![Place::Header(text("solidgate-event-id"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Header(text("solidgate-event-type"))]),
    batch: None,
    max_body: None,
    retry_horizon: Some(200_700),
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
        name: text("Solidgate"),
        category: text("payments"),
        page: text("https://docs.solidgate.com/payments/integrate/webhooks/#security"),
        confidence: Confidence::Secondary,
        deadline: Some(30),
        retries: text("8 retries: 15m, 30m, 1h, 2h, 4h, 8h, 16h, 24h"),
        traps: names![
            "base64 of the lowercase HEX STRING, not of the raw digest.",
            "Public key from the merchant header wraps the body on both sides; a receiver must also check it equals its own public key."
        ],
        variant_of: None,
    },
};
