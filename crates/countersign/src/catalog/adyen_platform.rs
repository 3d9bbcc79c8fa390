//! Adyen balance platform and management webhooks: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures/>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: Adyen python library test.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Adyen balance platform and management webhooks.
///
/// - The key is hexadecimal and must be decoded.
/// - The header Protocol must name the one algorithm that is in use.
/// - The body begins and ends with white space in examples: trim nothing.
pub const ADYEN_PLATFORM: Scheme = Scheme {
    id: text("adyen-platform"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Hex, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["HmacSignature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required!["Protocol": "HmacSHA256"],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
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
        name: text("Adyen balance platform and management webhooks"),
        category: text("payments"),
        page: text(
            "https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures/",
        ),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "The key is hexadecimal and must be decoded.",
            "The header Protocol must name the one algorithm that is in use.",
            "The body begins and ends with white space in examples: trim nothing."
        ],
        variant_of: Some(text("adyen-notification")),
    },
};
