//! Forgejo: HMAC-SHA256 over `{payload}`.
//!
//! Page: <https://forgejo.org/docs/latest/user/webhooks/>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: third-party crate docs; inherits Gitea code.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Forgejo.
pub const FORGEJO: Scheme = Scheme {
    id: text("forgejo"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::FormField(text("payload")),
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Forgejo-Signature", "X-Gitea-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Header(text("X-Forgejo-Delivery"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Header(text("X-Forgejo-Event"))]),
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
        name: text("Forgejo"),
        category: text("dev-tools"),
        page: text("https://forgejo.org/docs/latest/user/webhooks/"),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text(""),
        traps: names![],
        variant_of: None,
    },
};
