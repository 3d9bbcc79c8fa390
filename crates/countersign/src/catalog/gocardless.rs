//! GoCardless: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://developer.gocardless.com/getting-started/api/staying-up-to-date-with-webhooks/>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: gocardless-nodejs npm; gocardless\_pro PyPI +
//! repository test vector.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, Batch, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// GoCardless.
///
/// - One request carries many events; idempotency is per event id.
/// - Official sample code answers 498 for an invalid signature (docs, not re-read).
/// - Answer: 2xx (204 customary; 498 customary for a bad signature).
pub const GOCARDLESS: Scheme = Scheme {
    id: text("gocardless"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Webhook-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/meta/webhook_id"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::Absent,
    batch: Some(Batch {
        items: text("/events"),
        id: names!["/id"],
        event_type: names!["/resource_type", "/action"],
    }),
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
        name: text("GoCardless"),
        category: text("payments"),
        page: text(
            "https://developer.gocardless.com/getting-started/api/staying-up-to-date-with-webhooks/",
        ),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text("whole batch retried on failure"),
        traps: names![
            "One request carries many events; idempotency is per event id.",
            "Official sample code answers 498 for an invalid signature (docs, not re-read).",
            "Answer: 2xx (204 customary; 498 customary for a bad signature)."
        ],
        variant_of: None,
    },
};
