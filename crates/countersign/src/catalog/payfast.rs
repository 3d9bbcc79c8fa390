//! Payfast: MD5 over the fields in the order they were posted, and the passphrase.
//!
//! Page: <https://developers.payfast.co.za/docs#step_4_confirm_payment>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: the public PHP samples of the docs.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Code, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Payfast.
///
/// - Without a passphrase anyone can sign: the account must have one, or `danger_without_secret`
///   be called.
/// - The secret is the passphrase. Values are signed as PHP encodes them, whatever their encoding
///   on the wire.
/// - The signature must be the last field: what follows it is not signed.
/// - The docs also ask for a check of the source address and a query at /eng/query/validate, which
///   are not made here.
pub const PAYFAST: Scheme = Scheme {
    id: text("payfast"),
    procedure: Procedure::Code(Code::Payfast),
    algorithm: Algorithm::Md5,
    signed: signed![Part::Body, Part::Secret],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::FormField(text("signature")),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Joined(places![
        Place::FormField(text("pf_payment_id")),
        Place::FormField(text("payment_status"))
    ]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::FormField(text("payment_status"))]),
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
        name: text("Payfast"),
        category: text("payments"),
        page: text("https://developers.payfast.co.za/docs#step_4_confirm_payment"),
        confidence: Confidence::DocsVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "Without a passphrase anyone can sign: the account must have one, or `danger_without_secret` be called.",
            "The secret is the passphrase. Values are signed as PHP encodes them, whatever their encoding on the wire.",
            "The signature must be the last field: what follows it is not signed.",
            "The docs also ask for a check of the source address and a query at /eng/query/validate, which are not made here.",
        ],
        variant_of: None,
    },
};
