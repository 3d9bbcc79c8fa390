//! Telegram Bot API: a token in a header; nothing is signed.
//!
//! Page: <https://core.telegram.org/bots/api#setwebhook>, as of 2026-11-24.
//!
//! Confidence: unverified. Checked against: core.telegram.org (not re-read).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Telegram Bot API.
///
/// - Nothing of the delivery is signed: whoever sees one can make others. Use HTTPS, keep the
///   address secret, and ask the sender for what matters.
/// - The secret is the secret\_token given to setWebhook, 1 to 256 characters of A-Z, a-z, 0-9,
///   \_ and -. It is not the token of the bot.
pub const TELEGRAM: Scheme = Scheme {
    id: text("telegram"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::Token,
    signed: signed![],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-Telegram-Bot-Api-Secret-Token"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/update_id"))]),
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
        name: text("Telegram Bot API"),
        category: text("messaging"),
        page: text("https://core.telegram.org/bots/api#setwebhook"),
        confidence: Confidence::Unverified,
        deadline: None,
        retries: text(""),
        traps: names![
            "Nothing of the delivery is signed: whoever sees one can make others. Use HTTPS, keep the address secret, and ask the sender for what matters.",
            "The secret is the secret_token given to setWebhook, 1 to 256 characters of A-Z, a-z, 0-9, _ and -. It is not the token of the bot."
        ],
        variant_of: None,
    },
};
