//! Bridge API (open banking): HMAC-SHA256 over `{body}`.
//!
//! Page: <https://docs.bridgeapi.io/docs/secure-your-webhooks>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Pairs, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Separator, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Bridge API (open banking).
///
/// - UPPERCASE hex.
/// - After rotation two v1 entries for 24 h; ignore other schemes.
pub const BRIDGE_API: Scheme = Scheme {
    id: text("bridge-api"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["BridgeApi-Signature"]),
        syntax: Syntax::Pairs(Pairs {
            separator: Separator::Comma,
            assign: Separator::Equals,
            key: text("v1"),
            once: false,
            trim: false,
        }),
        encoding: Encoding::HexUpper,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/type"))]),
    batch: None,
    max_body: None,
    retry_horizon: Some(172_800),
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
        name: text("Bridge API (open banking)"),
        category: text("payments"),
        page: text("https://docs.bridgeapi.io/docs/secure-your-webhooks"),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text("1-2 days with exponential back-off on non-200"),
        traps: names![
            "UPPERCASE hex.",
            "After rotation two v1 entries for 24 h; ignore other schemes."
        ],
        variant_of: None,
    },
};
