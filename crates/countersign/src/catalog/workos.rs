//! WorkOS: HMAC-SHA256 over `{timestamp}.{body}`.
//!
//! Page: <https://workos.com/docs/events/data-syncing/webhooks>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: @workos-inc/node npm; workos PyPI.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Pairs, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Separator, Signature, SignatureHeaders, Syntax,
    TimestampPlace, TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// WorkOS.
///
/// - Separator is comma AND space: "t=…, v1=…"; Python SDK requires the space, Node tolerates
///   both.
/// - Milliseconds.
/// - Node SDK re-serialises a parsed object: only compact JSON verifies there.
/// - Actions endpoint uses the same header with a 30 s window.
/// - The sender's SDK accepts any future timestamp; here the window is symmetric.
pub const WORKOS: Scheme = Scheme {
    id: text("workos"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Timestamp, Part::Literal(text(".")), Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["WorkOS-Signature"]),
        syntax: Syntax::Pairs(Pairs {
            separator: Separator::Comma,
            assign: Separator::Equals,
            key: text("v1"),
            once: true,
            trim: true,
        }),
        encoding: Encoding::Hex,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Field(text("t")),
        format: TimestampFormat::Milliseconds,
    }),
    tolerance: Tolerance::symmetric(180),
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/id"))]),
    event_id: Lookup::First(places![Place::Body(text("/id"))]),
    event_type: Lookup::First(places![Place::Body(text("/event"))]),
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
        name: text("WorkOS"),
        category: text("identity"),
        page: text("https://workos.com/docs/events/data-syncing/webhooks"),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text("up to 6 tries over 3 days (unverified)"),
        traps: names![
            "Separator is comma AND space: \"t=…, v1=…\"; Python SDK requires the space, Node tolerates both.",
            "Milliseconds.",
            "Node SDK re-serialises a parsed object: only compact JSON verifies there.",
            "Actions endpoint uses the same header with a 30 s window.",
            "The sender's SDK accepts any future timestamp; here the window is symmetric."
        ],
        variant_of: None,
    },
};
