//! Google Cloud Pub/Sub push: a token for the audience; the body is not covered.
//!
//! Page: <https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions>, as of
//! 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: cloud.google.com docs; jose npm; google-auth
//! PyPI.

use super::{algorithms, claims, names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, ClaimRule, ClaimValue, Confidence, Encoding, JwtRules, KeyForm,
    Lookup, Part, Place, Procedure, RemoteKeys, Reply, Scheme, SecretFormat, SecretRules,
    Signature, SignatureHeaders, Syntax, TokenPlace, TokenTimes,
};
use crate::setting::Setting;
use crate::time::Tolerance;

/// Google Cloud Pub/Sub.
///
/// - Anyone with an account at Google can have a token made for any audience: the settings
///   audience and service-account are both needed.
/// - The body is not covered.
/// - Any answer but 2xx makes it come again.
pub const GOOGLE_PUBSUB_PUSH: Scheme = Scheme {
    id: text("google-pubsub-push"),
    procedure: Procedure::Jwt(JwtRules {
        place: TokenPlace::Header { name: text("Authorization"), prefix: text("Bearer") },
        detached: false,
        algorithms: algorithms![Algorithm::RsaSha256],
        names_key: true,
        keys_need_login: false,
        secret_claim: None,
        claims: claims![
            ClaimRule {
                names: names!["iss"],
                expected: ClaimValue::OneOf(names![
                    "https://accounts.google.com",
                    "accounts.google.com"
                ])
            },
            ClaimRule { names: names!["aud"], expected: ClaimValue::Setting(Setting::Audience) },
            ClaimRule {
                names: names!["email"],
                expected: ClaimValue::Setting(Setting::ServiceAccount)
            },
            ClaimRule { names: names!["email_verified"], expected: ClaimValue::True }
        ],
        times: TokenTimes { signed_at: None, expires: true, leeway: 0 },
        inside: None,
    }),
    algorithm: Algorithm::RsaSha256,
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
    delivery_id: Lookup::First(places![Place::Body(text("/message/messageId"))]),
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
    remote_keys: Some(RemoteKeys {
        url: text("https://www.googleapis.com/oauth2/v3/certs"),
        form: KeyForm::Jwks,
    }),
    handshake: None,
    about: About {
        name: text("Google Cloud Pub/Sub"),
        category: text("cloud"),
        page: text("https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions"),
        confidence: Confidence::DocsVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "Anyone with an account at Google can have a token made for any audience: the settings audience and service-account are both needed.",
            "The body is not covered.",
            "Any answer but 2xx makes it come again.",
        ],
        variant_of: None,
    },
};
