//! Atlassian Connect: a token that signs the method and the URL in a canonical form.
//!
//! Page:
//! <https://developer.atlassian.com/cloud/jira/platform/understanding-jwt-for-connect-apps/>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: atlassian-jwt 2.0.3 npm.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Code, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Atlassian Connect.
///
/// - Each installation has a secret of its own, chosen by the claim iss: give each secret the
///   id of its clientKey.
/// - The body is not covered.
/// - The hook that tells of an installation is signed in another way, and is not judged here.
pub const ATLASSIAN_CONNECT: Scheme = Scheme {
    id: text("atlassian-connect"),
    procedure: Procedure::Code(Code::AtlassianConnect),
    algorithm: Algorithm::HmacSha256,
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
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/webhookEvent"))]),
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
        name: text("Atlassian Connect"),
        category: text("developer tools"),
        page: text(
            "https://developer.atlassian.com/cloud/jira/platform/understanding-jwt-for-connect-apps/",
        ),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "Each installation has a secret of its own, chosen by the claim iss: give each secret the id of its clientKey.",
            "The body is not covered.",
            "The hook that tells of an installation is signed in another way, and is not judged here.",
        ],
        variant_of: None,
    },
};
