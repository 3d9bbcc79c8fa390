//! Polar: HMAC-SHA256 over `{id}.{timestamp}.{body}`.
//!
//! Page: <https://polar.sh/docs/integrate/webhooks/delivery>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: @polar-sh/sdk npm.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Pairs, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Separator, Signature, SignatureHeaders, Syntax,
    TimestampPlace, TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Polar.
///
/// - Standard Webhooks framing but the KEY IS THE RAW UTF-8 SECRET: the SDK base64-encodes the
///   secret first, which the library then decodes again.
pub const POLAR: Scheme = Scheme {
    id: text("polar"),
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
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
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
    event_type: Lookup::First(places![Place::Body(text("/type"))]),
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
        name: text("Polar"),
        category: text("payments"),
        page: text("https://polar.sh/docs/integrate/webhooks/delivery"),
        confidence: Confidence::SdkVerified,
        deadline: Some(10),
        retries: text("up to 10 retries, exponential; disabled after 10 consecutive failures"),
        traps: names![
            "Standard Webhooks framing but the KEY IS THE RAW UTF-8 SECRET: the SDK base64-encodes the secret first, which the library then decodes again."
        ],
        variant_of: None,
    },
};
