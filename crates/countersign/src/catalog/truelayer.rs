//! TrueLayer: a detached token over method, path, listed headers and body.
//!
//! Page: <https://docs.truelayer.com/docs/webhooks>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: TrueLayer/truelayer-signing test resources; npm
//! and PyPI SDKs.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Code, Confidence, Encoding, KeyForm, Lookup, Part, Place,
    Procedure, RemoteKeys, Reply, Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders,
    Syntax,
};
use crate::time::Tolerance;

/// TrueLayer.
///
/// - The token names the place of its key, which must be one of the sender's two, letter by
///   letter.
/// - The timestamp must be among the signed headers; an old signature over the body alone is
///   refused.
/// - The path may have a slash at its end that the sender did not send.
pub const TRUELAYER: Scheme = Scheme {
    id: text("truelayer"),
    procedure: Procedure::Code(Code::TrueLayer),
    algorithm: Algorithm::EcdsaP521Sha512,
    signed: signed![Part::Method, Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Tl-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64Url,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/event_id"))]),
    event_id: Lookup::First(places![Place::Body(text("/event_id"))]),
    event_type: Lookup::First(places![
        Place::Body(text("/type")),
        Place::Body(text("/event_type"))
    ]),
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
    remote_keys: Some(RemoteKeys { url: text(""), form: KeyForm::Jwks }),
    handshake: None,
    about: About {
        name: text("TrueLayer"),
        category: text("banking"),
        page: text("https://docs.truelayer.com/docs/webhooks"),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "The token names the place of its key, which must be one of the sender's two, letter by letter.",
            "The timestamp must be among the signed headers; an old signature over the body alone is refused.",
            "The path may have a slash at its end that the sender did not send.",
        ],
        variant_of: None,
    },
};
