//! Discord webhook events: Ed25519 over `{timestamp}{body}`.
//!
//! Page: <https://discord.com/developers/docs/events/webhook-events>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: npm discord-interactions 4.4.0,
//! verifyWebhookEventMiddleware.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Handshake, Lookup, Part, Place, Procedure,
    Reply, Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax, TimestampPlace,
    TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Discord webhook events.
///
/// - Signed as interactions are, but a PING has type 0 and is answered with 204 and no body.
/// - Nothing stands between timestamp and body; events begin with a brace.
/// - No tolerance is documented and the SDKs check none: to refuse old deliveries, give one.
pub const DISCORD_WEBHOOK_EVENTS: Scheme = Scheme {
    id: text("discord-webhook-events"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::Ed25519,
    signed: signed![Part::Timestamp, Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Signature-Ed25519"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Header(names!["X-Signature-Timestamp"]),
        format: TimestampFormat::Seconds,
    }),
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/event/type"))]),
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
    handshake: Some(Handshake::Ping { kind: 0, pong: false }),
    about: About {
        name: text("Discord webhook events"),
        category: text("messaging"),
        page: text("https://discord.com/developers/docs/events/webhook-events"),
        confidence: Confidence::SdkVerified,
        deadline: Some(3),
        retries: text(""),
        traps: names![
            "Signed as interactions are, but a PING has type 0 and is answered with 204 and no body.",
            "Nothing stands between timestamp and body; events begin with a brace.",
            "No tolerance is documented and the SDKs check none: to refuse old deliveries, give one.",
        ],
        variant_of: Some(text("discord-interactions")),
    },
};
