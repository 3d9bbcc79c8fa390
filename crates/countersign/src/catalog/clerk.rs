//! Clerk: HMAC-SHA256 over `{id}.{timestamp}.{body}`.
//!
//! Page: <https://clerk.com/docs/webhooks/sync-data>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: @clerk/backend npm.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Pairs, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Separator, Signature, SignatureHeaders, Syntax,
    TimestampPlace, TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Clerk.
///
/// - Helper reads only the svix- trio.
pub const CLERK: Scheme = Scheme {
    id: text("clerk"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![
        Part::DeliveryId,
        Part::Literal(text(".")),
        Part::Timestamp,
        Part::Literal(text(".")),
        Part::Body
    ],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Whsec, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["svix-signature"]),
        syntax: Syntax::Pairs(Pairs {
            separator: Separator::Space,
            assign: Separator::Comma,
            key: text("v1"),
            once: false,
            trim: false,
        }),
        encoding: Encoding::Base64,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Header(names!["svix-timestamp"]),
        format: TimestampFormat::Seconds,
    }),
    tolerance: Tolerance::symmetric(300),
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Header(text("svix-id"))]),
    event_id: Lookup::First(places![Place::Header(text("svix-id"))]),
    event_type: Lookup::First(places![Place::Body(text("/type"))]),
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
        name: text("Clerk"),
        category: text("identity"),
        page: text("https://clerk.com/docs/webhooks/sync-data"),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text(""),
        traps: names!["Helper reads only the svix- trio."],
        variant_of: None,
    },
};
