//! DocuSign Connect: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://developers.docusign.com/platform/webhooks/connect/validate/>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: official developer blog (read);
//! hookdeck/webhook-skills providers.yaml (third-party digest of the official docs).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// DocuSign Connect.
///
/// - One header per active key: X-DocuSign-Signature-1 … -100; any may match any configured
///   key.
/// - Key is the base64-looking text itself, not decoded.
/// - X-Authorization-Digest names the hash (HMACSHA256).
/// - Body may be XML or JSON.
/// - The deadline is from memory of the documentation.
pub const DOCUSIGN: Scheme = Scheme {
    id: text("docusign"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::Numbered { prefix: text("X-DocuSign-Signature-"), last: 100 },
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Joined(places![
        Place::Body(text("/data/envelopeId")),
        Place::Body(text("/event")),
        Place::Body(text("/generatedDateTime"))
    ]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/event"))]),
    batch: None,
    max_body: None,
    retry_horizon: Some(1_296_000),
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
        name: text("DocuSign Connect"),
        category: text("documents"),
        page: text("https://developers.docusign.com/platform/webhooks/connect/validate/"),
        confidence: Confidence::DocsVerified,
        deadline: Some(100),
        retries: text("HTTP >= 400: exponential from about 5 min, doubling, up to 15 days"),
        traps: names![
            "One header per active key: X-DocuSign-Signature-1 … -100; any may match any configured key.",
            "Key is the base64-looking text itself, not decoded.",
            "X-Authorization-Digest names the hash (HMACSHA256).",
            "Body may be XML or JSON.",
            "The deadline is from memory of the documentation."
        ],
        variant_of: None,
    },
};
