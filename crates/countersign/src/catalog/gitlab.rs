//! GitLab (signing token): HMAC-SHA256 over `{id}.{timestamp}.{body}`.
//!
//! Page: <https://docs.gitlab.com/user/project/integrations/webhooks/>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: official GitLab merge request 230944 (read).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Pairs, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Separator, Signature, SignatureHeaders, Syntax,
    TimestampPlace, TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// GitLab (signing token).
///
/// - New (2026) option; the older X-Gitlab-Token header is the bare secret.
/// - Secret serialisation (whsec\_ prefix) taken from the Standard Webhooks spec the MR cites;
///   check on the first release.
pub const GITLAB: Scheme = Scheme {
    id: text("gitlab"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![
        Part::DeliveryId,
        Part::Literal(text(".")),
        Part::Timestamp,
        Part::Literal(text(".")),
        Part::Body
    ],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Whsec, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["webhook-signature"]),
        syntax: Syntax::Pairs(Pairs {
            separator: Separator::Space,
            assign: Separator::Comma,
            key: text("v1"),
            once: false,
            trim: false,
        }),
        encoding: Encoding::Base64,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Header(names!["webhook-timestamp"]),
        format: TimestampFormat::Seconds,
    }),
    tolerance: Tolerance::symmetric(300),
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Header(text("webhook-id"))]),
    event_id: Lookup::First(places![Place::Header(text("webhook-id"))]),
    event_type: Lookup::First(places![Place::Header(text("X-Gitlab-Event"))]),
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
        name: text("GitLab (signing token)"),
        category: text("dev-tools"),
        page: text("https://docs.gitlab.com/user/project/integrations/webhooks/"),
        confidence: Confidence::DocsVerified,
        deadline: Some(10),
        retries: text("failing webhooks are auto-disabled temporarily then permanently"),
        traps: names![
            "New (2026) option; the older X-Gitlab-Token header is the bare secret.",
            "Secret serialisation (whsec_ prefix) taken from the Standard Webhooks spec the MR cites; check on the first release."
        ],
        variant_of: None,
    },
};
