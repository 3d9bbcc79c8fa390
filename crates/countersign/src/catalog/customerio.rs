//! Customer.io: HMAC-SHA256 over `v0:{timestamp}:{body}`.
//!
//! Page: <https://docs.customer.io/integrations/data-out/connections/webhooks/>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs); third-party declarative scheme registry (states doc-verified
//! 2026-07-01); official page (timeout read).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax, TimestampPlace,
    TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Customer.io.
///
/// - Slack-like content but the header is bare hex without v0=.
/// - No window is documented, so the age of the timestamp is not judged unless a tolerance is
///   set.
pub const CUSTOMERIO: Scheme = Scheme {
    id: text("customerio"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![
        Part::Literal(text("v0:")),
        Part::Timestamp,
        Part::Literal(text(":")),
        Part::Body
    ],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-CIO-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Header(names!["X-CIO-Timestamp"]),
        format: TimestampFormat::Seconds,
    }),
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/event_id"))]),
    event_id: Lookup::First(places![Place::Body(text("/event_id"))]),
    event_type: Lookup::Joined(places![
        Place::Body(text("/object_type")),
        Place::Body(text("/metric"))
    ]),
    batch: None,
    max_body: None,
    retry_horizon: Some(604_800),
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
        name: text("Customer.io"),
        category: text("marketing"),
        page: text("https://docs.customer.io/integrations/data-out/connections/webhooks/"),
        confidence: Confidence::Secondary,
        deadline: Some(4),
        retries: text("exponential for 7 days; 400/401/403/404/429/5xx add a 1-hour delay"),
        traps: names![
            "Slack-like content but the header is bare hex without v0=.",
            "No window is documented, so the age of the timestamp is not judged unless a tolerance is set."
        ],
        variant_of: None,
    },
};
