//! Lark and Feishu: SHA-256 over `{timestamp}{nonce}{encrypt key}{body}`.
//!
//! Page: <https://open.larksuite.com/document/server-docs/event-subscription-guide/event-subscription-configure-/request-url-configuration-case>, as of 2026-11-24.
//!
//! Confidence: unverified. Checked against: not re-read.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Handshake, Lookup, Part, Place, Procedure,
    Reply, Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax, TimestampPlace,
    TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Lark / Feishu.
///
/// - The secret is the encrypt key. Without one Lark signs nothing, and a verification token in
///   the body is all there is: see lark-token.
/// - A plain digest, no HMAC, and the body comes last: who captures a delivery can append bytes
///   to its body. What ends where the JSON should go on must be refused by whoever reads it.
/// - Nothing stands between timestamp and nonce, so digits can be moved from one to the other;
///   no tolerance is documented.
/// - With an encrypt key the body is encrypted with AES-256-CBC, and is handed on as it came.
pub const LARK: Scheme = Scheme {
    id: text("lark"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::Sha256,
    signed: signed![
        Part::Timestamp,
        Part::Nonce(text("X-Lark-Request-Nonce")),
        Part::Secret,
        Part::Body
    ],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Lark-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Header(names!["X-Lark-Request-Timestamp"]),
        format: TimestampFormat::Seconds,
    }),
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![
        Place::Body(text("/header/event_id")),
        Place::Body(text("/uuid"))
    ]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![
        Place::Body(text("/header/event_type")),
        Place::Body(text("/event/type"))
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
    handshake: Some(Handshake::Lark),
    about: About {
        name: text("Lark / Feishu"),
        category: text("messaging"),
        page: text(
            "https://open.larksuite.com/document/server-docs/event-subscription-guide/event-subscription-configure-/request-url-configuration-case",
        ),
        confidence: Confidence::Unverified,
        deadline: None,
        retries: text(""),
        traps: names![
            "The secret is the encrypt key. Without one Lark signs nothing, and a verification token in the body is all there is: see lark-token.",
            "A plain digest, no HMAC, and the body comes last: who captures a delivery can append bytes to its body. What ends where the JSON should go on must be refused by whoever reads it.",
            "Nothing stands between timestamp and nonce, so digits can be moved from one to the other; no tolerance is documented.",
            "With an encrypt key the body is encrypted with AES-256-CBC, and is handed on as it came."
        ],
        variant_of: None,
    },
};
