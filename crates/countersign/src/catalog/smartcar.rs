//! Smartcar: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://smartcar.com/docs/integrations/webhooks/payload-verification>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: smartcar npm (verifyPayload);
//! hookdeck/webhook-skills providers.yaml (third-party digest of the official docs).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Smartcar.
///
/// - Key is the Application Management Token. VERIFY challenge in other.toml.
pub const SMARTCAR: Scheme = Scheme {
    id: text("smartcar"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["SC-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/eventId"))]),
    event_id: Lookup::First(places![Place::Body(text("/eventId"))]),
    event_type: Lookup::First(places![Place::Body(text("/eventType"))]),
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
        name: text("Smartcar"),
        category: text("iot"),
        page: text("https://smartcar.com/docs/integrations/webhooks/payload-verification"),
        confidence: Confidence::SdkVerified,
        deadline: Some(15),
        retries: text("exponential on non-2xx, timeout, TLS error"),
        traps: names!["Key is the Application Management Token. VERIFY challenge in other.toml."],
        variant_of: None,
    },
};
