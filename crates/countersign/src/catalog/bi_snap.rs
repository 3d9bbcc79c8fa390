//! Bank Indonesia SNAP: RSA with SHA-256 over `{method}:{path}:{digest}:{timestamp}`, where the
//! digest is of the body without its blanks.
//!
//! Page: <https://docs.winpay.id/en/docs/payments/snap-api/signature-callback-validation>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: docs.winpay.id.

use super::{names, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Code, Confidence, Encoding, Lookup, Part, Procedure, Reply, Scheme,
    SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax, TimestampPlace,
    TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Bank Indonesia SNAP.
///
/// - The digest is of JSON without the blanks between its tokens; strings and numbers stay as they
///   were sent.
/// - The path is that of the request. Behind a proxy that takes a part of it away, say
///   external\_url.
/// - The public key is that of the bank or payment service that calls. No window is documented.
pub const BI_SNAP: Scheme = Scheme {
    id: text("bi-snap"),
    procedure: Procedure::Code(Code::BiSnap),
    algorithm: Algorithm::RsaSha256,
    signed: signed![
        Part::Method,
        Part::Literal(text(":")),
        Part::PathAndQuery,
        Part::Literal(text(":")),
        Part::BodyDigest,
        Part::Literal(text(":")),
        Part::Timestamp
    ],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Header(names!["X-Timestamp"]),
        format: TimestampFormat::Rfc3339,
    }),
    tolerance: Tolerance::ANY_AGE,
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
        refused: 401,
        never: statuses![],
        retried: statuses![],
        empty_body: false,
    },
    remote_keys: None,
    handshake: None,
    about: About {
        name: text("Bank Indonesia SNAP"),
        category: text("payments"),
        page: text(
            "https://docs.winpay.id/en/docs/payments/snap-api/signature-callback-validation",
        ),
        confidence: Confidence::DocsVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "The digest is of JSON without the blanks between its tokens; strings and numbers stay as they were sent.",
            "The path is that of the request. Behind a proxy that takes a part of it away, say external_url.",
            "The public key is that of the bank or payment service that calls. No window is documented.",
        ],
        variant_of: None,
    },
};
