//! Fireflies (Webhooks V2): HMAC-SHA256 over `{body}`.
//!
//! Page: <https://docs.fireflies.ai/graphql-api/webhooks-v2>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Fireflies (Webhooks V2).
///
/// - V1 sent a bare hex digest in the same header.
pub const FIREFLIES: Scheme = Scheme {
    id: text("fireflies"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Hub-Signature"]),
        syntax: Syntax::Prefixed(text("sha256=")),
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Joined(places![
        Place::Body(text("/meeting_id")),
        Place::Body(text("/event"))
    ]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/event"))]),
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
        name: text("Fireflies (Webhooks V2)"),
        category: text("ai"),
        page: text("https://docs.fireflies.ai/graphql-api/webhooks-v2"),
        confidence: Confidence::Secondary,
        deadline: Some(10),
        retries: text(""),
        traps: names!["V1 sent a bare hex digest in the same header."],
        variant_of: None,
    },
};
