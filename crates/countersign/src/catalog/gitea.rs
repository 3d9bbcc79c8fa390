//! Gitea: HMAC-SHA256 over `{payload}`.
//!
//! Page: <https://docs.gitea.com/usage/webhooks>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: go-gitea/gitea services/webhook/deliver.go
//! (read).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Gitea.
///
/// - Also sends X-Hub-Signature-256 sha256= and X-Hub-Signature sha1= over the same bytes.
/// - With content type form the signature covers the JSON text BEFORE urlencoding (the decoded
///   payload field), unlike GitHub.
pub const GITEA: Scheme = Scheme {
    id: text("gitea"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::FormField(text("payload")),
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Gitea-Signature", "X-Gogs-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Header(text("X-Gitea-Delivery"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Header(text("X-Gitea-Event"))]),
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
        name: text("Gitea"),
        category: text("dev-tools"),
        page: text("https://docs.gitea.com/usage/webhooks"),
        confidence: Confidence::DocsVerified,
        deadline: None,
        retries: text("none automatic; manual redelivery"),
        traps: names![
            "Also sends X-Hub-Signature-256 sha256= and X-Hub-Signature sha1= over the same bytes.",
            "With content type form the signature covers the JSON text BEFORE urlencoding (the decoded payload field), unlike GitHub."
        ],
        variant_of: None,
    },
};
