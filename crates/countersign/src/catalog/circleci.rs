//! CircleCI: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://circleci.com/docs/outbound-webhooks/>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: CircleCI staff statement on discuss.circleci.com
//! (read); third-party declarative scheme registry (states doc-verified 2026-07-01).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Pairs, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Separator, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// CircleCI.
///
/// - Versioned list (v1=…) without timestamp.
/// - The deadline is from memory of the documentation.
pub const CIRCLECI: Scheme = Scheme {
    id: text("circleci"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["circleci-signature"]),
        syntax: Syntax::Pairs(Pairs {
            separator: Separator::Comma,
            assign: Separator::Equals,
            key: text("v1"),
            once: false,
            trim: false,
        }),
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/id"))]),
    event_id: Lookup::First(places![Place::Body(text("/id"))]),
    event_type: Lookup::First(places![
        Place::Header(text("circleci-event-type")),
        Place::Body(text("/type"))
    ]),
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
        name: text("CircleCI"),
        category: text("dev-tools"),
        page: text("https://circleci.com/docs/outbound-webhooks/"),
        confidence: Confidence::DocsVerified,
        deadline: Some(5),
        retries: text("at-least-once, retried on non-2xx within the timeout (unverified)"),
        traps: names![
            "Versioned list (v1=…) without timestamp.",
            "The deadline is from memory of the documentation."
        ],
        variant_of: None,
    },
};
