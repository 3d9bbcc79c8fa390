//! Patreon: HMAC-MD5 over `{body}`.
//!
//! Page: <https://docs.patreon.com/#webhooks>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: official community forum thread; third-party
//! implementations.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Patreon.
///
/// - HMAC-MD5: needs explicit opt-in in a modern library.
pub const PATREON: Scheme = Scheme {
    id: text("patreon"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacMd5,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Patreon-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Header(text("X-Patreon-Event"))]),
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
        name: text("Patreon"),
        category: text("media"),
        page: text("https://docs.patreon.com/#webhooks"),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text(""),
        traps: names!["HMAC-MD5: needs explicit opt-in in a modern library."],
        variant_of: None,
    },
};
