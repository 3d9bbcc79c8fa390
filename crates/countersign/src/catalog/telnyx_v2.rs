//! Telnyx webhooks API v2: Ed25519 over `{timestamp}|{body}`.
//!
//! Page: <https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: npm telnyx 7.24.0, lib/webhooks.js.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax, TimestampPlace,
    TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Telnyx webhooks API v2.
///
/// - The body counts attempts in /meta/attempt, so a retry is told by /data/id.
/// - A pipe stands between timestamp and body, not a dot.
/// - The signature is standard base64 with padding, and the timestamp digits only.
pub const TELNYX_V2: Scheme = Scheme {
    id: text("telnyx-v2"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::Ed25519,
    signed: signed![Part::Timestamp, Part::Literal(text("|")), Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["telnyx-signature-ed25519"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Header(names!["telnyx-timestamp"]),
        format: TimestampFormat::Seconds,
    }),
    tolerance: Tolerance::symmetric(300),
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/data/id"))]),
    event_id: Lookup::First(places![Place::Body(text("/data/id"))]),
    event_type: Lookup::First(places![Place::Body(text("/data/event_type"))]),
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
        name: text("Telnyx webhooks API v2"),
        category: text("messaging"),
        page: text("https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks"),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "The body counts attempts in /meta/attempt, so a retry is told by /data/id.",
            "A pipe stands between timestamp and body, not a dot.",
            "The signature is standard base64 with padding, and the timestamp digits only.",
        ],
        variant_of: None,
    },
};
