//! Plaid: a token with the SHA-256 of the body, by a key that is told to those who log in.
//!
//! Page: <https://plaid.com/docs/api/webhooks/webhook-verification/>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: plaid.com docs; jose npm; pyjwt PyPI.

use super::{algorithms, claims, names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, ClaimRule, ClaimValue, Confidence, EmptyBody, Encoding, JwtRules,
    KeyForm, Lookup, Part, Place, Procedure, RemoteKeys, Reply, Scheme, SecretFormat, SecretRules,
    Signature, SignatureHeaders, Syntax, TokenPlace, TokenTimes,
};
use crate::time::Tolerance;

/// Plaid.
///
/// - Keys are read by their id with the receiver's own credentials, so they need a fetcher of
///   your own, or are given as a key set.
/// - The digest is of the bytes on the wire: a body that was parsed and written again does not
///   match.
/// - A key that has expired is not used, although its answer still holds it.
pub const PLAID: Scheme = Scheme {
    id: text("plaid"),
    procedure: Procedure::Jwt(JwtRules {
        place: TokenPlace::Header { name: text("Plaid-Verification"), prefix: text("") },
        detached: false,
        algorithms: algorithms![Algorithm::EcdsaP256Sha256],
        names_key: true,
        keys_need_login: true,
        secret_claim: None,
        claims: claims![ClaimRule {
            names: names!["request_body_sha256"],
            expected: ClaimValue::BodySha256 {
                encoding: Encoding::Hex,
                empty: EmptyBody::Digested
            }
        }],
        times: TokenTimes { signed_at: Some(text("iat")), expires: false, leeway: 0 },
        inside: None,
    }),
    algorithm: Algorithm::EcdsaP256Sha256,
    signed: signed![],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Plaid-Verification"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64Url,
    },
    timestamp: None,
    tolerance: Tolerance::symmetric(300),
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::Joined(places![
        Place::Body(text("/webhook_type")),
        Place::Body(text("/webhook_code"))
    ]),
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
        name: text("Plaid"),
        category: text("banking"),
        page: text("https://plaid.com/docs/api/webhooks/webhook-verification/"),
        confidence: Confidence::DocsVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "Keys are read by their id with the receiver's own credentials, so they need a fetcher of your own, or are given as a key set.",
            "The digest is of the bytes on the wire: a body that was parsed and written again does not match.",
            "A key that has expired is not used, although its answer still holds it.",
        ],
        variant_of: None,
    },
};
