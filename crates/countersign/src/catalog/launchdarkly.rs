//! LaunchDarkly: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://launchdarkly.com/docs/home/infrastructure/webhooks>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: third-party declarative scheme registry (states
//! doc-verified 2026-07-01); official webhook page (payload part read).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// LaunchDarkly.
///
/// - Signed only when a secret is set.
pub const LAUNCHDARKLY: Scheme = Scheme {
    id: text("launchdarkly"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-LD-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/_id"))]),
    event_id: Lookup::First(places![Place::Body(text("/_id"))]),
    event_type: Lookup::Joined(places![
        Place::Body(text("/kind")),
        Place::Body(text("/titleVerb"))
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
    handshake: None,
    about: About {
        name: text("LaunchDarkly"),
        category: text("dev-tools"),
        page: text("https://launchdarkly.com/docs/home/infrastructure/webhooks"),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text(""),
        traps: names!["Signed only when a secret is set."],
        variant_of: None,
    },
};
