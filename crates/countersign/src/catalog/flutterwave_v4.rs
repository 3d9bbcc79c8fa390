//! Flutterwave v4: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://developer.flutterwave.com/docs/integration-guides/webhooks/>, as of 2026-11-24.
//!
//! Confidence: unverified. Checked against: a single statement; developer.flutterwave.com was
//! not re-read.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Flutterwave v4.
///
/// - v3 sends the secret itself in verif-hash: see flutterwave.
pub const FLUTTERWAVE_V4: Scheme = Scheme {
    id: text("flutterwave-v4"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["flutterwave-signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/data/id"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::Absent,
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
        name: text("Flutterwave v4"),
        category: text("payments"),
        page: text("https://developer.flutterwave.com/docs/integration-guides/webhooks/"),
        confidence: Confidence::Unverified,
        deadline: None,
        retries: text(""),
        traps: names!["v3 sends the secret itself in verif-hash: see flutterwave."],
        variant_of: Some(text("flutterwave")),
    },
};
