//! Airtable: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://airtable.com/developers/web/api/webhooks-overview>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs); third-party declarative scheme registry (states doc-verified
//! 2026-07-01).

use super::{names, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Procedure, Reply, Scheme,
    SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Airtable.
///
/// - Key is base64-decoded macSecretBase64 (bare base64, no prefix).
/// - Answer: 200 or 204 with empty body.
pub const AIRTABLE: Scheme = Scheme {
    id: text("airtable"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Base64, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Airtable-Content-MAC"]),
        syntax: Syntax::Prefixed(text("hmac-sha256=")),
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
    retry_horizon: Some(86_400),
    reply: Reply {
        success: statuses![200, 204],
        refused: 401,
        never: statuses![],
        retried: statuses![],
        empty_body: true,
    },
    remote_keys: None,
    handshake: None,
    about: About {
        name: text("Airtable"),
        category: text("productivity"),
        page: text("https://airtable.com/developers/web/api/webhooks-overview"),
        confidence: Confidence::Secondary,
        deadline: Some(25),
        retries: text(
            "up to 13 with exponential back-off (about 1 day) then notifications are disabled",
        ),
        traps: names![
            "Key is base64-decoded macSecretBase64 (bare base64, no prefix).",
            "Answer: 200 or 204 with empty body."
        ],
        variant_of: None,
    },
};
