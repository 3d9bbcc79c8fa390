//! Zendesk: HMAC-SHA256 over `{timestamp}{body}`.
//!
//! Page: <https://developer.zendesk.com/documentation/webhooks/verifying/>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: official docs page (read);
//! hookdeck/webhook-skills providers.yaml (third-party digest of the official docs).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax, TimestampPlace,
    TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Zendesk.
///
/// - Requests may be GET/PUT/PATCH/DELETE and have no body: sign timestamp only.
/// - Test webhooks use a fixed public secret dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ== (used
///   as text): never accept it in production.
/// - No window is documented, so the age of the timestamp is not judged unless a tolerance is
///   set.
pub const ZENDESK: Scheme = Scheme {
    id: text("zendesk"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Timestamp, Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules {
        format: SecretFormat::Text,
        wrong: wrong!["dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==": "the public secret of Zendesk's test deliveries"],
    },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Zendesk-Webhook-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Header(names!["X-Zendesk-Webhook-Signature-Timestamp"]),
        format: TimestampFormat::Rfc3339,
    }),
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![
        Place::Header(text("X-Zendesk-Webhook-Invocation-Id")),
        Place::Body(text("/id"))
    ]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/type"))]),
    batch: None,
    max_body: None,
    retry_horizon: None,
    reply: Reply {
        success: statuses![],
        refused: 401,
        never: statuses![],
        retried: statuses![409, 429, 503],
        empty_body: false,
    },
    remote_keys: None,
    handshake: None,
    about: About {
        name: text("Zendesk"),
        category: text("support"),
        page: text("https://developer.zendesk.com/documentation/webhooks/verifying/"),
        confidence: Confidence::DocsVerified,
        deadline: Some(12),
        retries: text(
            "409 up to 3x; 429/503 honoured if retry-after < 60 s; timeout up to 5 tries; circuit breaker at 70 % errors",
        ),
        traps: names![
            "Requests may be GET/PUT/PATCH/DELETE and have no body: sign timestamp only.",
            "Test webhooks use a fixed public secret dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ== (used as text): never accept it in production.",
            "No window is documented, so the age of the timestamp is not judged unless a tolerance is set."
        ],
        variant_of: None,
    },
};
