//! Squarespace: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://developers.squarespace.com/webhooks/verifying-notifications>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: third-party declarative scheme registry (states
//! doc-verified 2026-07-01).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Squarespace.
pub const SQUARESPACE: Scheme = Scheme {
    id: text("squarespace"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Hex, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Squarespace-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/id"))]),
    event_id: Lookup::First(places![Place::Body(text("/id"))]),
    event_type: Lookup::First(places![Place::Body(text("/topic"))]),
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
        name: text("Squarespace"),
        category: text("commerce"),
        page: text("https://developers.squarespace.com/webhooks/verifying-notifications"),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text(""),
        traps: names![],
        variant_of: None,
    },
};
