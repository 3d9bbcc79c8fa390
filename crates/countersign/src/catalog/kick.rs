//! Kick events: RSA with SHA-256 over `{id}.{timestamp}.{body}`.
//!
//! Page: <https://docs.kick.com/events/webhook-security>, as of 2026-11-24.
//!
//! Confidence: docs-verified. Checked against: KickEngineering/KickDevDocs.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, KeyForm, Lookup, Part, Place, Procedure,
    RemoteKeys, Reply, Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
    TimestampPlace, TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Kick events.
///
/// - Kick-Event-Type, -Version and -Subscription-Id are not signed: see in the body what it is.
/// - One key signs for all apps, so whoever has an app can pass its deliveries on to yours.
/// - No tolerance is documented: to refuse old deliveries, give one.
pub const KICK: Scheme = Scheme {
    id: text("kick"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::RsaSha256,
    signed: signed![
        Part::DeliveryId,
        Part::Literal(text(".")),
        Part::Timestamp,
        Part::Literal(text(".")),
        Part::Body
    ],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Kick-Event-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Header(names!["Kick-Event-Message-Timestamp"]),
        format: TimestampFormat::Rfc3339,
    }),
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Header(text("Kick-Event-Message-Id"))]),
    event_id: Lookup::First(places![Place::Header(text("Kick-Event-Message-Id"))]),
    event_type: Lookup::First(places![Place::Header(text("Kick-Event-Type"))]),
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
        url: text("https://api.kick.com/public/v1/public-key"),
        form: KeyForm::Json {
            items: None,
            id: None,
            key: text("/data/public_key"),
            id_is_digest: false,
        },
    }),
    handshake: None,
    about: About {
        name: text("Kick events"),
        category: text("media"),
        page: text("https://docs.kick.com/events/webhook-security"),
        confidence: Confidence::DocsVerified,
        deadline: None,
        retries: text("unsubscribed after failing for over a day"),
        traps: names![
            "Kick-Event-Type, -Version and -Subscription-Id are not signed: see in the body what it is.",
            "One key signs for all apps, so whoever has an app can pass its deliveries on to yours.",
            "No tolerance is documented: to refuse old deliveries, give one.",
        ],
        variant_of: None,
    },
};
