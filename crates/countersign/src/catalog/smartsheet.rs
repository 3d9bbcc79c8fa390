//! Smartsheet: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://developers.smartsheet.com/api/smartsheet/guides/webhooks/webhook-callbacks>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: official callback page (read in part); third-party
//! implementations.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, Batch, BodyForm, Confidence, Echo, Encoding, Handshake, Lookup, Part, Place,
    Procedure, Reply, Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Smartsheet.
///
/// - Verification requests (Smartsheet-Hook-Challenge) recur, not only once.
pub const SMARTSHEET: Scheme = Scheme {
    id: text("smartsheet"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Smartsheet-Hmac-SHA256"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Joined(places![
        Place::Body(text("/webhookId")),
        Place::Body(text("/nonce"))
    ]),
    event_id: Lookup::Absent,
    event_type: Lookup::Absent,
    batch: Some(Batch { items: text("/events"), id: names![], event_type: names!["/eventType"] }),
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
    handshake: Some(Handshake::EchoHeader {
        header: text("Smartsheet-Hook-Challenge"),
        reply: Echo::HeaderAndJson {
            header: text("Smartsheet-Hook-Response"),
            member: text("smartsheetHookResponse"),
        },
        signed: false,
    }),
    about: About {
        name: text("Smartsheet"),
        category: text("productivity"),
        page: text(
            "https://developers.smartsheet.com/api/smartsheet/guides/webhooks/webhook-callbacks",
        ),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text(""),
        traps: names!["Verification requests (Smartsheet-Hook-Challenge) recur, not only once."],
        variant_of: None,
    },
};
