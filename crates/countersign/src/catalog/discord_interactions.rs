//! Discord interactions endpoint: Ed25519 over `{timestamp}{body}`.
//!
//! Page: <https://discord.com/developers/docs/interactions/receiving-and-responding>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: npm discord-interactions 4.4.0; PyPI
//! discord-interactions 0.4.0.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Handshake, Lookup, Part, Place, Procedure,
    Reply, Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax, TimestampPlace,
    TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Discord interactions endpoint.
///
/// - Nothing stands between timestamp and body, so a digit that begins the body may as well end
///   the timestamp. Interactions begin with a brace.
/// - No tolerance is documented and the SDKs check none: to refuse old deliveries, give one.
/// - Discord sends badly signed deliveries on purpose, and takes the endpoint away unless they
///   are answered with 401.
/// - A PING (type 1) is answered with {"type":1}, but only once it is verified.
/// - The npm SDK reads hexadecimal that is none as zeros.
pub const DISCORD_INTERACTIONS: Scheme = Scheme {
    id: text("discord-interactions"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::Ed25519,
    signed: signed![Part::Timestamp, Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Signature-Ed25519"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::Header(names!["X-Signature-Timestamp"]),
        format: TimestampFormat::Seconds,
    }),
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/id"))]),
    event_id: Lookup::First(places![Place::Body(text("/id"))]),
    event_type: Lookup::First(places![Place::Body(text("/type"))]),
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
    handshake: Some(Handshake::Ping { kind: 1, pong: true }),
    about: About {
        name: text("Discord interactions endpoint"),
        category: text("messaging"),
        page: text("https://discord.com/developers/docs/interactions/receiving-and-responding"),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "Nothing stands between timestamp and body, so a digit that begins the body may as well end the timestamp. Interactions begin with a brace.",
            "No tolerance is documented and the SDKs check none: to refuse old deliveries, give one.",
            "Discord sends badly signed deliveries on purpose, and takes the endpoint away unless they are answered with 401.",
            "A PING (type 1) is answered with {\"type\":1}, but only once it is verified.",
            "The npm SDK reads hexadecimal that is none as zeros.",
        ],
        variant_of: None,
    },
};
