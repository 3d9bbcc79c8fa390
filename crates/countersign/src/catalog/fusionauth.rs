//! FusionAuth: a token with the SHA-256 of the body.
//!
//! Page: <https://fusionauth.io/docs/extend/events-and-webhooks/signing>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: hookdeck webhook-skills.

use super::{algorithms, claims, names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, ClaimRule, ClaimValue, Confidence, EmptyBody, Encoding, JwtRules,
    KeyForm, Lookup, Part, Place, Procedure, RemoteKeys, Reply, Scheme, SecretFormat, SecretRules,
    Signature, SignatureHeaders, Syntax, TokenPlace, TokenTimes,
};
use crate::time::Tolerance;

/// FusionAuth.
///
/// - The digest is in base64, not in hexadecimal.
/// - Signed by a secret or by a key, as the receiver configured it; the setting keys-url names
///   the key set.
pub const FUSIONAUTH: Scheme = Scheme {
    id: text("fusionauth"),
    procedure: Procedure::Jwt(JwtRules {
        place: TokenPlace::Header { name: text("X-FusionAuth-Signature-JWT"), prefix: text("") },
        detached: false,
        algorithms: algorithms![
            Algorithm::HmacSha256,
            Algorithm::HmacSha384,
            Algorithm::HmacSha512,
            Algorithm::RsaSha256,
            Algorithm::RsaSha384,
            Algorithm::RsaSha512,
            Algorithm::EcdsaP256Sha256,
            Algorithm::EcdsaP384Sha384,
            Algorithm::EcdsaP521Sha512,
            Algorithm::Ed25519
        ],
        names_key: false,
        keys_need_login: false,
        secret_claim: None,
        claims: claims![ClaimRule {
            names: names!["request_body_sha256"],
            expected: ClaimValue::BodySha256 {
                encoding: Encoding::Base64,
                empty: EmptyBody::Digested
            }
        }],
        times: TokenTimes { signed_at: None, expires: false, leeway: 0 },
        inside: None,
    }),
    algorithm: Algorithm::HmacSha256,
    signed: signed![],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-FusionAuth-Signature-JWT"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64Url,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/event/id"))]),
    event_id: Lookup::First(places![Place::Body(text("/event/id"))]),
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
    remote_keys: Some(RemoteKeys { url: text(""), form: KeyForm::Jwks }),
    handshake: None,
    about: About {
        name: text("FusionAuth"),
        category: text("identity"),
        page: text("https://fusionauth.io/docs/extend/events-and-webhooks/signing"),
        confidence: Confidence::DocsVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "The digest is in base64, not in hexadecimal.",
            "Signed by a secret or by a key, as the receiver configured it; the setting keys-url names the key set.",
        ],
        variant_of: None,
    },
};
