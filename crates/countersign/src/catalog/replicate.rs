//! Replicate: HMAC-SHA256 over `{id}.{timestamp}.{body}`.
//!
//! Page: <https://replicate.com/docs/topics/webhooks/verify-webhook>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: replicate npm + repository test vector.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Pairs, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Separator, Signature, SignatureHeaders, Syntax,
    TimestampPlace, TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Replicate.
///
/// - SDK checks no timestamp age and takes the text after the LAST underscore of the secret.
pub const REPLICATE: Scheme = Scheme {
    id: text("replicate"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![
        Part::DeliveryId,
        Part::Literal(text(".")),
        Part::Timestamp,
        Part::Literal(text(".")),
        Part::Body
    ],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Whsec, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["webhook-signature"]),
        syntax: Syntax::Pairs(Pairs {
            separator: Separator::Space,
            assign: Separator::Comma,
            key: text("v1"),
            once: false,
            trim: false,
        }),
        encoding: Encoding::Base64,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Header(names!["webhook-timestamp"]),
        format: TimestampFormat::Seconds,
    }),
    tolerance: Tolerance::symmetric(300),
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Header(text("webhook-id"))]),
    event_id: Lookup::First(places![Place::Header(text("webhook-id"))]),
    event_type: Lookup::Absent,
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
        name: text("Replicate"),
        category: text("ai"),
        page: text("https://replicate.com/docs/topics/webhooks/verify-webhook"),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "SDK checks no timestamp age and takes the text after the LAST underscore of the secret."
        ],
        variant_of: None,
    },
};
