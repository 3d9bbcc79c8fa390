//! Midtrans: SHA-512 over `{order_id}{status_code}{gross_amount}{server key}`.
//!
//! Page: <https://docs.midtrans.com/reference/handle-notifications>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: docs.midtrans.com.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Midtrans HTTP notification.
///
/// - A plain digest, no HMAC.
/// - Nothing else is signed: transaction\_status and fraud\_status may have been changed. Ask
///   for the status by the order id.
/// - Nothing stands between the three values, so characters can be moved from one to the next.
pub const MIDTRANS: Scheme = Scheme {
    id: text("midtrans"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::Sha512,
    signed: signed![
        Part::BodyValue(text("/order_id")),
        Part::BodyValue(text("/status_code")),
        Part::BodyValue(text("/gross_amount")),
        Part::Secret
    ],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::Body(text("/signature_key")),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Joined(places![
        Place::Body(text("/transaction_id")),
        Place::Body(text("/transaction_status"))
    ]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/transaction_status"))]),
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
        name: text("Midtrans HTTP notification"),
        category: text("payments"),
        page: text("https://docs.midtrans.com/reference/handle-notifications"),
        confidence: Confidence::DocsVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "A plain digest, no HMAC.",
            "Nothing else is signed: transaction_status and fraud_status may have been changed. Ask for the status by the order id.",
            "Nothing stands between the three values, so characters can be moved from one to the next."
        ],
        variant_of: None,
    },
};
