//! HubSpot v2: plain SHA-256 over `{secret}{method}{url}{body}`.
//!
//! Page: <https://developers.hubspot.com/docs/apps/legacy-apps/authentication/validating-requests>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: hubspot-api-nodejs tests.

use super::{names, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, Batch, BodyForm, Confidence, Encoding, Lookup, Part, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// HubSpot v2.
///
/// - Plain SHA-256 over the secret and the content, not HMAC: a captured signature extends to the
///   body with bytes appended.
/// - X-HubSpot-Signature-Version: v2 tells it from v1, which shares the header.
/// - Each attempt counts itself in the body (attemptNumber, unverified), so the whole delivery is
///   no duplicate by content: handle it by its items, whose ids stay.
/// - The deadline is from memory of the documentation.
pub const HUBSPOT_V2: Scheme = Scheme {
    id: text("hubspot-v2"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::Sha256,
    signed: signed![Part::Secret, Part::Method, Part::ExternalUrl, Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-HubSpot-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required!["X-HubSpot-Signature-Version": "v2"],
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
        name: text("HubSpot v2"),
        category: text("crm"),
        page: text(
            "https://developers.hubspot.com/docs/apps/legacy-apps/authentication/validating-requests",
        ),
        confidence: Confidence::SdkVerified,
        deadline: Some(5),
        retries: text(
            "up to 10 tries over 24 h on timeout, 4xx (except some) and 5xx (docs, not re-read)",
        ),
        traps: names![
            "Plain SHA-256 over the secret and the content, not HMAC: a captured signature extends to the body with bytes appended.",
            "X-HubSpot-Signature-Version: v2 tells it from v1, which shares the header.",
            "Each attempt counts itself in the body (attemptNumber, unverified), so the whole delivery is no duplicate by content: handle it by its items, whose ids stay.",
            "The deadline is from memory of the documentation.",
        ],
        variant_of: Some(text("hubspot")),
    },
};
