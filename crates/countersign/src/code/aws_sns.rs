//! Amazon SNS: members of the body are signed, each name and value on lines of their own.
//!
//! Page: <https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html>, as of
//! 2026-11-24.

use std::borrow::Cow;

use super::members::Members;
use super::signers::{check_keys, signer};
use crate::check::Checked;
use crate::config_error::ConfigError;
use crate::decode;
use crate::delivery::{Delivery, Head};
use crate::mac;
use crate::procedure::{KeyKind, Keys, Procedure, Setup};
use crate::rejection::Rejection;
use crate::remote_keys::{KeyDocument, KeyRequest};
use crate::scheme::{Algorithm, Coverage, Encoding, KeyForm};
use crate::setting::Setting;
use crate::time::{Timestamp, TimestampFormat, Told};
use crate::x509::{self, Certificate};

/// A [`Setting::Topic`] that lets events of every topic pass, whosever it is.
const ANY_TOPIC: &str = "danger-any";

/// Judges notifications and confirmations of Amazon SNS.
pub(crate) struct AwsSns;

impl Procedure for AwsSns {
    fn coverage(&self) -> Coverage {
        Coverage::FIELDS.with_timestamp()
    }

    fn required_settings(&self) -> &'static [Setting] {
        &[Setting::Topic]
    }

    fn optional_settings(&self) -> &'static [Setting] {
        &[Setting::MinVersion]
    }

    fn key_kind(&self) -> KeyKind {
        KeyKind::PublicKeys
    }

    fn check_setup(&self, setup: &Setup) -> Result<(), ConfigError> {
        let wrong = |setting| ConfigError::WrongSetting { setting };
        let mut topics = setup.settings.all(Setting::Topic);
        if topics.any(|topic| topic != ANY_TOPIC && Topic::parse(topic).is_none()) {
            return Err(wrong(Setting::Topic));
        }
        match setup.settings.get(Setting::MinVersion) {
            None | Some("1" | "2") => {}
            Some(_) => return Err(wrong(Setting::MinVersion)),
        }
        check_keys(setup, Algorithm::RsaSha256)
    }

    fn precheck(&self, _: &Setup, head: &Head<'_>, _: Timestamp) -> Result<(), Rejection> {
        let mut is_raw = false;
        head.headers().each_value("x-amz-sns-rawdelivery", &mut |value| {
            is_raw |= value.eq_ignore_ascii_case(b"true");
        });
        // A raw delivery is the message alone, without a signature.
        if is_raw { Err(Rejection::Unsigned) } else { Ok(()) }
    }

    fn key_requests(
        &self,
        setup: &Setup,
        delivery: &Delivery<'_>,
    ) -> Result<Vec<KeyRequest>, Rejection> {
        Ok(vec![Message::read(setup, delivery)?.key_request(setup)])
    }

    fn check(
        &self,
        setup: &Setup,
        delivery: &Delivery<'_>,
        keys: &Keys<'_>,
        now: Timestamp,
    ) -> Result<Checked, Rejection> {
        self.precheck(setup, delivery.head(), now)?;
        let message = Message::read(setup, delivery)?;
        let content = message.content();
        let sign = |keys| signer(keys, message.algorithm, &message.signature, &[&content]);
        let mut label = sign(&setup.public_keys[..])?;
        if label.is_none() && setup.remote_keys {
            let document = keys.answer(&message.key_request(setup))?;
            check_certificate(setup, document, now)?;
            label = sign(&document.keys)?;
        }
        let label = label.ok_or(Rejection::BadSignature)?;
        Ok(Checked::new(label, self.coverage()).signed_at(message.signed_at))
    }

    fn content_digest(&self, setup: &Setup, delivery: &Delivery<'_>) -> Option<[u8; 32]> {
        // Time and id are those of the message, not of the attempt.
        Some(mac::sha256(&Message::read(setup, delivery).ok()?.content()))
    }
}

