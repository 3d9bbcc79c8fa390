//! Xero: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://developer.xero.com/documentation/guides/webhooks/configuring-your-server/>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs); third-party declarative scheme registry (states doc-verified
//! 2026-07-01).

use super::{names, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, Batch, BodyForm, Confidence, Encoding, Handshake, Lookup, Part, Procedure,
    Reply, Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Xero.
///
/// - Intent-to-receive validation sends several requests, some deliberately mis-signed: answer
///   200 for good and exactly 401 (not 400/403) for bad ones or the webhook never activates.
/// - The webhook key looks like base64 but is used as text, not decoded (two independent
///   samples).
/// - Answer: 200 with an EMPTY body and no cookies; 401 for a bad signature.
/// - The deadline is from memory of the documentation.
pub const XERO: Scheme = Scheme {
    id: text("xero"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["x-xero-signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::Absent,
    batch: Some(Batch {
        items: text("/events"),
        id: names!["/resourceId", "/eventDateUtc", "/eventType"],
        event_type: names!["/eventCategory", "/eventType"],
    }),
    max_body: None,
    retry_horizon: Some(86_400),
    reply: Reply {
        success: statuses![200],
        refused: 401,
        never: statuses![],
        retried: statuses![],
        empty_body: true,
    },
    remote_keys: None,
    handshake: Some(Handshake::NoEvents { items: text("/events") }),
    about: About {
        name: text("Xero"),
        category: text("payments"),
        page: text(
            "https://developer.xero.com/documentation/guides/webhooks/configuring-your-server/",
        ),
        confidence: Confidence::Secondary,
        deadline: Some(5),
        retries: text("with decreasing frequency for up to 24 h, then disabled (unverified)"),
        traps: names![
            "Intent-to-receive validation sends several requests, some deliberately mis-signed: answer 200 for good and exactly 401 (not 400/403) for bad ones or the webhook never activates.",
            "The webhook key looks like base64 but is used as text, not decoded (two independent samples).",
            "Answer: 200 with an EMPTY body and no cookies; 401 for a bad signature.",
            "The deadline is from memory of the documentation."
        ],
        variant_of: None,
    },
};
