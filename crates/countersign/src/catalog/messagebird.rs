//! MessageBird: a token with the SHA-256 of the URL and of the body.
//!
//! Page: <https://developers.messagebird.com/api/#verifying-http-requests>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: messagebird-nodejs reference JSON.

use super::{algorithms, claims, names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, ClaimRule, ClaimValue, Confidence, EmptyBody, Encoding, JwtRules,
    Lookup, Part, Place, Procedure, Reply, Scheme, SecretFormat, SecretRules, Signature,
    SignatureHeaders, Syntax, TokenPlace, TokenTimes,
};
use crate::time::Tolerance;

/// MessageBird.
///
/// - The URL's digest is of the exact public URL: say what that is with an external URL.
/// - The body's digest is absent for an empty body, and must be there for any other.
/// - The Express middleware of the sender's SDK does not wait for its own check, in the version
///   that was read.
pub const MESSAGEBIRD: Scheme = Scheme {
    id: text("messagebird"),
    procedure: Procedure::Jwt(JwtRules {
        place: TokenPlace::Header { name: text("MessageBird-Signature-JWT"), prefix: text("") },
        detached: false,
        algorithms: algorithms![
            Algorithm::HmacSha256,
            Algorithm::HmacSha384,
            Algorithm::HmacSha512
        ],
        names_key: false,
        keys_need_login: false,
        secret_claim: None,
        claims: claims![
            ClaimRule { names: names!["iss"], expected: ClaimValue::OneOf(names!["MessageBird"]) },
            ClaimRule { names: names!["url_hash"], expected: ClaimValue::UrlSha256(Encoding::Hex) },
            ClaimRule {
                names: names!["payload_hash"],
                expected: ClaimValue::BodySha256 {
                    encoding: Encoding::Hex,
                    empty: EmptyBody::Absent
                }
            }
        ],
        times: TokenTimes { signed_at: None, expires: true, leeway: 5 },
        inside: None,
    }),
    algorithm: Algorithm::HmacSha256,
    signed: signed![],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["MessageBird-Signature-JWT"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64Url,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
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
        name: text("MessageBird"),
        category: text("messaging"),
        page: text("https://developers.messagebird.com/api/#verifying-http-requests"),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "The URL's digest is of the exact public URL: say what that is with an external URL.",
            "The body's digest is absent for an empty body, and must be there for any other.",
            "The Express middleware of the sender's SDK does not wait for its own check, in the version that was read.",
        ],
        variant_of: None,
    },
};
