//! Razorpay: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://razorpay.com/docs/webhooks/validate-test/>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: razorpay npm; razorpay PyPI + repository test
//! vector.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Razorpay.
///
/// - Do not confuse with the payment signature order\_id\|payment\_id, which uses the API key
///   secret.
/// - The deadline is from memory of the documentation.
pub const RAZORPAY: Scheme = Scheme {
    id: text("razorpay"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Razorpay-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Header(text("x-razorpay-event-id"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/event"))]),
    batch: None,
    max_body: None,
    retry_horizon: Some(86_400),
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
        name: text("Razorpay"),
        category: text("payments"),
        page: text("https://razorpay.com/docs/webhooks/validate-test/"),
        confidence: Confidence::SdkVerified,
        deadline: Some(5),
        retries: text(
            "non-2xx retried with exponential back-off for 24 h, then the webhook is disabled (docs, not re-read)",
        ),
        traps: names![
            "Do not confuse with the payment signature order_id|payment_id, which uses the API key secret.",
            "The deadline is from memory of the documentation."
        ],
        variant_of: None,
    },
};
