//! Senders that sign with certificates, and those whose keys the delivery names: whole deliveries, and
//! what must not pass for one. Keys and certificates were made for these tests by `cryptography` 48.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::sync::Arc;

use countersign::{
    ConfigError, Delivery, KeyForm, KeyRequest, PublicKey, Rejection, Setting, Timestamp,
    Tolerance, Verified, Verifier, VerifierBuilder, catalog,
};

type Headers<'h> = [(&'h str, &'h str)];

const NO_HEADERS: [(&str, &str); 0] = [];
const NOW: Timestamp = Timestamp::from_unix_seconds(1_790_000_000);
const LATER: Timestamp = Timestamp::from_unix_seconds(2_800_000_000);

const ROOT: &str = include_str!("certificates/root.pem");
const OTHER_ROOT: &str = include_str!("certificates/other_root.pem");
const ISSUER: &str = include_str!("certificates/issuer.pem");

/// Verifies a delivery as an adapter does; `document` is what a fetch of any key returns.
fn verify_at(
    verifier: &Verifier,
    headers: &Headers<'_>,
    body: &str,
    document: &str,
    now: Timestamp,
) -> Result<Verified, Rejection> {
    let delivery = Delivery::new("POST", "/hooks", &headers, body.as_bytes());
    verifier.precheck(delivery.head(), now)?;
    let requests = verifier.key_requests(&delivery)?;
    let read = |request: &KeyRequest| Arc::new(request.read(document.as_bytes()).unwrap());
    let keys: Vec<_> = requests.iter().map(read).collect();
    if !keys.is_empty() {
        let without = verifier.verify(&delivery, now).unwrap_err();
        assert_eq!(without, Rejection::KeyUnavailable);
    }
    verifier.verify_with(&delivery, &keys, now)
}

mod sns {
    use super::*;

    const CERTIFICATE: &str = include_str!("certificates/sns.pem");
    const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:MyTopic";
    const URL: &str = "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem";
    const V2: &str = "\
kpk3zE1pU2w+O28XIHKtKguWeZxRmRM8PifgSp6EvZyMFzV2F5uS+bXvvMI0IQHkApRvO9KbtKleSb7Tv/Ly78b+uf\
W1c6J9gKhrUfol0Z1hBWCQZQDMH+YJCJMPoaIvJlXxVmZJXL5+R83UrtVJpstIwvbMC5TCpOg3EdSGNojIAIu2AhEs\
0NLal5ul68b6U2z3YuP2pX8sppFgp2hnPa4Od2HRb+MuzJtnEZ/Dbt6lkg0E/nyfz3687/xVzpNI6Wx9qQUB7FdjRm\
gF4T6PPZk2FNPo0pfb4lm7qiAeAIQ/zKL4QKLK4+1NyKeiS0H2UU6e/+5O+9UWKY4Pccodkg==";
    const V1: &str = "\
sXFZQwhVOdFtToXyI0RGpmKBqTfq0oGIG2Asi1t5cW/4+At2QbvQmczbrDUTi99Pi+HW4d0w6c3S8s4qQ3kWLJ1WMW\
8iVxhfFFCQcTMpMlbpln8RXzV56/fBSJh2dy3hqnJdTHX9LM0h0UcRw5igwvrfXWEirZfOu3DoYPFJlMwr5q4lY6An\
f+hVkiee/PtgVgpiAS9jpPzkWk6nWZaaUWMCog1bj5wHcJQZk2F7gKk28vP9MOs0FSYoNQ1lG5z9VrJaNu0a/vUo9v\
54jgRb8mWuKzlZ6zKI1RFosrIdM0Vv/cWPSCkUe5+aHwPCkyB22HpFC5rF5g23VOs9wXbllg==";
    const CONFIRMATION: &str = "\
X/ucSAg4DQ5+VWM0gVXYfSFL/AOaVULWxvEsoMnuxmpwQZGJ/AO3mvp9uPiXovaLbqKgbiryp5n+JXKNzj5JDG+jd0\
BqFyoXOYOp76JBzC/zbwg/Yzzp4EEdYzQW6xLLVmoU1CTftwcJyD/+idUSsBrOdukLQ4VyilbFfvPBSKYujtYg2ZL9\
fXd7BuUBJmDGJ8MQS6KwxXYisXKfyruV4uVvM1pToue6v+sH+ribVAsY5y7Yfk1WhzIDi4E3o0ome3ofEPcs+30kt0\
RFNq+gXoe2k4vq2kWgl5qUwWAKMCT9Qo2LISqf0TurhmqLaldGYr42H7UlpTSMV613J6sJeQ==";

