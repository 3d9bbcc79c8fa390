//! App Store Server Notifications V2: a token in the body, signed by a key whose certificates
//! come along.
//!
//! Page: <https://developer.apple.com/documentation/appstoreservernotifications>, as of
//! 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: @apple/app-store-server-library npm.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Code, Confidence, Encoding, Lookup, Part, Place, Procedure, Reply,
    Scheme, SecretFormat, SecretRules, Signature, SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// App Store Server Notifications.
///
/// - Apple's root certificate is given as a trust root; a chain that is merely consistent with
///   itself is refused.
/// - The settings bundle-id and environment are needed, and in production client-id, which is
///   the app's Apple id: the same keys sign for all apps.
/// - Only what is inside the token is authentic.
/// - Revocation of certificates is not looked up.
pub const APPLE_APP_STORE_V2: Scheme = Scheme {
    id: text("apple-app-store-v2"),
    procedure: Procedure::Code(Code::AppleAppStore),
    algorithm: Algorithm::EcdsaP256Sha256,
    signed: signed![],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::Body(text("/signedPayload")),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64Url,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Claim(text("/notificationUUID"))]),
    event_id: Lookup::First(places![Place::Claim(text("/notificationUUID"))]),
    event_type: Lookup::Joined(places![
        Place::Claim(text("/notificationType")),
        Place::Claim(text("/subtype"))
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
    handshake: None,
    about: About {
        name: text("App Store Server Notifications"),
        category: text("app stores"),
        page: text("https://developer.apple.com/documentation/appstoreservernotifications"),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "Apple's root certificate is given as a trust root; a chain that is merely consistent with itself is refused.",
            "The settings bundle-id and environment are needed, and in production client-id, which is the app's Apple id: the same keys sign for all apps.",
            "Only what is inside the token is authentic.",
            "Revocation of certificates is not looked up.",
        ],
        variant_of: None,
    },
};
