//! Senders that sign with a private key: whole deliveries, and what must not pass for one.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

use std::sync::Arc;

use countersign::{
    Algorithm, ConfigError, Delivery, HeaderRole, KeyDocument, KeyProblem, PublicKey, Rejection,
    Scheme, Secret, Setting, Timestamp, Tolerance, Verified, Verifier, VerifierBuilder, catalog,
};

type Headers<'h> = [(&'h str, &'h str)];

/// RFC 8032, section 7.1, test 1.
const ED25519: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

/// Made for these tests by OpenSSL 3.0, and what it signed.
const RSA: &str = "\
-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAhMs/ju9Qa9xlwFbTMi+m
uIfHO/z5BNGE/qENzVxUeol7zEUE7K5/eATqjfqJ9P+gZTl4rLRg6toBLHs/QDZ5
0DwBqv2hfqebihfXEuRr343Qz+fev4yxj+uaB2uJ/A3wQn0HCDIkMjzCbMx9LFBf
5awlrB5uj0GKx+mchsvDtD4YJbV0t/6eD4wWcMSksxBBKhs3Aj5hhckoAv+w54LK
TC5W5BKnTVVyFaDWEhaan+8+/ftY7JtoUJPJmuFI8M+JHcLykdUMagpOcyPaDENj
fHeJpR/ELkLby3cJWFjaAApLibAR3byXZJ9cAYy4Gc4K+0y6rBY9zQVzaVnIZLLF
5QIDAQAB
-----END PUBLIC KEY-----";

fn seconds(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(seconds)
}

const NOW: Timestamp = Timestamp::from_unix_seconds(1_790_000_000);

fn with_key(scheme: Scheme, key: &str) -> VerifierBuilder {
    Verifier::builder(scheme).public_key(PublicKey::new(key))
}

fn verify_at(
    verifier: &Verifier,
    now: Timestamp,
    headers: &Headers<'_>,
    body: &[u8],
) -> Result<Verified, Rejection> {
    let delivery = Delivery::new("POST", "/hooks", &headers, body);
    if let Err(rejection) = verifier.precheck(delivery.head(), now) {
        let same = verifier.verify(&delivery, now).unwrap_err();
        assert_eq!(same, rejection, "what precheck refuses, verify refuses");
        return Err(rejection);
    }
    verifier.verify(&delivery, now)
}

fn verify(verifier: &Verifier, headers: &Headers<'_>, body: &[u8]) -> Result<Verified, Rejection> {
    verify_at(verifier, NOW, headers, body)
}

fn refusal(verifier: &Verifier, headers: &Headers<'_>, body: &[u8]) -> Option<Rejection> {
    verify(verifier, headers, body).err()
}

mod configuration {
    use super::*;

    #[track_caller]
    fn refused(builder: VerifierBuilder, expected: &ConfigError) {
        assert_eq!(&builder.build().unwrap_err(), expected);
    }

    #[test]
    fn secrets_and_public_keys_are_not_taken_for_each_other() {
        let secret = || Secret::new("a secret that has sixteen bytes");
        refused(Verifier::builder(catalog::WISE).secret(secret()), &ConfigError::WantsPublicKey);
        refused(with_key(catalog::GITHUB, RSA), &ConfigError::WantsSecret);
        refused(with_key(catalog::WISE, RSA).secret(secret()), &ConfigError::WantsPublicKey);
        refused(Verifier::builder(catalog::WISE), &ConfigError::NoPublicKey);
        refused(Verifier::builder(catalog::WISE).remote_keys(), &ConfigError::NoRemoteKeys);
        let key = |problem| ConfigError::PublicKey { label: "key-1".into(), problem };
        refused(with_key(catalog::TELNYX_V2, RSA), &key(KeyProblem::WrongKind));
        let p384 = "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEzGnYhShKTENFOFEmKwSBcA/XvMrM1Qg/xK8f5mCRFewhuvO4\
                    HU7tS5rxSbVnFjy+HrEtMZj+Fu3dWhjBx+WGzCgyXWSkYhsGmjHSvNXEvFqjunUtKxL2jejc4K/vkgPI";
        let sendgrid = catalog::SENDGRID_EVENT_WEBHOOK;
        refused(with_key(sendgrid.clone(), p384), &key(KeyProblem::WrongKind));
        refused(with_key(sendgrid, "none"), &key(KeyProblem::Undecodable));
        let private = "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ\
                       6p9lMicMFs6Kvg==";
        refused(with_key(catalog::STANDARD_WEBHOOKS_V1A, private), &key(KeyProblem::Private));
    }

