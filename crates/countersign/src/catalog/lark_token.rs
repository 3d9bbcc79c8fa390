//! Lark and Feishu without an encrypt key: a token in the body; nothing is signed.
//!
//! Page: <https://open.larksuite.com/document/server-docs/event-subscription-guide/event-subscription-configure-/request-url-configuration-case>, as of 2026-11-24.
//!
//! Confidence: unverified. Checked against: not re-read.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Code, Confidence, Echo, Encoding, Handshake, Lookup, Mark, Part,
    Place, Procedure, Reply, Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders,
    Syntax,
};
use crate::time::Tolerance;

/// Lark / Feishu (verification token).
///
/// - Nothing of the delivery is signed: whoever sees one can make others. Use HTTPS, keep the
///   address secret, and ask the sender for what matters.
/// - The token is at /header/token, in events of the first version at /token.
/// - Set an encrypt key, and Lark signs: see lark.
pub const LARK_TOKEN: Scheme = Scheme {
    id: text("lark-token"),
    procedure: Procedure::Code(Code::LarkToken),
    algorithm: Algorithm::Token,
    signed: signed![],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::Body(text("/header/token")),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![
        Place::Body(text("/header/event_id")),
        Place::Body(text("/uuid"))
    ]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![
        Place::Body(text("/header/event_type")),
        Place::Body(text("/event/type"))
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
    handshake: Some(Handshake::EchoBody {
        mark: Mark::Body { at: text("/type"), value: text("url_verification") },
        value: text("/challenge"),
        reply: Echo::Json(text("challenge")),
    }),
    about: About {
        name: text("Lark / Feishu (verification token)"),
        category: text("messaging"),
        page: text(
            "https://open.larksuite.com/document/server-docs/event-subscription-guide/event-subscription-configure-/request-url-configuration-case",
        ),
        confidence: Confidence::Unverified,
        deadline: None,
        retries: text(""),
        traps: names![
            "Nothing of the delivery is signed: whoever sees one can make others. Use HTTPS, keep the address secret, and ask the sender for what matters.",
            "The token is at /header/token, in events of the first version at /token.",
            "Set an encrypt key, and Lark signs: see lark."
        ],
        variant_of: Some(text("lark")),
    },
};
