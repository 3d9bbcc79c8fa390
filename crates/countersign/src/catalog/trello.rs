//! Trello: HMAC-SHA1 over the body and the callback URL.
//!
//! Page: <https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/>, as of 2026-11-24.
//!
//! Confidence: unverified. Checked against: nothing; the page was not read again.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Handshake, Lookup, Part, Place, Procedure,
    Reply, Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Trello.
///
/// - The body comes first, the URL second, and it is the callbackURL as it was given when the
///   webhook was made.
/// - The secret is that of the app, not the API token.
/// - When a webhook is made, the URL is asked with HEAD and must answer 200.
pub const TRELLO: Scheme = Scheme {
    id: text("trello"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha1,
    signed: signed![Part::Body, Part::ExternalUrl],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Trello-Webhook"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/action/id"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/action/type"))]),
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
    handshake: Some(Handshake::Probe { method: text("HEAD") }),
    about: About {
        name: text("Trello"),
        category: text("productivity"),
        page: text("https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/"),
        confidence: Confidence::Unverified,
        deadline: None,
        retries: text(""),
        traps: names![
            "The body comes first, the URL second, and it is the callbackURL as it was given when the webhook was made.",
            "The secret is that of the app, not the API token.",
            "When a webhook is made, the URL is asked with HEAD and must answer 200.",
        ],
        variant_of: None,
    },
};
