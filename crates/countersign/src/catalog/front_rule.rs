//! Front (rule webhooks): HMAC-SHA1 over `{body}`.
//!
//! Page: <https://dev.frontapp.com/docs/rule-webhooks>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Front (rule webhooks).
///
/// - Same header name as application webhooks with another algorithm and no timestamp.
pub const FRONT_RULE: Scheme = Scheme {
    id: text("front-rule"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha1,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Front-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/id"))]),
    event_id: Lookup::First(places![Place::Body(text("/id"))]),
    event_type: Lookup::First(places![Place::Body(text("/type"))]),
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
        name: text("Front (rule webhooks)"),
        category: text("support"),
        page: text("https://dev.frontapp.com/docs/rule-webhooks"),
        confidence: Confidence::Secondary,
        deadline: Some(5),
        retries: text("none"),
        traps: names![
            "Same header name as application webhooks with another algorithm and no timestamp."
        ],
        variant_of: None,
    },
};
