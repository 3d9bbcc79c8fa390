//! Wix: the body is a token.
//!
//! Page:
//! <https://dev.wix.com/docs/build-apps/develop-your-app/access/authentication/verify-requests-received-from-wix>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: dev.wix.com.

use super::{algorithms, claims, names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, JwtRules, Lookup, Part, Place, Procedure,
    Reply, Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax, TokenPlace,
    TokenTimes,
};
use crate::time::Tolerance;

/// Wix.
///
/// - The claim data is a text of JSON; how it nests further is not verified.
/// - Wix waits for 1250 milliseconds.
pub const WIX: Scheme = Scheme {
    id: text("wix"),
    procedure: Procedure::Jwt(JwtRules {
        place: TokenPlace::Body { trim: true },
        detached: false,
        algorithms: algorithms![Algorithm::RsaSha256],
        names_key: false,
        keys_need_login: false,
        secret_claim: None,
        claims: claims![],
        times: TokenTimes { signed_at: None, expires: true, leeway: 0 },
        inside: Some(text("data")),
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
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Claim(text("/eventType"))]),
    batch: None,
    max_body: None,
    retry_horizon: None,
    reply: Reply {
        success: statuses![200],
        refused: 401,
        never: statuses![],
        retried: statuses![],
        empty_body: false,
    },
    remote_keys: None,
    handshake: None,
    about: About {
        name: text("Wix"),
        category: text("e-commerce"),
        page: text(
            "https://dev.wix.com/docs/build-apps/develop-your-app/access/authentication/verify-requests-received-from-wix",
        ),
        confidence: Confidence::DocsVerified,
        deadline: Some(1),
        retries: text(""),
        traps: names![
            "The claim data is a text of JSON; how it nests further is not verified.",
            "Wix waits for 1250 milliseconds.",
        ],
        variant_of: None,
    },
};
