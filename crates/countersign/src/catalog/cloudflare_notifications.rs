//! Cloudflare notifications: a token in a header; nothing is signed.
//!
//! Page: <https://developers.cloudflare.com/notifications/get-started/configure-webhooks/>, as of 2026-11-24.
//!
//! Confidence: unverified. Checked against: not re-read.

use super::{names, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Procedure, Reply, Scheme,
    SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Cloudflare notifications.
///
/// - Nothing of the delivery is signed: whoever sees one can make others. Use HTTPS, keep the
///   address secret, and ask the sender for what matters.
/// - The secret is optional at the sender: set one.
pub const CLOUDFLARE_NOTIFICATIONS: Scheme = Scheme {
    id: text("cloudflare-notifications"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::Token,
    signed: signed![],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["cf-webhook-auth"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::Absent,
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
        name: text("Cloudflare notifications"),
        category: text("ops"),
        page: text(
            "https://developers.cloudflare.com/notifications/get-started/configure-webhooks/",
        ),
        confidence: Confidence::Unverified,
        deadline: None,
        retries: text(""),
        traps: names![
            "Nothing of the delivery is signed: whoever sees one can make others. Use HTTPS, keep the address secret, and ask the sender for what matters.",
            "The secret is optional at the sender: set one."
        ],
        variant_of: None,
    },
};
