//! Typeform: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://www.typeform.com/developers/webhooks/secure-your-webhooks/>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: official docs page (read);
//! hookdeck/webhook-skills providers.yaml (third-party digest of the official docs).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Typeform.
///
/// - sha256= prefix with BASE64 (looks like GitHub, is not).
/// - The deadline is from memory of the documentation.
pub const TYPEFORM: Scheme = Scheme {
    id: text("typeform"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Typeform-Signature"]),
        syntax: Syntax::Prefixed(text("sha256=")),
        encoding: Encoding::Base64,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/event_id"))]),
    event_id: Lookup::First(places![Place::Body(text("/event_id"))]),
    event_type: Lookup::First(places![Place::Body(text("/event_type"))]),
    batch: None,
    max_body: None,
    retry_horizon: Some(86_400),
    reply: Reply {
        success: statuses![],
        refused: 401,
        never: statuses![404, 410],
        retried: statuses![],
        empty_body: false,
    },
    remote_keys: None,
    handshake: None,
    about: About {
        name: text("Typeform"),
        category: text("forms"),
        page: text("https://www.typeform.com/developers/webhooks/secure-your-webhooks/"),
        confidence: Confidence::DocsVerified,
        deadline: Some(30),
        retries: text(
            "410/404 disable at once; 429/408/503/423 every 2-3 min for 10 h; others about 5 tries; disabled at 100 % failure over 24 h",
        ),
        traps: names![
            "sha256= prefix with BASE64 (looks like GitHub, is not).",
            "The deadline is from memory of the documentation."
        ],
        variant_of: None,
    },
};
