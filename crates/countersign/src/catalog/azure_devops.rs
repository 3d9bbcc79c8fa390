//! Azure DevOps service hooks: basic authentication; nothing is signed.
//!
//! Page: <https://learn.microsoft.com/azure/devops/service-hooks/services/webhooks>, as of 2026-11-24.
//!
//! Confidence: unverified. Checked against: not re-read.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Azure DevOps service hooks.
///
/// - Nothing of the delivery is signed: whoever sees one can make others. Use HTTPS, keep the
///   address secret, and ask the sender for what matters.
/// - The secret is user:password. The password may hold colons; it is compared as UTF-8.
pub const AZURE_DEVOPS: Scheme = Scheme {
    id: text("azure-devops"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::Basic,
    signed: signed![],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::UserAndPassword, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Authorization"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/id"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/eventType"))]),
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
        name: text("Azure DevOps service hooks"),
        category: text("dev-tools"),
        page: text("https://learn.microsoft.com/azure/devops/service-hooks/services/webhooks"),
        confidence: Confidence::Unverified,
        deadline: None,
        retries: text(""),
        traps: names![
            "Nothing of the delivery is signed: whoever sees one can make others. Use HTTPS, keep the address secret, and ask the sender for what matters.",
            "The secret is user:password. The password may hold colons; it is compared as UTF-8."
        ],
        variant_of: None,
    },
};
