//! PandaDoc: HMAC-SHA256 over the body; the signature is in the query.
//!
//! Page: <https://developers.pandadoc.com/reference/webhook-verification>, as of 2026-11-24.
//!
//! Confidence: unverified. Checked against: nothing; the page was not read again.

use super::{names, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Procedure, Reply, Scheme,
    SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// PandaDoc.
///
/// - The signature is the parameter signature of the query, so it is in access logs.
pub const PANDADOC: Scheme = Scheme {
    id: text("pandadoc"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::Query(text("signature")),
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
    handshake: None,
    about: About {
        name: text("PandaDoc"),
        category: text("documents"),
        page: text("https://developers.pandadoc.com/reference/webhook-verification"),
        confidence: Confidence::Unverified,
        deadline: None,
        retries: text(""),
        traps: names![
            "The signature is the parameter signature of the query, so it is in access logs.",
        ],
        variant_of: None,
    },
};
