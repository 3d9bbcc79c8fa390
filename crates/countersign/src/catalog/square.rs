//! Square: HMAC-SHA256 over the URL and the body.
//!
//! Page: <https://developer.squareup.com/docs/webhooks/step3validate>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: square npm 46; squareup PyPI.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Square.
///
/// - The URL is the notification URL of the subscription, letter by letter: give it with
///   notification\_url.
/// - URL and body follow each other without a delimiter; that is safe because the URL is
///   configured.
/// - The older header x-square-signature (HMAC-SHA1) is not read.
pub const SQUARE: Scheme = Scheme {
    id: text("square"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::ExternalUrl, Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["x-square-hmacsha256-signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/event_id"))]),
    event_id: Lookup::First(places![Place::Body(text("/event_id"))]),
    event_type: Lookup::First(places![Place::Body(text("/type"))]),
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
        name: text("Square"),
        category: text("payments"),
        page: text("https://developer.squareup.com/docs/webhooks/step3validate"),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "The URL is the notification URL of the subscription, letter by letter: give it with notification_url.",
            "URL and body follow each other without a delimiter; that is safe because the URL is configured.",
            "The older header x-square-signature (HMAC-SHA1) is not read.",
        ],
        variant_of: None,
    },
};
