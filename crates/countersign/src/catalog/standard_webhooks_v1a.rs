//! Standard Webhooks (asymmetric v1a): Ed25519 over `{id}.{timestamp}.{body}`.
//!
//! Page: <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: test vector of the Svix server; text of the
//! specification.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Pairs, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Separator, Signature, SignatureHeaders, Syntax,
    TimestampPlace, TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Standard Webhooks (asymmetric v1a).
///
/// - Key: whpk\_ + base64 of 32 bytes. whsk\_ is the private half, which no receiver must have.
/// - Entries under v1 are HMACs. They are not read here, whatever they hold, and a public key is
///   never the key of an HMAC.
/// - The v1a value that the specification prints belongs to another message.
/// - Ids and timestamps with a dot are refused.
pub const STANDARD_WEBHOOKS_V1A: Scheme = Scheme {
    id: text("standard-webhooks-v1a"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::Ed25519,
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
        headers: SignatureHeaders::First(names!["webhook-signature", "svix-signature"]),
        syntax: Syntax::Pairs(Pairs {
            separator: Separator::Space,
            assign: Separator::Comma,
            key: text("v1a"),
            once: false,
            trim: false,
        }),
        encoding: Encoding::Base64,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Header(names!["webhook-timestamp", "svix-timestamp"]),
        format: TimestampFormat::Seconds,
    }),
    tolerance: Tolerance::symmetric(300),
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![
        Place::Header(text("webhook-id")),
        Place::Header(text("svix-id"))
    ]),
    event_id: Lookup::First(places![
        Place::Header(text("webhook-id")),
        Place::Header(text("svix-id"))
    ]),
    event_type: Lookup::First(places![Place::Body(text("/type"))]),
    batch: None,
    max_body: None,
    retry_horizon: Some(273600),
    reply: Reply {
        success: statuses![],
        refused: 401,
        never: statuses![410, 429, 502, 504],
        retried: statuses![],
        empty_body: false,
    },
    remote_keys: None,
    handshake: None,
    about: About {
        name: text("Standard Webhooks (asymmetric v1a)"),
        category: text("standard"),
        page: text(
            "https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md",
        ),
        confidence: Confidence::SdkVerified,
        deadline: Some(15),
        retries: text(
            "spec recommends several days with exponential back-off and jitter; 410 disables; 429/502/504 throttle",
        ),
        traps: names![
            "Key: whpk_ + base64 of 32 bytes. whsk_ is the private half, which no receiver must have.",
            "Entries under v1 are HMACs. They are not read here, whatever they hold, and a public key is never the key of an HMAC.",
            "The v1a value that the specification prints belongs to another message.",
            "Ids and timestamps with a dot are refused.",
        ],
        variant_of: Some(text("standard-webhooks")),
    },
};
