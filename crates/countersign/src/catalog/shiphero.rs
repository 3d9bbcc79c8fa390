//! ShipHero: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://developer.shiphero.com/webhooks/#webhook_verification>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// ShipHero.
///
/// - Answer: 2xx with a JSON body code 200.
pub const SHIPHERO: Scheme = Scheme {
    id: text("shiphero"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["x-shiphero-hmac-sha256"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Header(text("X-Shiphero-Message-ID"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/webhook_type"))]),
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
        name: text("ShipHero"),
        category: text("commerce"),
        page: text("https://developer.shiphero.com/webhooks/#webhook_verification"),
        confidence: Confidence::Secondary,
        deadline: Some(10),
        retries: text("up to 5"),
        traps: names!["Answer: 2xx with a JSON body code 200."],
        variant_of: None,
    },
};
