//! Fireblocks webhooks (legacy signature): RSA with SHA-512 over `{body}`.
//!
//! Page: <https://developers.fireblocks.com/reference/verify-requests>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: developers.fireblocks.com.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Fireblocks webhooks (legacy signature).
///
/// - Announced as deprecated in favour of a JSON Web Signature.
/// - Each environment has a key of its own, printed in the documentation.
/// - No time is signed.
pub const FIREBLOCKS_LEGACY: Scheme = Scheme {
    id: text("fireblocks-legacy"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::RsaSha512,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Fireblocks-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/type"))]),
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
        name: text("Fireblocks webhooks (legacy signature)"),
        category: text("payments"),
        page: text("https://developers.fireblocks.com/reference/verify-requests"),
        confidence: Confidence::DocsVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "Announced as deprecated in favour of a JSON Web Signature.",
            "Each environment has a key of its own, printed in the documentation.",
            "No time is signed.",
        ],
        variant_of: Some(text("fireblocks")),
    },
};
