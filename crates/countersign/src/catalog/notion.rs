//! Notion: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://developers.notion.com/reference/webhooks>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: @notionhq/client npm.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Notion.
///
/// - First delivery carries verification\_token and is NOT verifiable with it yet: handshake.
/// - SDK accepts upper-case hex.
pub const NOTION: Scheme = Scheme {
    id: text("notion"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Notion-Signature"]),
        syntax: Syntax::Prefixed(text("sha256=")),
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/id"))]),
    event_id: Lookup::First(places![Place::Body(text("/id"))]),
    event_type: Lookup::First(places![Place::Body(text("/type"))]),
    batch: None,
    max_body: None,
    retry_horizon: Some(86_400),
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
        name: text("Notion"),
        category: text("productivity"),
        page: text("https://developers.notion.com/reference/webhooks"),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text("up to 8 retries, about 24 h (unverified)"),
        traps: names![
            "First delivery carries verification_token and is NOT verifiable with it yet: handshake.",
            "SDK accepts upper-case hex."
        ],
        variant_of: None,
    },
};
