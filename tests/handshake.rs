//! How senders make sure that an endpoint is the receiver's, sender by sender and trap by trap.
#![allow(clippy::unwrap_used, clippy::unwrap_in_result, clippy::panic, reason = "a test may panic")]

use countersign::{
    ConfigError, Delivery, Handshake, HandshakeReply, Head, MAX_HANDSHAKE_BODY, PublicKey,
    Received, Rejection, Scheme, Secret, Setting, Timestamp, Verifier, VerifierBuilder, catalog,
};
use countersign_testing::Signer;

const NOW: Timestamp = Timestamp::from_unix_seconds(1_790_000_000);
const SECRET: &str = "a secret that has sixteen bytes";
const NO_HEADERS: &[(&str, &str)] = &[];

type Outcome = Result<HandshakeReply, Rejection>;

fn with_secret(scheme: Scheme) -> VerifierBuilder {
    Verifier::builder(scheme).secret(Secret::new(SECRET))
}

/// Takes the steps that an adapter takes. `None`: it is an event.
fn ask(
    verifier: &Verifier,
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Option<Outcome> {
    let headers = headers.to_vec();
    let head = Head::new(method, url, &headers);
    let early = verifier.handshake_in_head(&head);
    if early.is_none()
        && let Err(rejection) = verifier.precheck(&head, NOW)
    {
        return Some(Err(rejection));
    }
    let last = match verifier.receive(&head.with_body(body.as_bytes()), NOW) {
        Ok(Received::Event(_)) => None,
        Ok(Received::Handshake(reply)) => Some(Ok(reply)),
        Err(rejection) => Some(Err(rejection)),
    };
    if let Some(early) = early {
        let shown = |outcome: &Outcome| outcome.as_ref().map(show).map_err(|it| *it);
        assert_eq!(shown(&early), shown(last.as_ref().unwrap()), "both steps give one answer");
        return Some(early);
    }
    last
}

fn get(verifier: &Verifier, query: &str) -> Outcome {
    ask(verifier, "GET", &format!("/hooks?{query}"), NO_HEADERS, "").unwrap()
}

/// Asks with a body that is signed as events are.
fn ask_signed(
    verifier: &Verifier,
    scheme: &Scheme,
    more: &[(&str, &str)],
    body: &str,
) -> Option<Outcome> {
    let signed = Signer::new(scheme, SECRET).unwrap().at(NOW);
    let signed = signed.sign("POST", "/hooks", body.as_bytes()).unwrap();
    let mut headers: Vec<(&str, &str)> =
        signed.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    headers.extend_from_slice(more);
    ask(verifier, "POST", "/hooks", &headers, body)
}

fn show(reply: &HandshakeReply) -> (u16, String, String) {
    let content_type = header(reply, "Content-Type").unwrap_or_default();
    (reply.status(), content_type, reply.body().to_owned())
}

fn header(reply: &HandshakeReply, name: &str) -> Option<String> {
    reply.headers().find(|(it, _)| *it == name).map(|(_, value)| value.to_owned())
}

#[track_caller]
fn text(outcome: Outcome, expected: &str) {
    let reply = outcome.unwrap();
    assert_eq!(show(&reply), (200, "text/plain".to_owned(), expected.to_owned()));
    assert_eq!(header(&reply, "X-Content-Type-Options").unwrap(), "nosniff");
}

#[track_caller]
fn json(outcome: Outcome, expected: &str) {
    let reply = outcome.unwrap();
    let (status, content_type, body) = show(&reply);
    assert_eq!((status, content_type.as_str()), (200, "application/json"));
    // The order of members is no one's business.
    let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    assert_eq!(read(&body), read(expected));
    assert_eq!(header(&reply, "X-Content-Type-Options").unwrap(), "nosniff");
}

#[track_caller]
fn empty(outcome: Outcome, status: u16) {
    let reply = outcome.unwrap();
    assert_eq!(show(&reply), (status, String::new(), String::new()));
}

#[track_caller]
fn refused(outcome: Outcome, rejection: Rejection) {
    assert_eq!(outcome.map(|reply| show(&reply)).unwrap_err(), rejection);
}

#[test]
fn meta_gets_its_challenge_back_only_with_the_token() {
    let verifier =
        with_secret(catalog::META).setting(Setting::VerifyToken, "meatyhamhock").build().unwrap();
    let query = |token: &str, challenge: &str| {
        format!("hub.mode=subscribe&hub.challenge={challenge}&hub.verify_token={token}")
    };
    text(get(&verifier, &query("meatyhamhock", "1158201444")), "1158201444");
    for token in ["x", "", "meatyhamhoc", "meatyhamhockk", "MEATYHAMHOCK"] {
        refused(get(&verifier, &query(token, "1")), Rejection::WrongHandshake);
    }
    assert_eq!(verifier.status(Rejection::WrongHandshake), 403);
    assert_eq!(verifier.status(Rejection::BadSignature), 401);
    // What a browser would run comes back as text that no browser sniffs.
    text(get(&verifier, &query("meatyhamhock", "%3Cimg+src%3Dx%3E")), "<img src=x>");
    let long = "x".repeat(2000);
    for challenge in ["", "%0d%0aa", "%00", "%ff", "%c5%bc", &long] {
        refused(get(&verifier, &query("meatyhamhock", challenge)), Rejection::WrongHandshake);
    }
    // Which of two is meant is not known.
    let twice = query("meatyhamhock", "1") + "&hub.verify_token=x";
    refused(get(&verifier, &twice), Rejection::WrongHandshake);
    let other = "hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=meatyhamhock";
    refused(get(&verifier, other), Rejection::WrongHandshake);
    let posted =
        ask(&verifier, "POST", &format!("/?{}", query("meatyhamhock", "1")), NO_HEADERS, "");
    assert!(posted.unwrap().is_err(), "it is no handshake, and not signed");
}

#[test]
fn a_setting_that_is_missing_or_empty_equals_nothing() {
    let query = "hub.mode=subscribe&hub.challenge=1&hub.verify_token=";
    let unset = with_secret(catalog::META).build().unwrap();
    let empty = with_secret(catalog::META).setting(Setting::VerifyToken, "").build().unwrap();
    for verifier in [unset, empty] {
        refused(get(&verifier, query), Rejection::WrongHandshake);
        refused(get(&verifier, "hub.mode=subscribe&hub.challenge=1"), Rejection::WrongHandshake);
        assert!(ask_signed(&verifier, &catalog::META, &[], "{}").is_none(), "events are verified");
    }
    let fitbit = Verifier::builder(catalog::FITBIT).build().unwrap();
    refused(get(&fitbit, "verify="), Rejection::WrongHandshake);
    let web_sub = with_secret(catalog::WEBSUB).build().unwrap();
    let query = "hub.mode=subscribe&hub.topic=https%3A%2F%2Fexample.com%2Ffeed&hub.challenge=1";
    refused(get(&web_sub, query), Rejection::WrongHandshake);
    let ebay = Verifier::builder(catalog::EBAY).build_without_secret().unwrap();
    refused(get(&ebay, "challenge_code=a"), Rejection::WrongHandshake);
    let cloud = Verifier::builder(catalog::CLOUDEVENTS_WEBHOOK).build().unwrap();
    let origin = [("WebHook-Request-Origin", "a.example")];
    refused(ask(&cloud, "OPTIONS", "/", &origin, "").unwrap(), Rejection::WrongHandshake);
}

#[test]
fn tokens_rotate() {
    let verifier = Verifier::builder(catalog::STRAVA)
        .setting(Setting::VerifyToken, "new")
        .setting(Setting::VerifyToken, "old")
        .build()
        .unwrap();
    for token in ["new", "old"] {
        let query = format!("hub.verify_token={token}&hub.challenge=15f7d1&hub.mode=subscribe");
        json(get(&verifier, &query), r#"{"hub.challenge":"15f7d1"}"#);
    }
}

#[test]
fn events_that_nothing_signs_are_refused() {
    for scheme in [catalog::STRAVA, catalog::FITBIT, catalog::CLOUDEVENTS_WEBHOOK] {
        let verifier = Verifier::builder(scheme.clone()).build().unwrap();
        let outcome = ask(&verifier, "POST", "/", NO_HEADERS, "{}").unwrap();
        refused(outcome, Rejection::Unsigned);
        let event = Delivery::new("POST", "/", &NO_HEADERS, b"{}");
        assert_eq!(verifier.verify(&event, NOW).unwrap_err(), Rejection::Unsigned);
        assert!(with_secret(scheme).build().is_err(), "a secret would change nothing");
    }
}

#[test]
fn fitbit_is_told_right_codes_from_wrong_ones() {
    let verifier =
        Verifier::builder(catalog::FITBIT).setting(Setting::VerifyCode, "correct").build().unwrap();
    empty(get(&verifier, "verify=correct"), 204);
    refused(get(&verifier, "verify=incorrect"), Rejection::WrongHandshake);
    assert_eq!(verifier.status(Rejection::WrongHandshake), 404);
}

#[test]
fn websub_confirms_wanted_topics_alone() {
    let verifier = with_secret(catalog::WEBSUB)
        .setting(Setting::Topic, "https://example.com/feed")
        .build()
        .unwrap();
    let query = |mode: &str, topic: &str| {
        format!("hub.mode={mode}&hub.topic=https%3A%2F%2Fexample.com%2F{topic}&hub.challenge=abc")
    };
    text(get(&verifier, &query("subscribe", "feed")), "abc");
    text(get(&verifier, &query("unsubscribe", "feed")), "abc");
    empty(get(&verifier, &query("denied", "feed")), 200);
    for (mode, topic) in [("subscribe", "other"), ("subscribe", "feed2"), ("x", "feed")] {
        refused(get(&verifier, &query(mode, topic)), Rejection::WrongHandshake);
    }
    assert_eq!(verifier.status(Rejection::WrongHandshake), 404);
}

#[test]
fn challenges_in_the_query_come_back_as_text() {
    for scheme in [catalog::NYLAS, catalog::DROPBOX] {
        let verifier = Verifier::builder(scheme).build_without_secret().unwrap();
        text(get(&verifier, "challenge=bc609b38-c81f"), "bc609b38-c81f");
        refused(get(&verifier, "challenge=a%0d%0ab"), Rejection::WrongHandshake);
        let posted = ask(&verifier, "POST", "/?challenge=a", NO_HEADERS, "{}").unwrap();
        assert!(posted.is_err(), "an event that is not signed is none");
    }
    let adobe = Verifier::builder(catalog::ADOBE_IO_EVENTS)
        .setting(Setting::ClientId, "my-client-id")
        .remote_keys()
        .build()
        .unwrap();
    text(get(&adobe, "challenge=8ec8d794-e0ab"), "8ec8d794-e0ab");
    let graph = with_secret(catalog::MICROSOFT_GRAPH).build().unwrap();
    let url = "/graph?validationToken=Validation%3A+%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    let outcome = ask(&graph, "POST", url, NO_HEADERS, "").unwrap();
    text(outcome, "Validation: <script>alert(1)</script>");
}

#[test]
fn probes_are_answered_whoever_asks() {
    let url = "https://hooks.example.com/hooks";
    for scheme in [catalog::TRELLO, catalog::MANDRILL] {
        let verifier = with_secret(scheme).notification_url(url).build().unwrap();
        empty(ask(&verifier, "HEAD", "/hooks", NO_HEADERS, "").unwrap(), 200);
        assert!(ask(&verifier, "GET", "/hooks", NO_HEADERS, "").unwrap().is_err());
    }
}

#[test]
fn smartsheet_gets_its_challenge_back_in_a_header_and_in_json() {
    let verifier = with_secret(catalog::SMARTSHEET).build().unwrap();
    let challenge = |value: &'static str| {
        let headers = [("Smartsheet-Hook-Challenge", value)];
        ask(&verifier, "POST", "/", &headers, "{}").unwrap()
    };
    let reply = challenge("ace24a2f").unwrap();
    assert_eq!(header(&reply, "Smartsheet-Hook-Response").unwrap(), "ace24a2f");
    json(Ok(reply), r#"{"smartsheetHookResponse":"ace24a2f"}"#);
    for value in ["", "a b", "a\r\nSet-Cookie: b", "a\u{0}", "\u{17c}"] {
        refused(challenge(value), Rejection::WrongHandshake);
    }
    let two = [("Smartsheet-Hook-Challenge", "a"), ("smartsheet-hook-challenge", "b")];
    refused(ask(&verifier, "POST", "/", &two, "").unwrap(), Rejection::WrongHandshake);
}

#[test]
fn asana_tells_its_secret_only_while_that_is_expected() {
    let headers = [("X-Hook-Secret", "b537207f20cbfa02357cf448134da559")];
    let tell = |verifier: &Verifier| ask(verifier, "POST", "/", &headers, "{}").unwrap();

    let expecting = Verifier::builder(catalog::ASANA).expect_handshake(true).build().unwrap();
    let reply = tell(&expecting).unwrap();
    assert_eq!(header(&reply, "X-Hook-Secret").unwrap(), headers[0].1);
    assert_eq!(reply.told_secret(), Some(headers[0].1));
    assert!(!format!("{reply:?}").contains("b537"));
    empty(Ok(reply), 200);
    // Until it is built again with the secret, no event is accepted.
    let event = ask_signed(&expecting, &catalog::ASANA, &[], r#"{"events":[]}"#).unwrap();
    refused(event, Rejection::BadSignature);
    let broken = [("X-Hook-Secret", "a\nb")];
    refused(ask(&expecting, "POST", "/", &broken, "").unwrap(), Rejection::WrongHandshake);

    let known = with_secret(catalog::ASANA).build().unwrap();
    refused(tell(&known), Rejection::UnexpectedHandshake);
    let both = with_secret(catalog::ASANA).expect_handshake(true).build().unwrap();
    refused(tell(&both), Rejection::UnexpectedHandshake);
    assert!(ask_signed(&both, &catalog::ASANA, &[], r#"{"events":[]}"#).is_none());
    let closed = Verifier::builder(catalog::ASANA).build_without_secret().unwrap();
    refused(tell(&closed), Rejection::UnexpectedHandshake);
    assert_eq!(Verifier::builder(catalog::ASANA).build().unwrap_err(), ConfigError::NoSecret);
    let unable = Verifier::builder(catalog::STRIPE).expect_handshake(true).build();
    assert_eq!(unable.unwrap_err(), ConfigError::NoSecret);
}

#[test]
fn notion_tells_a_secret_that_vouches_for_itself() {
    let told = format!(r#"{{"verification_token":"{}"}}"#, "secret_tMrlL1qK5vuQAh1b6cZGhFChZTSY");
    let signed_by = |secret: &str, body: &str| {
        let signed = Signer::new(&catalog::NOTION, secret).unwrap().at(NOW);
        signed.sign("POST", "/", body.as_bytes()).unwrap().headers
    };
    let tell = |verifier: &Verifier, secret: &str| {
        let headers = signed_by(secret, &told);
        let headers: Vec<_> = headers.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        ask(verifier, "POST", "/", &headers, &told).unwrap()
    };
    let token = "secret_tMrlL1qK5vuQAh1b6cZGhFChZTSY";
    let expecting = Verifier::builder(catalog::NOTION).expect_handshake(true).build().unwrap();
    let reply = tell(&expecting, token).unwrap();
    assert_eq!(reply.told_secret(), Some(token));
    empty(Ok(reply), 200);
    refused(tell(&expecting, "another secret, long enough"), Rejection::BadSignature);
    // What tells no secret is an event, and none is accepted yet.
    let event = ask_signed(&expecting, &catalog::NOTION, &[], r#"{"id":"1"}"#).unwrap();
    refused(event, Rejection::BadSignature);

    // Anyone can make a secret vouch for itself.
    let known = with_secret(catalog::NOTION).build().unwrap();
    refused(tell(&known, token), Rejection::BadSignature);
    let both = with_secret(catalog::NOTION).expect_handshake(true).build().unwrap();
    refused(tell(&both, token), Rejection::BadSignature);
    let closed = Verifier::builder(catalog::NOTION).build_without_secret().unwrap();
    refused(tell(&closed, token), Rejection::BadSignature);
}

#[test]
fn slack_is_answered_only_once_it_is_verified() {
    let verifier = with_secret(catalog::SLACK).build().unwrap();
    let body = r#"{"type":"url_verification","challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY"}"#;
    text(
        ask_signed(&verifier, &catalog::SLACK, &[], body).unwrap(),
        "3eZbrw1aBm2rZgRNFdxV2595E9CY",
    );
    assert!(ask(&verifier, "POST", "/", NO_HEADERS, body).unwrap().is_err());
    let other = Verifier::builder(catalog::SLACK).secret(Secret::new("another, long enough"));
    let outcome = ask_signed(&other.build().unwrap(), &catalog::SLACK, &[], body).unwrap();
    refused(outcome, Rejection::BadSignature);
    let events = [
        r#"{"type":"event_callback","challenge":"x"}"#,
        r#"{"type":"event_callback","text":"url_verification","challenge":"x"}"#,
        "payload=%7B%22type%22%3A%22url_verification%22%7D",
        "url_verification",
    ];
    for event in events {
        assert!(ask_signed(&verifier, &catalog::SLACK, &[], event).is_none(), "{event}");
    }
    let nothing = r#"{"type":"url_verification","challenge":1}"#;
    refused(
        ask_signed(&verifier, &catalog::SLACK, &[], nothing).unwrap(),
        Rejection::WrongHandshake,
    );
}

#[test]
fn twitch_is_answered_by_what_is_signed() {
    let verifier = with_secret(catalog::TWITCH).build().unwrap();
    let ask = |kind, body| {
        let kind = [("Twitch-Eventsub-Message-Type", kind)];
        ask_signed(&verifier, &catalog::TWITCH, &kind, body)
    };
    let body = r#"{"challenge":"pogchamp-kappa-360noscope-vohiyo","subscription":{}}"#;
    text(ask("webhook_callback_verification", body).unwrap(), "pogchamp-kappa-360noscope-vohiyo");
    for kind in ["notification", "revocation"] {
        assert!(ask(kind, r#"{"subscription":{}}"#).is_none());
    }
    // The header is not signed, and turns no event into a handshake.
    let turned = ask("webhook_callback_verification", r#"{"event":{}}"#).unwrap();
    refused(turned, Rejection::WrongHandshake);
}

#[test]
fn zoom_signs_nothing_that_could_be_an_event() {
    let verifier = Verifier::builder(catalog::ZOOM)
        .secret(Secret::new("the new secret, long enough"))
        .secret(Secret::new(SECRET))
        .build()
        .unwrap();
    let body = |token: &str| {
        format!(r#"{{"event":"endpoint.url_validation","payload":{{"plainToken":"{token}"}}}}"#)
    };
    let ask = |token| ask_signed(&verifier, &catalog::ZOOM, &[], &body(token)).unwrap();
    let reply = ask("qgg8vlvZRS6UYooatFL8Aw").unwrap();
    // It is signed with the secret that the sender signed with, not with the newest.
    let expected = hmac_sha256(SECRET, "qgg8vlvZRS6UYooatFL8Aw");
    json(
        Ok(reply),
        &format!(r#"{{"encryptedToken":"{expected}","plainToken":"qgg8vlvZRS6UYooatFL8Aw"}}"#),
    );
    for token in ["v0:1790000000:{}", "", "a b", "a.b", "a=", &"a".repeat(129)] {
        refused(ask(token), Rejection::WrongHandshake);
    }
    let unsigned = self::ask(&verifier, "POST", "/", NO_HEADERS, &body("a")).unwrap();
    assert!(unsigned.is_err());
    assert!(ask_signed(&verifier, &catalog::ZOOM, &[], r#"{"event":"meeting.started"}"#).is_none());
}

#[test]
fn x_signs_nothing_that_could_be_an_event() {
    let verifier = Verifier::builder(catalog::X_TWITTER).secret(Secret::new("Convoy"));
    let verifier = verifier.build().unwrap();
    let answer = r#"{"response_token":"sha256=HXvxTdsfShG6k2zC9NVANwFquJBdOugRYHax2vNiiOo="}"#;
    json(get(&verifier, "crc_token=uzwcfYtzr9&nonce=1"), answer);
    for token in ["%7B%7D", "%7B%22a%22%3A1%7D", "", "%5B%5D", "%22a%22", "a+b", &"a".repeat(129)] {
        refused(get(&verifier, &format!("crc_token={token}")), Rejection::WrongHandshake);
    }
    assert!(get(&verifier, "nonce=1").is_err());
    let without = Verifier::builder(catalog::X_TWITTER).build_without_secret().unwrap();
    refused(get(&without, "crc_token=a"), Rejection::WrongHandshake);
}

#[test]
fn x_takes_no_answer_to_a_handshake_for_the_signature_of_an_event() {
    let verifier = with_secret(catalog::X_TWITTER).build().unwrap();
    let with_token = |token: &str| {
        let answer = get(&verifier, &format!("crc_token={token}")).unwrap();
        let tag = answer.body().split('"').nth(3).unwrap().to_owned();
        both(&verifier, &[("x-twitter-webhooks-signature", &tag)], token)
    };
    for token in ["123", "null", "true", "0", "YWJj", "YQ==", &"a".repeat(128)] {
        assert_eq!(with_token(token), Err(Rejection::BadSignature), "{token}");
    }
    let json = r#"{"a":null}"#;
    assert!(ask_signed(&verifier, &catalog::X_TWITTER, &[], json).is_none());
    // What no handshake signs is the sender's own.
    assert!(ask_signed(&verifier, &catalog::X_TWITTER, &[], "[]").is_none());
    assert!(ask_signed(&verifier, &catalog::X_TWITTER, &[], &"a".repeat(129)).is_none());
}

/// What becomes of a delivery that was signed by way of a handshake, however it is verified.
#[track_caller]
fn both(verifier: &Verifier, headers: &[(&str, &str)], body: &str) -> Result<(), Rejection> {
    let headers = headers.to_vec();
    let delivery = Delivery::new("POST", "/hooks", &headers, body.as_bytes());
    let verified = verifier.verify(&delivery, NOW).map(|_| ());
    let received = verifier.receive(&delivery, NOW).map(|_| ());
    assert_eq!(verified, received);
    verified
}

#[test]
fn linkedin_signs_uuids_alone() {
    let verifier =
        Verifier::builder(catalog::LINKEDIN).secret(Secret::new("linkedin-client-secret"));
    let verifier = verifier.build().unwrap();
    let code = "890e4665-4dfe-4ab1-b689-ed553bceeed0";
    let tag = "e9567c49fee6d803311de224f2be5dc1b7f61cae1810ae05866223f4caa1724f";
    let answer = format!(r#"{{"challengeCode":"{code}","challengeResponse":"{tag}"}}"#);
    json(get(&verifier, &format!("challengeCode={code}&applicationId=1")), &answer);
    for code in ["hmacsha256%3D%7B%7D", "", "a", "890e46654dfe4ab1b689ed553bceeed0"] {
        refused(get(&verifier, &format!("challengeCode={code}")), Rejection::WrongHandshake);
    }
}

#[test]
fn braintree_signs_digits_alone() {
    let verifier = Verifier::builder(catalog::BRAINTREE)
        .secret(Secret::new("integration_private_key"))
        .setting(Setting::PublicHalf, "integration_public_key")
        .build()
        .unwrap();
    let answer = "integration_public_key|d9b899556c966b3f06945ec21311865d35df3ce4";
    text(get(&verifier, "bt_challenge=20f9f8ed05f77439fe955c977e4c8a53"), answer);
    for challenge in ["", "20f9f8ed", "20F9F8ED05F77439FE955C977E4C8A53", "PG5vdGlmaWNhdGlvbj4%3D"]
    {
        refused(get(&verifier, &format!("bt_challenge={challenge}")), Rejection::WrongHandshake);
    }
}

#[test]
fn braintree_takes_no_answer_to_a_handshake_for_the_signature_of_an_event() {
    let verifier = with_secret(catalog::BRAINTREE).setting(Setting::PublicHalf, "pub");
    let verifier = verifier.build().unwrap();
    for challenge in ["20f9f8ed05f77439fe955c977e4c8a53", "20f9f8ed05f77439fe95"] {
        let answer = get(&verifier, &format!("bt_challenge={challenge}")).unwrap();
        for end in ["", "%0A", "%0A%0A"] {
            let signature = answer.body().replace('|', "%7C");
            let body = format!("bt_signature={signature}&bt_payload={challenge}{end}");
            let form = [("Content-Type", "application/x-www-form-urlencoded")];
            assert_eq!(both(&verifier, &form, &body), Err(Rejection::BadSignature), "{end}");
        }
    }
}

#[test]
fn ebay_is_told_the_endpoint_without_its_query() {
    let url = "https://hooks.example.com/hooks";
    let builder = || Verifier::builder(catalog::EBAY).setting(Setting::VerifyToken, "a token");
    let whole = builder().notification_url(url).build_without_secret().unwrap();
    let base = builder().external_url("https://hooks.example.com").build_without_secret().unwrap();
    let digest = const_hex::encode(<sha2::Sha256 as sha2::Digest>::digest(format!(
        "a8628072-3d33a token{url}"
    )));
    for verifier in [whole, base] {
        let answer = get(&verifier, "challenge_code=a8628072-3d33");
        json(answer, &format!(r#"{{"challengeResponse":"{digest}"}}"#));
        refused(get(&verifier, "challenge_code=a%20b"), Rejection::WrongHandshake);
    }
    let nowhere = builder().build_without_secret().unwrap();
    refused(get(&nowhere, "challenge_code=a"), Rejection::WrongHandshake);
}

#[test]
fn cloudevents_are_allowed_by_origin() {
    let verifier = Verifier::builder(catalog::CLOUDEVENTS_WEBHOOK)
        .setting(Setting::AllowedOrigin, "eventemitter.example.com")
        .setting(Setting::AllowedRate, "100")
        .build()
        .unwrap();
    let options = |headers: &[(&str, &str)]| ask(&verifier, "OPTIONS", "/ce", headers, "").unwrap();
    let reply = options(&[
        ("WebHook-Request-Origin", "EventEmitter.example.com"),
        ("WebHook-Request-Rate", "120"),
        ("WebHook-Request-Callback", "http://169.254.169.254/"),
    ]);
    let reply = reply.unwrap();
    let headers: Vec<_> = reply.headers().collect();
    let expected = [
        ("WebHook-Allowed-Origin", "eventemitter.example.com"),
        ("Allow", "POST"),
        ("WebHook-Allowed-Rate", "100"),
    ];
    assert_eq!(headers, expected);
    empty(Ok(reply), 200);
    for origin in ["evil.example", "", "*", "eventemitter.example.com.evil.example"] {
        refused(options(&[("WebHook-Request-Origin", origin)]), Rejection::WrongHandshake);
    }
    assert_eq!(verifier.status(Rejection::WrongHandshake), 405);
    // A browser's preflight is none.
    let preflight =
        options(&[("Origin", "https://evil.example"), ("Access-Control-Request-Method", "POST")]);
    refused(preflight, Rejection::Unsigned);
    assert_eq!(verifier.status(Rejection::Unsigned), 405);

    let any = Verifier::builder(catalog::CLOUDEVENTS_WEBHOOK)
        .setting(Setting::AllowedOrigin, "*")
        .build()
        .unwrap();
    let origin = ("WebHook-Request-Origin", "a.example");
    let reply = ask(&any, "OPTIONS", "/", &[origin], "").unwrap().unwrap();
    assert_eq!(header(&reply, "WebHook-Allowed-Origin").unwrap(), "*");
    let rate = ask(&any, "OPTIONS", "/", &[origin, ("WebHook-Request-Rate", "1")], "").unwrap();
    refused(rate, Rejection::WrongHandshake);
    for (setting, value) in [
        (Setting::AllowedRate, "1\r\n"),
        (Setting::AllowedRate, "x"),
        (Setting::AllowedOrigin, "a b"),
    ] {
        let built = Verifier::builder(catalog::CLOUDEVENTS_WEBHOOK).setting(setting, value).build();
        assert_eq!(built.unwrap_err(), ConfigError::WrongSetting { setting });
    }
}

const GRID: &str = r#"[{"id":"1","data":{"validationCode":"512d38b6-c7b8","validationUrl":"https://evil.example/"},"eventType":"Microsoft.EventGrid.SubscriptionValidationEvent"}]"#;

#[test]
fn event_grid_is_validated_with_the_secret_if_there_is_one() {
    let kind = [("aeg-event-type", "SubscriptionValidation")];
    let answer = r#"{"validationResponse":"512d38b6-c7b8"}"#;
    let without = Verifier::builder(catalog::AZURE_EVENT_GRID).build_without_secret().unwrap();
    json(ask(&without, "POST", "/", &kind, GRID).unwrap(), answer);
    let event = [("aeg-event-type", "Notification")];
    assert!(ask(&without, "POST", "/", &event, GRID).unwrap().is_err());
    refused(ask(&without, "POST", "/", &kind, "[]").unwrap(), Rejection::WrongHandshake);
    let other = GRID.replace("SubscriptionValidationEvent", "Other");
    refused(ask(&without, "POST", "/", &kind, &other).unwrap(), Rejection::WrongHandshake);

    let with = with_secret(catalog::AZURE_EVENT_GRID).setting(Setting::QueryName, "code");
    let with = with.build().unwrap();
    let url = format!("/?code={}", SECRET.replace(' ', "%20"));
    json(ask(&with, "POST", &url, &kind, GRID).unwrap(), answer);
    assert!(ask(&with, "POST", &url, &event, GRID).is_none());
    for url in ["/", "/?code=x"] {
        assert!(ask(&with, "POST", url, &kind, GRID).unwrap().is_err());
    }
}

#[test]
fn of_a_handshake_that_nothing_signs_little_is_read() {
    let verifier = Verifier::builder(catalog::AZURE_EVENT_GRID).build_without_secret().unwrap();
    let kind = [("aeg-event-type", "SubscriptionValidation")];
    let head = Head::new("POST", "/", &kind);
    assert_eq!(verifier.precheck(&head, NOW), Ok(()));
    assert_eq!(verifier.body_limit(&head, 1 << 20, NOW), MAX_HANDSHAKE_BODY);
    assert_eq!(verifier.body_limit(&head, 100, NOW), 100);
    let long = GRID.replace("\"1\"", &format!("\"{}\"", "1".repeat(MAX_HANDSHAKE_BODY)));
    assert!(verifier.receive(&head.with_body(long.as_bytes()), NOW).is_err());

    let slack = with_secret(catalog::SLACK).build().unwrap();
    let head = Head::new("POST", "/", &NO_HEADERS);
    assert!(!slack.may_be_unsigned_handshake(&head));
    assert_eq!(slack.body_limit(&head, 1 << 20, NOW), 1 << 20);
    assert!(slack.precheck(&head, NOW).is_err());
}

#[test]
fn monday_is_answered_only_without_a_token() {
    let verifier = with_secret(catalog::MONDAY)
        .setting(Setting::Audience, "https://hooks.example.com/monday")
        .build()
        .unwrap();
    json(
        ask(&verifier, "POST", "/", NO_HEADERS, r#"{"challenge":"3eZbrw1a"}"#).unwrap(),
        r#"{"challenge":"3eZbrw1a"}"#,
    );
    let token = [("Authorization", "a.b.c")];
    assert!(ask(&verifier, "POST", "/", &token, r#"{"challenge":"a"}"#).unwrap().is_err());
    for body in
        [r#"{"challenge":"a","event":{}}"#, "{}", "[]", "", r#"{"challenge":1}"#, "challenge=a"]
    {
        assert!(ask(&verifier, "POST", "/", NO_HEADERS, body).unwrap().is_err(), "{body}");
    }
    // Text of JSON is written by what writes JSON.
    let outcome = ask(&verifier, "POST", "/", NO_HEADERS, r#"{"challenge":"\"<b>"}"#).unwrap();
    json(outcome, r#"{"challenge":"\"<b>"}"#);
}

#[test]
fn lark_is_answered_only_with_the_token() {
    let body = |token: &str| {
        format!(r#"{{"type":"url_verification","token":"{token}","challenge":"ajls384kdjx98XX"}}"#)
    };
    let plain = with_secret(catalog::LARK).setting(Setting::VerifyToken, "xxxxxx").build().unwrap();
    let token =
        Verifier::builder(catalog::LARK_TOKEN).secret(Secret::new("xxxxxx")).build().unwrap();
    for verifier in [&plain, &token] {
        let answer = ask(verifier, "POST", "/", NO_HEADERS, &body("xxxxxx")).unwrap();
        json(answer, r#"{"challenge":"ajls384kdjx98XX"}"#);
        for wrong in ["yyy", ""] {
            assert!(ask(verifier, "POST", "/", NO_HEADERS, &body(wrong)).unwrap().is_err());
        }
    }
    let unset = with_secret(catalog::LARK).build().unwrap();
    refused(ask(&unset, "POST", "/", NO_HEADERS, &body("")).unwrap(), Rejection::WrongHandshake);
}

#[test]
fn okta_is_answered_only_with_the_secret() {
    let verifier = with_secret(catalog::OKTA_EVENT_HOOKS).build().unwrap();
    let ask = |value| {
        let headers = [("Authorization", value), ("X-Okta-Verification-Challenge", "abc-123")];
        ask(&verifier, "GET", "/okta", &headers, "").unwrap()
    };
    json(ask(SECRET), r#"{"verification":"abc-123"}"#);
    assert!(ask("x").is_err());
}

#[test]
fn front_is_answered_only_once_it_is_verified() {
    let verifier = with_secret(catalog::FRONT).build().unwrap();
    let challenge = [("X-Front-Challenge", "abc123")];
    let body = r#"{"type":"sync"}"#;
    let answer = ask_signed(&verifier, &catalog::FRONT, &challenge, body).unwrap();
    json(answer, r#"{"challenge":"abc123"}"#);
    assert!(ask(&verifier, "POST", "/", &challenge, body).unwrap().is_err());
    assert!(ask_signed(&verifier, &catalog::FRONT, &[], body).is_none());
}

#[test]
fn wechat_is_answered_only_once_it_is_verified() {
    let verifier = |token: &str| {
        let builder = Verifier::builder(catalog::WECHAT_OFFICIAL_ACCOUNT);
        builder.secret(Secret::new(token)).danger_any_age().build().unwrap()
    };
    let query = "signature=23c8ef089118e85feab18609103a9f6fb80be1b5&timestamp=1409659813&nonce=1372623149&echostr=4375120948345356249";
    text(get(&verifier("wechat-token"), query), "4375120948345356249");
    assert!(get(&verifier("another-token"), query).is_err());
    let posted =
        ask(&verifier("wechat-token"), "POST", &format!("/?{query}"), NO_HEADERS, "<xml/>");
    assert!(posted.is_none(), "a message stays one, whatever is added to its query");
}

#[test]
fn xero_is_told_good_signatures_from_bad_ones() {
    let verifier = with_secret(catalog::XERO).build().unwrap();
    let body = r#"{"events":[],"entropy":"S0m3r4Nd0mt3xt"}"#;
    empty(ask_signed(&verifier, &catalog::XERO, &[], body).unwrap(), 200);
    let event = r#"{"events":[{"resourceId":"1"}]}"#;
    assert!(ask_signed(&verifier, &catalog::XERO, &[], event).is_none());
    let other = Verifier::builder(catalog::XERO).secret(Secret::new("another, long enough"));
    let other = other.build().unwrap();
    let refusal = ask_signed(&other, &catalog::XERO, &[], body).unwrap().unwrap_err();
    assert_eq!(other.status(refusal), 401);
}

#[test]
fn discord_is_answered_only_once_it_is_verified() {
    let key = "a1121049cf059ef407732b556adc5ded3893da1da62df6b0fdc79a05c9867762";
    let verifier = |scheme: Scheme| {
        Verifier::builder(scheme).public_key(PublicKey::new(key)).danger_any_age().build().unwrap()
    };
    let ask = |verifier: &Verifier, signature: &str, body: &str| {
        let headers = [("X-Signature-Ed25519", signature), ("X-Signature-Timestamp", "1722000000")];
        ask(verifier, "POST", "/in", &headers, body)
    };
    let ping = r#"{"application_id":"1265000000000000000","id":"1265000000000000002","token":"tok","type":1,"user":{"id":"1"},"version":1}"#;
    let good = "552562c1cc1d5a550b54519be43b9422df4ab1c31671888ec3334aa4b8901397b429c6ae232d944cc7543dee8a849b7b135dee0aed49333a041e4c51dd00e004";
    let interactions = verifier(catalog::DISCORD_INTERACTIONS);
    json(ask(&interactions, good, ping).unwrap(), r#"{"type":1}"#);
    let bad = good.replace("5525", "5526");
    let refusal = ask(&interactions, &bad, ping).unwrap().unwrap_err();
    assert_eq!(interactions.status(refusal), 401);

    let events = verifier(catalog::DISCORD_WEBHOOK_EVENTS);
    let ping = r#"{"version":1,"application_id":"1265000000000000000","type":0}"#;
    let good = "35ed56abd4f29aa6c5928120c5e9c314db60adb96b361396760b2f903f14217a900dad8dc66b067c7739c2f08727d3df279d98422da5b5fa274b3e3734acd105";
    empty(ask(&events, good, ping).unwrap(), 204);
    assert!(ask(&interactions, good, ping).is_none(), "type 0 is no ping there");
}

#[test]
fn a_subscription_is_confirmed_at_a_url_that_is_signed() {
    let mut scheme = catalog::GITHUB;
    scheme.handshake = catalog::AWS_SNS.handshake;
    let verifier = with_secret(scheme.clone()).build().unwrap();
    let body = r#"{"Type":"SubscriptionConfirmation","SubscribeURL":"https://sns.example/"}"#;
    let reply = ask_signed(&verifier, &scheme, &[], body).unwrap().unwrap();
    assert_eq!(reply.confirm_url(), Some("https://sns.example/"));
    empty(Ok(reply), 200);
    assert!(ask(&verifier, "POST", "/", NO_HEADERS, body).unwrap().is_err());
    // To visit it would subscribe again.
    let end = body.replace("Subscription", "Unsubscribe");
    assert!(ask_signed(&verifier, &scheme, &[], &end).is_none());
}

#[test]
fn senders_are_found_by_their_other_names() {
    assert_eq!(catalog::find("x-account-activity"), Some(&catalog::X_TWITTER));
    assert_eq!(catalog::find("twitch-eventsub"), Some(&catalog::TWITCH));
}

#[test]
fn every_handshake_tells_which_settings_it_takes() {
    for scheme in catalog::all().iter().filter(|scheme| scheme.handshake.is_some()) {
        let (required, optional) = scheme.settings();
        let needed = match scheme.handshake.as_ref().unwrap() {
            Handshake::Hub { .. } | Handshake::Ebay | Handshake::Lark => Setting::VerifyToken,
            Handshake::WebSub => Setting::Topic,
            Handshake::Code { .. } => Setting::VerifyCode,
            Handshake::CloudEvents | Handshake::EventGrid => Setting::AllowedOrigin,
            Handshake::Braintree => Setting::PublicHalf,
            _ => continue,
        };
        assert!(required.contains(&needed) || optional.contains(&needed), "{}", scheme.id);
    }
}

fn hmac_sha256(key: &str, text: &str) -> String {
    use hmac::{KeyInit as _, Mac as _};

    let mut mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    const_hex::encode(mac.finalize().into_bytes())
}
