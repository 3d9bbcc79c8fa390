//! Dropbox: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://www.dropbox.com/developers/reference/webhooks>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: official docs page (read); third-party
//! declarative scheme registry (states doc-verified 2026-07-01).

use super::{names, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Handshake, Lookup, Part, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Dropbox.
///
/// - Key is the app secret. Dropbox Sign is unrelated (in-body hash).
pub const DROPBOX: Scheme = Scheme {
    id: text("dropbox"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Dropbox-Signature"]),
        syntax: Syntax::Bare,
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
    retry_horizon: Some(900),
    reply: Reply {
        success: statuses![200],
        refused: 401,
        never: statuses![],
        retried: statuses![],
        empty_body: false,
    },
    remote_keys: None,
    handshake: Some(Handshake::EchoQuery {
        method: text("GET"),
        parameter: text("challenge"),
        signed: false,
    }),
    about: About {
        name: text("Dropbox"),
        category: text("documents"),
        page: text("https://www.dropbox.com/developers/reference/webhooks"),
        confidence: Confidence::DocsVerified,
        deadline: Some(10),
        retries: text("exponential over about ten minutes on non-200 or timeout"),
        traps: names!["Key is the app secret. Dropbox Sign is unrelated (in-body hash)."],
        variant_of: None,
    },
};
