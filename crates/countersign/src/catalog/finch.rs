//! Finch: HMAC-SHA256 over `{id}.{timestamp}.{body}`.
//!
//! Page: <https://developer.tryfinch.com/docs/webhooks>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: @tryfinch/finch-api npm.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Pairs, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Separator, Signature, SignatureHeaders, Syntax,
    TimestampPlace, TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Finch.
///
/// - Standard Webhooks framing under other header names; secret is bare base64.
pub const FINCH: Scheme = Scheme {
    id: text("finch"),
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
    secret: SecretRules { format: SecretFormat::Base64, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Finch-Signature"]),
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
        place: TimestampPlace::Header(names!["Finch-Timestamp"]),
        format: TimestampFormat::Seconds,
    }),
    tolerance: Tolerance::symmetric(300),
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Header(text("Finch-Event-Id"))]),
    event_id: Lookup::First(places![Place::Header(text("Finch-Event-Id"))]),
    event_type: Lookup::First(places![Place::Body(text("/event_type"))]),
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
        name: text("Finch"),
        category: text("hr"),
        page: text("https://developer.tryfinch.com/docs/webhooks"),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text(""),
        traps: names!["Standard Webhooks framing under other header names; secret is bare base64."],
        variant_of: None,
    },
};
