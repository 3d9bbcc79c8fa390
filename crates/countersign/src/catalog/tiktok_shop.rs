//! TikTok Shop: HMAC-SHA256 over `{app_key}{body}`.
//!
//! Page: <https://partner.tiktokshop.com/docv2/page/tts-webhooks-overview>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// TikTok Shop.
///
/// - Signature in Authorization with no scheme word.
/// - Content starts with the public app\_key; vectors give the secret as app\_key:app\_secret.
pub const TIKTOK_SHOP: Scheme = Scheme {
    id: text("tiktok-shop"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::AppKey, Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::AppKeyAndText, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Authorization"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/tts_notification_id"))]),
    event_id: Lookup::First(places![Place::Body(text("/tts_notification_id"))]),
    event_type: Lookup::First(places![Place::Body(text("/type"))]),
    batch: None,
    max_body: None,
    retry_horizon: Some(55_920),
    reply: Reply {
        success: statuses![200],
        refused: 401,
        never: statuses![],
        retried: statuses![],
        empty_body: false,
    },
    remote_keys: None,
    handshake: None,
    about: About {
        name: text("TikTok Shop"),
        category: text("commerce"),
        page: text("https://partner.tiktokshop.com/docv2/page/tts-webhooks-overview"),
        confidence: Confidence::Secondary,
        deadline: Some(3),
        retries: text("4 retries: 2 min, 30 min, 3 h, 12 h"),
        traps: names![
            "Signature in Authorization with no scheme word.",
            "Content starts with the public app_key; vectors give the secret as app_key:app_secret."
        ],
        variant_of: None,
    },
};
