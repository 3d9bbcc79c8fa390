//! GitHub secret scanning partner: ECDSA on P-256 over `{body}`.
//!
//! Page: <https://docs.github.com/en/code-security/secret-scanning/secret-scanning-partner-program>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: the sample of the documentation, by the published
//! key.

use super::{names, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, Batch, BodyForm, Confidence, Encoding, KeyForm, Lookup, Part, Procedure,
    RemoteKeys, Reply, Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// GitHub secret scanning partner.
///
/// - The key is the one that Github-Public-Key-Identifier names; no other is tried.
/// - A key's id is the SHA-256 of its PEM text with the last line break, which the documentation
///   does not say.
/// - In the documentation's sample, s has 31 bytes.
/// - No time is signed.
/// - Copilot signs in the same way with keys from
///   <https://api.github.com/meta/public_keys/copilot_api>; give those with public\_key.
pub const GITHUB_SECRET_SCANNING: Scheme = Scheme {
    id: text("github-secret-scanning"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::EcdsaP256Sha256Der,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Github-Public-Key-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: Some(text("Github-Public-Key-Identifier")),
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::Absent,
    batch: Some(Batch { items: text(""), id: names![], event_type: names!["/type"] }),
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
        url: text("https://api.github.com/meta/public_keys/secret_scanning"),
        form: KeyForm::Json {
            items: Some(text("/public_keys")),
            id: Some(text("/key_identifier")),
            key: text("/key"),
            id_is_digest: true,
        },
    }),
    handshake: None,
    about: About {
        name: text("GitHub secret scanning partner"),
        category: text("dev-tools"),
        page: text(
            "https://docs.github.com/en/code-security/secret-scanning/secret-scanning-partner-program",
        ),
        confidence: Confidence::DocsVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "The key is the one that Github-Public-Key-Identifier names; no other is tried.",
            "A key's id is the SHA-256 of its PEM text with the last line break, which the documentation does not say.",
            "In the documentation's sample, s has 31 bytes.",
            "No time is signed.",
            "Copilot signs in the same way with keys from https://api.github.com/meta/public_keys/copilot_api; give those with public_key.",
        ],
        variant_of: None,
    },
};
