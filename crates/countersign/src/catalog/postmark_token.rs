//! Postmark: a token in a parameter of the query; nothing is signed.
//!
//! Page: <https://postmarkapp.com/developer/webhooks/webhooks-overview>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: hookdeck webhook-skills postmark.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Code, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Postmark (token in the query).
///
/// - Nothing of the delivery is signed: whoever sees one can make others. Use HTTPS, keep the
///   address secret, and ask the sender for what matters.
/// - Name the parameter with the setting query-name. Servers and proxies write queries into
///   their logs.
pub const POSTMARK_TOKEN: Scheme = Scheme {
    id: text("postmark-token"),
    procedure: Procedure::Code(Code::QueryToken),
    algorithm: Algorithm::Token,
    signed: signed![],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::Query(text("token")),
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
        name: text("Postmark (token in the query)"),
        category: text("messaging"),
        page: text("https://postmarkapp.com/developer/webhooks/webhooks-overview"),
        confidence: Confidence::DocsVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "Nothing of the delivery is signed: whoever sees one can make others. Use HTTPS, keep the address secret, and ask the sender for what matters.",
            "Name the parameter with the setting query-name. Servers and proxies write queries into their logs."
        ],
        variant_of: Some(text("postmark")),
    },
};
