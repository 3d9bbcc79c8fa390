//! PagerDuty V3: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://developer.pagerduty.com/docs/webhooks/webhook-signatures/>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: PagerDuty/go-pagerduty test vector (read);
//! official doc text quoted on community.pagerduty.com (read).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Pairs, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Separator, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// PagerDuty V3.
///
/// - Comma list of v1= entries, one per active secret; no timestamp.
pub const PAGERDUTY: Scheme = Scheme {
    id: text("pagerduty"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-PagerDuty-Signature"]),
        syntax: Syntax::Pairs(Pairs {
            separator: Separator::Comma,
            assign: Separator::Equals,
            key: text("v1"),
            once: false,
            trim: false,
        }),
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/event/id"))]),
    event_id: Lookup::First(places![Place::Body(text("/event/id"))]),
    event_type: Lookup::First(places![Place::Body(text("/event/event_type"))]),
    batch: None,
    max_body: None,
    retry_horizon: Some(172_800),
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
        name: text("PagerDuty V3"),
        category: text("ops"),
        page: text("https://developer.pagerduty.com/docs/webhooks/webhook-signatures/"),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text("10 tries over 48 h (unverified)"),
        traps: names!["Comma list of v1= entries, one per active secret; no timestamp."],
        variant_of: None,
    },
};
