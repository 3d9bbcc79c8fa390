//! Svix: HMAC-SHA256 over `{id}.{timestamp}.{body}`.
//!
//! Page: <https://docs.svix.com/receiving/verifying-payloads/how-manual>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: svix npm; svix PyPI; official doc vector.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Pairs, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Separator, Signature, SignatureHeaders, Syntax,
    TimestampPlace, TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Svix.
///
/// - Same as Standard Webhooks with svix- headers; libraries also accept webhook- headers: when
///   both trios are present svix- wins.
/// - The deadline is from memory of the documentation.
pub const SVIX: Scheme = Scheme {
    id: text("svix"),
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
        headers: SignatureHeaders::First(names!["svix-signature", "webhook-signature"]),
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
        place: TimestampPlace::Header(names!["svix-timestamp", "webhook-timestamp"]),
        format: TimestampFormat::Seconds,
    }),
    tolerance: Tolerance::symmetric(300),
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![
        Place::Header(text("svix-id")),
        Place::Header(text("webhook-id"))
    ]),
    event_id: Lookup::First(places![
        Place::Header(text("svix-id")),
        Place::Header(text("webhook-id"))
    ]),
    event_type: Lookup::First(places![Place::Body(text("/type"))]),
    batch: None,
    max_body: None,
    retry_horizon: Some(99_600),
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
        name: text("Svix"),
        category: text("standard"),
        page: text("https://docs.svix.com/receiving/verifying-payloads/how-manual"),
        confidence: Confidence::SdkVerified,
        deadline: Some(15),
        retries: text("immediately, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h (docs, not re-read)"),
        traps: names![
            "Same as Standard Webhooks with svix- headers; libraries also accept webhook- headers: when both trios are present svix- wins.",
            "The deadline is from memory of the documentation."
        ],
        variant_of: None,
    },
};
