//! CloudEvents webhooks: abuse protection, and events that nothing signs.
//!
//! Page: <https://github.com/cloudevents/spec/blob/main/cloudevents/http-webhook.md>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: text of the specification.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Code, Confidence, Encoding, Handshake, Lookup, Part, Place,
    Procedure, Reply, Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// CloudEvents webhooks.
///
/// - Events are not signed, so a verifier refuses all of them and answers the handshake alone.
///   Senders that authenticate do it by a bearer token or a token in the query.
/// - OPTIONS with WebHook-Request-Origin is not CORS; a preflight of a browser is refused.
/// - An origin that is not allowed gets 405 and no WebHook-Allowed header. Nothing vouches for
///   the origin: it is what the sender says of itself.
/// - WebHook-Request-Callback is never called: anyone can name a URL in it.
pub const CLOUDEVENTS_WEBHOOK: Scheme = Scheme {
    id: text("cloudevents-webhook"),
    procedure: Procedure::Code(Code::Unsigned),
    algorithm: Algorithm::Token,
    signed: signed![],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names![]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Joined(places![
        Place::Header(text("ce-source")),
        Place::Header(text("ce-id"))
    ]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Header(text("ce-type"))]),
    batch: None,
    max_body: None,
    retry_horizon: None,
    reply: Reply {
        success: statuses![],
        refused: 405,
        never: statuses![],
        retried: statuses![],
        empty_body: false,
    },
    remote_keys: None,
    handshake: Some(Handshake::CloudEvents),
    about: About {
        name: text("CloudEvents webhooks"),
        category: text("ops"),
        page: text("https://github.com/cloudevents/spec/blob/main/cloudevents/http-webhook.md"),
        confidence: Confidence::DocsVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "Events are not signed, so a verifier refuses all of them and answers the handshake alone. Senders that authenticate do it by a bearer token or a token in the query.",
            "OPTIONS with WebHook-Request-Origin is not CORS; a preflight of a browser is refused.",
            "An origin that is not allowed gets 405 and no WebHook-Allowed header. Nothing vouches for the origin: it is what the sender says of itself.",
            "WebHook-Request-Callback is never called: anyone can name a URL in it."
        ],
        variant_of: None,
    },
};
