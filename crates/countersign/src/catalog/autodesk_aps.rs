//! Autodesk Platform Services: HMAC-SHA1 over `{body}`.
//!
//! Page: <https://aps.autodesk.com/en/docs/webhooks/v1/developers_guide/signature/>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: third-party declarative scheme registry (states
//! doc-verified 2026-07-01).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Autodesk Platform Services.
///
/// - Prefix word is sha1hash=.
/// - Delivery id (header:x-adsk-delivery-id) is unverified.
pub const AUTODESK_APS: Scheme = Scheme {
    id: text("autodesk-aps"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha1,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["x-adsk-signature"]),
        syntax: Syntax::Prefixed(text("sha1hash=")),
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Header(text("x-adsk-delivery-id"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/hook/event"))]),
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
        name: text("Autodesk Platform Services"),
        category: text("documents"),
        page: text("https://aps.autodesk.com/en/docs/webhooks/v1/developers_guide/signature/"),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text(""),
        traps: names![
            "Prefix word is sha1hash=.",
            "Delivery id (header:x-adsk-delivery-id) is unverified."
        ],
        variant_of: None,
    },
};
