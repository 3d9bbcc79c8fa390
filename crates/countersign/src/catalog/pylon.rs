//! Pylon: HMAC-SHA256 over `{timestamp}.{body}`.
//!
//! Page: <https://getpylon.com/developers/guides/using-webhooks/#event-signatures>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs).

use super::{names, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Procedure, Reply, Scheme,
    SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax, TimestampPlace,
    TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Pylon.
///
/// - No window is documented, so the age of the timestamp is not judged unless a tolerance is
///   set.
pub const PYLON: Scheme = Scheme {
    id: text("pylon"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Timestamp, Part::Literal(text(".")), Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Pylon-Webhook-Signature"]),
        syntax: Syntax::Prefixed(text("hs256=")),
        encoding: Encoding::Hex,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Header(names!["Pylon-Webhook-Timestamp"]),
        format: TimestampFormat::Seconds,
    }),
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::Absent,
    batch: None,
    max_body: None,
    retry_horizon: Some(111_600),
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
        name: text("Pylon"),
        category: text("support"),
        page: text("https://getpylon.com/developers/guides/using-webhooks/#event-signatures"),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text("up to 5, last about 31 h after the event"),
        traps: names![
            "No window is documented, so the age of the timestamp is not judged unless a tolerance is set."
        ],
        variant_of: None,
    },
};
