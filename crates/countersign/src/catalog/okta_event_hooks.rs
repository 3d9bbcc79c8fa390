//! Okta event hooks: a token in a header that the receiver chooses; nothing is signed.
//!
//! Page: <https://developer.okta.com/docs/concepts/event-hooks/>, as of 2026-11-24.
//!
//! Confidence: unverified. Checked against: developer.okta.com (not re-read).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Code, Confidence, Echo, Encoding, Handshake, Lookup, Part, Place,
    Procedure, Reply, Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Okta event hooks.
///
/// - Nothing of the delivery is signed: whoever sees one can make others. Use HTTPS, keep the
///   address secret, and ask the sender for what matters.
/// - Name and value of the header are chosen at Okta. Where it is not Authorization, give its
///   name with the setting header-name.
/// - The whole value is the secret, with any Bearer in front.
pub const OKTA_EVENT_HOOKS: Scheme = Scheme {
    id: text("okta-event-hooks"),
    procedure: Procedure::Code(Code::HeaderToken),
    algorithm: Algorithm::Token,
    signed: signed![],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Authorization"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/eventId"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/eventType"))]),
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
    handshake: Some(Handshake::EchoHeader {
        header: text("X-Okta-Verification-Challenge"),
        reply: Echo::Json(text("verification")),
        signed: true,
    }),
    about: About {
        name: text("Okta event hooks"),
        category: text("identity"),
        page: text("https://developer.okta.com/docs/concepts/event-hooks/"),
        confidence: Confidence::Unverified,
        deadline: None,
        retries: text(""),
        traps: names![
            "Nothing of the delivery is signed: whoever sees one can make others. Use HTTPS, keep the address secret, and ask the sender for what matters.",
            "Name and value of the header are chosen at Okta. Where it is not Authorization, give its name with the setting header-name.",
            "The whole value is the secret, with any Bearer in front."
        ],
        variant_of: None,
    },
};
