//! Ably: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://ably.com/docs/platform/integrations/webhooks>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: third-party declarative scheme registry (states
//! doc-verified 2026-07-01); third-party implementations.

use super::{names, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, Batch, BodyForm, Confidence, Encoding, Lookup, Part, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Ably.
///
/// - Key is the part of the API key after the colon; X-Ably-Key names the part before it.
/// - Signature header only when Sign with key is enabled.
pub const ABLY: Scheme = Scheme {
    id: text("ably"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Ably-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: Some(text("X-Ably-Key")),
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::Absent,
    batch: Some(Batch { items: text("/items"), id: names![], event_type: names!["/name"] }),
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
        name: text("Ably"),
        category: text("messaging"),
        page: text("https://ably.com/docs/platform/integrations/webhooks"),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text(""),
        traps: names![
            "Key is the part of the API key after the colon; X-Ably-Key names the part before it.",
            "Signature header only when Sign with key is enabled."
        ],
        variant_of: None,
    },
};
