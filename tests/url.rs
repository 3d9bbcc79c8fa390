//! Senders that sign the URL, a form or a part of the body: what their vectors do not show.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use countersign::{
    Algorithm, ConfigError, Coverage, Delivery, Head, HeaderRole, PublicKey, Rejection, Scheme,
    Secret, Setting, Timestamp, Tolerance, Verified, Verifier, catalog,
};

const NOW: Timestamp = Timestamp::from_unix_seconds(1_700_000_000);
const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
const JSON: (&str, &str) = ("Content-Type", "application/json");

/// A request: method, URL, headers and body.
type Request<'r> = (&'r str, &'r str, &'r [(&'r str, &'r str)], &'r str);

fn verify(verifier: &Verifier, request: Request<'_>) -> Result<(Verified, [u8; 32]), Rejection> {
    let (method, url, headers, body) = request;
    let headers = headers.to_vec();
    let delivery = Delivery::new(method, url, &headers, body.as_bytes());
    verifier.precheck(delivery.head(), NOW)?;
    let proof = verifier.verify(&delivery, NOW)?;
    let digest = proof.content_digest(&delivery)?;
    Ok((proof, digest))
}

#[track_caller]
fn check(verifier: &Verifier, request: Request<'_>, expected: Result<Coverage, Rejection>) {
    assert_eq!(verify(verifier, request).map(|(proof, _)| proof.coverage()), expected);
}

fn by_secret(scheme: Scheme, secret: &str) -> Verifier {
    let builder = Verifier::builder(scheme).secret(Secret::new(secret));
    builder.external_url("https://example.com").build().unwrap()
}

#[test]
fn who_signs_the_url_must_be_told_it() {
    for scheme in catalog::all().iter().filter(|scheme| scheme.signs_external_url()) {
        let builder = || Verifier::builder(scheme.clone()).secret(Secret::new("secret"));
        let built = builder().build().map(|_| ());
        assert_eq!(built, Err(ConfigError::MissingExternalUrl), "{}", scheme.id);
        let built = builder().external_url("example.com").build().map(|_| ());
        assert_eq!(built, Err(ConfigError::WrongExternalUrl), "{}", scheme.id);
        let built = builder().external_url("https://a.example").trusted_proxy("::1").build();
        assert_eq!(built.map(|_| ()), Err(ConfigError::SeveralExternalUrls), "{}", scheme.id);
        let built = builder().trusted_proxy("everyone").build().map(|_| ());
        let network = "everyone".to_owned();
        assert_eq!(built, Err(ConfigError::WrongProxy { network }), "{}", scheme.id);
    }
}

#[test]
fn a_verifier_without_a_secret_accepts_nothing_whoever_judges() {
    for scheme in [catalog::TWILIO, catalog::SQUARE, catalog::PAYFAST, catalog::HUBSPOT] {
        let built = Verifier::builder(scheme.clone()).build_without_secret().map(|_| ());
        let needs_url = scheme.signs_external_url();
        let expected = if needs_url { Err(ConfigError::MissingExternalUrl) } else { Ok(()) };
        assert_eq!(built, expected, "{}", scheme.id);
    }
    let builder = Verifier::builder(catalog::TWILIO).external_url("https://example.com");
    let twilio = builder.build_without_secret().unwrap();
    let bad = Err(Rejection::BadSignature);
    check(&twilio, ("POST", SMS, &[SMS_SIGNATURE, FORM], "Body=hi"), bad);
}

const SMS: &str = "/sms?a=b";
const SMS_SIGNATURE: (&str, &str) = ("X-Twilio-Signature", "ypGIcSrKE8qaobVQ0EKuBhz1IAI=");

