//! Checkout.com: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://www.checkout.com/docs/workflows/set-up-your-webhook-receiver>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: official docs page (read).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Checkout.com.
///
/// - Signature key is optional and chosen by the merchant; an Authorization header key may
///   accompany it.
pub const CHECKOUT_COM: Scheme = Scheme {
    id: text("checkout-com"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Cko-Signature"]),
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
        name: text("Checkout.com"),
        category: text("payments"),
        page: text("https://www.checkout.com/docs/workflows/set-up-your-webhook-receiver"),
        confidence: Confidence::DocsVerified,
        deadline: None,
        retries: text("retried when not acknowledged (schedule not re-read)"),
        traps: names![
            "Signature key is optional and chosen by the merchant; an Authorization header key may accompany it."
        ],
        variant_of: None,
    },
};
