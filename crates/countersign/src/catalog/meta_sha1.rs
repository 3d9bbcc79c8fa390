//! Meta (legacy SHA-1 header): HMAC-SHA1 over `{body}`.
//!
//! Page: <https://developers.facebook.com/docs/graph-api/webhooks/getting-started>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs); third-party gists.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, Batch, BodyForm, Confidence, Echo, Encoding, Handshake, Lookup, Part, Place,
    Procedure, Reply, Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Meta (legacy SHA-1 header).
pub const META_SHA1: Scheme = Scheme {
    id: text("meta-sha1"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha1,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Hub-Signature"]),
        syntax: Syntax::Prefixed(text("sha1=")),
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/object"))]),
    batch: Some(Batch { items: text("/entry"), id: names![], event_type: names![] }),
    max_body: None,
    retry_horizon: Some(604_800),
    reply: Reply {
        success: statuses![200],
        refused: 401,
        never: statuses![],
        retried: statuses![],
        empty_body: false,
    },
    remote_keys: None,
    handshake: Some(Handshake::Hub { reply: Echo::Text }),
    about: About {
        name: text("Meta (legacy SHA-1 header)"),
        category: text("messaging"),
        page: text("https://developers.facebook.com/docs/graph-api/webhooks/getting-started"),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text("as meta"),
        traps: names![],
        variant_of: None,
    },
};
