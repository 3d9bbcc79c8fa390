//! Sentry (integration platform): HMAC-SHA256 over `{body}`.
//!
//! Page: <https://docs.sentry.io/organization/integrations/integration-platform/webhooks/>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: official docs page (read).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Sentry (integration platform).
///
/// - Official sample hashes JSON.stringify(body); raw bytes match because the sender emits that
///   form.
/// - Sentry-Hook-Timestamp is NOT part of the signed content: it cannot protect against replay.
/// - Response expected within 1 s (unverified).
/// - The deadline is from memory of the documentation.
pub const SENTRY: Scheme = Scheme {
    id: text("sentry"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Sentry-Hook-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Header(text("Request-ID"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::Joined(places![
        Place::Header(text("Sentry-Hook-Resource")),
        Place::Body(text("/action"))
    ]),
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
        name: text("Sentry (integration platform)"),
        category: text("dev-tools"),
        page: text(
            "https://docs.sentry.io/organization/integrations/integration-platform/webhooks/",
        ),
        confidence: Confidence::DocsVerified,
        deadline: Some(1),
        retries: text(""),
        traps: names![
            "Official sample hashes JSON.stringify(body); raw bytes match because the sender emits that form.",
            "Sentry-Hook-Timestamp is NOT part of the signed content: it cannot protect against replay.",
            "Response expected within 1 s (unverified).",
            "The deadline is from memory of the documentation."
        ],
        variant_of: None,
    },
};
