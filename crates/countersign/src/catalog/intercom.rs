//! Intercom: HMAC-SHA1 over `{body}`.
//!
//! Page: <https://developers.intercom.com/docs/webhooks>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs); third-party declarative scheme registry (states doc-verified
//! 2026-07-01); official notifications page (read; signature part not on it).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Intercom.
///
/// - SHA-1 keyed with the app client secret.
/// - The deadline is from memory of the documentation.
pub const INTERCOM: Scheme = Scheme {
    id: text("intercom"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha1,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Hub-Signature"]),
        syntax: Syntax::Prefixed(text("sha1=")),
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/id"))]),
    event_id: Lookup::First(places![Place::Body(text("/id"))]),
    event_type: Lookup::First(places![Place::Body(text("/topic"))]),
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
        name: text("Intercom"),
        category: text("support"),
        page: text("https://developers.intercom.com/docs/webhooks"),
        confidence: Confidence::Secondary,
        deadline: Some(5),
        retries: text(
            "more than 1000 consecutive error codes in 15 min pause delivery for 15 min; errors for more than 7 days suspend the subscription (private apps)",
        ),
        traps: names![
            "SHA-1 keyed with the app client secret.",
            "The deadline is from memory of the documentation."
        ],
        variant_of: None,
    },
};