/// The certificate comes from a host of Amazon's by a connection that proves it, which is what Amazon's
/// own SDKs rely on. Roots are for those who want its chain checked besides.
fn check_certificate(
    setup: &Setup,
    document: &KeyDocument,
    now: Timestamp,
) -> Result<(), Rejection> {
    let untrusted = Rejection::UntrustedCertificate;
    let (leaf, others) = document.certificates.split_first().ok_or(untrusted)?;
    let certificate = Certificate::parse(leaf).map_err(|_| untrusted)?;
    if !certificate.is_valid_at(now) {
        return Err(untrusted);
    }
    if !setup.trust_roots.is_empty() {
        x509::follow(leaf, others, &setup.trust_roots, now)?;
    }
    Ok(())
}

/// What is signed of a message, and where its key is.
struct Message<'b> {
    /// Names and values, in the order in which they are signed.
    signed: Vec<(&'static str, Cow<'b, str>)>,
    algorithm: Algorithm,
    signature: Vec<u8>,
    signed_at: Timestamp,
    certificate_url: Cow<'b, str>,
}

/// What notifications sign.
const NOTIFICATION: &[&str] = &["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"];
/// What confirmations sign: of a subscription, and of its end.
const CONFIRMATION: &[&str] =
    &["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];

impl<'b> Message<'b> {
    /// Reads a message about a topic that was subscribed to, whose key is at a place of Amazon's.
    fn read(setup: &Setup, delivery: &Delivery<'b>) -> Result<Self, Rejection> {
        let unreadable = Rejection::UnreadableBody;
        let members = Members::read(delivery.body()).ok_or(unreadable)?;
        let optional = |name: &str| members.text(name).map_err(|_| unreadable);
        let text = |name: &str| optional(name)?.ok_or(unreadable);
        let signature = optional("Signature")?.ok_or(Rejection::MissingSignature)?;
        let kind = text("Type")?;
        let names = match &*kind {
            "Notification" => NOTIFICATION,
            "SubscriptionConfirmation" | "UnsubscribeConfirmation" => CONFIRMATION,
            _ => return Err(unreadable),
        };
        let mut signed = Vec::with_capacity(names.len());
        for name in names {
            let value = match optional(name)? {
                Some(value) => value,
                // An empty subject is signed, an absent one is not.
                None if *name == "Subject" => continue,
                None => return Err(unreadable),
            };
            // Lines have no other mark than their end. With one text of several lines among texts of
            // one, the content can be read in one way only; with two, a part of one could be taken for
            // another's, such as for the id.
            if *name != "Message" && value.contains('\n') {
                return Err(unreadable);
            }
            signed.push((*name, value));
        }

        let arn = text("TopicArn")?;
        let topic = Topic::parse(&arn).ok_or(Rejection::Unwanted)?;
        // Amazon signs for every topic, and anyone can have one.
        let is_wanted = |wanted: &str| {
            wanted == arn || (wanted == ANY_TOPIC && kind != "SubscriptionConfirmation")
        };
        if !setup.settings.all(Setting::Topic).any(is_wanted) {
            return Err(Rejection::Unwanted);
        }
        let algorithm = match (&*text("SignatureVersion")?, setup.settings.get(Setting::MinVersion))
        {
            ("2", _) => Algorithm::RsaSha256,
            ("1", None | Some("1")) => Algorithm::RsaSha1,
            _ => return Err(Rejection::WrongAlgorithm),
        };
        let signature = decode::signature(Encoding::Base64, signature.as_bytes());
        let Some(Told::Time(signed_at)) =
            TimestampFormat::Rfc3339.parse(text("Timestamp")?.as_bytes())
        else {
            return Err(Rejection::MalformedTimestamp);
        };
        // Lambda spells it in its own way.
        let ((Some(certificate_url), None) | (None, Some(certificate_url))) =
            (optional("SigningCertURL")?, optional("SigningCertUrl")?)
        else {
            return Err(unreadable);
        };
        if !topic.has_certificate_at(&certificate_url) {
            return Err(Rejection::ForeignKeyUrl);
        }
        if kind != "Notification" && !topic.is_confirmed_at(&text("SubscribeURL")?) {
            return Err(Rejection::WrongHandshake);
        }
        Ok(Self {
            signed,
            algorithm,
            signature: signature.ok_or(Rejection::MalformedSignature)?,
            signed_at,
            certificate_url,
        })
    }

    fn key_request(&self, setup: &Setup) -> KeyRequest {
        KeyRequest::new(&setup.scheme.id, &*self.certificate_url, KeyForm::Certificates)
    }

    fn content(&self) -> Vec<u8> {
        let mut content = Vec::new();
        for (name, value) in &self.signed {
            for line in [name, &**value] {
                content.extend_from_slice(line.as_bytes());
                content.push(b'\n');
            }
        }
        content
    }
}

/// A topic, as its name says it: `arn:aws:sns:us-east-1:123456789012:MyTopic`.
struct Topic<'a> {
    region: &'a str,
}