    #[test]
    fn what_nothing_would_come_of_is_refused() {
        let discord = || with_key(catalog::DISCORD_INTERACTIONS, ED25519);
        discord().build().unwrap();
        refused(discord().key_id("mine"), &ConfigError::UnusedKeyId);
        refused(discord().trust_root("anything"), &ConfigError::UnusedTrustRoot);
        let secret = || Secret::new("a secret that has sixteen bytes");
        let github = |secret| Verifier::builder(catalog::GITHUB).secret(secret);
        refused(github(secret().id("one")), &ConfigError::UnusedKeyId);
        let label = "secret-1".into();
        refused(
            github(secret().algorithm(Algorithm::HmacSha512)),
            &ConfigError::WrongAlgorithm { label },
        );
        github(secret().algorithm(Algorithm::HmacSha256)).build().unwrap();
        refused(github(secret()).danger_without_secret(), &ConfigError::TooManySecrets { most: 0 });
        let vonage = Verifier::builder(catalog::VONAGE).secret(secret());
        refused(vonage.key_id("mine"), &ConfigError::UnusedKeyId);
    }

    #[test]
    fn an_id_of_a_key_that_is_none_asks_nobody() {
        let verifier = Verifier::builder(catalog::WECHATPAY_V3).remote_keys().build().unwrap();
        let long = "7".repeat(129);
        for id in ["", "../../v3/other?x=", "7A\"", "7\u{e9}", " 7A", &long] {
            let headers = [("Wechatpay-Serial", id)];
            let asked = verifier.key_requests(&Delivery::new("POST", "/", &headers, b""));
            let refused = Rejection::WrongHeader(HeaderRole::KeyId);
            assert_eq!(asked.unwrap_err(), refused, "{id}");
        }
    }

    #[test]
    fn no_more_keys_are_taken_than_are_tried() {
        let keys = |scheme: Scheme, count: usize, named: bool| {
            let key = |index: usize| {
                let key = PublicKey::new(RSA).label(format!("label {index}"));
                if named { key.id(format!("id {index}")) } else { key }
            };
            (0..count).fold(Verifier::builder(scheme), |builder, at| builder.public_key(key(at)))
        };
        keys(catalog::WISE, 8, true).build().unwrap();
        let most = ConfigError::TooManySecrets { most: 8 };
        refused(keys(catalog::WISE, 9, true), &most);
        // Of keys that deliveries name, one is tried.
        keys(catalog::WECHATPAY_V3, 9, true).build().unwrap();
        refused(keys(catalog::WECHATPAY_V3, 9, false), &most);
    }

    #[test]
    fn the_url_of_keys_may_be_given_where_the_catalogue_has_none() {
        let build = |scheme: Scheme, url: &str| {
            Verifier::builder(scheme).remote_keys().setting(Setting::KeysUrl, url).build()
        };
        let verifier = build(catalog::WECHATPAY_V3, "https://keys.example/wechat").unwrap();
        let headers = [("Wechatpay-Serial", "7A")];
        let requests = verifier.key_requests(&Delivery::new("POST", "/", &headers, b"")).unwrap();
        assert_eq!(requests.len(), 1);
        assert_eq!(
            (requests[0].url(), requests[0].key_id()),
            ("https://keys.example/wechat", Some("7A"))
        );
        let setting = Setting::KeysUrl;
        let plain = build(catalog::WECHATPAY_V3, "http://keys.example/wechat").unwrap_err();
        assert_eq!(plain, ConfigError::WrongSetting { setting });
        let unused = build(catalog::KICK, "https://keys.example/kick").unwrap_err();
        assert_eq!(unused, ConfigError::UnusedSetting { setting });
    }
}

/// Deliveries of Svix, from the tests of its server.
mod standard_webhooks {
    use super::*;

    const KEY: &str = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=";
    const OTHER: &str = "whpk_SEVJ4sTJS6rKXzFQos59AzwmjWI3UqgpN01oB14UJ2o=";
    const SIGNATURE: &str =
        "hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==";
    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const BODY: &[u8] = br#"{"test": 2432232314}"#;

    fn verifier() -> Verifier {
        with_key(catalog::STANDARD_WEBHOOKS_V1A, KEY).build().unwrap()
    }

    fn check(verifier: &Verifier, signature: &str) -> Result<Verified, Rejection> {
        let headers = [
            ("webhook-id", ID),
            ("webhook-timestamp", "1614265330"),
            ("webhook-signature", signature),
        ];
        verify_at(verifier, seconds(1_614_265_330), &headers, BODY)
    }

