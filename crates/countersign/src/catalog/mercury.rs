//! Mercury: HMAC-SHA256 over `{timestamp}.{body}`.
//!
//! Page: <https://docs.mercury.com/reference/webhooks>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: official docs page exists (event shape read); three
//! third-party implementations of the signature.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Pairs, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Separator, Signature, SignatureHeaders, Syntax,
    TimestampPlace, TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Mercury.
///
/// - Third parties disagree on the key: most use the secret as text, one decodes it from
///   base64. Treat the secret format as unverified.
/// - An unrelated product (Mercury for Stellar, mercurydata.app) uses X-Mercury-Signature.
/// - No window is documented; the tolerance is assumed.
pub const MERCURY: Scheme = Scheme {
    id: text("mercury"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Timestamp, Part::Literal(text(".")), Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Mercury-Signature"]),
        syntax: Syntax::Pairs(Pairs {
            separator: Separator::Comma,
            assign: Separator::Equals,
            key: text("v1"),
            once: false,
            trim: false,
        }),
        encoding: Encoding::Hex,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Field(text("t")),
        format: TimestampFormat::Seconds,
    }),
    tolerance: Tolerance::symmetric(300),
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/id"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::Joined(places![
        Place::Body(text("/resourceType")),
        Place::Body(text("/operationType"))
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
        name: text("Mercury"),
        category: text("payments"),
        page: text("https://docs.mercury.com/reference/webhooks"),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text(""),
        traps: names![
            "Third parties disagree on the key: most use the secret as text, one decodes it from base64. Treat the secret format as unverified.",
            "An unrelated product (Mercury for Stellar, mercurydata.app) uses X-Mercury-Signature.",
            "No window is documented; the tolerance is assumed."
        ],
        variant_of: None,
    },
};
