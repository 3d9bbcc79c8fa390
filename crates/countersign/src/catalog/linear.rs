//! Linear: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://linear.app/developers/webhooks#securing-webhooks>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: @linear/sdk npm.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax, TimestampPlace,
    TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Linear.
///
/// - Timestamp lives INSIDE the signed JSON body; the linear-timestamp header is unsigned and
///   the SDK now ignores it.
/// - Missing or non-numeric webhookTimestamp is a rejection in the SDK.
/// - The deadline is from memory of the documentation.
pub const LINEAR: Scheme = Scheme {
    id: text("linear"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Linear-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Body(text("/webhookTimestamp")),
        format: TimestampFormat::Milliseconds,
    }),
    tolerance: Tolerance::symmetric(60),
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Header(text("Linear-Delivery"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![
        Place::Header(text("Linear-Event")),
        Place::Body(text("/type"))
    ]),
    batch: None,
    max_body: None,
    retry_horizon: Some(25_260),
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
        name: text("Linear"),
        category: text("dev-tools"),
        page: text("https://linear.app/developers/webhooks#securing-webhooks"),
        confidence: Confidence::SdkVerified,
        deadline: Some(5),
        retries: text("3 tries: 1 min, 1 h, 6 h (docs, not re-read)"),
        traps: names![
            "Timestamp lives INSIDE the signed JSON body; the linear-timestamp header is unsigned and the SDK now ignores it.",
            "Missing or non-numeric webhookTimestamp is a rejection in the SDK.",
            "The deadline is from memory of the documentation."
        ],
        variant_of: None,
    },
};
