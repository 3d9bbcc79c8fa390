//! Postmark: basic authentication; nothing is signed.
//!
//! Page: <https://postmarkapp.com/developer/webhooks/webhooks-overview>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: hookdeck webhook-skills postmark.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Postmark.
///
/// - Nothing of the delivery is signed: whoever sees one can make others. Use HTTPS, keep the
///   address secret, and ask the sender for what matters.
/// - The secret is user:password. The password may hold colons; it is compared as UTF-8.
/// - User and password are given in the address of the webhook. For a token in its query, see
///   postmark-token.
pub const POSTMARK: Scheme = Scheme {
    id: text("postmark"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::Basic,
    signed: signed![],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::UserAndPassword, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Authorization"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Joined(places![
        Place::Body(text("/MessageID")),
        Place::Body(text("/RecordType"))
    ]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/RecordType"))]),
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
        name: text("Postmark"),
        category: text("messaging"),
        page: text("https://postmarkapp.com/developer/webhooks/webhooks-overview"),
        confidence: Confidence::DocsVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "Nothing of the delivery is signed: whoever sees one can make others. Use HTTPS, keep the address secret, and ask the sender for what matters.",
            "The secret is user:password. The password may hold colons; it is compared as UTF-8.",
            "User and password are given in the address of the webhook. For a token in its query, see postmark-token."
        ],
        variant_of: None,
    },
};