    #[test]
    fn only_entries_under_v1a_are_read() {
        let verifier = verifier();
        let good = format!("v1a,{SIGNATURE}");
        let proof = check(&verifier, &good).unwrap();
        assert_eq!((proof.secret(), proof.sender()), ("key-1", "standard-webhooks-v1a"));
        let among = format!("v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4= v2,x {good}");
        check(&verifier, &among).unwrap();
        let malformed = Some(Rejection::MalformedSignature);
        for other in ["v1,", "v1a ", "v1a", "V1A,", "v1a,v1a,", "v10,", ""] {
            let refused = check(&verifier, &format!("{other}{SIGNATURE}")).err();
            assert_eq!(refused, malformed, "{other}");
        }
        let unpadded = SIGNATURE.trim_end_matches('=');
        let url_safe = SIGNATURE.replace('+', "-").replace('/', "_");
        for other in [unpadded, &url_safe, "AAAA", ""] {
            assert_eq!(check(&verifier, &format!("v1a,{other}")).err(), malformed, "{other}");
        }
        // HMAC with the public key, which anyone can compute.
        let confused = "v1,aq/Av15OlX2MgScQjKXGZkGsLRP8vw0+IjKU5rUsRTc=";
        assert_eq!(check(&verifier, confused).err(), malformed);
    }

    #[test]
    fn checks_by_public_keys_are_few() {
        let good = format!("v1a,{SIGNATURE}");
        let wrong = format!("v1a,{}== ", "A".repeat(86));
        let one = verifier();
        check(&one, &format!("{}{good}", wrong.repeat(7))).unwrap();
        let too_many = Some(Rejection::TooManySignatures);
        assert_eq!(check(&one, &format!("{}{good}", wrong.repeat(8))).err(), too_many);
        let add = |builder: VerifierBuilder, key| builder.public_key(PublicKey::new(key));
        let four = [OTHER, OTHER, OTHER]
            .into_iter()
            .fold(with_key(catalog::STANDARD_WEBHOOKS_V1A, OTHER), add);
        let five = add(four, KEY).build().unwrap();
        assert_eq!(check(&five, &good).unwrap().secret(), "key-5");
        check(&five, &format!("{}{good}", wrong.repeat(2))).unwrap();
        assert_eq!(check(&five, &format!("{}{good}", wrong.repeat(3))).err(), too_many);
    }

    #[test]
    fn an_id_or_a_timestamp_with_a_dot_is_refused() {
        let verifier = verifier();
        let check = |id: &str, timestamp: &str| {
            let signature = format!("v1a,{SIGNATURE}");
            let headers = [
                ("webhook-id", id),
                ("webhook-timestamp", timestamp),
                ("webhook-signature", &*signature),
            ];
            verify_at(&verifier, seconds(1_614_265_330), &headers, BODY).err()
        };
        assert_eq!(check(ID, "1614265330"), None);
        let dotted = check(&format!("{ID}.1"), "1614265330");
        assert_eq!(dotted, Some(Rejection::WrongHeader(HeaderRole::DeliveryId)));
        assert_eq!(check(ID, "1614265330.0"), Some(Rejection::MalformedTimestamp));
        assert_eq!(check(ID, "1614265331"), Some(Rejection::BadSignature));
    }

    #[test]
    fn either_family_of_headers_is_read_as_a_whole() {
        let verifier = verifier();
        let signature = format!("v1a,{SIGNATURE}");
        let headers =
            [("svix-id", ID), ("svix-timestamp", "1614265330"), ("svix-signature", &*signature)];
        let delivery = Delivery::new("POST", "/", &headers, BODY);
        let proof = verifier.verify(&delivery, seconds(1_614_265_330)).unwrap();
        assert_eq!(proof.event_id(&delivery).as_deref(), Some(ID));
        let mixed =
            [("webhook-id", ID), ("svix-timestamp", "1614265330"), ("svix-signature", &*signature)];
        assert!(verify_at(&verifier, seconds(1_614_265_330), &mixed, BODY).is_err());
    }
}

mod discord {
    use super::*;
    use ed25519_dalek::{Signer as _, SigningKey};

    fn key() -> SigningKey {
        SigningKey::from_bytes(&[7; 32])
    }

    fn sign(content: &str) -> String {
        const_hex::encode(key().sign(content.as_bytes()).to_bytes())
    }

    fn builder() -> VerifierBuilder {
        with_key(
            catalog::DISCORD_INTERACTIONS,
            &const_hex::encode(key().verifying_key().to_bytes()),
        )
    }

    fn check(
        verifier: &Verifier,
        signature: &str,
        timestamp: &str,
        body: &str,
    ) -> Option<Rejection> {
        let headers = [("X-Signature-Ed25519", signature), ("X-Signature-Timestamp", timestamp)];
        refusal(verifier, &headers, body.as_bytes())
    }

    #[test]
    fn only_a_tolerance_tells_a_digit_of_the_body_from_one_of_the_timestamp() {
        let any_age = builder().build().unwrap();
        let signature = sign("17900000001{}");
        assert_eq!(check(&any_age, &signature, "1790000000", "1{}"), None);
        assert_eq!(check(&any_age, &signature, "17900000001", "{}"), None);
        let fresh = builder().tolerance(Tolerance::symmetric(300)).build().unwrap();
        assert_eq!(check(&fresh, &signature, "1790000000", "1{}"), None);
        let moved = check(&fresh, &signature, "17900000001", "{}");
        assert_eq!(moved, Some(Rejection::FromTheFuture));
    }

