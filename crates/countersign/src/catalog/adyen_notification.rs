//! Adyen standard notifications: HMAC-SHA256 over eight values of each item, joined by colons.
//!
//! Page: <https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures/>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: Adyen python and node libraries and their tests.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, Batch, BodyForm, Code, Confidence, Encoding, Lookup, Part, Place, Procedure,
    Reply, Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Adyen standard notifications.
///
/// - The key is hexadecimal and must be decoded.
/// - Every item of the batch must verify; some functions of the SDKs look at the first alone.
/// - Nothing but pspReference, originalReference, merchantAccountCode, merchantReference,
///   amount, eventCode and success is signed: paymentMethod, reason, eventDate and the rest may
///   have been changed.
/// - The values are joined by colons and not escaped: what stands at the border of
///   merchantAccountCode and merchantReference may have been moved across it. Colons in the
///   other values are refused.
/// - The answer must be \[accepted\].
pub const ADYEN_NOTIFICATION: Scheme = Scheme {
    id: text("adyen-notification"),
    procedure: Procedure::Code(Code::AdyenNotification),
    algorithm: Algorithm::HmacSha256,
    signed: signed![
        Part::BodyValue(text("/NotificationRequestItem/pspReference")),
        Part::Literal(text(":")),
        Part::BodyValue(text("/NotificationRequestItem/originalReference")),
        Part::Literal(text(":")),
        Part::BodyValue(text("/NotificationRequestItem/merchantAccountCode")),
        Part::Literal(text(":")),
        Part::BodyValue(text("/NotificationRequestItem/merchantReference")),
        Part::Literal(text(":")),
        Part::BodyValue(text("/NotificationRequestItem/amount/value")),
        Part::Literal(text(":")),
        Part::BodyValue(text("/NotificationRequestItem/amount/currency")),
        Part::Literal(text(":")),
        Part::BodyValue(text("/NotificationRequestItem/eventCode")),
        Part::Literal(text(":")),
        Part::BodyValue(text("/NotificationRequestItem/success"))
    ],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Hex, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::Body(text(
            "/NotificationRequestItem/additionalData/hmacSignature",
        )),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text(
        "/notificationItems/0/NotificationRequestItem/pspReference"
    ))]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text(
        "/notificationItems/0/NotificationRequestItem/eventCode"
    ))]),
    batch: Some(Batch {
        items: text("/notificationItems"),
        id: names![
            "/NotificationRequestItem/pspReference",
            "/NotificationRequestItem/eventCode",
            "/NotificationRequestItem/success"
        ],
        event_type: names!["/NotificationRequestItem/eventCode"],
    }),
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
        name: text("Adyen standard notifications"),
        category: text("payments"),
        page: text(
            "https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures/",
        ),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "The key is hexadecimal and must be decoded.",
            "Every item of the batch must verify; some functions of the SDKs look at the first alone.",
            "Nothing but pspReference, originalReference, merchantAccountCode, merchantReference, amount, eventCode and success is signed: paymentMethod, reason, eventDate and the rest may have been changed.",
            "The values are joined by colons and not escaped: what stands at the border of merchantAccountCode and merchantReference may have been moved across it. Colons in the other values are refused.",
            "The answer must be [accepted]."
        ],
        variant_of: None,
    },
};
