//! eBay: ECDSA with SHA-1 over the body; the header is an envelope of JSON.
//!
//! Page: <https://developer.ebay.com/api-docs/commerce/notification/overview.html>, as of
//! 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: eBay/event-notification-nodejs-sdk and its test
//! data.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Code, Confidence, Encoding, Handshake, KeyForm, Lookup, Part,
    Place, Procedure, RemoteKeys, Reply, Scheme, SecretFormat, SecretRules, Signature,
    SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// eBay.
///
/// - Keys are read by their id with an access token of the receiver's own, so they need a
///   fetcher of your own, or are given.
/// - The envelope is not signed: its algorithm and digest choose nothing, and its key id must
///   be a UUID.
/// - eBay's SDK digests the body as it parsed and wrote it again; here the bytes on the wire
///   count.
pub const EBAY: Scheme = Scheme {
    id: text("ebay"),
    procedure: Procedure::Code(Code::Ebay),
    algorithm: Algorithm::EcdsaP256Sha1Der,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["x-ebay-signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/notification/notificationId"))]),
    event_id: Lookup::First(places![Place::Body(text("/notification/notificationId"))]),
    event_type: Lookup::First(places![Place::Body(text("/metadata/topic"))]),
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
        url: text(""),
        form: KeyForm::Json { items: None, id: None, key: text("/key"), id_is_digest: false },
    }),
    handshake: Some(Handshake::Ebay),
    about: About {
        name: text("eBay"),
        category: text("e-commerce"),
        page: text("https://developer.ebay.com/api-docs/commerce/notification/overview.html"),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "Keys are read by their id with an access token of the receiver's own, so they need a fetcher of your own, or are given.",
            "The envelope is not signed: its algorithm and digest choose nothing, and its key id must be a UUID.",
            "eBay's SDK digests the body as it parsed and wrote it again; here the bytes on the wire count.",
        ],
        variant_of: None,
    },
};
