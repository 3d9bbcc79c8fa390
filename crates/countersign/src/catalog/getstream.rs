//! Stream (Chat/Feeds): HMAC-SHA256 over `{body}`.
//!
//! Page: <https://getstream.io/chat/docs/node/webhooks_overview/>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: stream-chat npm.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Stream (Chat/Feeds).
///
/// - When deliveries are gzip-compressed the signature covers the UNCOMPRESSED JSON (SDK
///   gunzips first). Nylas is the opposite: compressed bytes.
pub const GETSTREAM: Scheme = Scheme {
    id: text("getstream"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Gunzipped,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Header(text("X-Webhook-Id"))]),
    event_id: Lookup::Absent,
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
        name: text("Stream (Chat/Feeds)"),
        category: text("messaging"),
        page: text("https://getstream.io/chat/docs/node/webhooks_overview/"),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "When deliveries are gzip-compressed the signature covers the UNCOMPRESSED JSON (SDK gunzips first). Nylas is the opposite: compressed bytes."
        ],
        variant_of: None,
    },
};
