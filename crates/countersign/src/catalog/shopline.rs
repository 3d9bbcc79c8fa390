//! SHOPLINE: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://developer.shopline.com/docs/apps/api-instructions-for-use/generate-and-verify-signatures/>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// SHOPLINE.
///
/// - Docs header sample shows base64, live deliveries are lowercase hex (per the digest).
pub const SHOPLINE: Scheme = Scheme {
    id: text("shopline"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Shopline-Hmac-Sha256"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Header(text("X-Shopline-Webhook-Id"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Header(text("X-Shopline-Topic"))]),
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
        name: text("SHOPLINE"),
        category: text("commerce"),
        page: text(
            "https://developer.shopline.com/docs/apps/api-instructions-for-use/generate-and-verify-signatures/",
        ),
        confidence: Confidence::Secondary,
        deadline: Some(5),
        retries: text("up to 19 over 48 h"),
        traps: names![
            "Docs header sample shows base64, live deliveries are lowercase hex (per the digest)."
        ],
        variant_of: None,
    },
};
