//! Pusher Channels: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://pusher.com/docs/channels/server_api/webhooks/>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: pusher npm + repository test vector; pusher PyPI.

use super::{names, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, Batch, BodyForm, Confidence, Encoding, Lookup, Part, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Pusher Channels.
///
/// - X-Pusher-Key selects the secret; SDK requires it to match, content type application/json
///   and parseable JSON.
pub const PUSHER: Scheme = Scheme {
    id: text("pusher"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Pusher-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: Some(text("X-Pusher-Key")),
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::Absent,
    batch: Some(Batch { items: text("/events"), id: names![], event_type: names!["/name"] }),
    max_body: None,
    retry_horizon: Some(300),
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
        name: text("Pusher Channels"),
        category: text("messaging"),
        page: text("https://pusher.com/docs/channels/server_api/webhooks/"),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text("every non-2xx for up to 5 min with back-off"),
        traps: names![
            "X-Pusher-Key selects the secret; SDK requires it to match, content type application/json and parseable JSON."
        ],
        variant_of: None,
    },
};
