//! Paddle Billing: HMAC-SHA256 over `{timestamp}:{body}`.
//!
//! Page: <https://developer.paddle.com/webhooks/signature-verification>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: @paddle/paddle-node-sdk npm; paddle-python-sdk
//! PyPI + its packaged tests.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Pairs, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Separator, Signature, SignatureHeaders, Syntax,
    TimestampPlace, TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Paddle Billing.
///
/// - Semicolon list, ts first, colon in the signed content.
/// - Several h1 entries may appear: Python SDK tries all, Node SDK keeps only the LAST one.
/// - SDK default tolerance is only 5 seconds; retries are re-signed.
/// - Python SDK raises on an unknown key in the header.
/// - The sender's SDK accepts any future timestamp; here the window is symmetric.
/// - The deadline is from memory of the documentation.
pub const PADDLE: Scheme = Scheme {
    id: text("paddle"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Timestamp, Part::Literal(text(":")), Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Paddle-Signature"]),
        syntax: Syntax::Pairs(Pairs {
            separator: Separator::Semicolon,
            assign: Separator::Equals,
            key: text("h1"),
            once: false,
            trim: false,
        }),
        encoding: Encoding::Hex,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Field(text("ts")),
        format: TimestampFormat::Seconds,
    }),
    tolerance: Tolerance::symmetric(5),
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/notification_id"))]),
    event_id: Lookup::First(places![Place::Body(text("/event_id"))]),
    event_type: Lookup::First(places![Place::Body(text("/event_type"))]),
    batch: None,
    max_body: None,
    retry_horizon: Some(259_200),
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
        name: text("Paddle Billing"),
        category: text("payments"),
        page: text("https://developer.paddle.com/webhooks/signature-verification"),
        confidence: Confidence::SdkVerified,
        deadline: Some(5),
        retries: text(
            "live: about 60 attempts over 3 days; sandbox: 3 attempts (docs, not re-read)",
        ),
        traps: names![
            "Semicolon list, ts first, colon in the signed content.",
            "Several h1 entries may appear: Python SDK tries all, Node SDK keeps only the LAST one.",
            "SDK default tolerance is only 5 seconds; retries are re-signed.",
            "Python SDK raises on an unknown key in the header.",
            "The sender's SDK accepts any future timestamp; here the window is symmetric.",
            "The deadline is from memory of the documentation."
        ],
        variant_of: None,
    },
};
