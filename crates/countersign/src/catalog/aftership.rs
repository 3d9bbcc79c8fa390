//! AfterShip: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://www.aftership.com/docs/tracking/webhook/webhook-signature>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: official docs page (read).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// AfterShip.
///
/// - Delivery id (body:/event\_id) is unverified.
pub const AFTERSHIP: Scheme = Scheme {
    id: text("aftership"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["aftership-hmac-sha256"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/event_id"))]),
    event_id: Lookup::First(places![Place::Body(text("/event_id"))]),
    event_type: Lookup::First(places![Place::Body(text("/event"))]),
    batch: None,
    max_body: None,
    retry_horizon: Some(245_730),
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
        name: text("AfterShip"),
        category: text("commerce"),
        page: text("https://www.aftership.com/docs/tracking/webhook/webhook-signature"),
        confidence: Confidence::DocsVerified,
        deadline: None,
        retries: text(""),
        traps: names!["Delivery id (body:/event_id) is unverified."],
        variant_of: None,
    },
};