    #[test]
    fn a_signature_is_hexadecimal_of_64_bytes() {
        let verifier = builder().build().unwrap();
        let signature = sign("1790000000{}");
        let check = |signature: &str| check(&verifier, signature, "1790000000", "{}");
        assert_eq!(check(&signature), None);
        assert_eq!(check(&signature.to_uppercase()), None);
        let not_hex = format!("zz{}", &signature[2..]);
        for broken in
            [&signature[..126], &format!("{signature}00"), &not_hex, "", &format!("0x{signature}")]
        {
            assert_eq!(check(broken), Some(Rejection::MalformedSignature), "{broken}");
        }
        assert_eq!(check(&"0".repeat(128)), Some(Rejection::BadSignature));
        assert_eq!(verifier.status(Rejection::BadSignature), 401, "or the endpoint is taken away");
    }

    #[test]
    fn absent_and_doubled_headers_are_refused() {
        let verifier = builder().build().unwrap();
        let signature = sign("1790000000{}");
        let (signed, timed) =
            (("X-Signature-Ed25519", &*signature), ("X-Signature-Timestamp", "1790000000"));
        let missing = |role| Some(Rejection::MissingHeader(role));
        assert_eq!(refusal(&verifier, &[timed], b"{}"), missing(HeaderRole::Signature));
        assert_eq!(refusal(&verifier, &[signed], b"{}"), missing(HeaderRole::Timestamp));
        let doubled =
            refusal(&verifier, &[signed, timed, ("X-Signature-Timestamp", "1790000001")], b"{}");
        assert_eq!(doubled, Some(Rejection::AmbiguousHeader(HeaderRole::Timestamp)));
    }

    #[test]
    fn the_bytes_are_signed_whatever_they_are() {
        let verifier = builder().build().unwrap();
        let body = b"\xff\xfe\x00binary";
        let content = [&b"1790000000"[..], body].concat();
        let signature = const_hex::encode(key().sign(&content).to_bytes());
        let headers =
            [("X-Signature-Ed25519", &*signature), ("X-Signature-Timestamp", "1790000000")];
        assert_eq!(refusal(&verifier, &headers, body), None);
        assert_eq!(check(&verifier, &sign("1790000000"), "1790000000", ""), None);
    }
}

/// A delivery from the tests of SendGrid's SDK.
#[test]
fn sendgrid_signs_the_line_break_at_the_end() {
    let key = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+\
               2fNNRaINXvVpiglSI8eNEc6wEA3F+g==";
    let signature = "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM=";
    let body = concat!(
        r#"[{"email":"hello@world.com","event":"dropped","reason":"Bounced Address","#,
        r#""sg_event_id":"ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA","#,
        r#""sg_message_id":"LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0","#,
        r#""smtp-id":"<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>","timestamp":1600112492}]"#,
        "\r\n"
    );
    let verifier = with_key(catalog::SENDGRID_EVENT_WEBHOOK, key).build().unwrap();
    let headers = [
        ("X-Twilio-Email-Event-Webhook-Signature", signature),
        ("X-Twilio-Email-Event-Webhook-Timestamp", "1600112502"),
    ];
    assert_eq!(refusal(&verifier, &headers, body.as_bytes()), None);
    for changed in [body.trim_end(), &body.replace("\r\n", "\n"), "payload"] {
        let refused = refusal(&verifier, &headers, changed.as_bytes());
        assert_eq!(refused, Some(Rejection::BadSignature));
    }
}

