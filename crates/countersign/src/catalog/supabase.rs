//! Supabase Auth hooks: HMAC-SHA256 over `{id}.{timestamp}.{body}`.
//!
//! Page: <https://supabase.com/docs/guides/auth/auth-hooks>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: third-party declarative scheme registry (states
//! doc-verified 2026-07-01).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Pairs, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Separator, Signature, SignatureHeaders, Syntax,
    TimestampPlace, TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Supabase Auth hooks.
///
/// - Secret is written v1,whsec\_\<base64\> in the dashboard (unverified).
pub const SUPABASE: Scheme = Scheme {
    id: text("supabase"),
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
    secret: SecretRules { format: SecretFormat::VersionedWhsec, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["webhook-signature"]),
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
        place: TimestampPlace::Header(names!["webhook-timestamp"]),
        format: TimestampFormat::Seconds,
    }),
    tolerance: Tolerance::symmetric(300),
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Header(text("webhook-id"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::Absent,
    batch: None,
    max_body: None,
    retry_horizon: None,
    reply: Reply {
        success: statuses![],
        refused: 401,
        never: statuses![],
        retried: statuses![429, 503],
        empty_body: false,
    },
    remote_keys: None,
    handshake: None,
    about: About {
        name: text("Supabase Auth hooks"),
        category: text("identity"),
        page: text("https://supabase.com/docs/guides/auth/auth-hooks"),
        confidence: Confidence::Secondary,
        deadline: None,
        retries: text(""),
        traps: names!["Secret is written v1,whsec_<base64> in the dashboard (unverified)."],
        variant_of: None,
    },
};
