//! Bitso: RSA with SHA-256 over the member payload of the body without its blanks.
//!
//! Page: <https://docs.bitso.com/bitso-payouts-funding/docs/webhook-event-signatures>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: docs.bitso.com.

use super::{names, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Code, Confidence, Encoding, Lookup, Part, Procedure, Reply, Scheme,
    SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Bitso.
///
/// - Only the member payload is signed, not the name of the event beside it.
/// - The sender publishes its keys by id; give each with its id, which x-bitso-key-id names.
/// - Strings and numbers of the payload are taken as they were sent.
pub const BITSO: Scheme = Scheme {
    id: text("bitso"),
    procedure: Procedure::Code(Code::Bitso),
    algorithm: Algorithm::RsaSha256,
    signed: signed![Part::BodyValue(text("/payload"))],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["x-bitso-webhook-event-signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: Some(text("x-bitso-key-id")),
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
    remote_keys: None,
    handshake: None,
    about: About {
        name: text("Bitso"),
        category: text("payments"),
        page: text("https://docs.bitso.com/bitso-payouts-funding/docs/webhook-event-signatures"),
        confidence: Confidence::DocsVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "Only the member payload is signed, not the name of the event beside it.",
            "The sender publishes its keys by id; give each with its id, which x-bitso-key-id names.",
            "Strings and numbers of the payload are taken as they were sent.",
        ],
        variant_of: None,
    },
};
