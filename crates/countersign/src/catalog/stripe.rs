//! Stripe: HMAC-SHA256 over `{timestamp}.{body}`.
//!
//! Page: <https://docs.stripe.com/webhooks/signature>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: stripe npm; stripe PyPI.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Pairs, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Separator, Signature, SignatureHeaders, Syntax,
    TimestampPlace, TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Stripe.
///
/// - The secret starts with whsec\_ but is used verbatim as UTF-8 bytes: it is NOT
///   base64-decoded (unlike Standard Webhooks).
/// - Only v1 counts; v0 (test-mode) entries must be ignored, never accepted (downgrade).
/// - During secret roll the header carries one v1 per active secret.
/// - Node SDK refuses an empty body; Python SDK accepts it.
/// - The sender's SDK accepts any future timestamp; here the window is symmetric.
pub const STRIPE: Scheme = Scheme {
    id: text("stripe"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Timestamp, Part::Literal(text(".")), Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules {
        format: SecretFormat::Text,
        wrong: wrong!["sk_": "a Stripe API key", "rk_": "a restricted Stripe API key", "pk_": "a publishable Stripe key", "we_": "the id of a Stripe webhook endpoint"],
    },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Stripe-Signature"]),
        syntax: Syntax::Pairs(Pairs {
            separator: Separator::Comma,
            assign: Separator::Equals,
            key: text("v1"),
            once: false,
            trim: false,
        }),
        encoding: Encoding::Hex,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Field(text("t")),
        format: TimestampFormat::Seconds,
    }),
    tolerance: Tolerance::symmetric(300),
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/id"))]),
    event_id: Lookup::First(places![Place::Body(text("/id"))]),
    event_type: Lookup::First(places![Place::Body(text("/type"))]),
    batch: None,
    max_body: None,
    retry_horizon: Some(259_200),
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
        name: text("Stripe"),
        category: text("payments"),
        page: text("https://docs.stripe.com/webhooks/signature"),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text(
            "live mode: up to 3 days with exponential back-off on any non-2xx; redirects count as failure (docs, not re-read)",
        ),
        traps: names![
            "The secret starts with whsec_ but is used verbatim as UTF-8 bytes: it is NOT base64-decoded (unlike Standard Webhooks).",
            "Only v1 counts; v0 (test-mode) entries must be ignored, never accepted (downgrade).",
            "During secret roll the header carries one v1 per active secret.",
            "Node SDK refuses an empty body; Python SDK accepts it.",
            "The sender's SDK accepts any future timestamp; here the window is symmetric."
        ],
        variant_of: None,
    },
};