#[test]
fn twilio_a_body_that_is_no_form_needs_its_digest() {
    let twilio = by_secret(catalog::TWILIO, "12345");
    let covered = Ok(Coverage::BODY.with_url());
    // The URL alone, which is what a request without a body has signed.
    let url_only = ("X-Twilio-Signature", "ofzlluTfiEBNAWoQxGraYzc6aPs=");
    check(&twilio, ("GET", SMS, &[url_only], ""), covered);
    let unreadable = Err(Rejection::UnreadableBody);
    check(&twilio, ("POST", SMS, &[url_only, JSON], "{}"), unreadable);
    check(&twilio, ("POST", SMS, &[url_only], "{}"), unreadable);
    let parts = ("Content-Type", "multipart/form-data; boundary=x");
    check(&twilio, ("POST", SMS, &[url_only, parts], "--x--"), unreadable);
    check(&twilio, ("POST", SMS, &[SMS_SIGNATURE, FORM], "Body=hi"), covered);
    check(&twilio, ("POST", SMS, &[SMS_SIGNATURE, JSON], "Body=hi"), unreadable);
}

#[test]
fn twilio_a_shared_key_is_known_by_its_id() {
    let twilio = Verifier::builder(catalog::TWILIO)
        .secret(Secret::new("12345").label("token"))
        .secret(Secret::new("shared").label("shared").id("K1"))
        .external_url("https://example.com")
        .build()
        .unwrap();
    let run = |signature, settings| {
        let signature = ("X-Twilio-Signature", signature);
        let settings = ("X-Twilio-Webhooks-Signature-Settings", settings);
        let verified = verify(&twilio, ("POST", SMS, &[signature, settings, FORM], "Body=hi"));
        verified.map(|(proof, _)| proof.secret().to_owned())
    };
    let (_, by_token) = SMS_SIGNATURE;
    let by_shared = "Y2QjfNpBCcaCLKNyUeDR7nJci25IwT8vXh5q5S3wY8A=";
    let by_shared_sha1 = "5u25RUykA5ZJZMDO+pAgB0wejfQ=";
    let by_token_sha256 = "E5QPtl33uAA8nTlgkfDoTu0WbYK5RSvLQKbiiqca1EE=";
    assert_eq!(run(by_shared, "key=K1,algorithm=HMAC_SHA256").as_deref(), Ok("shared"));
    assert_eq!(run(by_shared, "key=K1").as_deref(), Ok("shared"));
    assert_eq!(run(by_token, "").as_deref(), Ok("token"));
    // Neither the algorithm nor another kind of key is the delivery's to choose.
    let wrong = Err(Rejection::WrongAlgorithm);
    assert_eq!(run(by_shared_sha1, "key=K1,algorithm=HMAC_SHA1"), wrong);
    assert_eq!(run(by_token_sha256, "algorithm=HMAC_SHA256"), wrong);
    assert_eq!(run(by_token, "key=K1"), Err(Rejection::MalformedSignature));
    assert_eq!(run(by_shared_sha1, ""), Err(Rejection::BadSignature));
    assert_eq!(run(by_shared, "key=K2"), Err(Rejection::UnknownKey));
    assert_eq!(run(by_shared, "key="), Err(Rejection::MalformedSignature));
}

#[test]
fn twilio_a_secret_is_for_an_algorithm_that_it_may_have() {
    let built = |secret| {
        let builder = Verifier::builder(catalog::TWILIO).secret(secret);
        builder.external_url("https://example.com").build().map(|_| ())
    };
    let secret = || Secret::new("12345").label("it");
    assert_eq!(built(secret().algorithm(Algorithm::HmacSha1)), Ok(()));
    assert_eq!(built(secret().id("K1").algorithm(Algorithm::HmacSha1)), Ok(()));
    let wrong = Err(ConfigError::WrongAlgorithm { label: "it".into() });
    assert_eq!(built(secret().algorithm(Algorithm::HmacSha256)), wrong);
    assert_eq!(built(secret().id("K1").algorithm(Algorithm::HmacSha512)), wrong);
}

#[test]
fn twilio_an_event_is_one_however_its_url_and_form_are_written() {
    let twilio = by_secret(catalog::TWILIO, "12345");
    let signature = ("X-Twilio-Signature", "tIMqIsVkSAHosjty6gYlHcNSFBQ=");
    let run = |url, body| verify(&twilio, ("POST", url, &[signature, FORM], body)).unwrap().1;
    let one = run("/sms?a=it's", "Body=hi");
    assert_eq!(one, run("/sms?a=it%27s", "B%6fdy=hi"));
    assert_eq!(one, run("/sms?a=it's", "Bod=yhi"), "what the signature joins is one");
}

