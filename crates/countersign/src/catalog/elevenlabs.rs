//! ElevenLabs: HMAC-SHA256 over `{timestamp}.{body}`.
//!
//! Page: <https://elevenlabs.io/docs/overview/administration/webhooks>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: @elevenlabs/elevenlabs-js npm; elevenlabs PyPI.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Pairs, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Separator, Signature, SignatureHeaders, Syntax,
    TimestampPlace, TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// ElevenLabs.
///
/// - Key name v0, tolerance 30 minutes.
/// - Node SDK takes the FIRST v0, Python the LAST.
/// - A third-party digest wrongly lists it as Standard Webhooks.
/// - The sender's SDK accepts any future timestamp; here the window is symmetric.
pub const ELEVENLABS: Scheme = Scheme {
    id: text("elevenlabs"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Timestamp, Part::Literal(text(".")), Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["ElevenLabs-Signature"]),
        syntax: Syntax::Pairs(Pairs {
            separator: Separator::Comma,
            assign: Separator::Equals,
            key: text("v0"),
            once: true,
            trim: false,
        }),
        encoding: Encoding::Hex,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Field(text("t")),
        format: TimestampFormat::Seconds,
    }),
    tolerance: Tolerance::symmetric(1800),
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/type"))]),
    batch: None,
    max_body: None,
    retry_horizon: None,
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
        name: text("ElevenLabs"),
        category: text("ai"),
        page: text("https://elevenlabs.io/docs/overview/administration/webhooks"),
        confidence: Confidence::SdkVerified,
        deadline: Some(10),
        retries: text(""),
        traps: names![
            "Key name v0, tolerance 30 minutes.",
            "Node SDK takes the FIRST v0, Python the LAST.",
            "A third-party digest wrongly lists it as Standard Webhooks.",
            "The sender's SDK accepts any future timestamp; here the window is symmetric."
        ],
        variant_of: None,
    },
};
