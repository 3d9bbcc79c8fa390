//! Meta (Facebook, Instagram, WhatsApp, Messenger): HMAC-SHA256 over `{body}`.
//!
//! Page: <https://developers.facebook.com/docs/graph-api/webhooks/getting-started>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs); third-party declarative scheme registry (states doc-verified
//! 2026-07-01); hexdocs whatsapp\_sdk sample value.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, Batch, BodyForm, Confidence, Echo, Encoding, Handshake, Lookup, Part, Place,
    Procedure, Reply, Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Meta (Facebook, Instagram, WhatsApp, Messenger).
///
/// - Meta signs the escaped-unicode form (\u00e4, lowercase hex) which is also what it sends:
///   hash the raw bytes, never a re-serialised object.
/// - Up to 1000 changes per request.
/// - The endpoint is verified by a GET with a token of your choice (the setting verify-token); a
///   wrong one gets 403.
pub const META: Scheme = Scheme {
    id: text("meta"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Hub-Signature-256"]),
        syntax: Syntax::Prefixed(text("sha256=")),
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/object"))]),
    batch: Some(Batch { items: text("/entry"), id: names![], event_type: names![] }),
    max_body: None,
    retry_horizon: Some(604_800),
    reply: Reply {
        success: statuses![200],
        refused: 401,
        never: statuses![],
        retried: statuses![],
        empty_body: false,
    },
    remote_keys: None,
    handshake: Some(Handshake::Hub { reply: Echo::Text }),
    about: About {
        name: text("Meta (Facebook, Instagram, WhatsApp, Messenger)"),
        category: text("messaging"),
        page: text("https://developers.facebook.com/docs/graph-api/webhooks/getting-started"),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text("immediately, then decreasing frequency for 36 h (WhatsApp up to 7 days)"),
        traps: names![
            "Meta signs the escaped-unicode form (\\u00e4, lowercase hex) which is also what it sends: hash the raw bytes, never a re-serialised object.",
            "Up to 1000 changes per request.",
            "The endpoint is verified by a GET with a token of your choice (the setting verify-token); a wrong one gets 403."
        ],
        variant_of: None,
    },
};
