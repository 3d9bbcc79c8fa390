//! TikTok for Developers: HMAC-SHA256 over `{timestamp}.{body}`.
//!
//! Page: <https://developers.tiktok.com/doc/webhooks-verification>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs); third-party declarative scheme registry (states doc-verified
//! 2026-07-01).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Pairs, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Separator, Signature, SignatureHeaders, Syntax,
    TimestampPlace, TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// TikTok for Developers.
///
/// - Key is the client secret. TikTok Shop differs (Authorization header, app\_key + body).
/// - No window is documented; the tolerance is assumed.
pub const TIKTOK: Scheme = Scheme {
    id: text("tiktok"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Timestamp, Part::Literal(text(".")), Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["TikTok-Signature"]),
        syntax: Syntax::Pairs(Pairs {
            separator: Separator::Comma,
            assign: Separator::Equals,
            key: text("s"),
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
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/event"))]),
    batch: None,
    max_body: None,
    retry_horizon: Some(259_200),
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
        name: text("TikTok for Developers"),
        category: text("messaging"),
        page: text("https://developers.tiktok.com/doc/webhooks-verification"),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text("up to 72 h exponential"),
        traps: names![
            "Key is the client secret. TikTok Shop differs (Authorization header, app_key + body).",
            "No window is documented; the tolerance is assumed."
        ],
        variant_of: None,
    },
};
