//! Bridge webhooks: RSA with SHA-256 over the SHA-256 of `{timestamp}.{body}`.
//!
//! Page: <https://apidocs.bridge.xyz/platform/additional-information/webhooks/signature>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: test data of apidocs.bridge.xyz.

use super::{names, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Pairs, Part, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Separator, Signature, SignatureHeaders, Syntax,
    TimestampPlace, TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Bridge webhooks.
///
/// - The content is digested twice: read as digested once, as the documentation may be, its own
///   test data fails.
/// - Timestamps are in milliseconds.
/// - Answered with 400, a delivery that is too old comes again with a fresh signature.
/// - Each endpoint has a key of its own.
pub const BRIDGE_XYZ: Scheme = Scheme {
    id: text("bridge-xyz"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::RsaSha256OfDigest,
    signed: signed![Part::Timestamp, Part::Literal(text(".")), Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Webhook-Signature"]),
        syntax: Syntax::Pairs(Pairs {
            separator: Separator::Comma,
            assign: Separator::Equals,
            key: text("v0"),
            once: false,
            trim: false,
        }),
        encoding: Encoding::Base64,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Field(text("t")),
        format: TimestampFormat::Milliseconds,
    }),
    tolerance: Tolerance::symmetric(600),
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::Absent,
    batch: None,
    max_body: None,
    retry_horizon: None,
    reply: Reply {
        success: statuses![],
        refused: 400,
        never: statuses![],
        retried: statuses![],
        empty_body: false,
    },
    remote_keys: None,
    handshake: None,
    about: About {
        name: text("Bridge webhooks"),
        category: text("payments"),
        page: text("https://apidocs.bridge.xyz/platform/additional-information/webhooks/signature"),
        confidence: Confidence::DocsVerified,
        deadline: None,
        retries: text("every retry is signed anew"),
        traps: names![
            "The content is digested twice: read as digested once, as the documentation may be, its own test data fails.",
            "Timestamps are in milliseconds.",
            "Answered with 400, a delivery that is too old comes again with a fresh signature.",
            "Each endpoint has a key of its own.",
        ],
        variant_of: None,
    },
};
