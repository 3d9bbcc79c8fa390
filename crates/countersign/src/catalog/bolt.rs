//! Bolt: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://help.bolt.com/developers/webhooks/hook-verification/>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: third-party declarative scheme registry (states
//! doc-verified 2026-07-01); third-party implementations of the merchant plugin.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Bolt.
///
/// - During secret rotation a second header …-Pending carries the signature with the incoming
///   key; accept either.
/// - Delivery id (header:X-Bolt-Trace-Id (trace, not unique id; unverified)) is unverified.
pub const BOLT: Scheme = Scheme {
    id: text("bolt"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::Two {
            first: text("X-Bolt-Hmac-Sha256"),
            second: text("X-Bolt-Hmac-Sha256-Pending"),
            paired: false,
        },
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Header(text("X-Bolt-Trace-Id"))]),
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
        name: text("Bolt"),
        category: text("payments"),
        page: text("https://help.bolt.com/developers/webhooks/hook-verification/"),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text(""),
        traps: names![
            "During secret rotation a second header …-Pending carries the signature with the incoming key; accept either.",
            "Delivery id (header:X-Bolt-Trace-Id (trace, not unique id; unverified)) is unverified."
        ],
        variant_of: None,
    },
};
