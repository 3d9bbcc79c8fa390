//! Adobe I/O Events: two RSA signatures of the body, by keys at a host of Adobe's.
//!
//! Page: <https://developer.adobe.com/events/docs/guides/>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: developer.adobe.com guide; aio-lib-java
//! constants.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Code, Confidence, Encoding, Handshake, KeyForm, Lookup, Part,
    Place, Procedure, RemoteKeys, Reply, Scheme, SecretFormat, SecretRules, Signature,
    SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Adobe I/O Events.
///
/// - The same keys sign for all of Adobe's customers: the setting client-id must equal the
///   recipient in the body.
/// - The paths of the keys come with the delivery; only plain paths below Adobe's one host are
///   asked.
/// - One good signature is enough: while keys rotate, the other may be by a key that is gone.
pub const ADOBE_IO_EVENTS: Scheme = Scheme {
    id: text("adobe-io-events"),
    procedure: Procedure::Code(Code::AdobeIoEvents),
    algorithm: Algorithm::RsaSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::Two {
            first: text("x-adobe-digital-signature-1"),
            second: text("x-adobe-digital-signature-2"),
            paired: false,
        },
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/event_id"))]),
    event_id: Lookup::First(places![Place::Body(text("/event_id"))]),
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
    remote_keys: Some(RemoteKeys { url: text(""), form: KeyForm::Pem }),
    handshake: Some(Handshake::EchoQuery {
        method: text("GET"),
        parameter: text("challenge"),
        signed: false,
    }),
    about: About {
        name: text("Adobe I/O Events"),
        category: text("cloud"),
        page: text("https://developer.adobe.com/events/docs/guides/"),
        confidence: Confidence::DocsVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "The same keys sign for all of Adobe's customers: the setting client-id must equal the recipient in the body.",
            "The paths of the keys come with the delivery; only plain paths below Adobe's one host are asked.",
            "One good signature is enough: while keys rotate, the other may be by a key that is gone.",
        ],
        variant_of: None,
    },
};
