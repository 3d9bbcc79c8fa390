//! PayPal IPN: nothing is signed, and nothing is accepted.
//!
//! Page: <https://developer.paypal.com/api/nvp-soap/ipn/>, as of 2026-11-24.
//!
//! Confidence: unverified. Checked against: not re-read.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Code, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// PayPal IPN.
///
/// - Nothing is signed, so a verifier refuses everything. Take the request without one, and
///   post cmd=\_notify-validate& and the body, unchanged, back to ipnpb.paypal.com: only if the
///   answer is VERIFIED, it came from PayPal.
/// - Then check that receiver\_email is yours, that the amount is right, and that the txn\_id
///   was not handled before.
/// - Webhooks are signed: see paypal.
pub const PAYPAL_IPN: Scheme = Scheme {
    id: text("paypal-ipn"),
    procedure: Procedure::Code(Code::Unsigned),
    algorithm: Algorithm::Token,
    signed: signed![],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names![]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Joined(places![
        Place::FormField(text("txn_id")),
        Place::FormField(text("payment_status"))
    ]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::FormField(text("txn_type"))]),
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
        name: text("PayPal IPN"),
        category: text("payments"),
        page: text("https://developer.paypal.com/api/nvp-soap/ipn/"),
        confidence: Confidence::Unverified,
        deadline: None,
        retries: text(""),
        traps: names![
            "Nothing is signed, so a verifier refuses everything. Take the request without one, and post cmd=_notify-validate& and the body, unchanged, back to ipnpb.paypal.com: only if the answer is VERIFIED, it came from PayPal.",
            "Then check that receiver_email is yours, that the amount is right, and that the txn_id was not handled before.",
            "Webhooks are signed: see paypal."
        ],
        variant_of: None,
    },
};
