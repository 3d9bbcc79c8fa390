//! Bitbucket Cloud: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills bitbucket verification.md;
//! third-party declarative scheme registry (states doc-verified 2026-07-01); published
//! Atlassian vector.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Bitbucket Cloud.
///
/// - Header is X-Hub-Signature but holds sha256= (GitHub uses that header for sha1=): dispatch
///   on the prefix, not on the header.
/// - Header absent when no secret is set.
/// - Retries carry the same X-Request-UUID plus X-Attempt-Number (unverified).
pub const BITBUCKET: Scheme = Scheme {
    id: text("bitbucket"),
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
    delivery_id: Lookup::First(places![Place::Header(text("X-Request-UUID"))]),
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
        name: text("Bitbucket Cloud"),
        category: text("dev-tools"),
        page: text("https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/"),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text(""),
        traps: names![
            "Header is X-Hub-Signature but holds sha256= (GitHub uses that header for sha1=): dispatch on the prefix, not on the header.",
            "Header absent when no secret is set.",
            "Retries carry the same X-Request-UUID plus X-Attempt-Number (unverified)."
        ],
        variant_of: None,
    },
};
