//! Nango (legacy header): plain SHA-256 over `{secret}{body}`.
//!
//! Page: <https://nango.dev/docs/guides/platform/webhooks-from-nango>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: @nangohq/node npm (deprecated helper).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Nango (legacy header).
///
/// - Plain SHA-256 of secret + body; SDK re-serialises parsed JSON, so only compact JSON
///   without exotic escapes matches.
pub const NANGO_LEGACY: Scheme = Scheme {
    id: text("nango-legacy"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::Sha256,
    signed: signed![Part::Secret, Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Nango-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/type"))]),
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
        name: text("Nango (legacy header)"),
        category: text("dev-tools"),
        page: text("https://nango.dev/docs/guides/platform/webhooks-from-nango"),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "Plain SHA-256 of secret + body; SDK re-serialises parsed JSON, so only compact JSON without exotic escapes matches."
        ],
        variant_of: None,
    },
};
