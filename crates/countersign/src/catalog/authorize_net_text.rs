//! Authorize.Net: HMAC-SHA512 over `{body}`, with the text of the key.
//!
//! Page: <https://developer.authorize.net/api/reference/features/webhooks.html>, as of 2026-11-24.
//!
//! Confidence: unverified. Checked against: community threads that contradict
//! support.authorize.net.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Authorize.Net (key as text).
///
/// - The sender says that the 128 hexadecimal digits of the key are to be decoded; others say
///   that the text is the key. This entry takes it as text. Use it only if genuine deliveries
///   are refused by the other.
/// - Digest is sent in UPPERCASE hex: compare case-insensitively or decode first.
pub const AUTHORIZE_NET_TEXT: Scheme = Scheme {
    id: text("authorize-net-text"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha512,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-ANET-Signature"]),
        syntax: Syntax::Prefixed(text("sha512=")),
        encoding: Encoding::HexUpper,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/notificationId"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/eventType"))]),
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
        name: text("Authorize.Net (key as text)"),
        category: text("payments"),
        page: text("https://developer.authorize.net/api/reference/features/webhooks.html"),
        confidence: Confidence::Unverified,
        deadline: None,
        retries: text(""),
        traps: names![
            "The sender says that the 128 hexadecimal digits of the key are to be decoded; others say that the text is the key. This entry takes it as text. Use it only if genuine deliveries are refused by the other.",
            "Digest is sent in UPPERCASE hex: compare case-insensitively or decode first."
        ],
        variant_of: Some(text("authorize-net")),
    },
};
