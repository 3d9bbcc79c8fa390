//! Content-Digest: SHA-256 or SHA-512 of the body, which anyone can compute.
//!
//! Page: <https://www.rfc-editor.org/rfc/rfc9530>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: the examples of RFC 9530.

use super::{names, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Code, Confidence, Encoding, Lookup, Part, Procedure, Reply, Scheme,
    SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Content-Digest (feature `http-signatures`).
///
/// - It authenticates nothing: whoever forges a body writes its digest too. It tells bodies that
///   broke on the way, and belongs behind something else that tells who the sender is. A verifier is
///   built only with
///   [`Setting::DangerUnauthenticated`](crate::Setting::DangerUnauthenticated). For a digest that is
///   signed, see [`RFC9421`](super::RFC9421).
/// - It is of the bytes that came over the wire, before `Content-Encoding` is undone.
/// - All known digests must match, and one must be known: SHA-256 or SHA-512.
/// - The older header `Digest` (RFC 3230) is another.
pub const RFC9530_CONTENT_DIGEST: Scheme = Scheme {
    id: text("rfc9530-content-digest"),
    procedure: Procedure::Code(Code::ContentDigest),
    algorithm: Algorithm::Sha256,
    signed: signed![],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Content-Digest"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
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
        name: text("Content-Digest"),
        category: text("standard"),
        page: text("https://www.rfc-editor.org/rfc/rfc9530"),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "It authenticates nothing: whoever forges a body writes its digest too.",
            "It is of the bytes that came over the wire, before Content-Encoding is undone.",
            "The older header Digest (RFC 3230) is another."
        ],
        variant_of: None,
    },
};