    fn builder() -> VerifierBuilder {
        Verifier::builder(catalog::AWS_SNS).remote_keys()
    }

    fn verifier() -> Verifier {
        builder().setting(Setting::Topic, TOPIC).build().unwrap()
    }

    fn notification(version: &str, signature: &str, id_and_subject: &str) -> String {
        format!(
            r#"{{"Type":"Notification",{id_and_subject},"TopicArn":"{TOPIC}","Message":"a\nb",
            "Timestamp":"2026-09-21T14:13:20.000Z","SignatureVersion":"{version}",
            "Signature":"{signature}","SigningCertURL":"{URL}"}}"#
        )
    }

    const ID: &str = r#""MessageId":"22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324","Subject":"S""#;

    fn verify(verifier: &Verifier, body: &str) -> Result<Verified, Rejection> {
        verify_at(verifier, &[], body, CERTIFICATE, NOW)
    }

    #[track_caller]
    fn refused(verifier: &Verifier, body: &str, expected: Rejection) {
        assert_eq!(verify(verifier, body).unwrap_err(), expected);
    }

    #[test]
    fn a_notification_is_told_by_its_id() {
        let body = notification("2", V2, ID);
        let proof = verify(&verifier(), &body).unwrap();
        let delivery = Delivery::new("POST", "/", &NO_HEADERS, body.as_bytes());
        let id = proof.event_id(&delivery);
        assert_eq!(id.as_deref(), Some("22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324"));
        assert_eq!(proof.event_type(&delivery).as_deref(), Some("Notification"));
        assert_eq!(proof.signed_at(), Some(NOW));
        assert!(!proof.coverage().body() && proof.coverage().fields());
        assert!(proof.delivery_id_is_signed());
    }

    #[test]
    fn the_older_signature_passes_unless_the_newer_is_demanded() {
        let body = notification("1", V1, ID);
        verify(&verifier(), &body).unwrap();
        let strict = builder().setting(Setting::Topic, TOPIC).setting(Setting::MinVersion, "2");
        refused(&strict.build().unwrap(), &body, Rejection::WrongAlgorithm);
        refused(&verifier(), &notification("1", V2, ID), Rejection::BadSignature);
        refused(&verifier(), &notification("3", V2, ID), Rejection::WrongAlgorithm);
    }

    #[test]
    fn no_part_of_one_value_passes_for_anothers() {
        // The same signed bytes, read in another way: the message would count as new.
        let moved = r#""MessageId":"22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324\nSubject\nS""#;
        refused(&verifier(), &notification("2", V2, moved), Rejection::UnreadableBody);
        let null = r#""MessageId":"22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324","Subject":null"#;
        refused(&verifier(), &notification("2", V2, null), Rejection::BadSignature);
        let twice = format!(r#"{ID},"Subject":"S""#);
        refused(&verifier(), &notification("2", V2, &twice), Rejection::UnreadableBody);
    }

    #[test]
    fn topics_that_were_not_subscribed_to_are_refused_before_a_key_is_asked_for() {
        let other = "arn:aws:sns:us-east-1:123456789012:Other";
        let verifier = builder().setting(Setting::Topic, other).build().unwrap();
        let body = notification("2", V2, ID);
        refused(&verifier, &body, Rejection::Unwanted);
        let delivery = Delivery::new("POST", "/", &NO_HEADERS, body.as_bytes());
        assert_eq!(verifier.key_requests(&delivery).unwrap_err(), Rejection::Unwanted);
        let both = builder().setting(Setting::Topic, other).setting(Setting::Topic, TOPIC);
        verify(&both.build().unwrap(), &body).unwrap();
    }

    fn confirmation() -> String {
        let action = format!("?Action=ConfirmSubscription&TopicArn={TOPIC}&Token=2336412f37");
        format!(
            r#"{{"Type":"SubscriptionConfirmation","MessageId":"165545c9-2a5c-472c-8df2-7ff2be2b3b1b",
            "TopicArn":"{TOPIC}","Token":"2336412f37","Message":"Confirm",
            "SubscribeURL":"https://sns.us-east-1.amazonaws.com/{action}",
            "Timestamp":"2026-09-21T14:13:20.000Z","SignatureVersion":"2",
            "Signature":"{CONFIRMATION}","SigningCertURL":"{URL}"}}"#
        )
    }

    #[test]
    fn a_confirmation_is_for_topics_that_are_named() {
        verify(&verifier(), &confirmation()).unwrap();
        let any = builder().setting(Setting::Topic, "danger-any").build().unwrap();
        verify(&any, &notification("2", V2, ID)).unwrap();
        refused(&any, &confirmation(), Rejection::Unwanted);
        let foreign = confirmation()
            .replace("https://sns.us-east-1.amazonaws.com/?", "https://evil.example/?");
        refused(&verifier(), &foreign, Rejection::WrongHandshake);
        let without = confirmation().replace(r#""Token":"2336412f37","#, "");
        refused(&verifier(), &without, Rejection::UnreadableBody);
    }

    #[test]
    fn raw_delivery_is_refused() {
        let raw = verify_at(
            &verifier(),
            &[("x-amz-sns-rawdelivery", "true")],
            &notification("2", V2, ID),
            CERTIFICATE,
            NOW,
        );
        assert_eq!(raw.unwrap_err(), Rejection::Unsigned);
        refused(&verifier(), r#"{"order":1}"#, Rejection::MissingSignature);
        refused(&verifier(), "order=1", Rejection::UnreadableBody);
    }

    #[test]
    fn the_certificate_must_be_valid_and_may_have_to_lead_to_a_root() {
        let body = notification("2", V2, ID);
        let late = verify_at(&verifier(), &[], &body, CERTIFICATE, LATER);
        assert_eq!(late.unwrap_err(), Rejection::UntrustedCertificate);
        let with = |root| builder().setting(Setting::Topic, TOPIC).trust_root(root).build();
        verify(&with(ROOT).unwrap(), &body).unwrap();
        refused(&with(OTHER_ROOT).unwrap(), &body, Rejection::UntrustedCertificate);
    }

    #[test]
    fn a_tolerance_holds() {
        let strict = builder().setting(Setting::Topic, TOPIC).tolerance(Tolerance::symmetric(60));
        let strict = strict.build().unwrap();
        let body = notification("2", V2, ID);
        let at = |seconds: i64| {
            let now = Timestamp::from_unix_seconds(1_790_000_000 + seconds);
            verify_at(&strict, &[], &body, CERTIFICATE, now).map(|_| ())
        };
        assert_eq!(at(60), Ok(()));
        assert_eq!(at(61), Err(Rejection::TooOld));
        assert_eq!(at(-61), Err(Rejection::FromTheFuture));
    }

    #[test]
    fn a_certificate_may_be_given() {
        let given = Verifier::builder(catalog::AWS_SNS)
            .public_key(PublicKey::new(CERTIFICATE))
            .setting(Setting::Topic, TOPIC)
            .build()
            .unwrap();
        let body = notification("2", V2, ID);
        let delivery = Delivery::new("POST", "/", &NO_HEADERS, body.as_bytes());
        assert!(given.key_requests(&delivery).unwrap().is_empty());
        given.verify(&delivery, NOW).unwrap();
    }

    #[test]
    fn contradictions_are_told_when_the_program_starts() {
        let missing = Err(ConfigError::MissingSetting { setting: Setting::Topic });
        assert_eq!(builder().build().map(|_| ()), missing);
        let wrong = |setting| Err(ConfigError::WrongSetting { setting });
        let topic = |it: &str| builder().setting(Setting::Topic, it);
        assert_eq!(topic("MyTopic").build().map(|_| ()), wrong(Setting::Topic));
        let version = topic(TOPIC).setting(Setting::MinVersion, "3").build();
        assert_eq!(version.map(|_| ()), wrong(Setting::MinVersion));
        let url = topic(TOPIC).setting(Setting::KeysUrl, "https://evil.example").build();
        let unused = Err(ConfigError::UnusedSetting { setting: Setting::KeysUrl });
        assert_eq!(url.map(|_| ()), unused);
        let bare = Verifier::builder(catalog::AWS_SNS).setting(Setting::Topic, TOPIC).build();
        assert_eq!(bare.map(|_| ()), Err(ConfigError::NoPublicKey));
    }
}

mod paypal {
    use super::*;

    const CERTIFICATE: &str = include_str!("certificates/paypal.pem");
    const NOT_PAYPAL: &str = include_str!("certificates/not_paypal.pem");
    const SIGNATURE: &str = "\
su/rBBSkue87qh9VEEvXq6Dylvw3Fx3xEqt8OOD4F2Hv4EvSFuaRB+am5ZCDXZCag1dnxKFAgDG1mwgd2ZE94f1jPZ\
w9QgBDZ1d5V4pgJP3olZMefIWX3vmb+ASQIyOcN5KEm+AW/1a23o+GCImx6t9kexbF8IApr2u3J8uD29jAZ2cm1rBi\
FyXbeZSjPnVL/PpaPVJWUw0/v7qEc+XdJ+KJj00zjGbLz1+cULIw2Cqq/jLnYp6fvYu0zdNsjBDL/Qja7+z0OCs2Vv\
qS5+W+j/ugGhXjzMEJrKG1pNHYChkbVCtgXvzmqsvlwMc4aDoOHjndgOJVLPm/+t5+0P1YcQ==";
    const BODY: &str = r#"{"id":"WH-1","event_type":"PAYMENT.SALE.COMPLETED","memo":"AAAA"}"#;
    /// Another event with the same CRC-32.
    const FORGED: &str = r#"{"id":"WH-2","event_type":"PAYMENT.SALE.COMPLETED","memo":"xXzCiJ"}"#;

    fn headers(id: &'static str) -> [(&'static str, &'static str); 5] {
        [
            ("PAYPAL-TRANSMISSION-ID", id),
            ("PAYPAL-TRANSMISSION-TIME", "2026-09-21T14:13:20Z"),
            ("PAYPAL-TRANSMISSION-SIG", SIGNATURE),
            ("PAYPAL-CERT-URL", "https://api.paypal.com/v1/notifications/certs/CERT-1"),
            ("PAYPAL-AUTH-ALGO", "SHA256withRSA"),
        ]
    }

    const ID: &str = "69cd13f0-d67a-11e5-baa3-778b53f4ae55";

    fn verifier(root: &str) -> Verifier {
        let builder = Verifier::builder(catalog::PAYPAL).remote_keys().trust_root(root);
        builder.setting(Setting::WebhookId, "WEBHOOK-1").build().unwrap()
    }

    #[test]
    fn the_certificate_must_lead_to_a_root_and_be_paypals() {
        let fetched = format!("{CERTIFICATE}\n{ISSUER}");
        let verify = |root, document: &str, now| {
            verify_at(&verifier(root), &headers(ID), BODY, document, now).map(|_| ())
        };
        assert_eq!(verify(ROOT, &fetched, NOW), Ok(()));
        let untrusted = Err(Rejection::UntrustedCertificate);
        assert_eq!(verify(OTHER_ROOT, &fetched, NOW), untrusted);
        assert_eq!(verify(ROOT, CERTIFICATE, NOW), untrusted);
        assert_eq!(verify(ROOT, &fetched, LATER), untrusted);
        assert_eq!(verify(ROOT, &format!("{ISSUER}\n{CERTIFICATE}"), NOW), untrusted);
        assert_eq!(verify(ROOT, &format!("{NOT_PAYPAL}\n{ISSUER}"), NOW), untrusted);
    }

    #[test]
    fn another_body_with_the_same_crc_passes_and_counts_as_a_duplicate() {
        let fetched = format!("{CERTIFICATE}\n{ISSUER}");
        let headers = headers(ID);
        let told = |body: &str| {
            let proof = verify_at(&verifier(ROOT), &headers, body, &fetched, NOW).unwrap();
            let delivery = Delivery::new("POST", "/", &headers, body.as_bytes());
            assert!(!proof.coverage().body() && proof.coverage().delivery_id_header());
            let id = proof.event_id(&delivery).map(std::borrow::Cow::into_owned);
            (id, proof.content_digest(&delivery).unwrap())
        };
        assert_eq!(told(BODY), told(FORGED));
        assert_eq!(told(BODY).0.as_deref(), Some(ID));
        let other = BODY.replace("AAAA", "AAAB");
        let other = verify_at(&verifier(ROOT), &headers, &other, &fetched, NOW);
        assert_eq!(other.unwrap_err(), Rejection::BadSignature);
    }

    #[test]
    fn contradictions_are_told_when_the_program_starts() {
        let builder = || Verifier::builder(catalog::PAYPAL).setting(Setting::WebhookId, "W");
        assert_eq!(builder().build().map(|_| ()), Err(ConfigError::NoPublicKey));
        let no_root = builder().remote_keys().build();
        assert_eq!(no_root.map(|_| ()), Err(ConfigError::NoTrustRoot));
        let bar = Verifier::builder(catalog::PAYPAL).setting(Setting::WebhookId, "a|b").build();
        let wrong = ConfigError::WrongSetting { setting: Setting::WebhookId };
        assert_eq!(bar.map(|_| ()), Err(wrong));
    }
}

mod app_store {
    use super::*;

    fn builder(environment: &str) -> VerifierBuilder {
        Verifier::builder(catalog::APPLE_APP_STORE_V2)
            .trust_root(ROOT)
            .setting(Setting::BundleId, "com.example")
            .setting(Setting::Environment, environment)
    }

    fn verify_by(verifier: &Verifier, token: &str) -> Result<Verified, Rejection> {
        let body = format!(r#"{{"signedPayload":"{token}"}}"#);
        verify_at(verifier, &[], &body, "", NOW)
    }

    #[track_caller]
    fn check(token: &str, expected: Result<(), Rejection>) {
        let verifier = builder("Sandbox").trust_root(OTHER_ROOT).build().unwrap();
        assert_eq!(verify_by(&verifier, token).map(|_| ()), expected);
    }

    #[test]
    fn the_certificates_must_be_three_and_marked_and_end_at_a_root_that_is_held() {
        check(include_str!("certificates/sandbox.jws"), Ok(()));
        check(include_str!("certificates/purchase.jws"), Ok(()));
        let untrusted = Err(Rejection::UntrustedCertificate);
        check(include_str!("certificates/unmarked.jws"), untrusted);
        check(include_str!("certificates/plain_issuer.jws"), untrusted);
        check(include_str!("certificates/direct.jws"), untrusted);
        check(include_str!("certificates/other_root.jws"), untrusted);
        check(include_str!("certificates/two.jws"), Err(Rejection::MalformedToken));
        check(include_str!("certificates/four.jws"), Err(Rejection::MalformedToken));
    }

    #[test]
    fn a_notification_is_for_one_app_and_one_environment() {
        let sandbox = include_str!("certificates/sandbox.jws");
        let production = include_str!("certificates/production.jws");
        let wrong = Err(Rejection::WrongClaim);
        check(production, wrong);
        let app = |id| builder("Production").setting(Setting::ClientId, id).build().unwrap();
        assert_eq!(verify_by(&app("41234"), production).map(|_| ()), Ok(()));
        assert_eq!(verify_by(&app("41235"), production).map(|_| ()), wrong);
        assert_eq!(verify_by(&app("41234"), sandbox).map(|_| ()), wrong);
        let other = Verifier::builder(catalog::APPLE_APP_STORE_V2)
            .trust_root(ROOT)
            .setting(Setting::BundleId, "com.other")
            .setting(Setting::Environment, "Sandbox");
        assert_eq!(verify_by(&other.build().unwrap(), sandbox).map(|_| ()), wrong);
    }

    #[test]
    fn a_notification_is_told_by_its_id() {
        let token = include_str!("certificates/sandbox.jws");
        let body = format!(r#"{{"signedPayload":"{token}"}}"#);
        let verifier = builder("Sandbox").build().unwrap();
        let delivery = Delivery::new("POST", "/", &NO_HEADERS, body.as_bytes());
        let proof = verifier.verify(&delivery, NOW).unwrap();
        let id = proof.event_id(&delivery);
        assert_eq!(id.as_deref(), Some("002e14d5-51f5-4503-b5a8-c3a1af68eb20"));
        assert_eq!(proof.event_type(&delivery).as_deref(), Some("DID_RENEW.BILLING_RECOVERY"));
        assert_eq!(proof.signed_at(), Some(NOW));
        let twice = format!(r#"{{"signedPayload":"x","signedPayload":"{token}"}}"#);
        let twice = verify_at(&verifier, &[], &twice, "", NOW);
        assert_eq!(twice.unwrap_err(), Rejection::UnreadableBody);
        let expired = verifier.verify(&delivery, LATER);
        assert_eq!(expired.unwrap_err(), Rejection::UntrustedCertificate);
    }

    #[test]
    fn contradictions_are_told_when_the_program_starts() {
        let wrong = |setting| Err(ConfigError::WrongSetting { setting });
        for environment in ["sandbox", "Xcode", "LocalTesting", ""] {
            let built = builder(environment).build().map(|_| ());
            assert_eq!(built, wrong(Setting::Environment));
        }
        let missing = Err(ConfigError::MissingSetting { setting: Setting::ClientId });
        assert_eq!(builder("Production").build().map(|_| ()), missing);
        let text = builder("Production").setting(Setting::ClientId, "app").build();
        assert_eq!(text.map(|_| ()), wrong(Setting::ClientId));
        let rootless = Verifier::builder(catalog::APPLE_APP_STORE_V2)
            .setting(Setting::BundleId, "com.example")
            .setting(Setting::Environment, "Sandbox");
        assert_eq!(rootless.build().map(|_| ()), Err(ConfigError::NoTrustRoot));
        let remote = builder("Sandbox").remote_keys().build();
        assert_eq!(remote.map(|_| ()), Err(ConfigError::NoRemoteKeys));
    }
}

mod named_keys {
    use super::*;

    #[test]
    fn ebays_keys_are_asked_for_by_id_and_without_a_url() {
        let verifier = Verifier::builder(catalog::EBAY).remote_keys().build().unwrap();
        // {"alg":"ecdsa","kid":"9936261a-7d7b-4621-a0f1-96ccb428af49","signature":"AAAA","digest":"SHA1"}
        let headers = [(
            "x-ebay-signature",
            "eyJhbGciOiJlY2RzYSIsImtpZCI6Ijk5MzYyNjFhLTdkN2ItNDYyMS1hMGYxLTk2Y2NiNDI4YWY0OSIsInNpZ25hdHVyZSI6IkFBQUEiLCJkaWdlc3QiOiJTSEExIn0=",
        )];
        let delivery = Delivery::new("POST", "/", &headers, b"{}");
        let requests = verifier.key_requests(&delivery).unwrap();
        let [request] = requests.as_slice() else { panic!("{requests:?}") };
        assert_eq!(request.url(), "");
        assert_eq!(request.key_id(), Some("9936261a-7d7b-4621-a0f1-96ccb428af49"));
        assert_eq!(verifier.verify(&delivery, NOW).unwrap_err(), Rejection::KeyUnavailable);
    }

    #[test]
    fn adobes_keys_are_asked_for_at_its_host() {
        let verifier = Verifier::builder(catalog::ADOBE_IO_EVENTS)
            .remote_keys()
            .setting(Setting::ClientId, "me")
            .build()
            .unwrap();
        let headers = |path: &'static str| {
            [
                ("x-adobe-digital-signature-1", "AAAA"),
                ("x-adobe-public-key1-path", path),
                ("x-adobe-digital-signature-2", "AAAA"),
                ("x-adobe-public-key2-path", "/prod/keys/pub-key-2.pem"),
            ]
        };
        let body = br#"{"event_id":"1","recipient_client_id":"me"}"#;
        let good = headers("/prod/keys/pub-key-1.pem");
        let requests = verifier.key_requests(&Delivery::new("POST", "/", &good, body)).unwrap();
        let urls: Vec<_> = requests.iter().map(KeyRequest::url).collect();
        let url =
            |number| format!("https://static.adobeioevents.com/prod/keys/pub-key-{number}.pem");
        assert_eq!(urls, [url(1), url(2)]);
        assert!(requests.iter().all(|request| *request.form() == KeyForm::Pem));
        let evil = headers(".evil.example/x.pem");
        let evil = verifier.key_requests(&Delivery::new("POST", "/", &evil, body));
        assert_eq!(evil.unwrap_err(), Rejection::ForeignKeyUrl);
        let other = Delivery::new("POST", "/", &good, br#"{"recipient_client_id":"you"}"#);
        assert_eq!(verifier.key_requests(&other).unwrap_err(), Rejection::WrongClaim);
    }
}
