//! Modern Treasury: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://docs.moderntreasury.com/platform/reference/webhook-signatures>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: modern-treasury npm.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Modern Treasury.
///
/// - Delivery id (header:X-Delivery-Attempt-ID / body id) is unverified.
/// - Event type (header:X-Topic / body:/event) is unverified.
pub const MODERN_TREASURY: Scheme = Scheme {
    id: text("modern-treasury"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
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
    delivery_id: Lookup::First(places![
        Place::Header(text("X-Delivery-Attempt-ID")),
        Place::Body(text("/id"))
    ]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Header(text("X-Topic")), Place::Body(text("/event"))]),
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
        name: text("Modern Treasury"),
        category: text("payments"),
        page: text("https://docs.moderntreasury.com/platform/reference/webhook-signatures"),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "Delivery id (header:X-Delivery-Attempt-ID / body id) is unverified.",
            "Event type (header:X-Topic / body:/event) is unverified."
        ],
        variant_of: None,
    },
};
