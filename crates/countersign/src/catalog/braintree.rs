//! Braintree: HMAC-SHA1 over the field bt_payload, keyed with the SHA-1 of the private key.
//!
//! Page: <https://developer.paypal.com/braintree/docs/guides/webhooks/parse>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: braintree npm 3.40.0; braintree PyPI 4.48.0; their
//! tests.

use super::{names, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Code, Confidence, Encoding, Handshake, Lookup, Part, Procedure,
    Reply, Scheme, SecretFormat, SecretRules, Separator, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Braintree.
///
/// - The secret is the private API key; the public one is the setting public-half, and tells which
///   of several signatures is for it.
/// - The payload is XML in base64, so its time, kind and ids are not read.
/// - A line end that the payload lost on the way is tried, too.
/// - The private key signs the answers to bt\_challenge too, so a payload that is one, 20 to 32
///   hexadecimal digits, is refused.
pub const BRAINTREE: Scheme = Scheme {
    id: text("braintree"),
    procedure: Procedure::Code(Code::Braintree),
    algorithm: Algorithm::HmacSha1,
    signed: signed![Part::FormField(text("bt_payload"))],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::FormField(text("bt_signature")),
        syntax: Syntax::List(Separator::Ampersand),
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
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
    handshake: Some(Handshake::Braintree),
    about: About {
        name: text("Braintree"),
        category: text("payments"),
        page: text("https://developer.paypal.com/braintree/docs/guides/webhooks/parse"),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "The secret is the private API key; the public one is the setting public-half, and tells which of several signatures is for it.",
            "The payload is XML in base64, so its time, kind and ids are not read.",
            "A line end that the payload lost on the way is tried, too.",
            "The private key signs the answers to bt_challenge too, so a payload that is one, 20 to 32 hexadecimal digits, is refused.",
        ],
        variant_of: None,
    },
};
