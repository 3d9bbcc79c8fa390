//! X (Twitter): HMAC-SHA256 over `{body}`.
//!
//! Page: <https://docs.x.com/x-api/webhooks/introduction>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs); third-party declarative scheme registry (states doc-verified
//! 2026-07-01).

use super::{names, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Handshake, Lookup, Part, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// X (Twitter).
///
/// - sha256= prefix with BASE64.
/// - Key is the consumer secret. It signs the answers to the hourly CRC too, so only short texts of
///   the letters of base64 are answered, and a body that is one, such as `null`, is refused.
pub const X_TWITTER: Scheme = Scheme {
    id: text("x-twitter"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["x-twitter-webhooks-signature"]),
        syntax: Syntax::Prefixed(text("sha256=")),
        encoding: Encoding::Base64,
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
    retry_horizon: None,
    reply: Reply {
        success: statuses![],
        refused: 401,
        never: statuses![],
        retried: statuses![],
        empty_body: false,
    },
    remote_keys: None,
    handshake: Some(Handshake::X),
    about: About {
        name: text("X (Twitter)"),
        category: text("messaging"),
        page: text("https://docs.x.com/x-api/webhooks/introduction"),
        confidence: Confidence::Secondary,
        deadline: Some(10),
        retries: text("not documented for v2"),
        traps: names![
            "sha256= prefix with BASE64.",
            "Key is the consumer secret. It signs the answers to the hourly CRC too, so only short texts of the letters of base64 are answered, and a body that is one, such as null, is refused."
        ],
        variant_of: None,
    },
};
