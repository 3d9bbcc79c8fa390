//! HTTP message signatures: one of six algorithms over what `Signature-Input` lists.
//!
//! Page: <https://www.rfc-editor.org/rfc/rfc9421>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: RFC 9421, appendix B; http-message-signatures PyPI and
//! npm.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Code, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// HTTP message signatures (feature `http-signatures`).
///
/// Give [public keys](crate::PublicKey) or secrets in base64, each with the
/// [id](crate::PublicKey::id) that `keyid` names it by. The algorithm is the key's; one of RSA must
/// say [which](crate::PublicKey::algorithm). One signature is enough that is by a known key and covers
/// what it must: `@method`, `@authority`, `@path` (or `@target-uri`) and, with a body and for POST, PUT
/// and PATCH without one, `content-digest`.
/// [`Setting::RequiredComponent`](crate::Setting::RequiredComponent) says otherwise.
///
/// - A signature covers what it lists and nothing else. With no component required
///   (`danger-none`), one over nothing is accepted for every delivery.
/// - The signature never covers the body: `Content-Digest` must be covered, and is then held against
///   the body as it came over the wire. For POST, PUT and PATCH that holds of an empty body too, or a
///   body that is not covered could be taken away. A layer that decompresses bodies must come after.
/// - Over HTTP/1.1 a server sees the path of its URL only, and `Host` and `X-Forwarded-Host` say what
///   a forger likes: give [`external_url`](crate::VerifierBuilder::external_url). Without it, only
///   requests with an absolute URL can be verified.
/// - `@query` is not required: a query that is not covered can be changed. The proof's coverage says
///   whether it is.
/// - `alg` chooses nothing; it must agree with the key. Signatures by ECDSA are r and s, not DER.
/// - `nonce` names one signature, not one event: it is the delivery id.
/// - Labels, components and parameters that are there twice are refused.
pub const RFC9421: Scheme = Scheme {
    id: text("rfc9421"),
    procedure: Procedure::Code(Code::Rfc9421),
    algorithm: Algorithm::HmacSha256,
    signed: signed![],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Base64, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: None,
    tolerance: Tolerance::symmetric(300),
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Claim(text("/nonce"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::Absent,
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
        name: text("HTTP Message Signatures"),
        category: text("standard"),
        page: text("https://www.rfc-editor.org/rfc/rfc9421"),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "A signature covers what it lists and nothing else: require components.",
            "The signature never covers the body: Content-Digest must be covered, for POST, PUT and PATCH also when the body is empty, and is then held against it.",
            "Over HTTP/1.1 a server sees the path of its URL only: say the rest with external_url.",
            "A query that is not covered can be changed.",
            "The algorithm is the key's; alg must agree with it. ECDSA is r and s, not DER.",
            "Labels, components and parameters that are there twice are refused."
        ],
        variant_of: None,
    },
};
