//! Dropbox Sign: HMAC-SHA256 over `{event_time}{event_type}`, in JSON in a field of a form.
//!
//! Page: <https://developers.hellosign.com/docs/events/walkthrough/>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: hellosign/dropbox-sign-node fixtures.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Code, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax, TimestampPlace,
    TimestampSource,
};
use crate::time::{TimestampFormat, Tolerance};

/// Dropbox Sign.
///
/// - The key is the API key, as text.
/// - Nothing but event\_time and event\_type is signed: account\_guid and the signature request
///   may have been changed. Ask for the signature request by its id.
/// - Two events of one type in one second have the same event\_hash: it names no event.
/// - The time is when the event happened, and the same in each attempt; a tolerance refuses
///   late retries. The sender's SDK checks none.
/// - The body of the answer must contain: Hello API Event Received
pub const DROPBOX_SIGN: Scheme = Scheme {
    id: text("dropbox-sign"),
    procedure: Procedure::Code(Code::DropboxSign),
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Timestamp, Part::BodyValue(text("/event/event_type"))],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::Body(text("/event/event_hash")),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: Some(TimestampSource {
        place: TimestampPlace::BodyText(text("/event/event_time")),
        format: TimestampFormat::Seconds,
    }),
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Claim(text("/event/event_hash"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Claim(text("/event/event_type"))]),
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
        name: text("Dropbox Sign"),
        category: text("documents"),
        page: text("https://developers.hellosign.com/docs/events/walkthrough/"),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "The key is the API key, as text.",
            "Nothing but event_time and event_type is signed: account_guid and the signature request may have been changed. Ask for the signature request by its id.",
            "Two events of one type in one second have the same event_hash: it names no event.",
            "The time is when the event happened, and the same in each attempt; a tolerance refuses late retries. The sender's SDK checks none.",
            "The body of the answer must contain: Hello API Event Received"
        ],
        variant_of: None,
    },
};
