//! Wise webhooks: RSA with SHA-256 over `{body}`.
//!
//! Page: <https://docs.wise.com/guides/developer/webhooks/event-handling>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: docs.wise.com; vector of
//! transferwise/digital-signatures-examples.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Wise webhooks.
///
/// - X-Delivery-Id and X-Test-Notification are not signed.
/// - The sandbox has a key of its own.
/// - X-Signature, an older header, is not read.
/// - No time is signed.
pub const WISE: Scheme = Scheme {
    id: text("wise"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::RsaSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Signature-SHA256"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Header(text("X-Delivery-Id"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/event_type"))]),
    batch: None,
    max_body: None,
    retry_horizon: Some(1209600),
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
        name: text("Wise webhooks"),
        category: text("payments"),
        page: text("https://docs.wise.com/guides/developer/webhooks/event-handling"),
        confidence: Confidence::DocsVerified,
        deadline: Some(5),
        retries: text("up to 25 tries over two weeks, unless answered with 2xx within 5 s"),
        traps: names![
            "X-Delivery-Id and X-Test-Notification are not signed.",
            "The sandbox has a key of its own.",
            "X-Signature, an older header, is not read.",
            "No time is signed.",
        ],
        variant_of: None,
    },
};
