//! Slack: HMAC-SHA256 over `v0:{timestamp}:{body}`.
//!
//! Page: <https://docs.slack.dev/authentication/verifying-requests-from-slack>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: @slack/bolt npm; slack\_sdk PyPI + its test;
//! official doc vector.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Echo, Encoding, Handshake, Lookup, Mark, Part, Place,
    Procedure, Reply, Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
    TimestampPlace, TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Slack.
///
/// - Slash commands and interactivity are form-encoded: the raw urlencoded text is signed, so
///   never re-encode.
/// - url\_verification challenge is signed as well.
/// - The sender's SDK accepts any future timestamp; here the window is symmetric.
/// - The deadline is from memory of the documentation.
pub const SLACK: Scheme = Scheme {
    id: text("slack"),
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
        headers: SignatureHeaders::First(names!["X-Slack-Signature"]),
        syntax: Syntax::Prefixed(text("v0=")),
        encoding: Encoding::Hex,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Header(names!["X-Slack-Request-Timestamp"]),
        format: TimestampFormat::Seconds,
    }),
    tolerance: Tolerance::symmetric(300),
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/event_id"))]),
    event_id: Lookup::First(places![Place::Body(text("/event_id"))]),
    event_type: Lookup::First(places![
        Place::Body(text("/event/type")),
        Place::Body(text("/type"))
    ]),
    batch: None,
    max_body: None,
    retry_horizon: Some(600),
    reply: Reply {
        success: statuses![200],
        refused: 401,
        never: statuses![],
        retried: statuses![],
        empty_body: false,
    },
    remote_keys: None,
    handshake: Some(Handshake::EchoBody {
        mark: Mark::Body { at: text("/type"), value: text("url_verification") },
        value: text("/challenge"),
        reply: Echo::Text,
    }),
    about: About {
        name: text("Slack"),
        category: text("messaging"),
        page: text("https://docs.slack.dev/authentication/verifying-requests-from-slack"),
        confidence: Confidence::SdkVerified,
        deadline: Some(3),
        retries: text(
            "Events API: 3 retries (at once, 1 min, 5 min); X-Slack-No-Retry: 1 response header stops them (docs, not re-read)",
        ),
        traps: names![
            "Slash commands and interactivity are form-encoded: the raw urlencoded text is signed, so never re-encode.",
            "url_verification challenge is signed as well.",
            "The sender's SDK accepts any future timestamp; here the window is symmetric.",
            "The deadline is from memory of the documentation."
        ],
        variant_of: None,
    },
};
