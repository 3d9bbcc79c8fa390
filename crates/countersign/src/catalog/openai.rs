//! OpenAI: HMAC-SHA256 over `{id}.{timestamp}.{body}`.
//!
//! Page: <https://platform.openai.com/docs/guides/webhooks>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: openai npm; openai PyPI + repository test vector.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Pairs, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Separator, Signature, SignatureHeaders, Syntax,
    TimestampPlace, TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// OpenAI.
///
/// - If the secret lacks whsec\_ the SDK uses its text as the key (Standard Webhooks would
///   base64-decode it).
/// - SDK accepts entries without a v1, prefix.
pub const OPENAI: Scheme = Scheme {
    id: text("openai"),
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
    secret: SecretRules { format: SecretFormat::WhsecOrText, wrong: wrong![] },
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
    retry_horizon: Some(259_200),
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
        name: text("OpenAI"),
        category: text("ai"),
        page: text("https://platform.openai.com/docs/guides/webhooks"),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text("up to 72 h exponential (unverified)"),
        traps: names![
            "If the secret lacks whsec_ the SDK uses its text as the key (Standard Webhooks would base64-decode it).",
            "SDK accepts entries without a v1, prefix."
        ],
        variant_of: None,
    },
};