impl<'a> Topic<'a> {
    fn parse(arn: &'a str) -> Option<Self> {
        let mut parts = arn.splitn(6, ':');
        let mut next = || parts.next();
        let ("arn", "aws" | "aws-cn" | "aws-us-gov", "sns") = (next()?, next()?, next()?) else {
            return None;
        };
        let (region, account, name) = (next()?, next()?, next()?);
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        let is_sound = is_region(region)
            && account.len() == 12
            && account.bytes().all(|byte| byte.is_ascii_digit())
            && (1..=256).contains(&name.len())
            && name.bytes().all(is_name);
        is_sound.then_some(Self { region })
    }

    /// Takes away scheme and host of a URL of SNS in the topic's own region.
    ///
    /// The URL is compared as it is, so that there is nothing to read in two ways. The region is not any
    /// label: `sns.s3-us-west-2.amazonaws.com` is a bucket of whoever made it.
    fn path_of<'u>(&self, url: &'u str) -> Option<&'u str> {
        let url = url.strip_prefix("https://sns.")?.strip_prefix(self.region)?;
        let url = url.strip_prefix(".amazonaws.com")?;
        if self.region.starts_with("cn-") { url.strip_prefix(".cn") } else { Some(url) }
    }

    fn has_certificate_at(&self, url: &str) -> bool {
        let name = self.path_of(url).and_then(|it| it.strip_prefix("/SimpleNotificationService-"));
        let name = name.and_then(|it| it.strip_suffix(".pem"));
        name.is_some_and(|it| it.len() == 32 && it.bytes().all(|byte| byte.is_ascii_hexdigit()))
    }

    /// Whether whoever fetches a URL confirms a subscription, and reaches nothing else.
    fn is_confirmed_at(&self, url: &str) -> bool {
        let query =
            self.path_of(url).and_then(|it| it.strip_prefix("/?Action=ConfirmSubscription&"));
        query.is_some_and(|it| it.len() <= 2048 && it.bytes().all(|byte| byte.is_ascii_graphic()))
    }
}

