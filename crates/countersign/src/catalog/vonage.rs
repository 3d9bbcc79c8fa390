//! Vonage: a token with the SHA-256 of the body.
//!
//! Page:
//! <https://developer.vonage.com/en/getting-started/concepts/webhooks#decoding-signed-webhooks>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: developer.vonage.com; @vonage/jwt npm.

use super::{algorithms, claims, names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, ClaimRule, ClaimValue, Confidence, EmptyBody, Encoding, JwtRules,
    Lookup, Part, Place, Procedure, Reply, Scheme, SecretFormat, SecretRules, Signature,
    SignatureHeaders, Syntax, TokenPlace, TokenTimes,
};
use crate::time::Tolerance;

/// Vonage.
///
/// - The sender's SDK checks neither the body's digest nor the age of the token.
/// - The claim api\_key says which secret, where a receiver has several: give each the id of
///   its api\_key.
/// - The tolerance is ours; the page states none.
pub const VONAGE: Scheme = Scheme {
    id: text("vonage"),
    procedure: Procedure::Jwt(JwtRules {
        place: TokenPlace::Header { name: text("Authorization"), prefix: text("Bearer") },
        detached: false,
        algorithms: algorithms![Algorithm::HmacSha256],
        names_key: false,
        keys_need_login: false,
        secret_claim: Some(text("api_key")),
        claims: claims![ClaimRule {
            names: names!["payload_hash"],
            expected: ClaimValue::BodySha256 {
                encoding: Encoding::Hex,
                empty: EmptyBody::DigestedOrAbsent
            }
        }],
        times: TokenTimes { signed_at: Some(text("iat")), expires: false, leeway: 0 },
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
    tolerance: Tolerance::symmetric(300),
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Claim(text("/jti"))]),
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
        name: text("Vonage"),
        category: text("messaging"),
        page: text(
            "https://developer.vonage.com/en/getting-started/concepts/webhooks#decoding-signed-webhooks",
        ),
        confidence: Confidence::DocsVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "The sender's SDK checks neither the body's digest nor the age of the token.",
            "The claim api_key says which secret, where a receiver has several: give each the id of its api_key.",
            "The tolerance is ours; the page states none.",
        ],
        variant_of: None,
    },
};
