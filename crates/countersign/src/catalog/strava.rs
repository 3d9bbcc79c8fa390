//! Strava: a handshake, and events that nothing signs.
//!
//! Page: <https://developers.strava.com/docs/webhooks/>, as of 2026-11-24.
//!
//! Confidence: unverified. Checked against: not re-read.

use super::{names, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Code, Confidence, Echo, Encoding, Handshake, Lookup, Part,
    Procedure, Reply, Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Strava.
///
/// - Events are not signed, so a verifier refuses all of them and answers the handshake alone.
///   Take an event for a hint: ask the API about the object that it names.
/// - The handshake has Meta's query, but its challenge is answered in JSON.
pub const STRAVA: Scheme = Scheme {
    id: text("strava"),
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
    handshake: Some(Handshake::Hub { reply: Echo::Json(text("hub.challenge")) }),
    about: About {
        name: text("Strava"),
        category: text("sports"),
        page: text("https://developers.strava.com/docs/webhooks/"),
        confidence: Confidence::Unverified,
        deadline: None,
        retries: text(""),
        traps: names![
            "Events are not signed, so a verifier refuses all of them and answers the handshake alone. Take an event for a hint: ask the API about the object that it names.",
            "The handshake has Meta's query, but its challenge is answered in JSON."
        ],
        variant_of: None,
    },
};
