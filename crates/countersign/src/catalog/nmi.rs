//! NMI: HMAC-SHA256 over `{nonce}.{body}`.
//!
//! Page: <https://docs.nmi.com/reference/overview>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Pairs, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Separator, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// NMI.
///
/// - t= is a random nonce, not a time: a Stripe-like parser that enforces age rejects
///   everything.
/// - Split each part at the first = only.
/// - Another NMI product (application status subscriptions) uses a plain header Signature = hex
///   HMAC-SHA256 of the body: do not mix them up.
pub const NMI: Scheme = Scheme {
    id: text("nmi"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Field(text("t")), Part::Literal(text(".")), Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Webhook-Signature"]),
        syntax: Syntax::Pairs(Pairs {
            separator: Separator::Comma,
            assign: Separator::Equals,
            key: text("s"),
            once: true,
            trim: false,
        }),
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/event_id"))]),
    event_id: Lookup::First(places![Place::Body(text("/event_id"))]),
    event_type: Lookup::First(places![Place::Body(text("/event_type"))]),
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
        name: text("NMI"),
        category: text("payments"),
        page: text("https://docs.nmi.com/reference/overview"),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text("non-2xx retried (schedule unknown)"),
        traps: names![
            "t= is a random nonce, not a time: a Stripe-like parser that enforces age rejects everything.",
            "Split each part at the first = only.",
            "Another NMI product (application status subscriptions) uses a plain header Signature = hex HMAC-SHA256 of the body: do not mix them up."
        ],
        variant_of: None,
    },
};
