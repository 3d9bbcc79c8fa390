//! Cal.com: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://cal.com/docs/developing/guides/automation/webhooks>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: third-party declarative scheme registry (states
//! doc-verified 2026-07-01).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Cal.com.
///
/// - Without secret the header holds the text no-secret-provided (unverified): treat as
///   missing.
pub const CAL_COM: Scheme = Scheme {
    id: text("cal-com"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Cal-Signature-256"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/triggerEvent"))]),
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
        name: text("Cal.com"),
        category: text("scheduling"),
        page: text("https://cal.com/docs/developing/guides/automation/webhooks"),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text(""),
        traps: names![
            "Without secret the header holds the text no-secret-provided (unverified): treat as missing."
        ],
        variant_of: None,
    },
};
