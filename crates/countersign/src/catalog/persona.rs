//! Persona: HMAC-SHA256 over `{timestamp}.{body}`.
//!
//! Page: <https://docs.withpersona.com/webhooks-best-practices#checking-signatures>, as of 2026-11-24.
//!
//! Confidence: secondary. Checked against: hookdeck/webhook-skills providers.yaml (third-party
//! digest of the official docs); third-party declarative scheme registry (states doc-verified
//! 2026-07-01).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Pairs, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Separator, Signature, SignatureHeaders, Syntax,
    TimestampPlace, TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Persona.
///
/// - During rotation two t=…,v1=… groups separated by a SPACE, each with its own t.
/// - No window is documented, so the age of the timestamp is not judged unless a tolerance is
///   set.
pub const PERSONA: Scheme = Scheme {
    id: text("persona"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Timestamp, Part::Literal(text(".")), Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Persona-Signature"]),
        syntax: Syntax::Groups {
            between: Separator::Space,
            pairs: Pairs {
                separator: Separator::Comma,
                assign: Separator::Equals,
                key: text("v1"),
                once: false,
                trim: false,
            },
        },
        encoding: Encoding::Hex,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Field(text("t")),
        format: TimestampFormat::Seconds,
    }),
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/data/id"))]),
    event_id: Lookup::First(places![Place::Body(text("/data/id"))]),
    event_type: Lookup::First(places![Place::Body(text("/data/attributes/name"))]),
    batch: None,
    max_body: None,
    retry_horizon: None,
    reply: Reply {
        success: statuses![200, 201, 202, 204],
        refused: 401,
        never: statuses![],
        retried: statuses![],
        empty_body: false,
    },
    remote_keys: None,
    handshake: None,
    about: About {
        name: text("Persona"),
        category: text("identity"),
        page: text("https://docs.withpersona.com/webhooks-best-practices#checking-signatures"),
        confidence: Confidence::Secondary,
        deadline: Some(5),
        retries: text("up to 7 more, exponential"),
        traps: names![
            "During rotation two t=…,v1=… groups separated by a SPACE, each with its own t.",
            "No window is documented, so the age of the timestamp is not judged unless a tolerance is set."
        ],
        variant_of: None,
    },
};
