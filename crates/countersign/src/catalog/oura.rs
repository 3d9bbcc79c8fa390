//! Oura: HMAC-SHA256 over `{timestamp}{body}`.
//!
//! Page: <https://cloud.ouraring.com/v2/docs#tag/Webhook-Subscription-Routes>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax, TimestampPlace,
    TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Oura.
///
/// - UPPERCASE hex. Timestamp unit not stated.
/// - The unit of the timestamp is not confirmed, so its age cannot be judged.
pub const OURA: Scheme = Scheme {
    id: text("oura"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Timestamp, Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["x-oura-signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::HexUpper,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Header(names!["x-oura-timestamp"]),
        format: TimestampFormat::Unconfirmed,
    }),
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::Joined(places![
        Place::Body(text("/event_type")),
        Place::Body(text("/data_type"))
    ]),
    batch: None,
    max_body: None,
    retry_horizon: None,
    reply: Reply {
        success: statuses![],
        refused: 401,
        never: statuses![410],
        retried: statuses![],
        empty_body: false,
    },
    remote_keys: None,
    handshake: None,
    about: About {
        name: text("Oura"),
        category: text("iot"),
        page: text("https://cloud.ouraring.com/v2/docs#tag/Webhook-Subscription-Routes"),
        confidence: Confidence::Secondary,
        deadline: Some(10),
        retries: text("10 retries on 4xx/5xx/timeout; 410 cancels"),
        traps: names![
            "UPPERCASE hex. Timestamp unit not stated.",
            "The unit of the timestamp is not confirmed, so its age cannot be judged."
        ],
        variant_of: None,
    },
};