/// The test data of <https://apidocs.bridge.xyz/platform/additional-information/webhooks/signature>.
#[test]
fn bridge_digests_twice() {
    let key = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAtqsEE4eI7EmzhcquGJXtLX9PMK0UH6Kl1WIR21sv8HtueG8BuvvpP3MiN7ltzmIhS8KaynCjN4l+620PnXeuxWG+CSnEdkinL9hCqbEid5vv9zl0j9LWiJx3FkKHqADU7cgm46aa8dKUdIQYF2X+O7WmyLkC4wUM/mWhBPMsIQBznashRMZxx7XJjsVp27ACUE4eNIjEXbVYN6U8jSbUhG++CfL8xXu+GHDqKmFE6Po6HnuURvLFVnCtE3mXXBcVFlPy+octfx8nOMLT3X8O9UehIigJ34o2yMm/Fq3HUJzg2BsiAiGgtr0vmeoV9Q7upSNj9TuOumAzZFi4pYA+qwIDAQAB";
    let signature = "t=1705854411204,v0=jz/0dmHJ63FAzacGutrDTEoq+iSz/PHm/ugdooXDQu5NwuVIT2LmZGjsnCsBHgR9Py6OBP9zurzW4dHgygU4EDqmMPTUOvhvndYb4lWt+TY66LihaFI2whL6DAf/jb1QjYjNU0A6x9SLzC45dgE6X7zTDUM+2Z+scG/WEQf6SxQMt4E2sEipl5PqMK5lYUe3otdJV+X2c9D64bGwCEE7QSia+Vhozg8QNOQEk/rdz2IEONIg6oC43CeiN4E2kF9XLAGuy9uAHx9O9OJH5ZPLJZjyo4VcXYeWQgxaQ1gZ1Qu6hEEzgiPSff/1nou58dm4bIIazgCWli/mO0NyGcpfFw==";
    let body = br#"{"message":"Hello World!"}"#;
    let verifier = with_key(catalog::BRIDGE_XYZ, key).build().unwrap();
    let check = |verifier: &Verifier, signature: &str, now| {
        verify_at(verifier, now, &[("X-Webhook-Signature", signature)], body).err()
    };
    let now = seconds(1_705_854_412);
    assert_eq!(check(&verifier, signature, now), None);
    let old = check(&verifier, signature, seconds(1_705_855_012));
    assert_eq!(old, Some(Rejection::TooOld), "milliseconds count");
    assert_eq!(verifier.status(Rejection::TooOld), 400, "so that it comes again, signed anew");
    let other = check(&verifier, &signature.replace("v0=", "v1="), now);
    assert_eq!(other, Some(Rejection::MalformedSignature));
    let broken = check(&verifier, signature.trim_end_matches('='), now);
    assert_eq!(broken, Some(Rejection::MalformedSignature), "base64 is strict");
    // One digest, as the documentation can be read.
    let once = "t=1790000000000,v0=SlnnfArcEGfKgvcHswrZd2pW8veoY+8YMiuTDWPc8vH4PGcc5W2c5HB1JCPRMACvCxRItp4qcsRvU+HmYo0td6CPycKwgHYhC4Okp4JmvLzZOVxt90g0dSf0TVdsHs1IjssQijN1VWowOnefZfKI73yh7IGW5AIVwI1EF7DCGMdjsKhb0Rmojfk1+LmuSnj1lRaBo9EAmgkQFA7+1cASEkIIWiy7HHQ3FNerSsHm/e3qMJuj/LyrgygELLwceOCokgtJMbVOgdUSD++lv0u3yLu5w2LlOJ+Alxvx7hrsYx+OwIW8W3zrP7RbqpS+02vQbgX/7CISRCswPYnltRGXjg==";
    let verifier = with_key(catalog::BRIDGE_XYZ, RSA).build().unwrap();
    let refused = refusal(&verifier, &[("X-Webhook-Signature", once)], b"{}");
    assert_eq!(refused, Some(Rejection::BadSignature));
}

mod rsa {
    use super::*;

    const SHA_1: &str = "Nr9IWpTYMn60TDf4n0YTH5DAtmYim9O3p6XOBiyBulXHRhTdsiOjC0xIssmBPNMqTYYg9iGXSmyE3lG8kX5srUuJFXF8sC8wLJ/MB2q73OnjufVbEP9tq2s1fnPp5kdUQCqE8toOpkrsRV4J22KLLFj2H+yole7zIZ5PG1XKr7gfYwZRWdjxU13F6B5Wgu7mPBy8ZUT/es/cQqP9wIEFExjCrILpT04pqsV2XAhoIiPrOo3A2KaVSpOgLWJnpN+F+XsnDDIUDkZOZYVIzy4UwHOm5kLBgBsrLxc8O6UgXOE80Ft5cU9Mj+kr3L6ir9OSeRzZDTaha9rCG0lx/pHYCA==";
    const SHA_256: &str = "RrBB7466MGDN7EP0JOAQIdwTSmw85OHheoaoVdZeGL8AK1wLhnFOecbjbk5IbXrAHZtaroy+LDtQGTmMQrcWOBpD1/sVgQk6gL8atToE5gMcKasXxHLYoaf54j5EWOmZio2WicXwWEPs+KQ8kipxcnwzpJJBQf1b2qg/cuwUfD7Q84pl5sqbVAzyxV+6bC8pOGKGP5qOJdj/w27VHbZc0KjcD6MZabxldlnO5TwcwUCviagK4KzrE/cz5POUXACvcwYmPT3tP9ET/OrJA2BS3uIsItjMM0M0JXe7SMXt0nO7eGkfShPH22HLkWoshwcpmE5allDqxZxK8ntZzTLNPw==";
    const SHA_512: &str = "WhMAgFiuPJm+w+uJbA+h8uc1yh7gAxa7iGTgo5xbTaRVKaglJ+9FLhr/c46KSr7cQaNA67vrRO741zGt0PZ5pJsGDF4GFBed+Y+DAG0JC2qcP5pRqn0uAuwwUVHJSNorg610OzxaeIsnMtE3Z3j9AHw8MR1PMKdMoyk1Mr/IEAywIYjzUhAgfLTRHCiSAt04YyloUF1RQjqSpxOizKVw5ExyatqfmzdkwY40GTloxGyQFeFj1nPuvGhSUWdtxziyobLiK4/0OphbYw5E/4aX/McErFXYLC/B9qVf09oMutjI6rrMADc3sbhWH/n5i7JhLSeyvW2SfRlBjt2D4RsqTw==";

