//! Airwallex: HMAC-SHA256 over `{timestamp}{body}`.
//!
//! Page: <https://www.airwallex.com/docs/developer-tools/webhooks/listen-for-webhook-events>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs); third-party declarative scheme registry (states doc-verified
//! 2026-07-01).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax, TimestampPlace,
    TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Airwallex.
///
/// - Event type sits in body /name, not /type.
/// - No separator between timestamp and body.
/// - Docs give no window; registry calls the unit unspecified, digest says milliseconds.
/// - The unit of the timestamp is not confirmed, so its age cannot be judged.
pub const AIRWALLEX: Scheme = Scheme {
    id: text("airwallex"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Timestamp, Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["x-signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Header(names!["x-timestamp"]),
        format: TimestampFormat::Unconfirmed,
    }),
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/id"))]),
    event_id: Lookup::First(places![Place::Body(text("/id"))]),
    event_type: Lookup::First(places![Place::Body(text("/name"))]),
    batch: None,
    max_body: None,
    retry_horizon: Some(259_200),
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
        name: text("Airwallex"),
        category: text("payments"),
        page: text(
            "https://www.airwallex.com/docs/developer-tools/webhooks/listen-for-webhook-events",
        ),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text("exponential back-off over about 3 days on non-2xx or timeout; same id"),
        traps: names![
            "Event type sits in body /name, not /type.",
            "No separator between timestamp and body.",
            "Docs give no window; registry calls the unit unspecified, digest says milliseconds.",
            "The unit of the timestamp is not confirmed, so its age cannot be judged."
        ],
        variant_of: None,
    },
};
