//! Webflow: HMAC-SHA256 over `{timestamp}:{body}`.
//!
//! Page: <https://developers.webflow.com/data/docs/working-with-webhooks>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: webflow-api npm.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax, TimestampPlace,
    TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Webflow.
///
/// - SDK checks no age at all; the 5-minute window is documentation.
/// - Milliseconds; dashboard-created webhooks are unsigned; OAuth-app webhooks use the app
///   client secret, token-created ones a per-webhook secretKey.
pub const WEBFLOW: Scheme = Scheme {
    id: text("webflow"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Timestamp, Part::Literal(text(":")), Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["x-webflow-signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Header(names!["x-webflow-timestamp"]),
        format: TimestampFormat::Milliseconds,
    }),
    tolerance: Tolerance::symmetric(300),
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/triggerType"))]),
    batch: None,
    max_body: None,
    retry_horizon: Some(1_800),
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
        name: text("Webflow"),
        category: text("cms"),
        page: text("https://developers.webflow.com/data/docs/working-with-webhooks"),
        confidence: Confidence::SdkVerified,
        deadline: Some(30),
        retries: text("up to 3 retries, 10 min apart"),
        traps: names![
            "SDK checks no age at all; the 5-minute window is documentation.",
            "Milliseconds; dashboard-created webhooks are unsigned; OAuth-app webhooks use the app client secret, token-created ones a per-webhook secretKey."
        ],
        variant_of: None,
    },
};
