//! Travis CI webhook notifications: RSA with SHA-1 over the form field `payload`.
//!
//! Page: <https://docs.travis-ci.com/user/notifications/#verifying-webhook-requests>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: docs.travis-ci.com and public receivers.

use super::{names, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, KeyForm, Lookup, Part, Procedure, RemoteKeys,
    Reply, Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Travis CI webhook notifications.
///
/// - What is signed is the decoded value of the field payload, which is JSON; no other field is,
///   nor Travis-Repo-Slug.
/// - SHA-1: whoever makes a repository's build may choose much of what is signed.
/// - No time is signed.
/// - One key signs for all repositories.
pub const TRAVIS_CI: Scheme = Scheme {
    id: text("travis-ci"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::RsaSha1,
    signed: signed![Part::Body],
    body: BodyForm::FormField(text("payload")),
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
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
        url: text("https://api.travis-ci.com/config"),
        form: KeyForm::Json {
            items: None,
            id: None,
            key: text("/config/notifications/webhook/public_key"),
            id_is_digest: false,
        },
    }),
    handshake: None,
    about: About {
        name: text("Travis CI webhook notifications"),
        category: text("dev-tools"),
        page: text("https://docs.travis-ci.com/user/notifications/#verifying-webhook-requests"),
        confidence: Confidence::DocsVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "What is signed is the decoded value of the field payload, which is JSON; no other field is, nor Travis-Repo-Slug.",
            "SHA-1: whoever makes a repository's build may choose much of what is signed.",
            "No time is signed.",
            "One key signs for all repositories.",
        ],
        variant_of: None,
    },
};
