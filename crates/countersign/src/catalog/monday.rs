//! monday.com: a token for the endpoint; the body is not covered.
//!
//! Page: <https://developer.monday.com/apps/docs/authorization-header>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: developer.monday.com.

use super::{algorithms, claims, names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, ClaimRule, ClaimValue, Confidence, Encoding, Handshake, JwtRules,
    Lookup, Part, Place, Procedure, Reply, Scheme, SecretFormat, SecretRules, Signature,
    SignatureHeaders, Syntax, TokenPlace, TokenTimes,
};
use crate::time::Tolerance;

/// monday.com.
///
/// - The body is not covered: read what the event is about by the API before acting on it.
/// - Webhooks of boards are signed with the signing secret, those of the app's life with the
///   client secret.
pub const MONDAY: Scheme = Scheme {
    id: text("monday"),
    procedure: Procedure::Jwt(JwtRules {
        place: TokenPlace::Header { name: text("Authorization"), prefix: text("") },
        detached: false,
        algorithms: algorithms![Algorithm::HmacSha256],
        names_key: false,
        keys_need_login: false,
        secret_claim: None,
        claims: claims![ClaimRule { names: names!["aud"], expected: ClaimValue::Endpoint }],
        times: TokenTimes { signed_at: None, expires: true, leeway: 0 },
        inside: None,
    }),
    algorithm: Algorithm::HmacSha256,
    signed: signed![],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Authorization"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64Url,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/event/triggerUuid"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/event/type"))]),
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
    handshake: Some(Handshake::Monday),
    about: About {
        name: text("monday.com"),
        category: text("project management"),
        page: text("https://developer.monday.com/apps/docs/authorization-header"),
        confidence: Confidence::DocsVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "The body is not covered: read what the event is about by the API before acting on it.",
            "Webhooks of boards are signed with the signing secret, those of the app's life with the client secret.",
        ],
        variant_of: None,
    },
};
