//! Heroku: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://devcenter.heroku.com/articles/app-webhooks>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: official page (existence); third-party declarative
//! scheme registry (states doc-verified 2026-07-01); worked example on a Q&A site.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Heroku.
///
/// - Delivery id (body:/webhook\_metadata/delivery/id) is unverified.
/// - Event type (body:/webhook\_metadata/event/include) is unverified.
pub const HEROKU: Scheme = Scheme {
    id: text("heroku"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Heroku-Webhook-Hmac-SHA256"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/webhook_metadata/delivery/id"))]),
    event_id: Lookup::First(places![Place::Body(text("/webhook_metadata/delivery/id"))]),
    event_type: Lookup::First(places![Place::Body(text("/webhook_metadata/event/include"))]),
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
        name: text("Heroku"),
        category: text("dev-tools"),
        page: text("https://devcenter.heroku.com/articles/app-webhooks"),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text(""),
        traps: names![
            "Delivery id (body:/webhook_metadata/delivery/id) is unverified.",
            "Event type (body:/webhook_metadata/event/include) is unverified."
        ],
        variant_of: None,
    },
};
