//! Senders of tokens: whole deliveries, and what must not pass for one.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use countersign::{
    Algorithm, ConfigError, Delivery, HeaderRole, KeyDocument, Procedure, Rejection, Scheme,
    Secret, Setting, Timestamp, Verified, Verifier, VerifierBuilder, catalog,
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use p256::ecdsa::signature::Signer as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const SECRET: &str = "a secret that has sixteen bytes";
const BODY: &[u8] = br#"{"event":{"type":"a"}}"#;
const SECONDS: i64 = 1_790_000_000;
const NOW: Timestamp = Timestamp::from_unix_seconds(SECONDS);

type Headers = Vec<(&'static str, String)>;

fn hex(content: &[u8]) -> String {
    const_hex::encode(Sha256::digest(content))
}

fn encoded(text: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

/// A token with these claims, signed with a secret.
fn token_with(secret: &str, claims: &str) -> String {
    let input = format!("{}.{}", encoded(r#"{"alg":"HS256","typ":"JWT"}"#), encoded(claims));
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(input.as_bytes());
    format!("{input}.{}", encoded(mac.finalize().into_bytes()))
}

fn token(claims: &Value) -> String {
    token_with(SECRET, &claims.to_string())
}

/// The claims with some replaced; those that are `null` are taken away.
fn but(claims: &Value, changes: &Value) -> Value {
    let mut claims = claims.clone();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        } else {
            claims[name] = value.clone();
        }
    }
    claims
}

/// The scheme of a sender that signs with a key, with a secret in its place: what is said of claims is
/// the same.
fn with_secrets(scheme: Scheme) -> Scheme {
    let mut scheme = scheme;
    let Procedure::Jwt(rules) = &mut scheme.procedure else { panic!("no token") };
    rules.algorithms = vec![Algorithm::HmacSha256].into();
    scheme.algorithm = Algorithm::HmacSha256;
    scheme.remote_keys = None;
    scheme
}

fn builder(scheme: Scheme) -> VerifierBuilder {
    Verifier::builder(scheme).secret(Secret::new(SECRET))
}

fn verify_at(
    verifier: &Verifier,
    now: Timestamp,
    url: &str,
    headers: &Headers,
    body: &[u8],
) -> Result<Verified, Rejection> {
    let delivery = Delivery::new("POST", url, headers, body);
    if let Err(rejection) = verifier.precheck(delivery.head(), now) {
        assert!(verifier.verify(&delivery, now).is_err(), "what precheck refuses, verify refuses");
        return Err(rejection);
    }
    verifier.verify(&delivery, now)
}

fn verify(verifier: &Verifier, headers: &Headers, body: &[u8]) -> Result<(), Rejection> {
    verify_at(verifier, NOW, "/hooks", headers, body).map(|_| ())
}

fn bearer(claims: &Value) -> Headers {
    vec![("authorization", format!("Bearer {}", token(claims)))]
}

mod google_pubsub_push {
    use super::*;

    fn verifier() -> Verifier {
        builder(with_secrets(catalog::GOOGLE_PUBSUB_PUSH))
            .setting(Setting::Audience, "https://example.com/push")
            .setting(Setting::Audience, "second")
            .setting(Setting::ServiceAccount, "pusher@project.iam.gserviceaccount.com")
            .build()
            .unwrap()
    }

    fn claims() -> Value {
        json!({
            "iss": "https://accounts.google.com", "aud": "https://example.com/push",
            "email": "pusher@project.iam.gserviceaccount.com", "email_verified": true,
            "iat": SECONDS - 60, "exp": SECONDS + 3540,
        })
    }

    #[track_caller]
    fn check(changes: &Value, expected: Result<(), Rejection>) {
        assert_eq!(verify(&verifier(), &bearer(&but(&claims(), changes)), BODY), expected);
    }

    #[test]
    fn every_claim_is_held_against_what_it_must_be() {
        check(&json!({}), Ok(()));
        check(&json!({ "iss": "accounts.google.com" }), Ok(()));
        check(&json!({ "aud": "second" }), Ok(()));
        check(&json!({ "aud": ["other", "second"] }), Ok(()));
        let wrong = Err(Rejection::WrongClaim);
        for changes in [
            json!({ "iss": "https://accounts.google.com.evil.example" }),
            json!({ "iss": ["https://accounts.google.com"] }),
            json!({ "iss": null }),
            json!({ "aud": "https://example.com/push/" }),
            json!({ "aud": [] }),
            json!({ "aud": { "x": "second" } }),
            json!({ "aud": null }),
            // Anyone with an account can have a token made for any audience.
            json!({ "email": "other@project.iam.gserviceaccount.com" }),
            json!({ "email": null }),
            json!({ "email_verified": false }),
            json!({ "email_verified": "true" }),
            json!({ "email_verified": null }),
            json!({ "exp": null }),
        ] {
            check(&changes, wrong);
        }
    }

    #[test]
    fn times_are_numbers_and_hold() {
        check(&json!({ "exp": SECONDS + 1 }), Ok(()));
        check(&json!({ "exp": SECONDS }), Err(Rejection::TooOld));
        check(&json!({ "exp": 0 }), Err(Rejection::TooOld));
        check(&json!({ "exp": f64::from(i32::MAX) + 0.5 }), Ok(()));
        check(&json!({ "nbf": SECONDS }), Ok(()));
        check(&json!({ "nbf": SECONDS + 1 }), Err(Rejection::FromTheFuture));
        check(&json!({ "iat": SECONDS + 300 }), Ok(()));
        check(&json!({ "iat": SECONDS + 301 }), Err(Rejection::FromTheFuture));
        for name in ["exp", "iat", "nbf"] {
            for time in [json!("1890000000"), json!([1]), json!(true), json!(-1), json!(1e300)] {
                check(&json!({ name: time }), Err(Rejection::MalformedTimestamp));
            }
        }
        let null = claims().to_string().replace(&(SECONDS + 3540).to_string(), "null");
        let headers = vec![("authorization", format!("Bearer {}", token_with(SECRET, &null)))];
        assert_eq!(verify(&verifier(), &headers, BODY), Err(Rejection::MalformedTimestamp));
    }

    #[test]
    fn the_token_is_behind_its_word_and_there_once() {
        let token = token(&claims());
        let check = |headers: Headers| verify(&verifier(), &headers, BODY);
        let authorization = |value: String| vec![("authorization", value)];
        for word in ["Bearer", "bearer", "BEARER"] {
            assert_eq!(check(authorization(format!("{word} {token}"))), Ok(()));
        }
        assert_eq!(check(authorization(format!("Bearer  {token}"))), Ok(()));
        let role = HeaderRole::Signature;
        for value in [
            token.clone(),
            format!("Basic {token}"),
            format!("Bearer{token}"),
            format!("Bearer,{token}"),
            "Bearer".to_owned(),
        ] {
            assert_eq!(check(authorization(value)), Err(Rejection::WrongHeader(role)));
        }
        assert_eq!(check(authorization("Bearer ".to_owned())), Err(Rejection::MalformedToken));
        assert_eq!(check(vec![]), Err(Rejection::MissingHeader(role)));
        let twice = [authorization(format!("Bearer {token}")), authorization("Bearer x".into())];
        assert_eq!(check(twice.concat()), Err(Rejection::AmbiguousHeader(role)));
        let long = but(&claims(), &json!({ "x": "x".repeat(16 * 1024) }));
        assert_eq!(check(bearer(&long)), Err(Rejection::MalformedToken));
    }

    #[test]
    fn audience_and_account_must_be_given() {
        let missing = |setting| Some(ConfigError::MissingSetting { setting });
        let none = builder(with_secrets(catalog::GOOGLE_PUBSUB_PUSH));
        assert_eq!(none.build().err(), missing(Setting::Audience));
        let one =
            builder(with_secrets(catalog::GOOGLE_PUBSUB_PUSH)).setting(Setting::Audience, "x");
        assert_eq!(one.build().err(), missing(Setting::ServiceAccount));
    }
}

mod plaid {
    use super::*;
    use p256::ecdsa::{Signature, SigningKey};

    const KEY_ID: &str = "bfbd5111-8e33-4643-8ced-b2e642a72f3c";

    fn key() -> SigningKey {
        SigningKey::from_slice(&[7; 32]).unwrap()
    }

    fn jwk(further: &Value) -> Value {
        let point = key().verifying_key().to_sec1_point(false);
        let mut jwk = json!({
            "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": KEY_ID,
            "x": encoded(&point.as_bytes()[1..33]), "y": encoded(&point.as_bytes()[33..]),
        });
        for (name, value) in further.as_object().unwrap() {
            jwk[name] = value.clone();
        }
        jwk
    }

    fn verifier() -> Verifier {
        Verifier::builder(catalog::PLAID).key_set(jwk(&json!({})).to_string()).build().unwrap()
    }

    fn claims() -> Value {
        json!({ "iat": SECONDS, "request_body_sha256": hex(BODY) })
    }

    fn header() -> Value {
        json!({ "alg": "ES256", "kid": KEY_ID, "typ": "JWT" })
    }

    fn input(header: &Value, claims: &Value) -> String {
        format!("{}.{}", encoded(header.to_string()), encoded(claims.to_string()))
    }

    fn headers(token: String) -> Headers {
        vec![("Plaid-Verification", token)]
    }

    fn signed(header: &Value, claims: &Value) -> Headers {
        let input = input(header, claims);
        let signature: Signature = key().sign(input.as_bytes());
        headers(format!("{input}.{}", encoded(signature.to_bytes())))
    }

    #[test]
    fn a_token_covers_the_body_as_it_was_sent() {
        let headers = signed(&header(), &claims());
        let proof = verify_at(&verifier(), NOW, "/", &headers, BODY).unwrap();
        assert_eq!((proof.secret(), proof.signed_at()), (KEY_ID, Some(NOW)));
        assert!(proof.coverage().body() && proof.coverage().timestamp());
        let spaced = [BODY, b" "].concat();
        assert_eq!(verify(&verifier(), &headers, &spaced), Err(Rejection::WrongDigest));
        assert_eq!(verify(&verifier(), &headers, b""), Err(Rejection::WrongDigest));
        for (digest, expected) in [
            (json!(hex(BODY).to_uppercase()), Ok(())),
            (json!(null), Err(Rejection::WrongClaim)),
            (json!(STANDARD.encode(Sha256::digest(BODY))), Err(Rejection::WrongClaim)),
            (json!(format!("0x{}", hex(BODY))), Err(Rejection::WrongClaim)),
            (json!([hex(BODY)]), Err(Rejection::WrongClaim)),
            (json!(""), Err(Rejection::WrongClaim)),
        ] {
            let claims = but(&claims(), &json!({ "request_body_sha256": digest }));
            assert_eq!(verify(&verifier(), &signed(&header(), &claims), BODY), expected);
        }
    }

    #[test]
    fn the_age_is_that_of_the_token() {
        let at = |seconds| {
            let headers = signed(&header(), &claims());
            let now = Timestamp::from_unix_seconds(SECONDS + seconds);
            verify_at(&verifier(), now, "/", &headers, BODY).map(|_| ())
        };
        assert_eq!((at(300), at(301)), (Ok(()), Err(Rejection::TooOld)));
        assert_eq!((at(-300), at(-301)), (Ok(()), Err(Rejection::FromTheFuture)));
        let without = signed(&header(), &but(&claims(), &json!({ "iat": null })));
        assert_eq!(verify(&verifier(), &without, BODY), Err(Rejection::WrongClaim));
    }

    #[test]
    fn a_signature_has_one_form() {
        let input = input(&header(), &claims());
        let signature: Signature = key().sign(input.as_bytes());
        let check = |signature: &[u8]| {
            verify(&verifier(), &headers(format!("{input}.{}", encoded(signature))), BODY)
        };
        let bytes = signature.to_bytes();
        assert_eq!(check(&bytes), Ok(()));
        for other in [
            signature.to_der().as_bytes(),
            &[0; 64],
            &bytes[..63],
            &[&bytes[..], &[0]].concat(),
            &[&bytes[32..], &bytes[..32]].concat(),
            &[&bytes[..32], &[0; 32]].concat(),
        ] {
            assert_eq!(check(other), Err(Rejection::BadSignature));
        }
    }

    #[test]
    fn a_public_key_is_no_secret() {
        let pem = jwk(&json!({})).to_string();
        let claims = claims();
        let header = json!({ "alg": "HS256", "kid": KEY_ID });
        let input = input(&header, &claims);
        let mut mac = Hmac::<Sha256>::new_from_slice(pem.as_bytes()).unwrap();
        mac.update(input.as_bytes());
        let token = format!("{input}.{}", encoded(mac.finalize().into_bytes()));
        let refused = verify(&verifier(), &headers(token), BODY);
        assert_eq!(refused, Err(Rejection::WrongAlgorithm));
        let with_secret = builder(catalog::PLAID).build();
        assert_eq!(with_secret.err(), Some(ConfigError::WantsPublicKey));
    }

    #[test]
    fn the_key_is_the_one_that_is_named() {
        for (name, value, expected) in [
            ("kid", json!("another"), Rejection::UnknownKey),
            ("kid", json!(null), Rejection::UnknownKey),
            ("kid", json!(7), Rejection::MalformedToken),
            ("alg", json!("es256"), Rejection::WrongAlgorithm),
            ("alg", json!("ES384"), Rejection::WrongAlgorithm),
        ] {
            let headers = signed(&but(&header(), &json!({ name: value })), &claims());
            assert_eq!(verify(&verifier(), &headers, BODY), Err(expected));
        }
        // A key that comes along is not looked at.
        let other = SigningKey::from_slice(&[9; 32]).unwrap();
        let point = other.verifying_key().to_sec1_point(false);
        let own = json!({ "kty": "EC", "crv": "P-256", "kid": KEY_ID,
            "x": encoded(&point.as_bytes()[1..33]), "y": encoded(&point.as_bytes()[33..]) });
        let input = input(&but(&header(), &json!({ "jwk": own })), &claims());
        let signature: Signature = other.sign(input.as_bytes());
        let token = format!("{input}.{}", encoded(signature.to_bytes()));
        assert_eq!(verify(&verifier(), &headers(token), BODY), Err(Rejection::BadSignature));
    }

    #[test]
    fn a_key_that_has_expired_is_none() {
        for (expired_at, expected) in [
            (json!(null), Ok(())),
            (json!(SECONDS + 1), Ok(())),
            (json!(SECONDS), Err(Rejection::UnknownKey)),
            (json!(SECONDS - 1), Err(Rejection::UnknownKey)),
            (json!("never"), Err(Rejection::UnknownKey)),
        ] {
            let jwk = jwk(&json!({ "expired_at": expired_at }));
            let verifier =
                Verifier::builder(catalog::PLAID).key_set(jwk.to_string()).build().unwrap();
            assert_eq!(verify(&verifier, &signed(&header(), &claims()), BODY), expected);
        }
    }

    #[test]
    fn keys_are_asked_for_by_id_and_without_a_url() {
        let verifier = Verifier::builder(catalog::PLAID).remote_keys().build().unwrap();
        let headers = signed(&header(), &claims());
        let delivery = Delivery::new("POST", "/", &headers, BODY);
        let requests = verifier.key_requests(&delivery).unwrap();
        assert_eq!(requests.len(), 1);
        assert_eq!((requests[0].url(), requests[0].key_id()), ("", Some(KEY_ID)));
        assert_eq!(verifier.verify(&delivery, NOW).unwrap_err(), Rejection::KeyUnavailable);
        // As the sender's API answers.
        let answer = json!({ "key": jwk(&json!({ "expired_at": null })), "request_id": "x" });
        let document = Arc::new(requests[0].read(answer.to_string().as_bytes()).unwrap());
        assert!(verifier.verify_with(&delivery, &[document], NOW).is_ok());
        let bare = signed(&but(&header(), &json!({ "kid": null })), &claims());
        let delivery = Delivery::new("POST", "/", &bare, BODY);
        assert_eq!(verifier.key_requests(&delivery).unwrap_err(), Rejection::UnknownKey);
    }
}

mod kinde {
    use super::*;

    #[test]
    fn the_url_of_keys_is_the_receivers_own() {
        let fetching = || Verifier::builder(catalog::KINDE).remote_keys();
        let setting = Setting::KeysUrl;
        assert_eq!(fetching().build().err(), Some(ConfigError::MissingSetting { setting }));
        let plain = fetching().setting(setting, "http://acme.kinde.com/.well-known/jwks.json");
        assert_eq!(plain.build().err(), Some(ConfigError::WrongSetting { setting }));
        let url = "https://acme.kinde.com/.well-known/jwks.json";
        let verifier = fetching().setting(setting, url).build().unwrap();
        let body = format!("{}.{}.AAAA", encoded(r#"{"alg":"RS256","kid":"a"}"#), encoded("{}"));
        let headers: Headers = vec![];
        let delivery = Delivery::new("POST", "/", &headers, body.as_bytes());
        let requests = verifier.key_requests(&delivery).unwrap();
        assert_eq!((requests[0].url(), requests[0].key_id()), (url, Some("a")));
    }

    #[test]
    fn the_body_is_the_token_and_says_the_event() {
        let verifier = builder(with_secrets(catalog::KINDE)).build().unwrap();
        let claims = json!({ "event_id": "event_1", "type": "user.created", "data": {} });
        let headers: Headers = vec![];
        let digest = |body: &str| {
            let delivery = Delivery::new("POST", "/", &headers, body.as_bytes());
            let proof = verifier.verify(&delivery, NOW).unwrap();
            assert_eq!(proof.event_id(&delivery).as_deref(), Some("event_1"));
            assert_eq!(proof.event_type(&delivery).as_deref(), Some("user.created"));
            proof.content_digest(&delivery).unwrap()
        };
        let first = digest(&token(&claims));
        assert_eq!(digest(&format!(" {}\r\n", token(&claims))), first);
        let later = but(&claims, &json!({ "iat": SECONDS, "exp": SECONDS + 9, "jti": "x" }));
        assert_eq!(digest(&token(&later)), first, "signed anew");
        assert_ne!(digest(&token(&but(&claims, &json!({ "data": 1 })))), first, "another event");
        for body in ["", "{}", &format!("{} x", token(&claims))] {
            assert!(verify(&verifier, &headers, body.as_bytes()).is_err(), "{body}");
        }
    }

    #[test]
    fn claims_inside_a_claim_are_found() {
        let verifier = builder(with_secrets(catalog::WIX)).build().unwrap();
        let data = json!({ "eventType": "OrderEvent", "data": "{}" }).to_string();
        let body = token(&json!({ "data": data, "iat": SECONDS, "exp": SECONDS + 60 }));
        let headers: Headers = vec![];
        let delivery = Delivery::new("POST", "/", &headers, body.as_bytes());
        let proof = verifier.verify(&delivery, NOW).unwrap();
        assert_eq!(proof.event_type(&delivery).as_deref(), Some("OrderEvent"));
    }
}

mod digests {
    use super::*;

    fn vonage(changes: &Value) -> Headers {
        let claims = json!({ "iat": SECONDS, "jti": "1", "iss": "Vonage", "api_key": "a1",
            "payload_hash": hex(BODY) });
        bearer(&but(&claims, changes))
    }

    #[test]
    fn a_body_needs_its_digest_and_no_body_needs_none() {
        let verifier = builder(catalog::VONAGE).build().unwrap();
        let check = |changes: &Value, body: &[u8]| verify(&verifier, &vonage(changes), body);
        assert_eq!(check(&json!({}), BODY), Ok(()));
        assert_eq!(check(&json!({}), b""), Err(Rejection::WrongDigest));
        let without = json!({ "payload_hash": null });
        assert_eq!(check(&without, BODY), Err(Rejection::WrongClaim));
        assert_eq!(check(&without, b""), Ok(()));
        assert_eq!(check(&json!({ "payload_hash": hex(b"") }), b""), Ok(()));
    }

    #[test]
    fn the_secret_is_the_one_that_the_claim_names() {
        let verifier = Verifier::builder(catalog::VONAGE)
            .secret(Secret::new("another secret of sixteen").label("b").id("b2"))
            .secret(Secret::new(SECRET).label("a").id("a1"))
            .build()
            .unwrap();
        let proof = verify_at(&verifier, NOW, "/", &vonage(&json!({})), BODY).unwrap();
        assert_eq!(proof.secret(), "a");
        let check = |key: Value| verify(&verifier, &vonage(&json!({ "api_key": key })), BODY);
        assert_eq!(check(json!("b2")), Err(Rejection::BadSignature));
        assert_eq!(check(json!("c3")), Err(Rejection::UnknownKey));
        assert_eq!(check(json!(null)), Err(Rejection::UnknownKey));
    }

    #[test]
    fn without_a_body_two_events_are_not_one() {
        let verifier = builder(catalog::VONAGE).build().unwrap();
        let digest = |jti: &str| {
            let headers = vonage(&json!({ "payload_hash": null, "jti": jti }));
            let delivery = Delivery::new("GET", "/?text=x", &headers, b"");
            verifier.verify(&delivery, NOW).unwrap().content_digest(&delivery).unwrap()
        };
        assert_eq!(digest("1"), digest("1"));
        assert_ne!(digest("1"), digest("2"));
    }

    fn messagebird(url: &str, changes: &Value) -> Headers {
        let claims = json!({ "iss": "MessageBird", "jti": "1", "nbf": SECONDS, "exp": SECONDS + 60,
            "url_hash": hex(url.as_bytes()), "payload_hash": hex(BODY) });
        vec![("MessageBird-Signature-JWT", token(&but(&claims, changes)))]
    }

    #[test]
    fn the_url_is_the_senders() {
        let verifier =
            builder(catalog::MESSAGEBIRD).external_url("https://example.com").build().unwrap();
        let check = |signed: &str, url: &str, changes: &Value, body: &[u8]| {
            verify_at(&verifier, NOW, url, &messagebird(signed, changes), body).map(|_| ())
        };
        let url = "https://example.com/in?b=1&a=2";
        let (same, none) = (json!({}), json!({ "payload_hash": null }));
        assert_eq!(check(url, "/in?b=1&a=2", &same, BODY), Ok(()));
        assert_eq!(check(url, "http://10.0.0.5:8080/in?b=1&a=2", &same, BODY), Ok(()));
        assert_eq!(check(url, "/in?a=2&b=1", &same, BODY), Err(Rejection::WrongClaim));
        assert_eq!(check(url, "/in", &same, BODY), Err(Rejection::WrongClaim));
        assert_eq!(check(url, "/in?b=1&a=2", &none, b""), Ok(()));
        assert_eq!(check(url, "/in?b=1&a=2", &none, BODY), Err(Rejection::WrongClaim));
        assert_eq!(check(url, "/in?b=1&a=2", &same, b""), Err(Rejection::WrongDigest));
        let of_nothing = json!({ "payload_hash": hex(b"") });
        assert_eq!(check(url, "/in?b=1&a=2", &of_nothing, b""), Err(Rejection::WrongDigest));
        assert_eq!(
            builder(catalog::MESSAGEBIRD).build().err(),
            Some(ConfigError::MissingExternalUrl)
        );
    }

    #[test]
    fn the_clock_may_be_five_seconds_off() {
        let verifier =
            builder(catalog::MESSAGEBIRD).external_url("https://example.com").build().unwrap();
        let at = |seconds| {
            let headers = messagebird("https://example.com/", &json!({}));
            let now = Timestamp::from_unix_seconds(SECONDS + seconds);
            verify_at(&verifier, now, "/", &headers, BODY).map(|_| ())
        };
        assert_eq!((at(64), at(65)), (Ok(()), Err(Rejection::TooOld)));
        assert_eq!((at(-5), at(-6)), (Ok(()), Err(Rejection::FromTheFuture)));
    }
}

mod monday {
    use super::*;

    #[test]
    fn the_audience_is_the_endpoint_or_what_was_said() {
        let url = "https://example.com/hooks";
        let headers =
            |aud: &str| vec![("authorization", token(&json!({ "aud": aud, "exp": SECONDS + 60 })))];
        let by_url = builder(catalog::MONDAY).external_url("https://example.com").build().unwrap();
        let said = builder(catalog::MONDAY).setting(Setting::Audience, url).build().unwrap();
        for verifier in [by_url, said] {
            assert_eq!(verify(&verifier, &headers(url), BODY), Ok(()));
            let other = headers("https://example.com/other");
            assert_eq!(verify(&verifier, &other, BODY), Err(Rejection::WrongClaim));
        }
        let setting = Setting::Audience;
        let neither = builder(catalog::MONDAY).build();
        assert_eq!(neither.err(), Some(ConfigError::MissingSetting { setting }));
    }
}

mod microsoft_graph_rich {
    use super::*;

    #[test]
    fn every_token_must_be_valid() {
        let verifier = builder(with_secrets(catalog::MICROSOFT_GRAPH_RICH))
            .setting(Setting::Audience, "app")
            .build()
            .unwrap();
        let claims = json!({ "aud": "app", "azp": "0bf30f3b-4a52-48df-9a82-234910c4a086",
            "exp": SECONDS + 60 });
        let good = token(&claims);
        let first_version =
            but(&claims, &json!({ "azp": null, "appid": "0bf30f3b-4a52-48df-9a82-234910c4a086" }));
        let of_another = token(&but(&claims, &json!({ "azp": "another" })));
        let check = |tokens: &Value| {
            let body = json!({ "value": [], "validationTokens": tokens }).to_string();
            verify(&verifier, &vec![], body.as_bytes())
        };
        assert_eq!(check(&json!([good])), Ok(()));
        assert_eq!(check(&json!([good, token(&first_version)])), Ok(()));
        assert_eq!(check(&json!([good, of_another])), Err(Rejection::WrongClaim));
        assert_eq!(check(&json!([of_another, good])), Err(Rejection::WrongClaim));
        assert_eq!(check(&json!([good, 1])), Err(Rejection::MalformedToken));
        assert_eq!(check(&json!([])), Err(Rejection::MissingSignature));
        assert_eq!(check(&json!(null)), Err(Rejection::MissingSignature));
        assert_eq!(check(&json!(vec![&good; 33])), Err(Rejection::TooManySignatures));
        // Of two members, the handler may read the other one.
        let twice = format!(r#"{{"validationTokens":["x"],"validationTokens":["{good}"]}}"#);
        let refused = verify(&verifier, &vec![], twice.as_bytes());
        assert_eq!(refused, Err(Rejection::UnreadableBody));
    }
}

mod atlassian_connect {
    use super::*;

    fn claims(canonical: &str) -> Value {
        json!({ "iss": "client-1", "iat": SECONDS, "exp": SECONDS + 180,
            "qsh": hex(canonical.as_bytes()) })
    }

    fn headers(token: &str) -> Headers {
        vec![("authorization", format!("JWT {token}"))]
    }

    fn verifier() -> Verifier {
        builder(catalog::ATLASSIAN_CONNECT)
            .external_url("https://example.com/addon")
            .build()
            .unwrap()
    }

    #[test]
    fn the_token_signs_method_path_and_query() {
        let token = token(&claims("POST&/hook&a=1&b=x%20y"));
        let check =
            |url: &str| verify_at(&verifier(), NOW, url, &headers(&token), BODY).map(|_| ());
        for url in ["/addon/hook?a=1&b=x%20y", "/hook?b=x+y&a=1", "/addon/hook/?b=x%20y&a=1"] {
            assert_eq!(check(url), Ok(()), "{url}");
        }
        for url in ["/addon/hook?a=1", "/addon/other?a=1&b=x%20y", "/addon/hook?a=1&b=x%20y&c=1"] {
            assert_eq!(check(url), Err(Rejection::WrongClaim), "{url}");
        }
        let get = headers(&token);
        let get = Delivery::new("GET", "/hook?a=1&b=x%20y", &get, b"");
        assert_eq!(verifier().verify(&get, NOW).unwrap_err(), Rejection::WrongClaim);
        let in_query = format!("/addon/hook?jwt={token}&a=1&b=x%20y");
        assert!(verify_at(&verifier(), NOW, &in_query, &vec![], BODY).is_ok());
        let twice = format!("{in_query}&jwt=x");
        assert!(verify_at(&verifier(), NOW, &twice, &vec![], BODY).is_err());
    }

    #[test]
    fn a_token_for_a_frame_is_not_one_for_a_webhook() {
        let claims = claims("POST&/hooks&");
        for qsh in [json!("context-qsh"), json!(null), json!(""), json!(1)] {
            let headers = headers(&token(&but(&claims, &json!({ "qsh": qsh }))));
            assert_eq!(verify(&verifier(), &headers, BODY), Err(Rejection::WrongClaim));
        }
        for (name, expected) in [("exp", Rejection::WrongClaim), ("iat", Rejection::WrongClaim)] {
            let headers = headers(&token(&but(&claims, &json!({ name: null }))));
            assert_eq!(verify(&verifier(), &headers, BODY), Err(expected));
        }
        let expired = headers(&token(&but(&claims, &json!({ "exp": SECONDS }))));
        assert_eq!(verify(&verifier(), &expired, BODY), Err(Rejection::TooOld));
        // Its expiry says how old it may be; no other age is documented.
        let long = but(&claims, &json!({ "iat": SECONDS - 600, "exp": SECONDS + 1 }));
        assert_eq!(verify(&verifier(), &headers(&token(&long)), BODY), Ok(()));
        let ahead = but(&claims, &json!({ "iat": SECONDS + 301, "exp": SECONDS + 600 }));
        let refused = verify(&verifier(), &headers(&token(&ahead)), BODY);
        assert_eq!(refused, Err(Rejection::FromTheFuture));
    }

    #[test]
    fn each_installation_has_its_secret() {
        let verifier = Verifier::builder(catalog::ATLASSIAN_CONNECT)
            .secret(Secret::new(SECRET).label("one").id("client-1"))
            .secret(Secret::new("another secret of sixteen").label("two").id("client-2"))
            .build()
            .unwrap();
        let claims = claims("POST&/hooks&");
        assert_eq!(verify(&verifier, &headers(&token(&claims)), BODY), Ok(()));
        // The secret of one installation signs nothing for another.
        for (issuer, expected) in [
            (json!("client-2"), Rejection::BadSignature),
            (json!("client-3"), Rejection::UnknownKey),
            (json!(null), Rejection::WrongClaim),
        ] {
            let headers = headers(&token(&but(&claims, &json!({ "iss": issuer }))));
            assert_eq!(verify(&verifier, &headers, BODY), Err(expected));
        }
        let of_one = builder(catalog::ATLASSIAN_CONNECT)
            .setting(Setting::Issuer, "client-9")
            .build()
            .unwrap();
        let refused = verify(&of_one, &headers(&token(&claims)), BODY);
        assert_eq!(refused, Err(Rejection::WrongClaim));
    }
}

mod truelayer {
    use super::*;
    use p521::ecdsa::{Signature, SigningKey};

    const JWKS: &str = "https://webhooks.truelayer.com/.well-known/jwks";
    const SANDBOX: &str = "https://webhooks.truelayer-sandbox.com/.well-known/jwks";
    const TIME: &str = "2026-09-21T14:13:20Z"; // NOW

    fn key() -> SigningKey {
        let mut scalar = [3; 66];
        scalar[0] = 0;
        SigningKey::from_slice(&scalar).unwrap()
    }

    fn jwks() -> String {
        let point = key().verifying_key().to_sec1_point(false);
        let (x, y) = point.as_bytes()[1..].split_at(66);
        json!({ "keys": [{ "kty": "EC", "crv": "P-521", "alg": "ES512", "kid": "k1",
            "x": encoded(x), "y": encoded(y) }] })
        .to_string()
    }

    fn header(changes: &Value) -> Value {
        let header = json!({ "alg": "ES512", "kid": "k1", "tl_version": "2", "jku": JWKS,
            "tl_headers": "X-Tl-Webhook-Timestamp,x-b" });
        but(&header, changes)
    }

    fn signed(header: &Value, content: &str) -> Headers {
        let encoded_header = encoded(header.to_string());
        let input = format!("{encoded_header}.{}", encoded(content));
        let signature: Signature = key().sign(input.as_bytes());
        vec![
            ("Tl-Signature", format!("{encoded_header}..{}", encoded(signature.to_bytes()))),
            ("x-tl-webhook-timestamp", TIME.to_owned()),
            ("X-B", "b".to_owned()),
        ]
    }

    /// What is signed in front of the body.
    const FRONT: &str = "POST /hook\nX-Tl-Webhook-Timestamp: 2026-09-21T14:13:20Z\nx-b: b\n";

    fn content() -> String {
        format!("{FRONT}{}", String::from_utf8_lossy(BODY))
    }

    /// Verifies as an adapter would, with what a fetch of the asked URLs returns.
    #[expect(clippy::unwrap_in_result, reason = "the result is that of the delivery")]
    fn check_with(builder: VerifierBuilder, url: &str, headers: &Headers) -> Result<(), Rejection> {
        let verifier = builder.remote_keys().build().unwrap();
        let delivery = Delivery::new("POST", url, headers, BODY);
        verifier.precheck(delivery.head(), NOW)?;
        let documents: Vec<Arc<KeyDocument>> = verifier
            .key_requests(&delivery)?
            .iter()
            .map(|request| {
                assert!([JWKS, SANDBOX].contains(&request.url()), "{request:?} is asked for");
                Arc::new(request.read(jwks().as_bytes()).unwrap())
            })
            .collect();
        let proof = verifier.verify_with(&delivery, &documents, NOW)?;
        assert_eq!((proof.secret(), proof.signed_at()), ("k1", Some(NOW)));
        Ok(())
    }

    fn check(url: &str, headers: &Headers) -> Result<(), Rejection> {
        check_with(Verifier::builder(catalog::TRUELAYER), url, headers)
    }

    #[test]
    fn names_are_signed_as_the_token_spells_them_in_its_order() {
        let good = signed(&header(&json!({})), &content());
        for url in ["/hook", "/hook/", "https://example.com/hook", "/hook?a=1"] {
            assert_eq!(check(url, &good), Ok(()), "{url}");
        }
        for url in ["/", "/hooks", "/hook//"] {
            assert_eq!(check(url, &good), Err(Rejection::BadSignature), "{url}");
        }
        let turned = json!({ "tl_headers": "x-b,X-Tl-Webhook-Timestamp" });
        let turned = signed(&header(&turned), &content());
        assert_eq!(check("/hook", &turned), Err(Rejection::BadSignature));
        let spelled = json!({ "tl_headers": "X-TL-Webhook-Timestamp,x-b" });
        let spelled = signed(&header(&spelled), &content());
        assert_eq!(check("/hook", &spelled), Err(Rejection::BadSignature));
    }

    #[test]
    fn the_time_must_be_signed() {
        let body = String::from_utf8_lossy(BODY);
        for (listed, content) in
            [("", format!("POST /hook\n{body}")), ("x-b", format!("POST /hook\nx-b: b\n{body}"))]
        {
            let headers = signed(&header(&json!({ "tl_headers": listed })), &content);
            let expected = Rejection::MissingHeader(HeaderRole::Timestamp);
            assert_eq!(check("/hook", &headers), Err(expected));
        }
        for change in [json!({ "tl_headers": null }), json!({ "tl_version": "1" })] {
            let headers = signed(&header(&change), &content());
            assert_eq!(check("/hook", &headers), Err(Rejection::MalformedToken));
        }
        for change in
            [json!({ "tl_version": 2 }), json!({ "tl_version": null }), json!({ "kid": null })]
        {
            let headers = signed(&header(&change), &content());
            assert_eq!(check("/hook", &headers), Err(Rejection::MalformedToken));
        }
    }

    #[test]
    fn a_signed_header_is_there_once() {
        let role = HeaderRole::Signed;
        let good = signed(&header(&json!({})), &content());
        let twice = [&good[..], &[("x-TL-webhook-TIMESTAMP", TIME.to_owned())]].concat();
        assert_eq!(check("/hook", &twice), Err(Rejection::AmbiguousHeader(role)));
        assert_eq!(check("/hook", &good[..2].to_vec()), Err(Rejection::MissingHeader(role)));
        let mut changed = good.clone();
        changed[2].1 = "c".to_owned();
        assert_eq!(check("/hook", &changed), Err(Rejection::BadSignature));
        let listed = json!({ "tl_headers": "X-Tl-Webhook-Timestamp,x-b,X-B" });
        let listed = signed(&header(&listed), &content());
        assert_eq!(check("/hook", &listed), Err(Rejection::AmbiguousHeader(role)));
    }

    #[test]
    fn keys_come_from_the_senders_own_places() {
        for jku in [
            "https://attacker.example/.well-known/jwks",
            "https://webhooks.truelayer.com.attacker.example/.well-known/jwks",
            "https://webhooks.truelayer.com/.well-known/jwks/",
            "https://webhooks.truelayer.com:443/.well-known/jwks",
            "HTTPS://webhooks.truelayer.com/.well-known/jwks",
            "http://webhooks.truelayer.com/.well-known/jwks",
            // The sandbox signs what anyone makes up.
            SANDBOX,
        ] {
            let headers = signed(&header(&json!({ "jku": jku })), &content());
            assert_eq!(check("/hook", &headers), Err(Rejection::ForeignKeyUrl), "{jku}");
        }
        let without = signed(&header(&json!({ "jku": null })), &content());
        assert_eq!(check("/hook", &without), Err(Rejection::ForeignKeyUrl));
        let sandbox = signed(&header(&json!({ "jku": SANDBOX })), &content());
        let builder = |environment: &str| {
            Verifier::builder(catalog::TRUELAYER).setting(Setting::Environment, environment)
        };
        assert_eq!(check_with(builder("sandbox"), "/hook", &sandbox), Ok(()));
        let production = signed(&header(&json!({})), &content());
        let refused = check_with(builder("sandbox"), "/hook", &production);
        assert_eq!(refused, Err(Rejection::ForeignKeyUrl));
        let setting = Setting::Environment;
        let unknown = builder("live").key_set(jwks()).build();
        assert_eq!(unknown.err(), Some(ConfigError::WrongSetting { setting }));
        let other_key = signed(&header(&json!({ "kid": "k2" })), &content());
        assert_eq!(check("/hook", &other_key), Err(Rejection::UnknownKey));
    }

    #[test]
    fn no_other_algorithm_and_no_payload_in_the_token() {
        for alg in ["none", "ES256", "HS512", "RS512"] {
            let headers = signed(&header(&json!({ "alg": alg })), &content());
            assert_eq!(check("/hook", &headers), Err(Rejection::WrongAlgorithm), "{alg}");
        }
        let mut attached = signed(&header(&json!({})), &content());
        attached[0].1 = attached[0].1.replace("..", &format!(".{}.", encoded(content())));
        assert_eq!(check("/hook", &attached), Err(Rejection::MalformedToken));
    }
}
