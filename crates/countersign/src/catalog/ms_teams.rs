//! Microsoft Teams outgoing webhook: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-outgoing-webhook>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: third-party declarative scheme registry (states
//! doc-verified 2026-07-01).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Microsoft Teams outgoing webhook.
///
/// - Key is base64-decoded.
/// - Answer: 200 with a message body.
pub const MS_TEAMS: Scheme = Scheme {
    id: text("ms-teams"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Base64, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Authorization"]),
        syntax: Syntax::Prefixed(text("HMAC ")),
        encoding: Encoding::Base64,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/id"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/type"))]),
    batch: None,
    max_body: None,
    retry_horizon: None,
    reply: Reply {
        success: statuses![200],
        refused: 401,
        never: statuses![],
        retried: statuses![],
        empty_body: false,
    },
    remote_keys: None,
    handshake: None,
    about: About {
        name: text("Microsoft Teams outgoing webhook"),
        category: text("messaging"),
        page: text(
            "https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-outgoing-webhook",
        ),
        confidence: Confidence::Secondary,
        deadline: Some(10),
        retries: text("none"),
        traps: names!["Key is base64-decoded.", "Answer: 200 with a message body."],
        variant_of: None,
    },
};
