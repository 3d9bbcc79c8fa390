//! Mercado Pago: HMAC-SHA256 over `id:{data.id};request-id:{x-request-id};ts:{ts};`, without what
//! is absent.
//!
//! Page: <https://www.mercadopago.com/developers/en/docs/your-integrations/notifications/webhooks>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: mercadopago npm 3.6.0 (WebhookSignatureValidator).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Code, Confidence, Encoding, Lookup, Pairs, Part, Place, Procedure,
    Reply, Scheme, SecretFormat, SecretRules, Separator, Signature, SignatureHeaders, Syntax,
    TimestampPlace, TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Mercado Pago.
///
/// - The body is not signed: look up by its id what the notification is about before you act on
///   it.
/// - data.id is taken from the query and signed in lower case (docs; the SDK leaves that to its
///   caller).
/// - No window is documented; the SDK has one only if it is told. The SDK reads ts as seconds.
/// - Notifications of QR codes are not signed.
pub const MERCADO_PAGO: Scheme = Scheme {
    id: text("mercado-pago"),
    procedure: Procedure::Code(Code::MercadoPago),
    algorithm: Algorithm::HmacSha256,
    signed: signed![
        Part::Query(text("data.id")),
        Part::Header(text("x-request-id")),
        Part::Timestamp
    ],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["x-signature"]),
        syntax: Syntax::Pairs(Pairs {
            separator: Separator::Comma,
            assign: Separator::Equals,
            key: text("v1"),
            once: true,
            trim: true,
        }),
        encoding: Encoding::Hex,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Field(text("ts")),
        format: TimestampFormat::Seconds,
    }),
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Header(text("x-request-id"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/type")), Place::Body(text("/action"))]),
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
        name: text("Mercado Pago"),
        category: text("payments"),
        page: text(
            "https://www.mercadopago.com/developers/en/docs/your-integrations/notifications/webhooks",
        ),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "The body is not signed: look up by its id what the notification is about before you act on it.",
            "data.id is taken from the query and signed in lower case (docs; the SDK leaves that to its caller).",
            "No window is documented; the SDK has one only if it is told. The SDK reads ts as seconds.",
            "Notifications of QR codes are not signed.",
        ],
        variant_of: None,
    },
};
