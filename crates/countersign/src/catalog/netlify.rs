//! Netlify: a token with the SHA-256 of the body.
//!
//! Page: <https://docs.netlify.com/deploy/deploy-notifications/>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: docs.netlify.com and public integrations.

use super::{algorithms, claims, names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, ClaimRule, ClaimValue, Confidence, EmptyBody, Encoding, JwtRules,
    Lookup, Part, Place, Procedure, Reply, Scheme, SecretFormat, SecretRules, Signature,
    SignatureHeaders, Syntax, TokenPlace, TokenTimes,
};
use crate::time::Tolerance;

/// Netlify.
///
/// - The token never expires and says no time: a captured delivery can be replayed for ever.
/// - A deploy is also locked, unlocked and restored, and no page says that its state is another
///   then: its id and state may be those of several events.
pub const NETLIFY: Scheme = Scheme {
    id: text("netlify"),
    procedure: Procedure::Jwt(JwtRules {
        place: TokenPlace::Header { name: text("X-Webhook-Signature"), prefix: text("") },
        detached: false,
        algorithms: algorithms![Algorithm::HmacSha256],
        names_key: false,
        keys_need_login: false,
        secret_claim: None,
        claims: claims![
            ClaimRule { names: names!["iss"], expected: ClaimValue::OneOf(names!["netlify"]) },
            ClaimRule {
                names: names!["sha256"],
                expected: ClaimValue::BodySha256 {
                    encoding: Encoding::Hex,
                    empty: EmptyBody::Digested
                }
            }
        ],
        times: TokenTimes { signed_at: None, expires: false, leeway: 0 },
        inside: None,
    }),
    algorithm: Algorithm::HmacSha256,
    signed: signed![],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Webhook-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64Url,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Joined(places![Place::Body(text("/id")), Place::Body(text("/state"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/state"))]),
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
        name: text("Netlify"),
        category: text("developer tools"),
        page: text("https://docs.netlify.com/deploy/deploy-notifications/"),
        confidence: Confidence::DocsVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "The token never expires and says no time: a captured delivery can be replayed for ever.",
            "A deploy is also locked, unlocked and restored, and no page says that its state is another then: its id and state may be those of several events.",
        ],
        variant_of: None,
    },
};
