//! Mailchimp Transactional (Mandrill): HMAC-SHA1 over the URL and the sorted fields of the form.
//!
//! Page: <https://mailchimp.com/developer/transactional/guides/track-respond-activity-webhooks/>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: mandrill.zendesk.com article.

use super::{names, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Handshake, Lookup, Part, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Mailchimp Transactional (Mandrill).
///
/// - The URL is the one that was entered in Mandrill, with or without a slash at its end: give it
///   with notification\_url.
/// - The events are JSON in the field mandrill\_events, so their ids and types are not read.
/// - Names and values of the form are signed without delimiters.
/// - When a webhook is made, the URL is asked with HEAD, and then gets a test delivery.
pub const MANDRILL: Scheme = Scheme {
    id: text("mandrill"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha1,
    signed: signed![Part::ExternalUrl, Part::SortedForm],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Mandrill-Signature"]),
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
    handshake: Some(Handshake::Probe { method: text("HEAD") }),
    about: About {
        name: text("Mailchimp Transactional (Mandrill)"),
        category: text("email"),
        page: text(
            "https://mailchimp.com/developer/transactional/guides/track-respond-activity-webhooks/",
        ),
        confidence: Confidence::DocsVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "The URL is the one that was entered in Mandrill, with or without a slash at its end: give it with notification_url.",
            "The events are JSON in the field mandrill_events, so their ids and types are not read.",
            "Names and values of the form are signed without delimiters.",
            "When a webhook is made, the URL is asked with HEAD, and then gets a test delivery.",
        ],
        variant_of: None,
    },
};
