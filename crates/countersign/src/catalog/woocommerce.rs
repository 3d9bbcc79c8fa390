//! WooCommerce: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://developer.woocommerce.com/docs/webhooks/>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills woocommerce verification.md;
//! third-party declarative scheme registry (states doc-verified 2026-07-01).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// WooCommerce.
///
/// - A setup ping is sent form-encoded (webhook\_id=…) and is unsigned or has another shape: do
///   not 500 on it (unverified).
pub const WOOCOMMERCE: Scheme = Scheme {
    id: text("woocommerce"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-WC-Webhook-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Header(text("X-WC-Webhook-Delivery-ID"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Header(text("X-WC-Webhook-Topic"))]),
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
        name: text("WooCommerce"),
        category: text("commerce"),
        page: text("https://developer.woocommerce.com/docs/webhooks/"),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text(
            "no retry of a single delivery; webhook disabled after 5 consecutive failed deliveries (unverified)",
        ),
        traps: names![
            "A setup ping is sent form-encoded (webhook_id=…) and is unsigned or has another shape: do not 500 on it (unverified)."
        ],
        variant_of: None,
    },
};
