//! Paddle Classic: RSA with SHA-1 over PHP's serialisation of the sorted fields.
//!
//! Page: <https://developer.paddle.com/classic/webhook-reference/verifying-webhooks>, as of 2026-11-24.
//!
//! Confidence: unverified. Checked against: nothing; the page was not read again.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Code, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Paddle Classic.
///
/// - All fields but p\_signature are signed as strings, sorted by name, with their lengths in
///   bytes.
/// - A field that is there twice is refused.
pub const PADDLE_CLASSIC: Scheme = Scheme {
    id: text("paddle-classic"),
    procedure: Procedure::Code(Code::PaddleClassic),
    algorithm: Algorithm::RsaSha1,
    signed: signed![Part::SortedForm],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::FormField(text("p_signature")),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::FormField(text("alert_id"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::FormField(text("alert_name"))]),
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
        name: text("Paddle Classic"),
        category: text("payments"),
        page: text("https://developer.paddle.com/classic/webhook-reference/verifying-webhooks"),
        confidence: Confidence::Unverified,
        deadline: None,
        retries: text(""),
        traps: names![
            "All fields but p_signature are signed as strings, sorted by name, with their lengths in bytes.",
            "A field that is there twice is refused.",
        ],
        variant_of: Some(text("paddle")),
    },
};
