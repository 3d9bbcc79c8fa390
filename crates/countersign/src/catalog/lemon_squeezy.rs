//! Lemon Squeezy: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://docs.lemonsqueezy.com/help/webhooks/signing-requests>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: official docs page (read).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Lemon Squeezy.
///
/// - Only exactly 200 counts as success.
/// - No delivery id at all: deduplicate on a body digest or on resource id + event name +
///   updated\_at.
pub const LEMON_SQUEEZY: Scheme = Scheme {
    id: text("lemon-squeezy"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![
        Place::Header(text("X-Event-Name")),
        Place::Body(text("/meta/event_name"))
    ]),
    batch: None,
    max_body: None,
    retry_horizon: Some(300),
    reply: Reply {
        success: statuses![200],
        refused: 401,
        never: statuses![],
        retried: statuses![],
        empty_body: false,
    },
    remote_keys: None,
    handshake: None,
    about: About {
        name: text("Lemon Squeezy"),
        category: text("payments"),
        page: text("https://docs.lemonsqueezy.com/help/webhooks/signing-requests"),
        confidence: Confidence::DocsVerified,
        deadline: None,
        retries: text(
            "any status other than 200: up to 3 more tries, exponential (about 5 s, 25 s, 125 s)",
        ),
        traps: names![
            "Only exactly 200 counts as success.",
            "No delivery id at all: deduplicate on a body digest or on resource id + event name + updated_at."
        ],
        variant_of: None,
    },
};