#[test]
fn twilio_what_is_moved_into_the_query_makes_no_other_event() {
    let twilio = by_secret(catalog::TWILIO, "12345");
    // Over `https://example.com/h?t=7BodySidMessage'1"<>ZipX`.
    let signature = ("X-Twilio-Signature", "o7CPQ+lQEKjj0pg7g3XwWulwOOw=");
    let run = |url, body| verify(&twilio, ("POST", url, &[signature, FORM], body)).unwrap().1;
    let one = run("/h?t=7", "BodySid=Message%271%22%3C%3E&Zip=X");
    assert_eq!(one, run("/h?t=7BodySidMessage'1\"<>", "Zip=X"));
    assert_eq!(one, run("/h?t=7BodySidMessage'1\"<>ZipX", ""));
    // Nothing of the kind passes once the whole URL is given.
    let whole = Verifier::builder(catalog::TWILIO).secret(Secret::new("12345"));
    let whole = whole.notification_url("https://example.com/h?t=7").build().unwrap();
    let run = |url, body| verify(&whole, ("POST", url, &[signature, FORM], body));
    assert_eq!(run("/h?t=7", "BodySid=Message%271%22%3C%3E&Zip=X").unwrap().1, one);
    let moved = run("/h?t=7BodySidMessage'1\"<>", "Zip=X");
    assert_eq!(moved.unwrap_err(), Rejection::BadSignature);
}

