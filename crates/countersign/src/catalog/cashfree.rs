//! Cashfree Payments: HMAC-SHA256 over `{timestamp}{body}`.
//!
//! Page: <https://www.cashfree.com/docs/payments/online/webhooks/signature-verification>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: cashfree-pg npm; cashfree\_pg PyPI.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax, TimestampPlace,
    TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Cashfree Payments.
///
/// - Key is the client secret.
/// - SDK never looks at the age of the timestamp.
/// - Unit not stated by the SDK; sample values are 13-digit (unverified).
/// - Delivery id (header:x-idempotency-key) is unverified.
/// - The unit of the timestamp is not confirmed, so its age cannot be judged.
pub const CASHFREE: Scheme = Scheme {
    id: text("cashfree"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Timestamp, Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["x-webhook-signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Header(names!["x-webhook-timestamp"]),
        format: TimestampFormat::Unconfirmed,
    }),
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Header(text("x-idempotency-key"))]),
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
        name: text("Cashfree Payments"),
        category: text("payments"),
        page: text("https://www.cashfree.com/docs/payments/online/webhooks/signature-verification"),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "Key is the client secret.",
            "SDK never looks at the age of the timestamp.",
            "Unit not stated by the SDK; sample values are 13-digit (unverified).",
            "Delivery id (header:x-idempotency-key) is unverified.",
            "The unit of the timestamp is not confirmed, so its age cannot be judged."
        ],
        variant_of: None,
    },
};
