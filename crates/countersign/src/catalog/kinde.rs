//! Kinde: the body is a token.
//!
//! Page: <https://docs.kinde.com/integrate/webhooks/>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: @kinde/webhooks 1.0.0 npm.

use super::{algorithms, claims, names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, JwtRules, KeyForm, Lookup, Part, Place,
    Procedure, RemoteKeys, Reply, Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders,
    Syntax, TokenPlace, TokenTimes,
};
use crate::time::Tolerance;

/// Kinde.
///
/// - The setting keys-url names the key set of the receiver's own subdomain.
/// - No expiry was seen in samples: duplicates are told by event\_id.
pub const KINDE: Scheme = Scheme {
    id: text("kinde"),
    procedure: Procedure::Jwt(JwtRules {
        place: TokenPlace::Body { trim: true },
        detached: false,
        algorithms: algorithms![Algorithm::RsaSha256],
        names_key: true,
        keys_need_login: false,
        secret_claim: None,
        claims: claims![],
        times: TokenTimes { signed_at: None, expires: false, leeway: 0 },
        inside: None,
    }),
    algorithm: Algorithm::RsaSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Content-Type"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64Url,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Claim(text("/event_id"))]),
    event_id: Lookup::First(places![Place::Claim(text("/event_id"))]),
    event_type: Lookup::First(places![Place::Claim(text("/type"))]),
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
    remote_keys: Some(RemoteKeys { url: text(""), form: KeyForm::Jwks }),
    handshake: None,
    about: About {
        name: text("Kinde"),
        category: text("identity"),
        page: text("https://docs.kinde.com/integrate/webhooks/"),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "The setting keys-url names the key set of the receiver's own subdomain.",
            "No expiry was seen in samples: duplicates are told by event_id.",
        ],
        variant_of: None,
    },
};