#[test]
fn only_a_trusted_proxy_says_what_the_url_was() {
    let twilio = Verifier::builder(catalog::TWILIO)
        .secret(Secret::new("12345"))
        .trusted_proxy("10.0.0.0/8")
        .trusted_proxy("fd00::/8")
        .build()
        .unwrap();
    let headers =
        [("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "example.com"), SMS_SIGNATURE, FORM];
    let run = |peer: Option<&str>| {
        let head = Head::new("POST", SMS, &headers);
        let head = peer.map_or(head, |peer| head.from_peer(peer.parse().unwrap()));
        twilio.verify(&head.with_body(b"Body=hi"), NOW).map(|_| ())
    };
    assert_eq!(run(Some("10.1.2.3")), Ok(()));
    assert_eq!(run(Some("::ffff:10.1.2.3")), Ok(()));
    assert_eq!(run(Some("fd00::1")), Ok(()));
    assert_eq!(run(Some("192.0.2.1")), Err(Rejection::UntrustedProxy));
    assert_eq!(run(None), Err(Rejection::UntrustedProxy));
}

#[tokio::test]
async fn the_layer_knows_the_peer_that_it_is_told() {
    use axum::body::Body;
    use axum::http::{Request, StatusCode};
    use axum::routing::{Router, post};
    use countersign_axum::{Peer, VerifyLayer};
    use tower::ServiceExt as _;

    let builder = Verifier::builder(catalog::TWILIO).secret(Secret::new("12345"));
    let twilio = builder.trusted_proxy("10.0.0.0/8").build().unwrap();
    let app = Router::new().route("/sms", post(|| async {})).layer(VerifyLayer::new(twilio));
    let run = async |peer: Option<[u8; 4]>| {
        let (name, signature) = SMS_SIGNATURE;
        let mut request = Request::post(SMS)
            .header("X-Forwarded-Proto", "https")
            .header("X-Forwarded-Host", "example.com")
            .header(name, signature)
            .header(FORM.0, FORM.1)
            .body(Body::from("Body=hi"))
            .unwrap();
        if let Some(peer) = peer {
            request.extensions_mut().insert(Peer(peer.into()));
        }
        app.clone().oneshot(request).await.unwrap().status()
    };
    assert_eq!(run(Some([10, 1, 2, 3])).await, StatusCode::OK);
    assert_eq!(run(Some([192, 0, 2, 1])).await, StatusCode::UNAUTHORIZED);
    assert_eq!(run(None).await, StatusCode::UNAUTHORIZED);
}

#[test]
fn hubspot_never_falls_back_and_decodes_some_characters() {
    let by_v3 = ("X-HubSpot-Signature-v3", "RIw/4rOsrBbDYboY6MvrONP8KR4nxK/QV+h7VyZYiTs=");
    let verbatim = ("X-HubSpot-Signature-v3", "L8n/T6ydMBzVWGFefkiHylAe6tHFAZ77CiCP+b+OYVA=");
    let time = ("X-HubSpot-Request-Timestamp", "1700000000000");
    let by_v1 =
        ("X-HubSpot-Signature", "52df4a6e380fec139c91bffb9ad970141b2214dc6f482ed4f2c4c5c8ccb9809b");
    let version = ("X-HubSpot-Signature-Version", "v1");
    let url = "/hooks?a=b%3ac%2Fd%20e";
    let any = by_secret(catalog::HUBSPOT, "client-secret");
    let v3 = by_secret(catalog::HUBSPOT_V3, "client-secret");
    let covered = Ok(Coverage::BODY.with_method().with_url().with_timestamp());
    for verifier in [&any, &v3] {
        check(verifier, ("POST", url, &[by_v3, time], "{}"), covered);
        let bad = Err(Rejection::BadSignature);
        check(verifier, ("POST", url, &[verbatim, time], "{}"), bad);
        check(verifier, ("POST", url, &[verbatim, time, by_v1, version], "{}"), bad);
        let missing = Err(Rejection::MissingHeader(HeaderRole::Timestamp));
        check(verifier, ("POST", url, &[by_v3, by_v1, version], "{}"), missing);
    }
    check(&any, ("POST", url, &[by_v1, version], "{}"), Ok(Coverage::BODY));
    let v4 = ("X-HubSpot-Signature-Version", "v4");
    let wrong = Err(Rejection::WrongHeader(HeaderRole::Required));
    check(&any, ("POST", url, &[by_v1, v4], "{}"), wrong);
    let missing = Err(Rejection::MissingHeader(HeaderRole::Signature));
    check(&v3, ("POST", url, &[by_v1, version], "{}"), missing);
}

#[test]
fn mandrill_what_is_no_form_is_not_read_as_one() {
    let mandrill = by_secret(catalog::MANDRILL, "mandrill-key");
    let signature = ("X-Mandrill-Signature", "YRnJAfvygvIjyLwSXNP4ihXXMkc=");
    let covered = Ok(Coverage::BODY.with_url());
    check(&mandrill, ("POST", "/m", &[signature, FORM], "mandrill_events=%5B%5D"), covered);
    let unreadable = Err(Rejection::UnreadableBody);
    check(&mandrill, ("POST", "/m", &[signature, JSON], "mandrill_events=%5B%5D"), unreadable);
    check(&mandrill, ("POST", "/m", &[signature], "mandrill_events=%5B%5D"), unreadable);
}

#[test]
fn mercado_pago_signs_ids_and_no_body() {
    let builder = Verifier::builder(catalog::MERCADO_PAGO).secret(Secret::new("mp-secret"));
    let mercado_pago = builder.tolerance(Tolerance::symmetric(300)).build().unwrap();
    let at = |signature| ("x-signature", signature);
    let first =
        at("ts=1700000000,v1=15434b4b9d5876985d854b8c4644bf127381f18c5138766a47790654e2f02da6");
    let again =
        at("ts=1700000100, v1=163913a29c0804b4f1ee9406555df017a3b774b87d2434a446cb5e0408425c53");
    let without_id =
        at("ts=1700000000,v1=1b2be1f9855e56d3957909d2c46689bd5048f228fbbbc5050bcb37e963505048");
    let id = ("x-request-id", "r-1");
    let covered = Ok(Coverage::NOTHING.with_timestamp());
    check(&mercado_pago, ("POST", "/mp?data.id=ABC1", &[first, id], "anything"), covered);
    check(&mercado_pago, ("POST", "/mp?data.id=&x=y", &[without_id, id], ""), covered);
    let bad = Err(Rejection::BadSignature);
    check(&mercado_pago, ("POST", "/mp?data.id=abc1", &[without_id, id], ""), bad);
    check(&mercado_pago, ("POST", "/mp?data.id=abc1", &[first], ""), bad);
    let twice = Err(Rejection::UnreadableBody);
    check(&mercado_pago, ("POST", "/mp?data.id=abc1&data.id=2", &[first, id], ""), twice);
    let joined = Err(Rejection::MalformedSignature);
    let url = "/mp?data.id=abc1;request-id:r-1";
    check(&mercado_pago, ("POST", url, &[first], ""), joined);
    let two = at("ts=1700000000,v1=00,v1=11");
    check(&mercado_pago, ("POST", "/mp", &[two], ""), Err(Rejection::MalformedSignature));

    let run = |signature, url, body| {
        verify(&mercado_pago, ("POST", url, &[signature, id], body)).unwrap().1
    };
    let one = run(first, "/mp?data.id=ABC1", "{}");
    assert_eq!(one, run(again, "/mp?data.id=abc1&x=y", ""), "another attempt");
    assert_ne!(one, run(without_id, "/mp", "{}"));
}

#[test]
fn payfast_without_a_passphrase_must_be_asked_for_and_proves_nothing() {
    let built = Verifier::builder(catalog::PAYFAST).build().map(|_| ());
    assert_eq!(built, Err(ConfigError::NoSecret));
    let both = Verifier::builder(catalog::PAYFAST).secret(Secret::new("x"));
    let both = both.danger_without_secret().build().map(|_| ());
    assert_eq!(both, Err(ConfigError::TooManySecrets { most: 0 }));
    let other = Verifier::builder(catalog::GITHUB).danger_without_secret().build().map(|_| ());
    assert_eq!(other, Err(ConfigError::NoSecret));

    let none = Verifier::builder(catalog::PAYFAST).danger_without_secret().build().unwrap();
    let payfast = by_secret(catalog::PAYFAST, "pass phrase!");
    let fields = "m_payment_id=1&item_name=a+%26+b~&payment_status=COMPLETE";
    let unsigned = format!("{fields}&signature=48a4d0acc0463b9acba741d589f2b6b9");
    let signed = format!("{fields}&signature=3979e94d019658a0e160b29c5dd40697");
    check(&none, ("POST", "/", &[FORM], &unsigned), Ok(Coverage::NOTHING));
    check(&none, ("POST", "/", &[FORM], &signed), Err(Rejection::BadSignature));
    check(&payfast, ("POST", "/", &[FORM], &signed), Ok(Coverage::BODY));
    check(&payfast, ("POST", "/", &[FORM], &unsigned), Err(Rejection::BadSignature));
    // What comes after the signature is not signed, and PHP takes the last of two.
    let added = format!("{signed}&payment_status=CANCELLED");
    check(&payfast, ("POST", "/", &[FORM], &added), Err(Rejection::UnreadableBody));
    check(&payfast, ("POST", "/", &[FORM], fields), Err(Rejection::MissingSignature));
    let rewritten = signed.replace("item_name", "item%5Fname");
    let digest = |body| verify(&payfast, ("POST", "/", &[FORM], body)).unwrap().1;
    assert_eq!(digest(&signed), digest(&rewritten), "however it is written");
}

#[test]
fn braintree_needs_both_halves_of_the_key() {
    let builder = || Verifier::builder(catalog::BRAINTREE).secret(Secret::new("bt-private"));
    let missing = ConfigError::MissingSetting { setting: Setting::PublicHalf };
    assert_eq!(builder().build().map(|_| ()), Err(missing));
    let braintree = builder().setting(Setting::PublicHalf, "bt-public").build().unwrap();
    let tag = "ad67bfe392de14515e53ff4b002c9b3c7f3a8928";
    let body = |pairs: &str, payload| format!("bt_signature={pairs}&bt_payload={payload}");
    let own = format!("bt-public%7C{tag}");
    let run = |body: &str| verify(&braintree, ("POST", "/", &[FORM], body));
    let (proof, digest) = run(&body(&own, "cGF5bG9hZA%3D%3D%0A")).unwrap();
    assert!(proof.coverage().form_field() && !proof.coverage().body());
    let (_, without_end) = run(&body(&own, "cGF5bG9hZA%3D%3D")).unwrap();
    assert_eq!(digest, without_end, "one event, with its line end and without");
    // Signed over two of them, and the last was lost or not.
    let two = "bt-public%7C1bd845d80af848506862c92b97f7277cd3c36c01";
    for payload in ["cGF5bG9hZA%3D%3D%0A", "cGF5bG9hZA%3D%3D%0A%0A"] {
        assert_eq!(run(&body(two, payload)).unwrap().1, digest, "{payload}");
    }
    let refused = |pairs: &str| run(&body(pairs, "cGF5bG9hZA%3D%3D%0A")).unwrap_err();
    assert_eq!(refused(&format!("bt-publi%7C{tag}")), Rejection::UnknownKey);
    assert_eq!(refused(tag), Rejection::UnknownKey);
    assert_eq!(refused("bt-public%7C00"), Rejection::MalformedSignature);
    let many = vec![own.as_str(); 200].join("%26");
    assert_eq!(refused(&many), Rejection::TooManySignatures);
    let twice = run(&format!("{}&bt_payload=", body(&own, "cGF5bG9hZA%3D%3D"))).unwrap_err();
    assert_eq!(twice, Rejection::UnreadableBody);
}

#[test]
fn wechat_time_and_nonce_are_told_apart_by_nothing() {
    let wechat = by_secret(catalog::WECHAT_OFFICIAL_ACCOUNT, "wx-token");
    let signature = "signature=6f4f6e56ce5376142d7b697c5879ee4bd52c29ae";
    let one = format!("/?{signature}&timestamp=1700000000&nonce=1699999999");
    let other = format!("/?{signature}&timestamp=1699999999&nonce=1700000000");
    let run = |url: &str, body| verify(&wechat, ("POST", url, &[], body)).unwrap();
    let (proof, digest) = run(&one, "<xml/>");
    assert_eq!(proof.coverage(), Coverage::NOTHING.with_timestamp());
    assert_eq!(digest, run(&other, "<xml>other</xml>").1, "one signature is one event");
    let twice = format!("{one}&nonce=1");
    check(&wechat, ("POST", &twice, &[], ""), Err(Rejection::UnreadableBody));
}

#[test]
fn pandadoc_has_its_signature_in_the_query() {
    let pandadoc = by_secret(catalog::PANDADOC, "panda-key");
    let tag = "677c36b3ce7dee3033801cc9cd45705a97cee108f2135141dc04e8580467dfed";
    let url = format!("/hooks?signature={tag}");
    check(&pandadoc, ("POST", &url, &[], "[]"), Ok(Coverage::BODY));
    check(&pandadoc, ("POST", &url, &[], "[ ]"), Err(Rejection::BadSignature));
    check(&pandadoc, ("POST", "/hooks", &[], "[]"), Err(Rejection::MissingSignature));
    let twice = format!("{url}&signature=00");
    check(&pandadoc, ("POST", &twice, &[], "[]"), Err(Rejection::UnreadableBody));
}

const PUBLIC_KEY: &str = "-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA5V/dVpIxTNOQujsnokvq
MhyrFu1cDKbUBnO322GUwxZ2nlK+c4aCj2xUBnbnUN3kX330pxm+80V9HkSzugEF
y25dDGLVQuK4Gp1tW025jOGSLq3vqJ6jcezYwrAPR1odV9IdcPuk0G2KJQP9Bo3w
FfnnNCkNlAvHPhYK2Kghwrl+H8sTexnNTcs6x01FNgnjRjjOGU/3dmqUnxC/H4Ej
zDAHLnA/V929uL16iN/RFSKuZdTkFaoIu/810rLy9PmKAV3BdD0GUGWPGKBWNJhH
CGf8KJm1f/ZgcIuJF/86/Fa2wjpBfeEU0gX8bjGCHCfryVAKxU9SYaOLRyB1Uc/1
SwIDAQAB
-----END PUBLIC KEY-----";
const SNAP_SIGNATURE: &str = "\
    DzfuAMSdZ/621BMaYi1VnfXdtmIiFeTwdJM9njOhIUpcs7WVzveiAOIFUwoWjku9AIeKTi/Pf2hy50xM\
    H3QuHeJ92FlZwjEz9DXFQFMhdn9TCMZ2Ig+Lll0uFd9n4XuctcwmeEtcWcQaOfepeH9nC8rLkMHv2ETc\
    loG+1RW8eCmJGb96NCwuA8JOCYFo400PJcDYhqIbGS3yiiDv8kOxkdGO5qbsOSm7iqz0kI7GXYtuIH1Z\
    7g1WeQZ0IzCFI+dhskjnWbSGndk4SU466s2AQylnDIBeAXpgpe3M7rO3vL5a0bE5Ps+AAFDcGAd2C6SD\
    lP2/nZYYhT1qVtW5fn4qCQ==";
const BITSO_SIGNATURE: &str = "\
    GAiKAHIJ9VF43JxgAFjnPsrEDdoiYgSfld1nSh1OQjJlbHkJvuiLzxDCAVlejes9TwbomsVgiLAz70/O\
    IM/9+nlZIXwDA2G+fWlyYhGeCt/H6YcXfBLUvtZt8Zmvh76moWga0EmYolHi+3suCXJwKcd2US/zAlun\
    v1+MW0XGwcIb6pKbhhuqXojJ2cjRFuKmIQjchYFwCquQrNHnvLLGld8tNY2xL5gzihkcHbheI2FIHXZ6\
    VnNEWtgqOsRsM7nMxt2lrJ/4zgEEm01so7WiD5gnoPNji+YZWFr7tZfNHKEI32xWGkbkGpLy+ZZ0o9Z9\
    Al2CLb05wyovT85HTsUM0A==";

#[test]
fn snap_signs_the_body_without_its_blanks() {
    let builder = || Verifier::builder(catalog::BI_SNAP).public_key(PublicKey::new(PUBLIC_KEY));
    let snap = builder().build().unwrap();
    let headers = [("X-Signature", SNAP_SIGNATURE), ("X-Timestamp", "2026-11-24T12:00:00+07:00")];
    let path = "/v1.0/transfer-va/payment";
    let covered = Ok(Coverage::BODY.with_method().with_url().with_timestamp());
    let body = "{ \"virtualAccountNo\" : \"1 2\",\n \"paidAmount\":{\"value\":\"10.00\"} }";
    check(&snap, ("POST", path, &headers, body), covered);
    let (minified, bad) = (body.replace([' ', '\n'], ""), Err(Rejection::BadSignature));
    check(&snap, ("POST", path, &headers, &minified), bad);
    check(&snap, ("POST", path, &headers, &body.replace("10.00", "10.0")), bad);
    check(&snap, ("PUT", path, &headers, body), bad);
    check(&snap, ("POST", "/v1.0/other", &headers, body), bad);
    check(&snap, ("POST", path, &headers, "{"), Err(Rejection::UnreadableBody));
    let behind = builder().external_url("https://example.com/v1.0").build().unwrap();
    check(&behind, ("POST", "/transfer-va/payment", &headers, body), covered);
}

#[test]
fn bitso_signs_the_payload_without_its_blanks() {
    let key = || PublicKey::new(PUBLIC_KEY).id("key-1");
    let bitso = Verifier::builder(catalog::BITSO).public_key(key()).build().unwrap();
    let signature = ("x-bitso-webhook-event-signature", BITSO_SIGNATURE);
    let headers = [signature, ("x-bitso-key-id", "key-1")];
    let fields = Ok(Coverage::FIELDS);
    let body = "{\"event\":\"x\",\"payload\": { \"id\" : 1.50, \"note\":\"a b\" }}";
    check(&bitso, ("POST", "/", &headers, body), fields);
    check(&bitso, ("POST", "/", &headers, &body.replace("\"x\"", "\"y\"")), fields);
    let bad = Err(Rejection::BadSignature);
    check(&bitso, ("POST", "/", &headers, &body.replace("1.50", "1.5")), bad);
    let twice = body.replace("\"event\":\"x\"", "\"payload\":1");
    check(&bitso, ("POST", "/", &headers, &twice), Err(Rejection::UnreadableBody));
    let other = [signature, ("x-bitso-key-id", "key-2")];
    check(&bitso, ("POST", "/", &other, body), Err(Rejection::UnknownKey));
    let missing = Err(Rejection::MissingHeader(HeaderRole::KeyId));
    check(&bitso, ("POST", "/", &[signature], body), missing);
}
