//! SurveyMonkey: HMAC-SHA1 over `{body}`.
//!
//! Page: <https://api.surveymonkey.com/v3/docs#webhook-callbacks>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: official sample code quoted verbatim on a Q&A
//! site (read); AsyncAPI restatement.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// SurveyMonkey.
///
/// - Key is the two strings client\_id&client\_secret joined by an ampersand; vectors give the
///   already joined key.
/// - Content-Type is application/vnd.surveymonkey…+json.
/// - Registration sends HEAD.
pub const SURVEYMONKEY: Scheme = Scheme {
    id: text("surveymonkey"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha1,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Sm-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: Some(text("Sm-Apikey")),
    delivery_id: Lookup::First(places![Place::Body(text("/event_id"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/event_type"))]),
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
        name: text("SurveyMonkey"),
        category: text("forms"),
        page: text("https://api.surveymonkey.com/v3/docs#webhook-callbacks"),
        confidence: Confidence::DocsVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "Key is the two strings client_id&client_secret joined by an ampersand; vectors give the already joined key.",
            "Content-Type is application/vnd.surveymonkey…+json.",
            "Registration sends HEAD."
        ],
        variant_of: None,
    },
};