    #[test]
    fn each_sender_has_its_own_digest() {
        let wise = with_key(catalog::WISE, RSA).build().unwrap();
        let check = |signature| refusal(&wise, &[("X-Signature-SHA256", signature)], b"sample");
        assert_eq!(check(SHA_256), None);
        assert_eq!(check(SHA_1), Some(Rejection::BadSignature));
        assert_eq!(check(SHA_512), Some(Rejection::BadSignature));
        let spaced = format!("{} {}", &SHA_256[..76], &SHA_256[76..]);
        assert_eq!(check(&spaced), Some(Rejection::MalformedSignature));
        let older = refusal(&wise, &[("X-Signature", SHA_256)], b"sample");
        assert_eq!(older, Some(Rejection::MissingHeader(HeaderRole::Signature)));
        let fireblocks = with_key(catalog::FIREBLOCKS_LEGACY, RSA).build().unwrap();
        let check =
            |signature| refusal(&fireblocks, &[("Fireblocks-Signature", signature)], b"sample");
        assert_eq!(check(SHA_512), None);
        assert_eq!(check(SHA_256), Some(Rejection::BadSignature));
    }

    #[test]
    fn travis_signs_the_decoded_field_and_no_other() {
        let verifier = with_key(catalog::TRAVIS_CI, RSA).build().unwrap();
        let form = ("Content-Type", "application/x-www-form-urlencoded");
        let headers = [("Signature", SHA_1), form];
        let check = |body: &str| refusal(&verifier, &headers, body.as_bytes());
        assert_eq!(check("payload=sample"), None);
        assert_eq!(check("payload=s%61mple&other=1"), None);
        assert_eq!(check("payload=samples"), Some(Rejection::BadSignature));
        let twice = ["payload=sample&payload=other", "payload=other&payload=sample"];
        for unreadable in twice.into_iter().chain(["sample", "", "Payload=sample"]) {
            assert_eq!(check(unreadable), Some(Rejection::UnreadableBody), "{unreadable}");
        }
        // As another type, the body is no form; what is not signed is then no more believed.
        let plain = [("Signature", SHA_1), ("Content-Type", "text/plain")];
        let plain = refusal(&verifier, &plain, b"payload=sample");
        assert_eq!(plain, Some(Rejection::BadSignature));
        let coverage = catalog::TRAVIS_CI.coverage();
        assert!(coverage.form_field() && !coverage.body());
    }

    #[test]
    fn fields_that_travis_does_not_sign_make_no_other_event() {
        let verifier = with_key(catalog::TRAVIS_CI, RSA).build().unwrap();
        let headers = [("Signature", SHA_1), ("Content-Type", "application/x-www-form-urlencoded")];
        let digest = |body: &str| {
            let delivery = Delivery::new("POST", "/", &headers, body.as_bytes());
            verifier.verify(&delivery, NOW).unwrap().content_digest(&delivery).unwrap()
        };
        let first = digest("payload=sample");
        for again in ["other=1&payload=sample", "payload=%73ample", "payload=sample&x="] {
            assert_eq!(digest(again), first, "{again}");
        }
    }

