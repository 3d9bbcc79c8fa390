//! Hookdeck Event Gateway: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://hookdeck.com/docs/verification>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Hookdeck Event Gateway.
///
/// - Second header during secret rotation (unverified name X-Hookdeck-Signature-2).
pub const HOOKDECK: Scheme = Scheme {
    id: text("hookdeck"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::Two {
            first: text("X-Hookdeck-Signature"),
            second: text("X-Hookdeck-Signature-2"),
            paired: false,
        },
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Header(text("X-Hookdeck-EventID"))]),
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
        name: text("Hookdeck Event Gateway"),
        category: text("gateway"),
        page: text("https://hookdeck.com/docs/verification"),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text(""),
        traps: names![
            "Second header during secret rotation (unverified name X-Hookdeck-Signature-2)."
        ],
        variant_of: None,
    },
};
