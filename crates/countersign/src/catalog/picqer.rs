//! Picqer: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://picqer.com/en/api/webhooks#validating-webhooks>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Picqer.
///
/// - Secret optional.
pub const PICQER: Scheme = Scheme {
    id: text("picqer"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Picqer-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/event"))]),
    batch: None,
    max_body: None,
    retry_horizon: Some(61_200),
    reply: Reply {
        success: statuses![200, 201, 202],
        refused: 401,
        never: statuses![],
        retried: statuses![],
        empty_body: false,
    },
    remote_keys: None,
    handshake: None,
    about: About {
        name: text("Picqer"),
        category: text("commerce"),
        page: text("https://picqer.com/en/api/webhooks#validating-webhooks"),
        confidence: Confidence::Secondary,
        deadline: Some(10),
        retries: text("15 tries over about 17 h"),
        traps: names!["Secret optional."],
        variant_of: None,
    },
};