/// Two letters, words and a number: `us-east-1`, `us-gov-west-1`.
fn is_region(text: &str) -> bool {
    let Some((words, number)) = text.rsplit_once('-') else { return false };
    let mut words = words.split('-');
    let letters = |word: &str| !word.is_empty() && word.bytes().all(|it| it.is_ascii_lowercase());
    text.len() <= 32
        && (1..=2).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && words.next().is_some_and(|word| word.len() == 2 && letters(word))
        && words.clone().next().is_some()
        && words.all(letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOPIC: &str = "arn:aws:sns:us-west-2:123456789012:MyTopic";
    const NAME: &str = "SimpleNotificationService-0123456789abcdef0123456789abcdef.pem";

    #[track_caller]
    fn check(topic: &str, url: &str, expected: bool) {
        assert_eq!(Topic::parse(topic).unwrap().has_certificate_at(url), expected, "{url}");
    }

    #[test]
    fn certificates_are_at_the_topics_own_region_and_nowhere_else() {
        check(TOPIC, &format!("https://sns.us-west-2.amazonaws.com/{NAME}"), true);
        let china = "arn:aws-cn:sns:cn-north-1:123456789012:MyTopic";
        check(china, &format!("https://sns.cn-north-1.amazonaws.com.cn/{NAME}"), true);
        check(china, &format!("https://sns.cn-north-1.amazonaws.com/{NAME}"), false);
        for host in [
            "http://sns.us-west-2.amazonaws.com",
            "HTTPS://sns.us-west-2.amazonaws.com",
            "https://sns.us-east-1.amazonaws.com",
            "https://sns.s3-us-west-2.amazonaws.com",
            "https://sns.us-west-2.amazonaws.com.cn",
            "https://sns.us-west-2.amazonaws.com.evil.example",
            "https://sns.us-west-2.amazonaws.com@evil.example",
            "https://sns.us-west-2.amazonaws.com:443",
            "https://sns.us-west-2.amazonaws.com:8443",
            "https://user@sns.us-west-2.amazonaws.com",
            "https://evil.example/sns.us-west-2.amazonaws.com",
            "https://evil.example\\.sns.us-west-2.amazonaws.com",
            "https://evil-sns.us-west-2.amazonaws.com",
            "//sns.us-west-2.amazonaws.com",
            " https://sns.us-west-2.amazonaws.com",
        ] {
            check(TOPIC, &format!("{host}/{NAME}"), false);
        }
        for path in [
            "/cert.pem",
            "/SimpleNotificationService-0123456789abcdef0123456789abcdef.txt",
            "/SimpleNotificationService-0123456789abcdef0123456789abcde.pem",
            "/SimpleNotificationService-0123456789abcdef0123456789abcdeg.pem",
            "/SimpleNotificationService-../../../../../../../../../../../.pem",
            "/x/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem",
            "//SimpleNotificationService-0123456789abcdef0123456789abcdef.pem",
            "/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem?x",
            "/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem#x",
            "/?redirect=https://evil.example/x.pem",
            "",
        ] {
            check(TOPIC, &format!("https://sns.us-west-2.amazonaws.com{path}"), false);
        }
    }

    #[test]
    fn subscriptions_are_confirmed_at_amazon_and_nowhere_else() {
        let topic = Topic::parse(TOPIC).unwrap();
        let action = "?Action=ConfirmSubscription&TopicArn=arn:aws:sns:x&Token=y";
        assert!(topic.is_confirmed_at(&format!("https://sns.us-west-2.amazonaws.com/{action}")));
        for url in [
            format!("https://evil.example/{action}"),
            format!("http://sns.us-west-2.amazonaws.com/{action}"),
            format!("https://sns.us-west-2.amazonaws.com@evil.example/{action}"),
            format!("https://sns.s3-us-west-2.amazonaws.com/{action}"),
            "https://sns.us-west-2.amazonaws.com/?Action=DeleteTopic&TopicArn=x".to_owned(),
            format!("https://sns.us-west-2.amazonaws.com/{action}\r\nHost: x"),
        ] {
            assert!(!topic.is_confirmed_at(&url), "{url}");
        }
    }

    #[test]
    fn a_topic_names_a_region_and_an_account() {
        for arn in [
            TOPIC,
            "arn:aws:sns:us-east-1:123456789012:My_Topic-1.fifo",
            "arn:aws-us-gov:sns:us-gov-west-1:123456789012:T",
            "arn:aws:sns:ap-southeast-10:123456789012:T",
        ] {
            assert!(Topic::parse(arn).is_some(), "{arn}");
        }
        for arn in [
            "",
            "*",
            "arn:aws:sns:us-east-1:123456789012:",
            "arn:aws:sns:us-east-1:123456789012:*",
            "arn:aws:sns:us-east-1:123456789012:a:b",
            "arn:aws:sns:us-east-1:1234:T",
            "arn:aws:sqs:us-east-1:123456789012:T",
            "arn:aws:sns:s3-us-west-2:123456789012:T",
            "arn:aws:sns:us-1:123456789012:T",
            "arn:aws:sns:us--1:123456789012:T",
            "arn:aws:sns:us-east-1.evil.example/:123456789012:T",
            "arn:aws:sns::123456789012:T",
        ] {
            assert!(Topic::parse(arn).is_none(), "{arn}");
        }
    }
}
