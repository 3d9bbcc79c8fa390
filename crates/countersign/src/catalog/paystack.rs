//! Paystack: HMAC-SHA512 over `{body}`.
//!
//! Page: <https://paystack.com/docs/payments/webhooks/#verify-event-origin>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs); third-party declarative scheme registry (states doc-verified
//! 2026-07-01).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Paystack.
///
/// - SHA-512, key is the account API secret key, no separate webhook secret.
/// - Official samples hash JSON.stringify(req.body); raw bytes are what arrive on the wire.
pub const PAYSTACK: Scheme = Scheme {
    id: text("paystack"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha512,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["x-paystack-signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Joined(places![
        Place::Body(text("/event")),
        Place::Body(text("/data/id"))
    ]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/event"))]),
    batch: None,
    max_body: None,
    retry_horizon: Some(259_920),
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
        name: text("Paystack"),
        category: text("payments"),
        page: text("https://paystack.com/docs/payments/webhooks/#verify-event-origin"),
        confidence: Confidence::Secondary,
        deadline: Some(30),
        retries: text(
            "live: every 3 min for the first 4 tries, then hourly for 72 h; test: hourly for 10 h",
        ),
        traps: names![
            "SHA-512, key is the account API secret key, no separate webhook secret.",
            "Official samples hash JSON.stringify(req.body); raw bytes are what arrive on the wire."
        ],
        variant_of: None,
    },
};
