//! EasyPost: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://docs.easypost.com/guides/webhooks-guide>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: @easypost/api npm; easypost PyPI.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// EasyPost.
///
/// - Secret is NFKD-normalised before UTF-8 encoding.
/// - SDK signs/validates the exact bytes; official doc warns that floats such as 614.4 vs
///   614.40 break on re-serialisation (unverified).
pub const EASYPOST: Scheme = Scheme {
    id: text("easypost"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::TextNfkd, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Hmac-Signature"]),
        syntax: Syntax::Prefixed(text("hmac-sha256-hex=")),
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/id"))]),
    event_id: Lookup::First(places![Place::Body(text("/id"))]),
    event_type: Lookup::First(places![Place::Body(text("/description"))]),
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
        name: text("EasyPost"),
        category: text("commerce"),
        page: text("https://docs.easypost.com/guides/webhooks-guide"),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "Secret is NFKD-normalised before UTF-8 encoding.",
            "SDK signs/validates the exact bytes; official doc warns that floats such as 614.4 vs 614.40 break on re-serialisation (unverified)."
        ],
        variant_of: None,
    },
};
