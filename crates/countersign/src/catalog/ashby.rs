//! Ashby: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://developers.ashbyhq.com/docs/authenticating-webhooks>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs); third-party notes.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Ashby.
pub const ASHBY: Scheme = Scheme {
    id: text("ashby"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Ashby-Signature"]),
        syntax: Syntax::Prefixed(text("sha256=")),
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::First(places![Place::Body(text("/webhookActionId"))]),
    event_type: Lookup::First(places![Place::Body(text("/action"))]),
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
        name: text("Ashby"),
        category: text("hr"),
        page: text("https://developers.ashbyhq.com/docs/authenticating-webhooks"),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text("ping with >= 400 disables the webhook"),
        traps: names![],
        variant_of: None,
    },
};
