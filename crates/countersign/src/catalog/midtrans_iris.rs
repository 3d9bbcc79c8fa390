//! Midtrans payouts (Iris): SHA-512 over `{body}{merchant key}`.
//!
//! Page: <https://docs.midtrans.com/reference/notification-payload-1>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: docs.midtrans.com (not tested).

use super::{names, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Procedure, Reply, Scheme,
    SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Midtrans payouts (Iris).
///
/// - A plain digest, no HMAC.
/// - The key is the merchant key, not the server key.
pub const MIDTRANS_IRIS: Scheme = Scheme {
    id: text("midtrans-iris"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::Sha512,
    signed: signed![Part::Body, Part::Secret],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Iris-Signature"]),
        syntax: Syntax::Bare,
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
    handshake: None,
    about: About {
        name: text("Midtrans payouts (Iris)"),
        category: text("payments"),
        page: text("https://docs.midtrans.com/reference/notification-payload-1"),
        confidence: Confidence::DocsVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "A plain digest, no HMAC.",
            "The key is the merchant key, not the server key."
        ],
        variant_of: Some(text("midtrans")),
    },
};
