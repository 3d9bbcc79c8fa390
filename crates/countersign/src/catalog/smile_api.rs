//! Smile API: HMAC-SHA512 over `{body}`.
//!
//! Page: <https://docs.getsmileapi.com/reference/webhooks#validating-payloads>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Smile API.
pub const SMILE_API: Scheme = Scheme {
    id: text("smile-api"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha512,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Smile-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/id"))]),
    event_id: Lookup::Absent,
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
        name: text("Smile API"),
        category: text("data"),
        page: text("https://docs.getsmileapi.com/reference/webhooks#validating-payloads"),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text("up to 2"),
        traps: names![],
        variant_of: None,
    },
};
