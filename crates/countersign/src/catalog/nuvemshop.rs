//! Nuvemshop / Tiendanube: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://tiendanube.github.io/api-documentation/resources/webhook>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Nuvemshop / Tiendanube.
pub const NUVEMSHOP: Scheme = Scheme {
    id: text("nuvemshop"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["x-linkedstore-hmac-sha256"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/event"))]),
    batch: None,
    max_body: None,
    retry_horizon: Some(172_800),
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
        name: text("Nuvemshop / Tiendanube"),
        category: text("commerce"),
        page: text("https://tiendanube.github.io/api-documentation/resources/webhook"),
        confidence: Confidence::Secondary,
        deadline: Some(3),
        retries: text("immediately, 5/10/15 min, then x1.4 up to 18 tries over 48 h"),
        traps: names![],
        variant_of: None,
    },
};
