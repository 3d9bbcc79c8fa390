//! Mailgun: HMAC-SHA256 over `{timestamp}{token}`.
//!
//! Page: <https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: PyPI mailgun 1.10 security.py verify\_webhook.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Code, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax, TimestampPlace,
    TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Mailgun.
///
/// - Nothing of the event is signed: timestamp, token and signature of one delivery
///   authenticate any other event. Remember tokens (a store does: it tells duplicates by
///   timestamp and token), and ask Mailgun for what matters.
/// - Nothing stands between timestamp and token, so digits can be moved from one to the other;
///   only the tolerance refuses that.
/// - Routes and the webhooks of old send the three values as fields of a form, which may be in
///   parts.
pub const MAILGUN: Scheme = Scheme {
    id: text("mailgun"),
    procedure: Procedure::Code(Code::Mailgun),
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Timestamp, Part::BodyValue(text("/signature/token"))],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::Body(text("/signature/signature")),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::BodyText(text("/signature/timestamp")),
        format: TimestampFormat::Seconds,
    }),
    tolerance: Tolerance::symmetric(900),
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![
        Place::Body(text("/signature/token")),
        Place::FormField(text("token"))
    ]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![
        Place::Body(text("/event-data/event")),
        Place::FormField(text("event"))
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
    remote_keys: None,
    handshake: None,
    about: About {
        name: text("Mailgun"),
        category: text("messaging"),
        page: text(
            "https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks",
        ),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text("406 stops retries (unverified)"),
        traps: names![
            "Nothing of the event is signed: timestamp, token and signature of one delivery authenticate any other event. Remember tokens (a store does: it tells duplicates by timestamp and token), and ask Mailgun for what matters.",
            "Nothing stands between timestamp and token, so digits can be moved from one to the other; only the tolerance refuses that.",
            "Routes and the webhooks of old send the three values as fields of a form, which may be in parts."
        ],
        variant_of: None,
    },
};
