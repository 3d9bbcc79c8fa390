//! GitHub (legacy SHA-1 header): HMAC-SHA1 over `{body}`.
//!
//! Page: <https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: gidgethub PyPI (community); official docs name
//! the header as legacy.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// GitHub (legacy SHA-1 header).
///
/// - Accept only by explicit opt-in; never as fallback when the 256 header is missing.
/// - The deadline is from memory of the documentation.
pub const GITHUB_SHA1: Scheme = Scheme {
    id: text("github-sha1"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha1,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Hub-Signature"]),
        syntax: Syntax::Prefixed(text("sha1=")),
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Header(text("X-GitHub-Delivery"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Header(text("X-GitHub-Event"))]),
    batch: None,
    max_body: Some(26_214_400),
    retry_horizon: Some(259_200),
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
        name: text("GitHub (legacy SHA-1 header)"),
        category: text("dev-tools"),
        page: text(
            "https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries",
        ),
        confidence: Confidence::DocsVerified,
        deadline: Some(10),
        retries: text("as github"),
        traps: names![
            "Accept only by explicit opt-in; never as fallback when the 256 header is missing.",
            "The deadline is from memory of the documentation."
        ],
        variant_of: None,
    },
};
