//! Akeneo PIM events: HMAC-SHA256 over `{timestamp}.{body}`.
//!
//! Page: <https://api.akeneo.com/events-documentation/security.html>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs).

use super::{names, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, Batch, BodyForm, Confidence, Encoding, Lookup, Part, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax, TimestampPlace,
    TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Akeneo PIM events.
///
/// - The sender's SDK accepts any future timestamp; here the window is symmetric.
pub const AKENEO: Scheme = Scheme {
    id: text("akeneo"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Timestamp, Part::Literal(text(".")), Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["x-akeneo-request-signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Header(names!["x-akeneo-request-timestamp"]),
        format: TimestampFormat::Seconds,
    }),
    tolerance: Tolerance::symmetric(300),
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::Absent,
    batch: Some(Batch {
        items: text("/events"),
        id: names!["/event_id"],
        event_type: names!["/action"],
    }),
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
        name: text("Akeneo PIM events"),
        category: text("commerce"),
        page: text("https://api.akeneo.com/events-documentation/security.html"),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text("none"),
        traps: names![
            "The sender's SDK accepts any future timestamp; here the window is symmetric."
        ],
        variant_of: None,
    },
};
