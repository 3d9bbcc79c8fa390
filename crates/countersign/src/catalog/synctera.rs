//! Synctera: HMAC-SHA256 over `{timestamp}.{body}`.
//!
//! Page: <https://docs.synctera.com/docs/webhooks-guide>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Separator, Signature, SignatureHeaders, Syntax,
    TimestampPlace, TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Synctera.
///
/// - Rotation: two signatures joined by a DOT in one header.
pub const SYNCTERA: Scheme = Scheme {
    id: text("synctera"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Timestamp, Part::Literal(text(".")), Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Synctera-Signature"]),
        syntax: Syntax::List(Separator::Dot),
        encoding: Encoding::Hex,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Header(names!["Request-Timestamp"]),
        format: TimestampFormat::Seconds,
    }),
    tolerance: Tolerance::symmetric(300),
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/id"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/type"))]),
    batch: None,
    max_body: None,
    retry_horizon: Some(198_000),
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
        name: text("Synctera"),
        category: text("payments"),
        page: text("https://docs.synctera.com/docs/webhooks-guide"),
        confidence: Confidence::Secondary,
        deadline: Some(5),
        retries: text("exponential up to about 55 h"),
        traps: names!["Rotation: two signatures joined by a DOT in one header."],
        variant_of: None,
    },
};
