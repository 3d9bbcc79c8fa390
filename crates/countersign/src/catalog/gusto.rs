//! Gusto: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://docs.gusto.com/embedded-payroll/docs/webhooks>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: two third-party implementations; official page
//! (payload read).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Gusto.
///
/// - Key is the subscription's verification\_token.
pub const GUSTO: Scheme = Scheme {
    id: text("gusto"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Gusto-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/uuid"))]),
    event_id: Lookup::First(places![Place::Body(text("/uuid"))]),
    event_type: Lookup::First(places![Place::Body(text("/event_type"))]),
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
        name: text("Gusto"),
        category: text("hr"),
        page: text("https://docs.gusto.com/embedded-payroll/docs/webhooks"),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text(""),
        traps: names!["Key is the subscription's verification_token."],
        variant_of: None,
    },
};
