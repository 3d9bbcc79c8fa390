//! WeChat Pay v3 notifications: RSA with SHA-256 over `{timestamp}\n{nonce}\n{body}\n`.
//!
//! Page: <https://pay.weixin.qq.com/doc/v3/merchant/4012071382>, as of 2026-11-24.
//!
//! Confidence: unverified. Checked against: nothing; not read again.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, KeyForm, Lookup, Part, Place, Procedure,
    RemoteKeys, Reply, Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
    TimestampPlace, TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// WeChat Pay v3 notifications.
///
/// - A line break ends each of the three lines, the last too.
/// - The key is that of the platform certificate whose serial number Wechatpay-Serial says, or
///   the public key with that id. Both come from an API that asks for the merchant's signature:
///   give them with their id, or fetch them by a source of your own.
/// - The body holds its resource encrypted; to decrypt it is left to you.
pub const WECHATPAY_V3: Scheme = Scheme {
    id: text("wechatpay-v3"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::RsaSha256,
    signed: signed![
        Part::Timestamp,
        Part::Literal(text("\n")),
        Part::Nonce(text("Wechatpay-Nonce")),
        Part::Literal(text("\n")),
        Part::Body,
        Part::Literal(text("\n"))
    ],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["Wechatpay-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Header(names!["Wechatpay-Timestamp"]),
        format: TimestampFormat::Seconds,
    }),
    tolerance: Tolerance::symmetric(300),
    required_headers: required![],
    key_id_header: Some(text("Wechatpay-Serial")),
    delivery_id: Lookup::First(places![Place::Body(text("/id"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/event_type"))]),
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
    remote_keys: Some(RemoteKeys { url: text(""), form: KeyForm::Pem }),
    handshake: None,
    about: About {
        name: text("WeChat Pay v3 notifications"),
        category: text("payments"),
        page: text("https://pay.weixin.qq.com/doc/v3/merchant/4012071382"),
        confidence: Confidence::Unverified,
        deadline: None,
        retries: text(""),
        traps: names![
            "A line break ends each of the three lines, the last too.",
            "The key is that of the platform certificate whose serial number Wechatpay-Serial says, or the public key with that id. Both come from an API that asks for the merchant's signature: give them with their id, or fetch them by a source of your own.",
            "The body holds its resource encrypted; to decrypt it is left to you.",
        ],
        variant_of: None,
    },
};
