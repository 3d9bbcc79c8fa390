//! HubSpot: the version of the signature that a delivery has, the third if it is there.
//!
//! Page: <https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: @hubspot/api-client npm 13.5.0; hubspot-api-client
//! PyPI 12.0.0.

use super::{names, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, Batch, BodyForm, Code, Confidence, Encoding, Lookup, Part, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax, TimestampPlace,
    TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// HubSpot.
///
/// - A delivery with the header of the third version is judged by it alone. But whoever removes
///   that header is judged by what is left: where the app sends the third version, use hubspot-v3.
/// - The first and second version are plain SHA-256 over the secret and the content, not HMAC: a
///   captured signature extends to the body with bytes appended. They sign no time.
/// - Of the URL, %3A %2F %3F %40 %21 %24 %27 %28 %29 %2A %2C and %3B are decoded before it is
///   signed, and no other characters.
/// - The sender's SDKs accept any future timestamp; here the window is symmetric.
/// - Each attempt counts itself in the body (attemptNumber, unverified), so the whole delivery is
///   no duplicate by content: handle it by its items, whose ids stay.
/// - The deadline is from memory of the documentation.
pub const HUBSPOT: Scheme = Scheme {
    id: text("hubspot"),
    procedure: Procedure::Code(Code::Hubspot),
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Method, Part::ExternalUrl, Part::Body, Part::Timestamp],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-HubSpot-Signature-v3"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Header(names!["X-HubSpot-Request-Timestamp"]),
        format: TimestampFormat::Milliseconds,
    }),
    tolerance: Tolerance::symmetric(300),
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::Absent,
    batch: Some(Batch {
        items: text(""),
        id: names!["/eventId", "/subscriptionId", "/occurredAt"],
        event_type: names!["/subscriptionType"],
    }),
    max_body: None,
    retry_horizon: Some(86_400),
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
        name: text("HubSpot"),
        category: text("crm"),
        page: text(
            "https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation",
        ),
        confidence: Confidence::SdkVerified,
        deadline: Some(5),
        retries: text(
            "up to 10 tries over 24 h on timeout, 4xx (except some) and 5xx (docs, not re-read)",
        ),
        traps: names![
            "A delivery with the header of the third version is judged by it alone. But whoever removes that header is judged by what is left: where the app sends the third version, use hubspot-v3.",
            "The first and second version are plain SHA-256 over the secret and the content, not HMAC: a captured signature extends to the body with bytes appended. They sign no time.",
            "Of the URL, %3A %2F %3F %40 %21 %24 %27 %28 %29 %2A %2C and %3B are decoded before it is signed, and no other characters.",
            "The sender's SDKs accept any future timestamp; here the window is symmetric.",
            "Each attempt counts itself in the body (attemptNumber, unverified), so the whole delivery is no duplicate by content: handle it by its items, whose ids stay.",
            "The deadline is from memory of the documentation.",
        ],
        variant_of: None,
    },
};