    #[test]
    fn kick_signs_its_id_and_a_time_in_words() {
        let verifier = with_key(catalog::KICK, RSA).build().unwrap();
        let check = |id: &str, time: &str, signature: &str| {
            let headers = [
                ("Kick-Event-Message-Id", id),
                ("Kick-Event-Message-Timestamp", time),
                ("Kick-Event-Signature", signature),
                ("Kick-Event-Type", "chat.message.sent"),
            ];
            refusal(&verifier, &headers, b"{}")
        };
        let (id, time) = ("01J9ZK5Q8W3V7X2M4N6P8R0T2Y", "2026-09-21T15:33:20Z");
        let signature = "Da76Y1dKDYvOIEFY2vV2rxbDPpbWFTcPntWXrdLlHurJDmZm5wIy5J8CHA1plDWj/J87C6YUR0cFMOlr8VCUWoZSDEJwK2sQCzAK35vAkHzXNVC0IpvM8JxuiJqoZWCNAe13kSK9eHJsi850R7ZL/V6j64eDZdKCvd1uE7xEOIk9OtW0E8UHWJHDei00j06OJFvzQwGk1S9SAlCDuicWZdhqFZYpA37VYUif8dG7/03yBeCQqgzBNx6SYbeXL2GhtZ4lSCMa9RNUJHVdCKMCWa62eRwz4qywQm53bdWpGUjgQDcQmtEjQ448fY91tExSNikEYGR9tzEZ7PeKBGICsA==";
        assert_eq!(check(id, time, signature), None);
        assert_eq!(check(id, "2026-09-21T15:33:21Z", signature), Some(Rejection::BadSignature));
        assert_eq!(check(id, "1790000000", signature), Some(Rejection::MalformedTimestamp));
        let dotted = check(
            "a.b",
            time,
            "RV5ED92a+yVaRGAQnPp+/9lOitCj1c7UHrOymEkObVe4hxdZ/Pe+TU0NtASudSlps5AdsucoM3++LNQLHwh9pi3R3VLNuDq0CDu2ZwS0lhmmbWJtKkSkJLq3CvXIJnert8SHlmqcalA8U9kfVd4nG+avV/nn7AlB0JReH4N1rLyq88sLpf9tA4Za7/RsxxzdE1f3R4a47F9Z2r9SGaBgNcQ2ZbiHUvx/yBhwEsN6IM402iCwFqRoEMLhiesKJ7+1Vspf8PA2D4JvDe4nvdlYx/VLfnjsCyv2dEnFTAXNDihUbSSocjvQiBNWxxrN1uPXNJ+3GMQUL3aiQpeahVLB4Q==",
        );
        assert_eq!(dotted, Some(Rejection::WrongHeader(HeaderRole::DeliveryId)));
    }

    #[test]
    fn wechat_pay_ends_each_line_and_names_its_key() {
        let key = || PublicKey::new(RSA);
        let build = |key| Verifier::builder(catalog::WECHATPAY_V3).public_key(key).build().unwrap();
        let body = br#"{"id":"EV-1"}"#;
        let headers = |serial, signature| {
            [
                ("Wechatpay-Timestamp", "1790000000"),
                ("Wechatpay-Nonce", "nonce"),
                ("Wechatpay-Serial", serial),
                ("Wechatpay-Signature", signature),
            ]
        };
        let good = "D5lpX061Qqz0ruFl7iX/x3BZmtCaWDp6Wj+wKKsMIy1ILXlHDTlufxoWZDELVsE87oI24OdZn0y4goZEKOuIQlixOJG6RzA67gsh6+j2pl+mUmPv6R/SFjVbCb97RNOptGwQVQPV6YCCNp2VUy9HT8oKUJ5rB7PVQTPAfq2S9PfrsOKaIanCOc3vqU9ExYdKcjZocGnvWMKQ6/7MB02YHN6i2AcpBjyTi7oQFVpr7ewt2Y0kxkOIZKCJROj4SMifvB28+ki7eHTYM2TQPk3y1QCc1v3jJBxDMUdgQjwEkqkIjh7PU3LNrMLweACsEjgBsmPQMqBmbX7WYw8UTBZjqg==";
        let named = build(key().id("7A"));
        assert_eq!(refusal(&named, &headers("7A", good), body), None);
        assert_eq!(refusal(&named, &headers("7B", good), body), Some(Rejection::UnknownKey));
        assert_eq!(
            refusal(&named, &headers("7A", good)[..2], body),
            Some(Rejection::MissingHeader(HeaderRole::Signature))
        );
        let unended = "HspmDgtvk/xpHLAloQplAKJtO7pcWVBkPNpqzL2gOxoUf81mIm0bb6xfuSRlNyjUKDPwcSSY++GfGrjwwe0l02hUQk0CEC9ocoUA48D1yvIen+TFKd7fju7SRdS3ooi/SR4WcD4bCQdi9ue4ZBi7gZDCZmwABPisk34rKrM7ZJWKqMHMAhuZMSyM9/1WSrL1Cb+gswzz5OQvJqGxQppgeyyZp9nN/fsw0muPhn5egxprNkLskOAv96VHW2tdnG2uf4Wm1D6E31Zm+vIWdyZ330Qw9t443mavztBBtoWhn8KAGUc+sqjkqc0YSLeTLChvE4QfsvlsEdXmAM9C78cQYw==";
        assert_eq!(refusal(&named, &headers("7A", unended), body), Some(Rejection::BadSignature));
        // A probe of whether signatures are checked at all.
        let probe = format!("WECHATPAY/SIGNTEST/{good}");
        assert!(refusal(&named, &headers("7A", &probe), body).is_some());
        // The nonce and the time are others in the next attempt; what was signed with them is not.
        let proof = verify(&named, &headers("7A", good), body).unwrap();
        let sent = headers("7A", good);
        let delivery = Delivery::new("POST", "/", &sent, body);
        let first = proof.content_digest(&delivery).unwrap();
        let mut again = headers("7A", good);
        again[1].1 = "another";
        let delivery = Delivery::new("POST", "/", &again, body);
        assert_eq!(proof.content_digest(&delivery).unwrap(), first);
    }
}

