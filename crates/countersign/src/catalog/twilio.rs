//! Twilio: HMAC-SHA1 over the URL and the sorted parameters of a form; the digest of another body
//! is in the URL.
//!
//! Page: <https://www.twilio.com/docs/usage/webhooks/webhooks-security>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: twilio npm 6.2.0; twilio PyPI 9.13.0; their test
//! vectors.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Code, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Twilio.
///
/// - The URL is signed as Twilio called it, query and all: a proxy that ends TLS changes it. It is
///   tried without a port and with one.
/// - A body that is no form, such as JSON, counts only with bodySHA256 in the URL; the signature
///   of the URL alone says nothing of it.
/// - Names and values of a form are signed without delimiters, each pair once and sorted, so two
///   forms may have one signature.
/// - With external\_url or trusted\_proxy the path and the query come from the request, and the
///   signature does not tell a query from the parameters of a form behind it: those can be moved
///   into the query. Better give the whole URL with notification\_url.
/// - A shared key signs with HMAC-SHA256: give it as a secret with its id. The header
///   X-Twilio-Webhooks-Signature-Settings names it (seen in the SDK for Python only).
/// - A URL with user and password is signed with them, and no request says them: give it with
///   notification\_url.
/// - Each sub-account has an auth token of its own.
pub const TWILIO: Scheme = Scheme {
    id: text("twilio"),
    procedure: Procedure::Code(Code::Twilio),
    algorithm: Algorithm::HmacSha1,
    signed: signed![Part::ExternalUrl, Part::SortedForm],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Twilio-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![
        Place::Header(text("I-Twilio-Idempotency-Token")),
        Place::FormField(text("MessageSid")),
        Place::FormField(text("CallSid"))
    ]),
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
        name: text("Twilio"),
        category: text("messaging"),
        page: text("https://www.twilio.com/docs/usage/webhooks/webhooks-security"),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "The URL is signed as Twilio called it, query and all: a proxy that ends TLS changes it. It is tried without a port and with one.",
            "A body that is no form, such as JSON, counts only with bodySHA256 in the URL; the signature of the URL alone says nothing of it.",
            "Names and values of a form are signed without delimiters, each pair once and sorted, so two forms may have one signature.",
            "With external_url or trusted_proxy the path and the query come from the request, and the signature does not tell a query from the parameters of a form behind it: those can be moved into the query. Better give the whole URL with notification_url.",
            "A shared key signs with HMAC-SHA256: give it as a secret with its id. The header X-Twilio-Webhooks-Signature-Settings names it (seen in the SDK for Python only).",
            "A URL with user and password is signed with them, and no request says them: give it with notification_url.",
            "Each sub-account has an auth token of its own.",
        ],
        variant_of: None,
    },
};
