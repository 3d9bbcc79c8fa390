//! Coinbase Commerce: HMAC-SHA256 over `{body}`.
//!
//! Page: <https://docs.cdp.coinbase.com/commerce/api-arcitecture/webhooks-overview>, as of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: coinbase-commerce-node npm + repository test
//! vector; coinbase-commerce PyPI; official docs page (read).

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Coinbase Commerce.
///
/// - Hex has no sha256= prefix.
pub const COINBASE_COMMERCE: Scheme = Scheme {
    id: text("coinbase-commerce"),
    procedure: Procedure::Signature,
    algorithm: Algorithm::HmacSha256,
    signed: signed![Part::Body],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::First(names!["X-CC-Webhook-Signature"]),
        syntax: Syntax::Bare,
        encoding: Encoding::Hex,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/event/id"))]),
    event_id: Lookup::First(places![Place::Body(text("/event/id"))]),
    event_type: Lookup::First(places![Place::Body(text("/event/type"))]),
    batch: None,
    max_body: None,
    retry_horizon: Some(259_200),
    reply: Reply {
        success: statuses![200],
        refused: 401,
        never: statuses![],
        retried: statuses![],
        empty_body: false,
    },
    remote_keys: None,
    handshake: None,
    about: About {
        name: text("Coinbase Commerce"),
        category: text("payments"),
        page: text("https://docs.cdp.coinbase.com/commerce/api-arcitecture/webhooks-overview"),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text("exponential back-off up to 3 days, at most 1 h apart"),
        traps: names!["Hex has no sha256= prefix."],
        variant_of: None,
    },
};
