//! GitLab (secret token): a token in a header; nothing is signed.
//!
//! Page: <https://docs.gitlab.com/user/project/integrations/webhooks/>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: docs.gitlab.com; hookdeck webhook-skills.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// GitLab (secret token).
///
/// - Nothing of the delivery is signed: whoever sees one can make others. Use HTTPS, keep the
///   address secret, and ask the sender for what matters.
/// - The Idempotency-Key stays the same from attempt to attempt; like everything else it is not
///   signed.
/// - A signing token is the better choice where GitLab offers it: see gitlab.
pub const GITLAB_TOKEN: Scheme = Scheme {
    id: text("gitlab-token"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::Token,
    signed: signed![],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Gitlab-Token"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![
        Place::Header(text("Idempotency-Key")),
        Place::Header(text("X-Gitlab-Event-UUID"))
    ]),
    event_id: Lookup::Absent,
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
        name: text("GitLab (secret token)"),
        category: text("dev-tools"),
        page: text("https://docs.gitlab.com/user/project/integrations/webhooks/"),
        confidence: Confidence::DocsVerified,
        deadline: Some(10),
        retries: text("failing webhooks are auto-disabled temporarily then permanently"),
        traps: names![
            "Nothing of the delivery is signed: whoever sees one can make others. Use HTTPS, keep the address secret, and ask the sender for what matters.",
            "The Idempotency-Key stays the same from attempt to attempt; like everything else it is not signed.",
            "A signing token is the better choice where GitLab offers it: see gitlab."
        ],
        variant_of: Some(text("gitlab")),
    },
};
