//! Authorize.Net: HMAC-SHA512 over `{body}`.
//!
//! Page: <https://developer.authorize.net/api/reference/features/webhooks.html>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: third-party declarative scheme registry (states
//! doc-verified 2026-07-01); third-party list.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Authorize.Net.
///
/// - Signature Key is a hex string decoded to bytes. Others say that it is taken as text: should genuine
///   deliveries be refused, see authorize-net-text.
/// - Digest is sent in UPPERCASE hex: compare case-insensitively or decode first.
pub const AUTHORIZE_NET: Scheme = Scheme {
    id: text("authorize-net"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha512,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Hex, wrong: wrong![] },
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
    event_id: Lookup::First(places![Place::Body(text("/notificationId"))]),
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
        name: text("Authorize.Net"),
        category: text("payments"),
        page: text("https://developer.authorize.net/api/reference/features/webhooks.html"),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text(""),
        traps: names![
            "Signature Key is a hex string decoded to bytes. Others say that it is taken as text: should genuine deliveries be refused, see authorize-net-text.",
            "Digest is sent in UPPERCASE hex: compare case-insensitively or decode first."
        ],
        variant_of: None,
    },
};
