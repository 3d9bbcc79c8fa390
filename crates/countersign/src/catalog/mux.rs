//! Mux: HMAC-SHA256 over `{timestamp}.{body}`.
//!
//! Page: <https://docs.mux.com/guides/verify-webhook-signatures>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: @mux/mux-node npm.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Pairs, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Separator, Signature, SignatureHeaders, Syntax,
    TimestampPlace, TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Mux.
///
/// - The sender's SDK accepts any future timestamp; here the window is symmetric.
/// - The deadline is from memory of the documentation.
pub const MUX: Scheme = Scheme {
    id: text("mux"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Timestamp, Part::Literal(text(".")), Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Mux-Signature"]),
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
    event_id: Lookup::First(places![Place::Body(text("/id"))]),
    event_type: Lookup::First(places![Place::Body(text("/type"))]),
    batch: None,
    max_body: None,
    retry_horizon: Some(86_400),
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
        name: text("Mux"),
        category: text("media"),
        page: text("https://docs.mux.com/guides/verify-webhook-signatures"),
        confidence: Confidence::SdkVerified,
        deadline: Some(5),
        retries: text("24 h exponential (unverified)"),
        traps: names![
            "The sender's SDK accepts any future timestamp; here the window is symmetric.",
            "The deadline is from memory of the documentation."
        ],
        variant_of: None,
    },
};
