//! WebSub: HMAC over `{body}` by the method that the delivery names.
//!
//! Page: <https://www.w3.org/TR/websub/>, as of 2026-11-24.
//!
//! Confidence: unverified. Checked against: W3C WebSub (not re-read).

use super::{names, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Code, Confidence, Encoding, Handshake, Lookup, Part, Procedure,
    Reply, Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// WebSub.
///
/// - The secret is the hub.secret of the subscription. With several topics, give each secret
///   the id of its topic (Secret::id), which the Link header with rel=self names; the header is
///   not signed, the secret is what proves the topic.
/// - Topics given with the setting topic are the only ones that are accepted.
/// - sha1, sha256, sha384 and sha512 are accepted, as the hub chooses.
/// - A delivery with a wrong signature is dropped and yet answered with success, as the
///   standard says.
pub const WEBSUB: Scheme = Scheme {
    id: text("websub"),
    procedure: Procedure::Code(Code::WebSub),
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Hub-Signature"]),
        syntax: Syntax::Prefixed(text("sha256=")),
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::Absent,
    event_id: Lookup::Absent,
    event_type: Lookup::Absent,
    batch: None,
    max_body: None,
    retry_horizon: None,
    reply: Reply {
        success: statuses![],
        refused: 202,
        never: statuses![],
        retried: statuses![],
        empty_body: false,
    },
    remote_keys: None,
    handshake: Some(Handshake::WebSub),
    about: About {
        name: text("WebSub"),
        category: text("standard"),
        page: text("https://www.w3.org/TR/websub/"),
        confidence: Confidence::Unverified,
        deadline: None,
        retries: text(""),
        traps: names![
            "The secret is the hub.secret of the subscription. With several topics, give each secret the id of its topic (Secret::id), which the Link header with rel=self names; the header is not signed, the secret is what proves the topic.",
            "Topics given with the setting topic are the only ones that are accepted.",
            "sha1, sha256, sha384 and sha512 are accepted, as the hub chooses.",
            "A delivery with a wrong signature is dropped and yet answered with success, as the standard says."
        ],
        variant_of: None,
    },
};
