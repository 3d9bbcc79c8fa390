//! Jira Cloud (webhook secret): HMAC-SHA256 over `{body}`.
//!
//! Page: <https://developer.atlassian.com/cloud/jira/platform/webhooks/>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs); third-party declarative scheme registry (states doc-verified
//! 2026-07-01); published Atlassian vector.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Jira Cloud (webhook secret).
///
/// - Admin webhooks without secret are unsigned.
pub const JIRA: Scheme = Scheme {
    id: text("jira"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Hub-Signature"]),
        syntax: Syntax::Prefixed(text("sha256=")),
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Header(text("X-Atlassian-Webhook-Identifier"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/webhookEvent"))]),
    batch: None,
    max_body: None,
    retry_horizon: Some(4_500),
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
        name: text("Jira Cloud (webhook secret)"),
        category: text("dev-tools"),
        page: text("https://developer.atlassian.com/cloud/jira/platform/webhooks/"),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text(
            "408, 409, 425, 429, 5xx and connection failures: up to 5 tries, 5-15 min apart (unverified)",
        ),
        traps: names!["Admin webhooks without secret are unsigned."],
        variant_of: None,
    },
};
