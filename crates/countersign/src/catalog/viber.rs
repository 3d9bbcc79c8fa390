//! Viber: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://developers.viber.com/docs/api/rest-bot-api/#callbacks>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: viber-bot npm; viberbot PyPI.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Viber.
///
/// - Key is the bot auth token.
pub const VIBER: Scheme = Scheme {
    id: text("viber"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Viber-Content-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/message_token"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/event"))]),
    batch: None,
    max_body: None,
    retry_horizon: None,
    reply: Reply {
        success: statuses![200],
        refused: 401,
        never: statuses![],
        retried: statuses![],
        empty_body: false,
    },
    remote_keys: None,
    handshake: None,
    about: About {
        name: text("Viber"),
        category: text("messaging"),
        page: text("https://developers.viber.com/docs/api/rest-bot-api/#callbacks"),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text(""),
        traps: names!["Key is the bot auth token."],
        variant_of: None,
    },
};
