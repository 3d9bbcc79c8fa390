//! Shopify: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://shopify.dev/docs/apps/build/webhooks/subscribe/https>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: @shopify/shopify-api npm.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Shopify.
///
/// - base64, key = app client secret.
/// - The newer Events delivery uses lowercase headers without X- (shopify-hmac-sha256,
///   shopify-topic, …).
/// - SDK rejects an empty body before checking.
/// - After client-secret rotation old secret keeps signing until it is revoked.
/// - The deadline is from memory of the documentation.
pub const SHOPIFY: Scheme = Scheme {
    id: text("shopify"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Shopify-Hmac-Sha256", "shopify-hmac-sha256"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![
        Place::Header(text("X-Shopify-Webhook-Id")),
        Place::Header(text("shopify-webhook-id"))
    ]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![
        Place::Header(text("X-Shopify-Topic")),
        Place::Header(text("shopify-topic"))
    ]),
    batch: None,
    max_body: None,
    retry_horizon: Some(14_400),
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
        name: text("Shopify"),
        category: text("commerce"),
        page: text("https://shopify.dev/docs/apps/build/webhooks/subscribe/https"),
        confidence: Confidence::SdkVerified,
        deadline: Some(5),
        retries: text(
            "8 retries over 4 hours, then the subscription is removed (docs, not re-read)",
        ),
        traps: names![
            "base64, key = app client secret.",
            "The newer Events delivery uses lowercase headers without X- (shopify-hmac-sha256, shopify-topic, …).",
            "SDK rejects an empty body before checking.",
            "After client-secret rotation old secret keeps signing until it is revoked.",
            "The deadline is from memory of the documentation."
        ],
        variant_of: None,
    },
};
