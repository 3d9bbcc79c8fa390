//! Close CRM: HMAC-SHA256 over `{timestamp}{body}`.
//!
//! Page: <https://developer.close.com/api/resources/webhooks>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: four independent third-party implementations agree
//! on the hex-decoded key; official page (payload read).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax, TimestampPlace,
    TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Close CRM.
///
/// - Key must be hex-decoded.
/// - No window is documented, so the age of the timestamp is not judged unless a tolerance is
///   set.
pub const CLOSE: Scheme = Scheme {
    id: text("close"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Timestamp, Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Hex, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["close-sig-hash"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Header(names!["close-sig-timestamp"]),
        format: TimestampFormat::Seconds,
    }),
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/event/id"))]),
    event_id: Lookup::First(places![Place::Body(text("/event/id"))]),
    event_type: Lookup::Joined(places![
        Place::Body(text("/event/object_type")),
        Place::Body(text("/event/action"))
    ]),
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
        name: text("Close CRM"),
        category: text("crm"),
        page: text("https://developer.close.com/api/resources/webhooks"),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text(""),
        traps: names![
            "Key must be hex-decoded.",
            "No window is documented, so the age of the timestamp is not judged unless a tolerance is set."
        ],
        variant_of: None,
    },
};
