//! Klaviyo: HMAC-SHA256 over `{body}{timestamp}`.
//!
//! Page: <https://developers.klaviyo.com/en/docs/working_with_system_webhooks>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: official page (headers and sample digest read);
//! third-party declarative scheme registry (states doc-verified 2026-07-01).

use super::{names, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, Batch, BodyForm, Confidence, Encoding, Lookup, Part, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax, TimestampPlace,
    TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Klaviyo.
///
/// - Body first, timestamp last, no separator.
/// - Header name has no X-.
/// - Unit not confirmed: sign the header text verbatim and do not parse it.
/// - The unit of the timestamp is not confirmed, so its age cannot be judged.
pub const KLAVIYO: Scheme = Scheme {
    id: text("klaviyo"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body, Part::Timestamp],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Klaviyo-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Header(names!["Klaviyo-Timestamp"]),
        format: TimestampFormat::Unconfirmed,
    }),
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::Absent,
    batch: Some(Batch {
        items: text("/data"),
        id: names!["/external_id"],
        event_type: names!["/topic"],
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
        name: text("Klaviyo"),
        category: text("marketing"),
        page: text("https://developers.klaviyo.com/en/docs/working_with_system_webhooks"),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text(""),
        traps: names![
            "Body first, timestamp last, no separator.",
            "Header name has no X-.",
            "Unit not confirmed: sign the header text verbatim and do not parse it.",
            "The unit of the timestamp is not confirmed, so its age cannot be judged."
        ],
        variant_of: None,
    },
};
