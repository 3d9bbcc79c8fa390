//! Twitch EventSub: HMAC-SHA256 over `{id}{timestamp}{body}`.
//!
//! Page: <https://dev.twitch.tv/docs/eventsub/handling-webhook-events/#verifying-the-event-message>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: twitchdev/twitch-cli source (official, read);
//! official docs page (read).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Echo, Encoding, Handshake, Lookup, Mark, Part, Place,
    Procedure, Reply, Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
    TimestampPlace, TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Twitch EventSub.
///
/// - RFC3339 with NANOSECONDS; sign the header text verbatim.
/// - No separators between the three parts.
/// - Verification challenge and revocation messages are signed too.
/// - The deadline is from memory of the documentation.
pub const TWITCH: Scheme = Scheme {
    id: text("twitch"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::DeliveryId, Part::Timestamp, Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Twitch-Eventsub-Message-Signature"]),
        syntax: Syntax::Prefixed(text("sha256=")),
        encoding: Encoding::Hex,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Header(names!["Twitch-Eventsub-Message-Timestamp"]),
        format: TimestampFormat::Rfc3339,
    }),
    tolerance: Tolerance::symmetric(600),
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Header(text("Twitch-Eventsub-Message-Id"))]),
    event_id: Lookup::First(places![Place::Header(text("Twitch-Eventsub-Message-Id"))]),
    event_type: Lookup::First(places![Place::Header(text("Twitch-Eventsub-Subscription-Type"))]),
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
    handshake: Some(Handshake::EchoBody {
        mark: Mark::Header {
            name: text("Twitch-Eventsub-Message-Type"),
            value: text("webhook_callback_verification"),
        },
        value: text("/challenge"),
        reply: Echo::Text,
    }),
    about: About {
        name: text("Twitch EventSub"),
        category: text("messaging"),
        page: text(
            "https://dev.twitch.tv/docs/eventsub/handling-webhook-events/#verifying-the-event-message",
        ),
        confidence: Confidence::DocsVerified,
        deadline: Some(10),
        retries: text(
            "resent if no 2xx within a few seconds; repeated failures revoke the subscription",
        ),
        traps: names![
            "RFC3339 with NANOSECONDS; sign the header text verbatim.",
            "No separators between the three parts.",
            "Verification challenge and revocation messages are signed too.",
            "The deadline is from memory of the documentation."
        ],
        variant_of: None,
    },
};
