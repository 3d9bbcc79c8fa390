//! Twilio SendGrid signed event webhook: ECDSA on P-256 over `{timestamp}{body}`.
//!
//! Page: <https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: npm @sendgrid/eventwebhook, its tests; PyPI
//! sendgrid.

use super::{names, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, Batch, BodyForm, Confidence, Encoding, Lookup, Part, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax, TimestampPlace,
    TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Twilio SendGrid signed event webhook.
///
/// - The body ends with CRLF and has CRLF between events, all of it signed: what trims or
///   reformats it breaks the signature.
/// - Genuine signatures have a high s; (r, n - s) verifies too, so that the signature does not
///   name a delivery.
/// - Signatures are DER, not r and s in 32 bytes each.
/// - The SDKs check no age: to refuse old deliveries, give a tolerance.
pub const SENDGRID_EVENT_WEBHOOK: Scheme = Scheme {
    id: text("sendgrid-event-webhook"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::EcdsaP256Sha256Der,
    signed: signed![Part::Timestamp, Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Twilio-Email-Event-Webhook-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Header(names!["X-Twilio-Email-Event-Webhook-Timestamp"]),
        format: TimestampFormat::Seconds,
    }),
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::Absent,
    batch: Some(Batch {
        items: text(""),
        id: names!["/sg_event_id"],
        event_type: names!["/event"],
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
        name: text("Twilio SendGrid signed event webhook"),
        category: text("messaging"),
        page: text(
            "https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features",
        ),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "The body ends with CRLF and has CRLF between events, all of it signed: what trims or reformats it breaks the signature.",
            "Genuine signatures have a high s; (r, n - s) verifies too, so that the signature does not name a delivery.",
            "Signatures are DER, not r and s in 32 bytes each.",
            "The SDKs check no age: to refuse old deliveries, give a tolerance.",
        ],
        variant_of: None,
    },
};
