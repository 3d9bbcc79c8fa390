//! Enode: HMAC-SHA1 over `{body}`.
//!
//! Page: <https://developers.enode.com/docs/webhooks>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, Batch, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Enode.
///
/// - Body is a JSON array.
pub const ENODE: Scheme = Scheme {
    id: text("enode"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha1,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Enode-Signature"]),
        syntax: Syntax::Prefixed(text("sha1=")),
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Header(text("X-Enode-Delivery"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::Absent,
    batch: Some(Batch { items: text(""), id: names![], event_type: names!["/event"] }),
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
        name: text("Enode"),
        category: text("iot"),
        page: text("https://developers.enode.com/docs/webhooks"),
        confidence: Confidence::Secondary,
        deadline: Some(5),
        retries: text("production: 24 h then inactive"),
        traps: names!["Body is a JSON array."],
        variant_of: None,
    },
};
