//! Notion: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://developers.notion.com/reference/webhooks>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: @notionhq/client npm.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Handshake, Lookup, Part, Place, Procedure,
    Reply, Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Notion.
///
/// - The first delivery tells verification\_token, which is the secret from then on. It is signed
///   with that very token, as anyone can sign one: it is taken only while it is expected, and
///   never over a known secret.
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
    handshake: Some(Handshake::SecretBody { value: text("/verification_token") }),
    about: About {
        name: text("Notion"),
        category: text("productivity"),
        page: text("https://developers.notion.com/reference/webhooks"),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text("up to 8 retries, about 24 h (unverified)"),
        traps: names![
            "The first delivery tells verification_token, which is the secret from then on. It is signed with that very token, as anyone can sign one: it is taken only while it is expected, and never over a known secret.",
            "SDK accepts upper-case hex."
        ],
        variant_of: None,
    },
};
