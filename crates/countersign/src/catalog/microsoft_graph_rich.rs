//! Microsoft Graph with resource data: tokens in the body, for the receiver's application.
//!
//! Page: <https://learn.microsoft.com/graph/change-notifications-with-resource-data>, as of
//! 2026-11-24.
//!
//! Confidence: unverified. Checked against: nothing: the page was not read again.

use super::{algorithms, claims, names, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, ClaimRule, ClaimValue, Confidence, Encoding, JwtRules, KeyForm,
    Lookup, Part, Procedure, RemoteKeys, Reply, Scheme, SecretFormat, SecretRules, Signature,
    SignatureHeaders, Syntax, TokenPlace, TokenTimes,
};
use crate::setting::Setting;
use crate::time::Tolerance;

/// Microsoft Graph (resource data).
///
/// - Every token must be valid, and be made by the application that tracks changes.
/// - The tokens cover nothing of the body; encryptedContent has a signature of its own, which
///   is checked with the key that it is encrypted with.
/// - The setting issuer is optional; it names the tenant.
pub const MICROSOFT_GRAPH_RICH: Scheme = Scheme {
    id: text("microsoft-graph-rich"),
    procedure: Procedure::Jwt(JwtRules {
        place: TokenPlace::BodyValue(text("/validationTokens")),
        detached: false,
        algorithms: algorithms![Algorithm::RsaSha256],
        names_key: true,
        keys_need_login: false,
        secret_claim: None,
        claims: claims![
            ClaimRule { names: names!["aud"], expected: ClaimValue::Setting(Setting::Audience) },
            ClaimRule {
                names: names!["iss"],
                expected: ClaimValue::SettingIfGiven(Setting::Issuer)
            },
            ClaimRule {
                names: names!["azp", "appid"],
                expected: ClaimValue::OneOf(names!["0bf30f3b-4a52-48df-9a82-234910c4a086"])
            }
        ],
        times: TokenTimes { signed_at: None, expires: true, leeway: 0 },
        inside: None,
    }),
    algorithm: Algorithm::RsaSha256,
    signed: signed![],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::Body(text("/validationTokens")),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64Url,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
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
        url: text("https://login.microsoftonline.com/common/discovery/v2.0/keys"),
        form: KeyForm::Jwks,
    }),
    handshake: None,
    about: About {
        name: text("Microsoft Graph (resource data)"),
        category: text("productivity"),
        page: text("https://learn.microsoft.com/graph/change-notifications-with-resource-data"),
        confidence: Confidence::Unverified,
        deadline: None,
        retries: text(""),
        traps: names![
            "Every token must be valid, and be made by the application that tracks changes.",
            "The tokens cover nothing of the body; encryptedContent has a signature of its own, which is checked with the key that it is encrypted with.",
            "The setting issuer is optional; it names the tenant.",
        ],
        variant_of: Some(text("microsoft-graph")),
    },
};
