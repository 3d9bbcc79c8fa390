//! GitHub: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: @octokit/webhooks-methods npm; official doc
//! vector.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// GitHub.
///
/// - First event is ping (body has zen and hook\_id): must verify and answer 2xx.
/// - Content type may be form: the signature covers the raw urlencoded body payload=…, not the
///   decoded JSON.
/// - Payload cap 25 MB.
/// - octokit sign/verify refuse an empty body and only take strings.
/// - The deadline is from memory of the documentation.
pub const GITHUB: Scheme = Scheme {
    id: text("github"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Hub-Signature-256"]),
        syntax: Syntax::Prefixed(text("sha256=")),
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Header(text("X-GitHub-Delivery"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Header(text("X-GitHub-Event"))]),
    batch: None,
    max_body: Some(26_214_400),
    retry_horizon: Some(259_200),
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
        name: text("GitHub"),
        category: text("dev-tools"),
        page: text(
            "https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries",
        ),
        confidence: Confidence::SdkVerified,
        deadline: Some(10),
        retries: text(
            "no automatic retry; manual or API redelivery keeps X-GitHub-Delivery (docs, not re-read)",
        ),
        traps: names![
            "First event is ping (body has zen and hook_id): must verify and answer 2xx.",
            "Content type may be form: the signature covers the raw urlencoded body payload=…, not the decoded JSON.",
            "Payload cap 25 MB.",
            "octokit sign/verify refuse an empty body and only take strings.",
            "The deadline is from memory of the documentation."
        ],
        variant_of: None,
    },
};