/// <https://docs.github.com/en/code-security/secret-scanning/secret-scanning-partner-program>, read
/// 2026-11-24.
mod github_secret_scanning {
    use super::*;

    const ID: &str = "bcb53661c06b4728e59d897fb6165d5c9cda0fd9cdf9d09ead458168deb7518c";
    const PEM: &str = "-----BEGIN PUBLIC KEY-----\n\
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEYAGMWO8XgCamYKMJS6jc/qgvSlAd\n\
        AjPuDPRcXU22YxgBrz+zoN19MzuRyW87qEt9/AmtoNP5GrobzUvQSyJFVw==\n\
        -----END PUBLIC KEY-----\n";
    const OTHER_ID: &str = "90a421169f0a406205f1563a953312f0be898d3c7b6c06b681aa86a874555f4a";
    const OTHER_PEM: &str = "-----BEGIN PUBLIC KEY-----\n\
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE9MJJHnMfn2+H4xL4YaPDA4RpJqUq\n\
        kCmRCBnYERxZanmcpzQSXs1X/AljlKkbJ8qpVIW4clayyef9gWhFbNHWAA==\n\
        -----END PUBLIC KEY-----\n";
    const SIGNATURE: &str = "MEQCIQDaMKqrGnE27S0kgMrEK0eYBmyG0LeZismAEz/BgZyt7AIfXt9fErtRS4XaeSt/AO1RtBY66YcAdjxji410VQV4xg==";
    const BODY: &[u8] = br#"[{"source":"commit","token":"some_token","type":"some_type","url":"https://example.com/base-repo-url/"}]"#;

    fn headers(id: &str) -> [(&str, &str); 2] {
        [("Github-Public-Key-Identifier", id), ("Github-Public-Key-Signature", SIGNATURE)]
    }

    #[test]
    fn the_key_is_the_one_that_the_delivery_names() {
        let verifier = Verifier::builder(catalog::GITHUB_SECRET_SCANNING)
            .public_key(PublicKey::new(PEM).id(ID))
            .public_key(PublicKey::new(OTHER_PEM).id(OTHER_ID))
            .build()
            .unwrap();
        assert_eq!(verify(&verifier, &headers(ID), BODY).unwrap().secret(), "key-1");
        let check = |id: &str| refusal(&verifier, &headers(id), BODY);
        assert_eq!(check(OTHER_ID), Some(Rejection::BadSignature));
        assert_eq!(check(&"0".repeat(64)), Some(Rejection::UnknownKey));
        let unnamed = refusal(&verifier, &headers(ID)[1..], BODY);
        assert_eq!(unnamed, Some(Rejection::MissingHeader(HeaderRole::KeyId)));
        let doubled = [headers(ID)[0], headers(ID)[1], ("Github-Public-Key-Identifier", OTHER_ID)];
        let doubled = refusal(&verifier, &doubled, BODY);
        assert_eq!(doubled, Some(Rejection::AmbiguousHeader(HeaderRole::KeyId)));
    }

    #[test]
    fn keys_are_fetched_from_one_place_and_used_by_their_ids() {
        let verifier =
            Verifier::builder(catalog::GITHUB_SECRET_SCANNING).remote_keys().build().unwrap();
        let list = serde_json::json!({ "public_keys": [
            { "key_identifier": OTHER_ID, "key": OTHER_PEM, "is_current": false },
            { "key_identifier": ID, "key": PEM, "is_current": true },
        ] });
        let check = |id: &str, documents: &[Arc<KeyDocument>]| {
            let headers = headers(id);
            let delivery = Delivery::new("POST", "/", &headers, BODY);
            verifier.verify_with(&delivery, documents, NOW).err()
        };
        let headers = headers(ID);
        let delivery = Delivery::new("POST", "/", &headers, BODY);
        let requests = verifier.key_requests(&delivery).unwrap();
        let [request] = &requests[..] else { panic!("one document is enough") };
        assert_eq!(request.url(), "https://api.github.com/meta/public_keys/secret_scanning");
        assert_eq!(request.key_id(), Some(ID));
        let document = Arc::new(request.read(list.to_string().as_bytes()).unwrap());
        assert!(document.has_key(Some(ID)));
        assert!(!document.has_key(Some("another")));
        assert_eq!(
            check(ID, &[]),
            Some(Rejection::KeyUnavailable),
            "the fault is not the sender's"
        );
        let documents = [document];
        assert_eq!(check(ID, &documents), None);
        assert_eq!(check(OTHER_ID, &documents), Some(Rejection::BadSignature));
        assert_eq!(check("another", &documents), Some(Rejection::UnknownKey));
    }
}
