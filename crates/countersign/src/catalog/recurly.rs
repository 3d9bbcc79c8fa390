//! Recurly: HMAC-SHA256 over `{timestamp}.{body}`.
//!
//! Page: <https://docs.recurly.com/recurly-subscriptions/docs/signature-verification>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills recurly verification.md;
//! third-party declarative scheme registry (states doc-verified 2026-07-01); two independent
//! implementations.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Separator, Signature, SignatureHeaders, Syntax,
    TimestampPlace, TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Recurly.
///
/// - Header is \<timestamp\>,\<sig\>\[,\<sig\>\]: no key names.
/// - JSON endpoints only; XML is unsigned.
/// - Two signatures for 24 h after the secret is regenerated.
/// - Sources disagree on the unit: documentation sample is 13-digit milliseconds, the registry
///   says seconds.
/// - The unit of the timestamp is not confirmed, so its age cannot be judged.
pub const RECURLY: Scheme = Scheme {
    id: text("recurly"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Timestamp, Part::Literal(text(".")), Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["recurly-signature"]),
        syntax: Syntax::Positional(Separator::Comma),
        encoding: Encoding::Hex,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::FirstItem,
        format: TimestampFormat::Unconfirmed,
    }),
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Header(text("recurly-notification-id"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::Absent,
    batch: None,
    max_body: None,
    retry_horizon: Some(262_308),
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
        name: text("Recurly"),
        category: text("payments"),
        page: text("https://docs.recurly.com/recurly-subscriptions/docs/signature-verification"),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text(""),
        traps: names![
            "Header is <timestamp>,<sig>[,<sig>]: no key names.",
            "JSON endpoints only; XML is unsigned.",
            "Two signatures for 24 h after the secret is regenerated.",
            "Sources disagree on the unit: documentation sample is 13-digit milliseconds, the registry says seconds.",
            "The unit of the timestamp is not confirmed, so its age cannot be judged."
        ],
        variant_of: None,
    },
};
