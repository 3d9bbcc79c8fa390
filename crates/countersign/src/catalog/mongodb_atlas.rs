//! MongoDB Atlas alerts: HMAC-SHA1 over `{body}`.
//!
//! Page: <https://www.mongodb.com/docs/atlas/tutorial/third-party-service-integrations/>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: third-party declarative scheme registry (states
//! doc-verified 2026-07-01).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// MongoDB Atlas alerts.
pub const MONGODB_ATLAS: Scheme = Scheme {
    id: text("mongodb-atlas"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha1,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-MMS-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/id"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Header(text("X-MMS-Event"))]),
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
        name: text("MongoDB Atlas alerts"),
        category: text("ops"),
        page: text("https://www.mongodb.com/docs/atlas/tutorial/third-party-service-integrations/"),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text(""),
        traps: names![],
        variant_of: None,
    },
};
