//! Azure Event Grid: a token in a parameter of the query; nothing is signed.
//!
//! Page: <https://learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: learn.microsoft.com endpoint validation page.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, Batch, BodyForm, Code, Confidence, Encoding, Handshake, Lookup, Part, Place,
    Procedure, Reply, Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Azure Event Grid.
///
/// - Nothing of the delivery is signed: whoever sees one can make others. Use HTTPS, keep the
///   address secret, and ask the sender for what matters.
/// - Put a secret into the query of the address that Event Grid is given, and name the
///   parameter with the setting query-name. Servers and proxies write queries into their logs.
/// - The bearer token of Entra ID, which Event Grid can send in place of the secret, is not
///   verified here.
pub const AZURE_EVENT_GRID: Scheme = Scheme {
    id: text("azure-event-grid"),
    procedure: Procedure::Code(Code::QueryToken),
    algorithm: Algorithm::Token,
    signed: signed![],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::Query(text("code")),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/0/id"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/0/eventType"))]),
    batch: Some(Batch { items: text(""), id: names!["/id"], event_type: names!["/eventType"] }),
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
    handshake: Some(Handshake::EventGrid),
    about: About {
        name: text("Azure Event Grid"),
        category: text("ops"),
        page: text(
            "https://learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema",
        ),
        confidence: Confidence::DocsVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "Nothing of the delivery is signed: whoever sees one can make others. Use HTTPS, keep the address secret, and ask the sender for what matters.",
            "Put a secret into the query of the address that Event Grid is given, and name the parameter with the setting query-name. Servers and proxies write queries into their logs.",
            "The bearer token of Entra ID, which Event Grid can send in place of the secret, is not verified here."
        ],
        variant_of: None,
    },
};
