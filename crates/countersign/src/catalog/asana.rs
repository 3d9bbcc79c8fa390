//! Asana: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://developers.asana.com/docs/webhooks-guide#security>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: official docs page (read: handshake, timeout, 24
//! h); hookdeck/webhook-skills providers.yaml (third-party digest of the official docs).

use super::{names, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, Batch, BodyForm, Confidence, Encoding, Handshake, Lookup, Part, Procedure,
    Reply, Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Asana.
///
/// - Secret is delivered in the X-Hook-Secret handshake request and must be stored per webhook.
///   Anyone can send one: it is taken only while it is expected, and never over a known secret.
/// - Heartbeat bodies {"events":\[\]} every 8 h are signed too.
pub const ASANA: Scheme = Scheme {
    id: text("asana"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Hook-Signature"]),
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
    batch: Some(Batch { items: text("/events"), id: names![], event_type: names!["/action"] }),
    max_body: None,
    retry_horizon: Some(86_400),
    reply: Reply {
        success: statuses![200, 204],
        refused: 401,
        never: statuses![410],
        retried: statuses![],
        empty_body: false,
    },
    remote_keys: None,
    handshake: Some(Handshake::SecretHeader { header: text("X-Hook-Secret") }),
    about: About {
        name: text("Asana"),
        category: text("productivity"),
        page: text("https://developers.asana.com/docs/webhooks-guide#security"),
        confidence: Confidence::DocsVerified,
        deadline: Some(10),
        retries: text("exponential for 24 h then the webhook is deleted; 410 deletes it at once"),
        traps: names![
            "Secret is delivered in the X-Hook-Secret handshake request and must be stored per webhook. Anyone can send one: it is taken only while it is expected, and never over a known secret.",
            "Heartbeat bodies {\"events\":[]} every 8 h are signed too."
        ],
        variant_of: None,
    },
};
