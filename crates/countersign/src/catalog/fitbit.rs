//! Fitbit: a handshake, and events that are not verified here.
//!
//! Page: <https://dev.fitbit.com/build/reference/web-api/developer-guide/using-subscriptions/>, as of 2026-11-24.
//!
//! Confidence: unverified. Checked against: not re-read.

use super::{names, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Code, Confidence, Encoding, Handshake, Lookup, Part, Procedure,
    Reply, Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Fitbit.
///
/// - A verifier answers the handshake alone and refuses all events: how they are signed is not
///   confirmed. Take one for a hint, and ask the API.
/// - The endpoint is verified twice: 204 for the right code, exactly 404 for the wrong one.
pub const FITBIT: Scheme = Scheme {
    id: text("fitbit"),
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
    handshake: Some(Handshake::Code { parameter: text("verify") }),
    about: About {
        name: text("Fitbit"),
        category: text("sports"),
        page: text(
            "https://dev.fitbit.com/build/reference/web-api/developer-guide/using-subscriptions/",
        ),
        confidence: Confidence::Unverified,
        deadline: None,
        retries: text(""),
        traps: names![
            "A verifier answers the handshake alone and refuses all events: how they are signed is not confirmed. Take one for a hint, and ask the API.",
            "The endpoint is verified twice: 204 for the right code, exactly 404 for the wrong one."
        ],
        variant_of: None,
    },
};
