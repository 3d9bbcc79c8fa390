//! Bitbucket Data Center: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://confluence.atlassian.com/bitbucketserver/manage-webhooks-938025878.html>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: official page text quoted in a client library
//! (read).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Bitbucket Data Center.
///
/// - Test connection sends diagnostics:ping.
pub const BITBUCKET_DC: Scheme = Scheme {
    id: text("bitbucket-dc"),
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
    delivery_id: Lookup::First(places![Place::Header(text("X-Request-Id"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Header(text("X-Event-Key"))]),
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
        name: text("Bitbucket Data Center"),
        category: text("dev-tools"),
        page: text(
            "https://confluence.atlassian.com/bitbucketserver/manage-webhooks-938025878.html",
        ),
        confidence: Confidence::DocsVerified,
        deadline: None,
        retries: text(""),
        traps: names!["Test connection sends diagnostics:ping."],
        variant_of: None,
    },
};
