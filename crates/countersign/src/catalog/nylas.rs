//! Nylas: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://developer.nylas.com/docs/v3/notifications/webhooks/>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs); third-party declarative scheme registry (states doc-verified
//! 2026-07-01).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Handshake, Lookup, Part, Place, Procedure,
    Reply, Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Nylas.
///
/// - With Content-Encoding: gzip the COMPRESSED bytes are signed.
pub const NYLAS: Scheme = Scheme {
    id: text("nylas"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Nylas-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
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
    retry_horizon: Some(1_200),
    reply: Reply {
        success: statuses![200],
        refused: 401,
        never: statuses![],
        retried: statuses![408, 429, 502, 503, 504, 507],
        empty_body: false,
    },
    remote_keys: None,
    handshake: Some(Handshake::EchoQuery {
        method: text("GET"),
        parameter: text("challenge"),
        signed: false,
    }),
    about: About {
        name: text("Nylas"),
        category: text("data"),
        page: text("https://developer.nylas.com/docs/v3/notifications/webhooks/"),
        confidence: Confidence::Secondary,
        deadline: Some(10),
        retries: text("408/429/502/503/504/507 only: 3 attempts over 10-20 min"),
        traps: names!["With Content-Encoding: gzip the COMPRESSED bytes are signed."],
        variant_of: None,
    },
};
