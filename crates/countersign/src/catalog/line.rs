//! LINE: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://developers.line.biz/en/reference/messaging-api/#signature-validation>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: @line/bot-sdk npm; line-bot-sdk PyPI + repository
//! test vector.

use super::{names, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, Batch, BodyForm, Confidence, Encoding, Lookup, Part, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// LINE.
///
/// - A redelivery says so in its body (deliveryContext.isRedelivery), so the whole delivery is no
///   duplicate by content: handle it by its items, whose ids stay.
/// - Node SDK decodes base64 leniently before comparing.
/// - Empty events array is a connectivity check and is signed.
/// - The deadline is from memory of the documentation.
pub const LINE: Scheme = Scheme {
    id: text("line"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["x-line-signature"]),
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
    batch: Some(Batch {
        items: text("/events"),
        id: names!["/webhookEventId"],
        event_type: names!["/type"],
    }),
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
        name: text("LINE"),
        category: text("messaging"),
        page: text("https://developers.line.biz/en/reference/messaging-api/#signature-validation"),
        confidence: Confidence::SdkVerified,
        deadline: Some(2),
        retries: text("only if redelivery is enabled in the console (docs, not re-read)"),
        traps: names![
            "A redelivery says so in its body (deliveryContext.isRedelivery), so the whole delivery is no duplicate by content: handle it by its items, whose ids stay.",
            "Node SDK decodes base64 leniently before comparing.",
            "Empty events array is a connectivity check and is signed.",
            "The deadline is from memory of the documentation."
        ],
        variant_of: None,
    },
};
