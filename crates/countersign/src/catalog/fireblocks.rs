//! Fireblocks: a detached token over the body.
//!
//! Page: <https://developers.fireblocks.com/reference/validating-webhooks>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: developers.fireblocks.com.

use super::{algorithms, claims, names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, JwtRules, KeyForm, Lookup, Part, Place,
    Procedure, RemoteKeys, Reply, Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders,
    Syntax, TokenPlace, TokenTimes,
};
use crate::time::Tolerance;

/// Fireblocks.
///
/// - Keys differ by environment: give the setting keys-url for any but the one in the United
///   States.
/// - No time is signed: a captured delivery can be replayed for ever.
pub const FIREBLOCKS: Scheme = Scheme {
    id: text("fireblocks"),
    procedure: Procedure::Jwt(JwtRules {
        place: TokenPlace::Header { name: text("Fireblocks-Webhook-Signature"), prefix: text("") },
        detached: true,
        algorithms: algorithms![Algorithm::RsaSha512],
        names_key: true,
        keys_need_login: false,
        secret_claim: None,
        claims: claims![],
        times: TokenTimes { signed_at: None, expires: false, leeway: 0 },
        inside: None,
    }),
    algorithm: Algorithm::RsaSha512,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Fireblocks-Webhook-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64Url,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/eventType")), Place::Body(text("/type"))]),
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
    remote_keys: Some(RemoteKeys {
        url: text("https://keys.fireblocks.io/.well-known/jwks.json"),
        form: KeyForm::Jwks,
    }),
    handshake: None,
    about: About {
        name: text("Fireblocks"),
        category: text("crypto"),
        page: text("https://developers.fireblocks.com/reference/validating-webhooks"),
        confidence: Confidence::DocsVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "Keys differ by environment: give the setting keys-url for any but the one in the United States.",
            "No time is signed: a captured delivery can be replayed for ever.",
        ],
        variant_of: None,
    },
};
