//! Microsoft Graph change notifications: a token in each item; nothing is signed.
//!
//! Page: <https://learn.microsoft.com/graph/change-notifications-delivery-webhooks>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: learn.microsoft.com delivery page (retry rules)
//! and Q&A (validation rules).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, Batch, BodyForm, Code, Confidence, Encoding, Handshake, Lookup, Part, Place,
    Procedure, Reply, Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Microsoft Graph change notifications.
///
/// - Nothing of the delivery is signed: whoever sees one can make others. Use HTTPS, keep the
///   address secret, and ask the sender for what matters.
/// - The secret is the clientState of the subscription; give one for each subscription. Every
///   item must hold one of them, and a delivery without items is refused.
/// - An item has no id: subscription, resource and kind of change are the same for each change
///   of one resource.
/// - Answer with 202 and work later: three seconds are hoped for, after ten the delivery has
///   failed.
pub const MICROSOFT_GRAPH: Scheme = Scheme {
    id: text("microsoft-graph"),
    procedure: Procedure::Code(Code::MicrosoftGraph),
    algorithm: Algorithm::Token,
    signed: signed![],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::Body(text("/value/0/clientState")),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/value/0/changeType"))]),
    batch: Some(Batch { items: text("/value"), id: names![], event_type: names!["/changeType"] }),
    max_body: None,
    retry_horizon: Some(14_400),
    reply: Reply {
        success: statuses![],
        refused: 401,
        never: statuses![],
        retried: statuses![],
        empty_body: false,
    },
    remote_keys: None,
    handshake: Some(Handshake::EchoQuery {
        method: text("POST"),
        parameter: text("validationToken"),
        signed: false,
    }),
    about: About {
        name: text("Microsoft Graph change notifications"),
        category: text("productivity"),
        page: text("https://learn.microsoft.com/graph/change-notifications-delivery-webhooks"),
        confidence: Confidence::DocsVerified,
        deadline: Some(10),
        retries: text("for up to 4 h with back-off, unless answered by 2xx"),
        traps: names![
            "Nothing of the delivery is signed: whoever sees one can make others. Use HTTPS, keep the address secret, and ask the sender for what matters.",
            "The secret is the clientState of the subscription; give one for each subscription. Every item must hold one of them, and a delivery without items is refused.",
            "An item has no id: subscription, resource and kind of change are the same for each change of one resource.",
            "Answer with 202 and work later: three seconds are hoped for, after ten the delivery has failed."
        ],
        variant_of: None,
    },
};
