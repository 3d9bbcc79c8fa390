//! PayPal: RSA over the ids of transmission and webhook, the time, and the CRC-32 of the body.
//!
//! Page: <https://developer.paypal.com/api/rest/webhooks/rest/>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: PayPal-Python-SDK notifications.py; paypalrestsdk
//! 1.13.3.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Code, Confidence, Encoding, KeyForm, Lookup, Part, Place,
    Procedure, RemoteKeys, Reply, Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders,
    Syntax, TimestampPlace, TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// PayPal.
///
/// - The body is covered by a CRC-32 only: who has one delivery can make others with the same
///   transmission id. Read the resource by the API before acting on it.
/// - The webhook id is the setting webhook-id; it is not in the delivery.
/// - The certificate's URL is the sender's word; only PayPal's own hosts are asked, and the
///   chain must end at a trusted root.
/// - Duplicates are told by the transmission id, since nothing else is signed. Whether a retry
///   carries the same one is not documented: compare the event's id too, after reading it by the
///   API.
pub const PAYPAL: Scheme = Scheme {
    id: text("paypal"),
    procedure: Procedure::Code(Code::PayPal),
    algorithm: Algorithm::RsaSha256,
    signed: signed![],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["PAYPAL-TRANSMISSION-SIG"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Header(names!["PAYPAL-TRANSMISSION-TIME"]),
        format: TimestampFormat::Rfc3339,
    }),
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Header(text("PAYPAL-TRANSMISSION-ID"))]),
    event_id: Lookup::First(places![Place::Header(text("PAYPAL-TRANSMISSION-ID"))]),
    event_type: Lookup::First(places![Place::Body(text("/event_type"))]),
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
    remote_keys: Some(RemoteKeys { url: text(""), form: KeyForm::Certificates }),
    handshake: None,
    about: About {
        name: text("PayPal"),
        category: text("payments"),
        page: text("https://developer.paypal.com/api/rest/webhooks/rest/"),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "The body is covered by a CRC-32 only: who has one delivery can make others with the same transmission id. Read the resource by the API before acting on it.",
            "The webhook id is the setting webhook-id; it is not in the delivery.",
            "The certificate's URL is the sender's word; only PayPal's own hosts are asked, and the chain must end at a trusted root.",
            "Duplicates are told by the transmission id, since nothing else is signed. Whether a retry carries the same one is not documented: compare the event's id too, after reading it by the API.",
        ],
        variant_of: None,
    },
};
