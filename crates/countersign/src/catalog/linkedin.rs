//! LinkedIn: HMAC-SHA256 over `hmacsha256={body}`.
//!
//! Page: <https://learn.microsoft.com/en-us/linkedin/shared/api-guide/webhook-validation>, as of 2026-11-24.
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

/// LinkedIn.
///
/// - The literal hmacsha256= is in the signed text, not in the header.
pub const LINKEDIN: Scheme = Scheme {
    id: text("linkedin"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Literal(text("hmacsha256=")), Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-LI-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/notificationId"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/type")), Place::Body(text("/eventType"))]),
    batch: None,
    max_body: None,
    retry_horizon: Some(28_800),
    reply: Reply {
        success: statuses![],
        refused: 401,
        never: statuses![],
        retried: statuses![],
        empty_body: false,
    },
    remote_keys: None,
    handshake: Some(Handshake::LinkedIn),
    about: About {
        name: text("LinkedIn"),
        category: text("messaging"),
        page: text(
            "https://learn.microsoft.com/en-us/linkedin/shared/api-guide/webhook-validation",
        ),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text("every 5 min for up to 8 h (org social actions)"),
        traps: names!["The literal hmacsha256= is in the signed text, not in the header."],
        variant_of: None,
    },
};
