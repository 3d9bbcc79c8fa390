//! Flutterwave v3: a token in a header; nothing is signed.
//!
//! Page: <https://developer.flutterwave.com/docs/integration-guides/webhooks/>, as of 2026-11-24.
//!
//! Confidence: unverified. Checked against: developer.flutterwave.com (not re-read).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Flutterwave v3.
///
/// - Nothing of the delivery is signed: whoever sees one can make others. Use HTTPS, keep the
///   address secret, and ask the sender for what matters.
/// - The header holds the secret hash itself, although its name speaks of a hash.
/// - v4 signs the body: see flutterwave-v4.
pub const FLUTTERWAVE: Scheme = Scheme {
    id: text("flutterwave"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::Token,
    signed: signed![],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["verif-hash"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/data/id"))]),
    event_id: Lookup::Absent,
    event_type: Lookup::First(places![Place::Body(text("/event"))]),
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
        name: text("Flutterwave v3"),
        category: text("payments"),
        page: text("https://developer.flutterwave.com/docs/integration-guides/webhooks/"),
        confidence: Confidence::Unverified,
        deadline: None,
        retries: text(""),
        traps: names![
            "Nothing of the delivery is signed: whoever sees one can make others. Use HTTPS, keep the address secret, and ask the sender for what matters.",
            "The header holds the secret hash itself, although its name speaks of a hash.",
            "v4 signs the body: see flutterwave-v4."
        ],
        variant_of: None,
    },
};
