//! Alchemy: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://www.alchemy.com/docs/reference/notify-api-quickstart#webhook-signature--security>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Alchemy.
pub const ALCHEMY: Scheme = Scheme {
    id: text("alchemy"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Alchemy-Signature"]),
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
    retry_horizon: Some(3_600),
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
        name: text("Alchemy"),
        category: text("data"),
        page: text(
            "https://www.alchemy.com/docs/reference/notify-api-quickstart#webhook-signature--security",
        ),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text("exponential up to 10 min (free) or 1 h (enterprise)"),
        traps: names![],
        variant_of: None,
    },
};
