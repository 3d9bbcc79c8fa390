//! Amazon SNS: RSA over members of the body, by a key whose certificate the body names.
//!
//! Page: <https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html>, as
//! of 2026-11-24.
//!
//! Confidence: sdk-verified. Checked against: sns-validator 0.3.5 npm; sns-payload-validator
//! 2.1.0 npm; aws-sns-message-validator PyPI.

use super::{names, places, required, signed, statuses, text, wrong};
use crate::scheme::{
    About, Algorithm, BodyForm, Code, Confidence, Encoding, Handshake, KeyForm, Lookup, Mark, Part,
    Place, Procedure, RemoteKeys, Reply, Scheme, SecretFormat, SecretRules, Signature,
    SignatureHeaders, Syntax,
};
use crate::time::Tolerance;

/// Amazon SNS.
///
/// - Anyone can point a topic of their own at the endpoint, and Amazon signs for it: the topics
///   that are subscribed to are the setting topic.
/// - The host of the certificate must be that of the topic's own region: the usual pattern for
///   it also matches an S3 bucket.
/// - The URLs to confirm and to unsubscribe, and the message's attributes, are not signed in
///   notifications.
/// - Raw delivery is not signed and is refused.
/// - A confirmation of a subscription is genuine once it is verified; it is for the application
///   to ask for its SubscribeURL.
pub const AWS_SNS: Scheme = Scheme {
    id: text("aws-sns"),
    procedure: Procedure::Code(Code::AwsSns),
    algorithm: Algorithm::RsaSha256,
    signed: signed![
        Part::BodyValue(text("/Message")),
        Part::BodyValue(text("/MessageId")),
        Part::BodyValue(text("/Subject")),
        Part::BodyValue(text("/SubscribeURL")),
        Part::BodyValue(text("/Timestamp")),
        Part::BodyValue(text("/Token")),
        Part::BodyValue(text("/TopicArn")),
        Part::BodyValue(text("/Type"))
    ],
    body: BodyForm::Raw,
    secret: SecretRules { format: SecretFormat::Text, wrong: wrong![] },
    signature: Signature {
        headers: SignatureHeaders::Body(text("/Signature")),
        syntax: Syntax::Bare,
        encoding: Encoding::Base64,
    },
    timestamp: None,
    tolerance: Tolerance::ANY_AGE,
    required_headers: required![],
    key_id_header: None,
    delivery_id: Lookup::First(places![Place::Body(text("/MessageId"))]),
    event_id: Lookup::First(places![Place::Body(text("/MessageId"))]),
    event_type: Lookup::First(places![Place::Body(text("/Type"))]),
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
    remote_keys: Some(RemoteKeys { url: text(""), form: KeyForm::Certificates }),
    handshake: Some(Handshake::Confirm {
        mark: Mark::Body { at: text("/Type"), value: text("SubscriptionConfirmation") },
        url: text("/SubscribeURL"),
    }),
    about: About {
        name: text("Amazon SNS"),
        category: text("cloud"),
        page: text(
            "https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html",
        ),
        confidence: Confidence::SdkVerified,
        deadline: None,
        retries: text(""),
        traps: names![
            "Anyone can point a topic of their own at the endpoint, and Amazon signs for it: the topics that are subscribed to are the setting topic.",
            "The host of the certificate must be that of the topic's own region: the usual pattern for it also matches an S3 bucket.",
            "The URLs to confirm and to unsubscribe, and the message's attributes, are not signed in notifications.",
            "Raw delivery is not signed and is refused.",
            "A confirmation of a subscription is genuine once it is verified; it is for the application to ask for its SubscribeURL.",
        ],
        variant_of: None,
    },
};
