//! Contentful (request verification): HMAC-SHA256 over `{method}\n{path_and_query}\n{signed_headers}\n{body}`.
//!
//! Page: <https://www.contentful.com/developers/docs/webhooks/request-verification/>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: @contentful/node-apps-toolkit npm.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax, TimestampPlace,
    TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Contentful (request verification).
///
/// - Canonical request: method, encoded path+query, the headers named in
///   x-contentful-signed-headers as lower-case k:v joined by ';' in the listed (sorted) order,
///   body; joined by newline.
/// - Secret must be exactly 64 characters, used as text.
/// - age \>= ttl is rejected (boundary is exclusive).
/// - The list of signed headers is itself signed; require that timestamp and signed-headers are
///   in it.
/// - Delivery id (header:x-contentful-webhook-request-attempt…) is unverified.
/// - The sender's SDK accepts any future timestamp; here the window is symmetric.
pub const CONTENTFUL: Scheme = Scheme {
    id: text("contentful"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![
        Part::Method,
        Part::Literal(text("\n")),
        Part::PathAndQuery,
        Part::Literal(text("\n")),
        Part::ListedHeaders(text("x-contentful-signed-headers")),
        Part::Literal(text("\n")),
        Part::Body
    ],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["x-contentful-signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Header(names!["x-contentful-timestamp"]),
        format: TimestampFormat::Milliseconds,
    }),
    tolerance: Tolerance::symmetric(30),
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Header(text("x-contentful-topic"))]),
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
        name: text("Contentful (request verification)"),
        category: text("cms"),
        page: text("https://www.contentful.com/developers/docs/webhooks/request-verification/"),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "Canonical request: method, encoded path+query, the headers named in x-contentful-signed-headers as lower-case k:v joined by ';' in the listed (sorted) order, body; joined by newline.",
            "Secret must be exactly 64 characters, used as text.",
            "age >= ttl is rejected (boundary is exclusive).",
            "The list of signed headers is itself signed; require that timestamp and signed-headers are in it.",
            "Delivery id (header:x-contentful-webhook-request-attempt…) is unverified.",
            "The sender's SDK accepts any future timestamp; here the window is symmetric."
        ],
        variant_of: None,
    },
};
