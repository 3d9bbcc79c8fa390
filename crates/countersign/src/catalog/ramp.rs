//! Ramp: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://docs.ramp.com/developer-api/v1/webhooks>, as of 2026-11-24.
//!
//! Confidence: unverified. Checked against: third-party notes only.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Ramp.
///
/// - Raw-body HMAC-SHA256; official docs do not say hex or base64. Not covered by vectors
///   beyond the hex reading.
pub const RAMP: Scheme = Scheme {
    id: text("ramp"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Ramp-Signature"]),
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
        name: text("Ramp"),
        category: text("payments"),
        page: text("https://docs.ramp.com/developer-api/v1/webhooks"),
        confidence: Confidence::Unverified,
        deadline: None,
        retries: text(""),
        traps: names![
            "Raw-body HMAC-SHA256; official docs do not say hex or base64. Not covered by vectors beyond the hex reading."
        ],
        variant_of: None,
    },
};
