//! WeChat Official Accounts: plain SHA-1 over the token, the time and the nonce, sorted.
//!
//! Page: <https://developers.weixin.qq.com/doc/offiaccount/en/Basic_Information/Access_Overview.html>, as of 2026-11-24.
//!
//! Confidence: unverified. Checked against: nothing; the page was not read again.

use super::{names, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Code, Confidence, Encoding, Handshake, Lookup, Part, Procedure,
    Reply, Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax, TimestampPlace,
    TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// WeChat Official Accounts.
///
/// - The body is not signed in plain mode: whoever sees one URL can send any message until it is
///   too old. Messages in encrypted mode have a signature of their own, msg\_signature, which is
///   not read.
/// - Token, time and nonce are joined in the order of their texts without a delimiter, so one
///   signature fits other times and nonces: the time is a hint.
/// - No window is documented.
pub const WECHAT_OFFICIAL_ACCOUNT: Scheme = Scheme {
    id: text("wechat-official-account"),
    procedure: Procedure::Code(Code::WechatOfficialAccount),
    algorithm: Algorithm::Sha1,
    signed: signed![Part::Secret, Part::Timestamp, Part::Query(text("nonce"))],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::Query(text("signature")),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Query(text("timestamp")),
        format: TimestampFormat::Seconds,
    }),
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
        refused: 401,
        never: statuses![],
        retried: statuses![],
        empty_body: false,
    },
    remote_keys: None,
    handshake: Some(Handshake::EchoQuery {
        method: text("GET"),
        parameter: text("echostr"),
        signed: true,
    }),
    about: About {
        name: text("WeChat Official Accounts"),
        category: text("messaging"),
        page: text(
            "https://developers.weixin.qq.com/doc/offiaccount/en/Basic_Information/Access_Overview.html",
        ),
        confidence: Confidence::Unverified,
        deadline: None,
        retries: text(""),
        traps: names![
            "The body is not signed in plain mode: whoever sees one URL can send any message until it is too old. Messages in encrypted mode have a signature of their own, msg_signature, which is not read.",
            "Token, time and nonce are joined in the order of their texts without a delimiter, so one signature fits other times and nonces: the time is a hint.",
            "No window is documented.",
        ],
        variant_of: None,
    },
};
