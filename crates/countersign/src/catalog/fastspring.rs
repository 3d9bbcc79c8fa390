//! FastSpring: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://developer.fastspring.com/reference/message-security>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs).

use super::{names, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, Batch, BodyForm, Confidence, Encoding, Lookup, Part, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// FastSpring.
///
/// - Batch of events under one signature.
pub const FASTSPRING: Scheme = Scheme {
    id: text("fastspring"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-FS-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::Absent,
    batch: Some(Batch { items: text("/events"), id: names!["/id"], event_type: names!["/type"] }),
    max_body: None,
    retry_horizon: None,
    reply: Reply {
        success: statuses![200],
        refused: 401,
        never: statuses![],
        retried: statuses![],
        empty_body: false,
    },
    remote_keys: None,
    handshake: None,
    about: About {
        name: text("FastSpring"),
        category: text("payments"),
        page: text("https://developer.fastspring.com/reference/message-security"),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text("until 200; automatic retries keep the event id, manual ones get a new id"),
        traps: names!["Batch of events under one signature."],
        variant_of: None,
    },
};
