//! Mollie classic webhooks: nothing is signed, and nothing is accepted.
//!
//! Page: <https://docs.mollie.com/reference/webhooks>, as of 2026-11-24.
//!
//! Confidence: unverified. Checked against: not re-read.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Code, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Mollie classic webhooks.
///
/// - Nothing is signed, so a verifier refuses everything. Take the request without one, trust
///   none of it, and ask Mollie's API for the payment that the field id names: what the API
///   says is authentic.
pub const MOLLIE_CLASSIC: Scheme = Scheme {
    id: text("mollie-classic"),
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
    delivery_id: Lookup::First(places![Place::FormField(text("id"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::Absent,
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
        name: text("Mollie classic webhooks"),
        category: text("payments"),
        page: text("https://docs.mollie.com/reference/webhooks"),
        confidence: Confidence::Unverified,
        deadline: None,
        retries: text(""),
        traps: names![
            "Nothing is signed, so a verifier refuses everything. Take the request without one, trust none of it, and ask Mollie's API for the payment that the field id names: what the API says is authentic."
        ],
        variant_of: None,
    },
};
