//! Attio: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://docs.attio.com/rest-api/guides/webhooks>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: official docs page (read).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, Batch, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Attio.
///
/// - Several AI-generated guides invent a timestamped variant for Attio; the official page
///   signs the body only.
pub const ATTIO: Scheme = Scheme {
    id: text("attio"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Attio-Signature", "X-Attio-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Header(text("Idempotency-Key"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::Absent,
    batch: Some(Batch { items: text("/events"), id: names![], event_type: names!["/event_type"] }),
    max_body: None,
    retry_horizon: Some(259_200),
    reply: Reply {
        success: statuses![200, 202],
        refused: 401,
        never: statuses![],
        retried: statuses![],
        empty_body: false,
    },
    remote_keys: None,
    handshake: None,
    about: About {
        name: text("Attio"),
        category: text("crm"),
        page: text("https://docs.attio.com/rest-api/guides/webhooks"),
        confidence: Confidence::DocsVerified,
        deadline: None,
        retries: text("any other code: 10 tries over about 3 days"),
        traps: names![
            "Several AI-generated guides invent a timestamped variant for Attio; the official page signs the body only."
        ],
        variant_of: None,
    },
};
