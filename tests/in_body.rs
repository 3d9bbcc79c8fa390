//! Senders that sign a few values of the body, and senders that sign nothing and send a secret
//! along.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign::{
    ConfigError, Coverage, Delivery, Rejection, Scheme, Secret, SecretFormat, SecretProblem,
    Setting, Timestamp, Verifier, Warning, catalog,
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use proptest::prelude::*;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

const NOW: Timestamp = Timestamp::from_unix_seconds(1_790_000_000);
const KEY: &str = "a secret of some length";

fn verifier(scheme: &Scheme) -> Verifier {
    Verifier::builder(scheme.clone()).secret(Secret::new(KEY)).build().unwrap()
}

fn hmac_sha256(key: &[u8], content: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(content.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hmac_hex(content: &str) -> String {
    const_hex::encode(hmac_sha256(KEY.as_bytes(), content))
}

type Header<'h> = (&'h str, &'h str);

fn verify(verifier: &Verifier, headers: &[Header<'_>], body: &str) -> Result<[u8; 32], Rejection> {
    verify_at("/hooks", verifier, headers, body)
}

/// Verifies as an adapter does, and tells what the content is known by.
fn verify_at(
    url: &str,
    verifier: &Verifier,
    headers: &[Header<'_>],
    body: &str,
) -> Result<[u8; 32], Rejection> {
    let delivery = Delivery::new("POST", url, &headers, body.as_bytes());
    verifier.precheck(delivery.head(), NOW)?;
    let proof = verifier.verify(&delivery, NOW)?;
    proof.content_digest(&delivery)
}

const JSON: Header<'_> = ("Content-Type", "application/json");
const FORM: Header<'_> = ("Content-Type", "application/x-www-form-urlencoded");
const PARTS: Header<'_> = ("Content-Type", "multipart/form-data; boundary=b");

fn parts(fields: &[(&str, &str)]) -> String {
    let part = |(name, value): &(&str, &str)| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    fields.iter().map(part).collect::<String>() + "--b--\r\n"
}

// Mailgun

fn mailgun(timestamp: &str, token: &str, signature: &str, event: &str) -> String {
    format!(
        r#"{{"signature":{{"timestamp":"{timestamp}","token":"{token}","signature":"{signature}"}},"event-data":{{"event":"{event}"}}}}"#
    )
}

#[test]
fn mailgun_signs_a_token_and_no_event() {
    let verifier = verifier(&catalog::MAILGUN);
    let signature = hmac_hex("17900000004a8c");
    let opened = mailgun("1790000000", "4a8c", &signature, "opened");
    let known_by = verify(&verifier, &[JSON], &opened).unwrap();
    // So that a captured signature is good for one event, whatever event is put beside it.
    let forged = mailgun("1790000000", "4a8c", &signature, "unsubscribed");
    assert_eq!(verify(&verifier, &[JSON], &forged), Ok(known_by));
    let other = mailgun("1790000000", "5a8c", &hmac_hex("17900000005a8c"), "opened");
    assert_ne!(verify(&verifier, &[JSON], &other).unwrap(), known_by);

    let delivery = Delivery::new("POST", "/", &[JSON], opened.as_bytes());
    let proof = verifier.verify(&delivery, NOW).unwrap();
    assert_eq!(proof.coverage(), Coverage::FIELDS.with_timestamp());
    assert_eq!(proof.signed_at(), Some(NOW));
    assert_eq!(proof.event_type(&delivery).as_deref(), Some("opened"));
}

#[test]
fn mailguns_timestamp_may_lose_digits_to_the_token_but_makes_no_other_event() {
    let signature = hmac_hex("17900000004a8c");
    let genuine = mailgun("1790000000", "4a8c", &signature, "opened");
    let shorter = mailgun("179000000", "04a8c", &signature, "opened");
    let longer = mailgun("17900000004", "a8c", &signature, "opened");
    let strict = verifier(&catalog::MAILGUN);
    assert_eq!(verify(&strict, &[JSON], &shorter), Err(Rejection::TooOld));
    assert_eq!(verify(&strict, &[JSON], &longer), Err(Rejection::FromTheFuture));
    let any_age = Verifier::builder(catalog::MAILGUN).secret(Secret::new(KEY)).danger_any_age();
    let any_age = any_age.build().unwrap();
    let known_by = verify(&any_age, &[JSON], &genuine).unwrap();
    assert_eq!(verify(&any_age, &[JSON], &shorter), Ok(known_by));
    assert_eq!(verify(&any_age, &[JSON], &longer), Ok(known_by));
    let none = mailgun("", "17900000004a8c", &signature, "opened");
    assert_eq!(verify(&any_age, &[JSON], &none), Err(Rejection::MalformedTimestamp));
}

#[test]
fn mailguns_three_values_may_be_fields_of_a_form() {
    let verifier = verifier(&catalog::MAILGUN);
    let signature = hmac_hex("17900000004a8c");
    let form = format!("timestamp=1790000000&token=4a8c&signature={signature}&subject=a+b");
    let in_json = mailgun("1790000000", "4a8c", &signature, "opened");
    let known_by = verify(&verifier, &[JSON], &in_json).unwrap();
    assert_eq!(verify(&verifier, &[FORM], &form), Ok(known_by));
    let fields = [
        ("subject", "a b"),
        ("timestamp", "1790000000"),
        ("token", "4a8c"),
        ("signature", &*signature),
    ];
    assert_eq!(verify(&verifier, &[PARTS], &parts(&fields)), Ok(known_by));
    let twice = format!("{form}&token=x");
    assert_eq!(verify(&verifier, &[FORM], &twice), Err(Rejection::UnreadableBody));
    let missing = Err(Rejection::MissingSignature);
    assert_eq!(verify(&verifier, &[FORM], "timestamp=1&token=2"), missing);
    let twice = in_json.replace(r#""token""#, r#""token":"x","token""#);
    assert_eq!(verify(&verifier, &[JSON], &twice), Err(Rejection::UnreadableBody));
}

// Adyen

const ADYEN_KEY: &str = "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056";

fn adyen_item(reference: &str, account: &str, merchant: &str, rest: &str) -> String {
    let content = format!("{reference}::{account}:{merchant}:1130:EUR:AUTHORISATION:true");
    let key = const_hex::decode(ADYEN_KEY).unwrap();
    let tag = STANDARD.encode(hmac_sha256(&key, &content));
    format!(
        r#"{{"NotificationRequestItem":{{"pspReference":"{reference}","merchantAccountCode":"{account}","merchantReference":"{merchant}","amount":{{"value":1130,"currency":"EUR"}},"eventCode":"AUTHORISATION","success":"true",{rest}"additionalData":{{"hmacSignature":"{tag}"}}}}}}"#
    )
}

fn adyen(items: &[String]) -> String {
    format!(r#"{{"live":"false","notificationItems":[{}]}}"#, items.join(","))
}

#[test]
fn adyen_signs_eight_values_of_each_item() {
    let verifier = Verifier::builder(catalog::ADYEN_NOTIFICATION).secret(Secret::new(ADYEN_KEY));
    let verifier = verifier.build().unwrap();
    let check = |items: &[String]| verify(&verifier, &[JSON], &adyen(items));
    let item = adyen_item("8", "A", "B", "");
    let known_by = check(std::slice::from_ref(&item)).unwrap();
    let other = adyen_item("9", "A", "B", "");
    assert_ne!(check(&[item.clone(), other.clone()]).unwrap(), known_by);
    // What is not signed makes no other event.
    let changed = adyen_item("8", "A", "B", r#""paymentMethod":"amex","#);
    assert_eq!(check(&[changed]), Ok(known_by));
    assert_eq!(check(&[]), Err(Rejection::MissingSignature));
    let bad = other.replace("1130", "1131");
    assert_eq!(check(&[item.clone(), bad]), Err(Rejection::BadSignature));
    assert_eq!(check(&[item.clone(), "{}".to_owned()]), Err(Rejection::MissingSignature));
    assert_eq!(check(&[item.clone(), "1".to_owned()]), Err(Rejection::MissingSignature));

    let delivery = adyen(&[item]);
    let delivery = Delivery::new("POST", "/", &[JSON], delivery.as_bytes());
    assert_eq!(verifier.verify(&delivery, NOW).unwrap().coverage(), Coverage::FIELDS);
}

#[test]
fn adyens_items_count_once_and_in_any_order() {
    let verifier = Verifier::builder(catalog::ADYEN_NOTIFICATION).secret(Secret::new(ADYEN_KEY));
    let verifier = verifier.build().unwrap();
    let check = |items: &[&String]| {
        let items: Vec<_> = items.iter().map(|item| (*item).clone()).collect();
        verify(&verifier, &[JSON], &adyen(&items))
    };
    let (one, two) = (adyen_item("1", "A", "B", ""), adyen_item("2", "A", "B", ""));
    assert!(check(&[&one, &two]).is_ok());
    assert_eq!(check(&[&one, &two]), check(&[&two, &one]));
    let repeated = Err(Rejection::UnreadableBody);
    assert_eq!(check(&[&one, &one]), repeated);
    assert_eq!(check(&[&one, &two, &one]), repeated);
    // What is not signed does not make it another item.
    let changed = adyen_item("1", "A", "B", r#""paymentMethod":"amex","#);
    assert_eq!(check(&[&one, &changed]), repeated);
}

#[test]
fn adyens_colons_move_nothing_but_one_border() {
    let verifier = Verifier::builder(catalog::ADYEN_NOTIFICATION).secret(Secret::new(ADYEN_KEY));
    let verifier = verifier.build().unwrap();
    let check = |item: String| verify(&verifier, &[JSON], &adyen(&[item]));
    let known_by = check(adyen_item("8", "A", "B:C", "")).unwrap();
    assert_eq!(check(adyen_item("8", "A:B", "C", "")), Ok(known_by));
    // The name of the event stays what it is.
    assert_eq!(check(adyen_item("8:", "A", "B", "")), Err(Rejection::UnreadableBody));
}

#[test]
fn adyens_members_must_be_unique() {
    let verifier = Verifier::builder(catalog::ADYEN_NOTIFICATION).secret(Secret::new(ADYEN_KEY));
    let verifier = verifier.build().unwrap();
    let check = |body: &str| verify(&verifier, &[JSON], body);
    let genuine = adyen(&[adyen_item("8", "A", "B", "")]);
    check(&genuine).unwrap();
    let unreadable = Err(Rejection::UnreadableBody);
    for (member, with) in [
        (r#""amount""#, r#""amount":{},"amount""#),
        (r#""value""#, r#""value":1,"value""#),
        (r#""notificationItems""#, r#""notificationItems":[],"notificationItems""#),
        (
            r#""NotificationRequestItem""#,
            r#""NotificationRequestItem":{},"NotificationRequestItem""#,
        ),
    ] {
        assert_eq!(check(&genuine.replacen(member, with, 1)), unreadable, "{member}");
    }
    assert_eq!(check("[]"), unreadable);
    assert_eq!(check(""), unreadable);
}

// Dropbox Sign

#[test]
fn dropbox_sign_signs_time_and_type_in_a_field_of_a_form() {
    let verifier = verifier(&catalog::DROPBOX_SIGN);
    let json = |time: &str, kind: &str, account: &str| {
        let hash = hmac_hex(&format!("{time}{kind}"));
        format!(
            r#"{{"account_guid":"{account}","event":{{"event_time":"{time}","event_type":"{kind}","event_hash":"{hash}"}}}}"#
        )
    };
    let event = json("1348177752", "account_confirmed", "1");
    let body = parts(&[("json", &*event)]);
    let known_by = verify(&verifier, &[PARTS], &body).unwrap();
    // Each attempt has a boundary of its own.
    let again = body.replace("--b", "--another");
    let another = ("Content-Type", "multipart/form-data; boundary=\"another\"");
    assert_eq!(verify(&verifier, &[another], &again), Ok(known_by));
    // Two events of one type in one second have one signature, and are two events.
    let second = parts(&[("json", &*json("1348177752", "account_confirmed", "2"))]);
    assert_ne!(verify(&verifier, &[PARTS], &second).unwrap(), known_by);

    let unreadable = Err(Rejection::UnreadableBody);
    let twice = parts(&[("json", &*event), ("json", "{}")]);
    assert_eq!(verify(&verifier, &[PARTS], &twice), unreadable);
    assert_eq!(verify(&verifier, &[JSON], &event), unreadable);
    assert_eq!(verify(&verifier, &[PARTS], &parts(&[("other", &*event)])), unreadable);
    let hash = hmac_hex("1348177752account_confirmed");
    let moved = format!(
        r#"{{"event":{{"event_time":"134817775","event_type":"2account_confirmed","event_hash":"{hash}"}}}}"#
    );
    assert_eq!(verify(&verifier, &[PARTS], &parts(&[("json", &*moved)])), unreadable);

    let delivery = Delivery::new("POST", "/", &[PARTS], body.as_bytes());
    let proof = verifier.verify(&delivery, NOW).unwrap();
    assert_eq!(proof.event_type(&delivery).as_deref(), Some("account_confirmed"));
    assert_eq!(proof.signed_at(), Some(Timestamp::from_unix_seconds(1_348_177_752)));
    assert_eq!(proof.coverage(), Coverage::FIELDS.with_timestamp());
}

// Midtrans

#[test]
fn midtrans_signs_three_values_and_not_the_status_that_matters() {
    let verifier = verifier(&catalog::MIDTRANS);
    let key = const_hex::encode(Sha512::digest(format!("order-1200100000.00{KEY}")));
    let body = |order: &str, status: &str| {
        format!(
            r#"{{"order_id":"{order}","status_code":"200","gross_amount":"100000.00","transaction_status":"{status}","signature_key":"{key}"}}"#
        )
    };
    let captured = verify(&verifier, &[JSON], &body("order-1", "capture")).unwrap();
    // Both are signed alike, and are two events.
    assert_ne!(verify(&verifier, &[JSON], &body("order-1", "settlement")).unwrap(), captured);
    assert_eq!(
        verify(&verifier, &[JSON], &body("order-2", "capture")),
        Err(Rejection::BadSignature)
    );
    let twice = body("order-1", "capture").replace('{', r#"{"order_id":"order-2","#);
    assert_eq!(verify(&verifier, &[JSON], &twice), Err(Rejection::UnreadableBody));
    assert_eq!(verifier.scheme().unwrap().coverage(), Coverage::FIELDS);
}

#[test]
fn midtrans_payouts_are_signed_with_the_key_behind_the_body() {
    let verifier = verifier(&catalog::MIDTRANS_IRIS);
    let signature = const_hex::encode(Sha512::digest(format!("{{}}{KEY}")));
    let headers = [("Iris-Signature", &*signature)];
    verify(&verifier, &headers, "{}").unwrap();
    assert_eq!(verify(&verifier, &headers, "{ }"), Err(Rejection::BadSignature));
}

// Tokens

#[test]
fn a_token_is_accepted_whole_and_covers_nothing() {
    for (scheme, header) in [
        (catalog::GITLAB_TOKEN, "X-Gitlab-Token"),
        (catalog::TELEGRAM, "X-Telegram-Bot-Api-Secret-Token"),
        (catalog::XENDIT, "x-callback-token"),
        (catalog::CLOUDFLARE_NOTIFICATIONS, "cf-webhook-auth"),
        (catalog::FLUTTERWAVE, "verif-hash"),
        (catalog::OKTA_EVENT_HOOKS, "Authorization"),
    ] {
        let verifier = verifier(&scheme);
        let known_by = verify(&verifier, &[(header, KEY)], "{}").unwrap();
        assert_ne!(verify(&verifier, &[(header, KEY)], "{ }").unwrap(), known_by);
        let (longer, upper) = (format!("{KEY}x"), KEY.to_uppercase());
        for wrong in [&KEY[1..], &KEY[..KEY.len() - 1], &longer, "x", &upper] {
            let refused = verify(&verifier, &[(header, wrong)], "{}");
            assert_eq!(refused, Err(Rejection::BadSignature), "{}", scheme.id);
        }
        assert!(verify(&verifier, &[(header, "")], "{}").is_err());
        assert!(verify(&verifier, &[(header, "x"), (header, KEY)], "{}").is_err());
        assert!(verify(&verifier, &[], "{}").is_err());
        let headers = [(header, KEY)];
        let delivery = Delivery::new("POST", "/", &headers, b"{}");
        let proof = verifier.verify(&delivery, NOW).unwrap();
        assert_eq!(proof.coverage(), Coverage::NOTHING);
        let empty = Verifier::builder(scheme).secret(Secret::new("")).build().unwrap_err();
        let label = "secret-1".into();
        assert_eq!(empty, ConfigError::Secret { label, problem: SecretProblem::Empty });
    }
}

#[test]
fn either_of_two_tokens_is_accepted_while_they_rotate() {
    for scheme in [catalog::GITLAB_TOKEN, catalog::OKTA_EVENT_HOOKS] {
        let header =
            if scheme == catalog::GITLAB_TOKEN { "X-Gitlab-Token" } else { "Authorization" };
        let builder = Verifier::builder(scheme).secret(Secret::new("the new one").label("new"));
        let verifier = builder.secret(Secret::new(KEY).label("old")).build().unwrap();
        let headers = [(header, KEY)];
        let delivery = Delivery::new("POST", "/", &headers, b"{}");
        assert_eq!(verifier.verify(&delivery, NOW).unwrap().secret(), "old");
    }
}

#[test]
fn the_header_of_a_token_may_be_chosen() {
    let builder = || Verifier::builder(catalog::OKTA_EVENT_HOOKS).secret(Secret::new(KEY));
    let chosen = builder().setting(Setting::HeaderName, "X-Acme-Auth").build().unwrap();
    verify(&chosen, &[("x-acme-auth", KEY)], "{}").unwrap();
    assert!(verify(&chosen, &[("Authorization", KEY)], "{}").is_err());
    for wrong in ["", "X Acme", "X-Acme:"] {
        let error = builder().setting(Setting::HeaderName, wrong).build().unwrap_err();
        assert_eq!(error, ConfigError::WrongSetting { setting: Setting::HeaderName });
    }
}

#[test]
fn a_token_in_the_query_is_decoded_and_there_once() {
    for scheme in [catalog::AZURE_EVENT_GRID, catalog::POSTMARK_TOKEN] {
        let builder = || Verifier::builder(scheme.clone()).secret(Secret::new("a secret + more"));
        let missing = ConfigError::MissingSetting { setting: Setting::QueryName };
        assert_eq!(builder().build().unwrap_err(), missing);
        let verifier = builder().setting(Setting::QueryName, "code").build().unwrap();
        let check = |url: &str| verify_at(url, &verifier, &[], "[]").map(|_| ());
        assert_eq!(check("/eg?x=1&code=a+secret%20%2B+more"), Ok(()));
        assert_eq!(check("https://example.com/eg?code=a+secret+%2B+more#code=x"), Ok(()));
        assert_eq!(check("/eg?code=a+secret+%2B+more&code=x"), Err(Rejection::UnreadableBody));
        assert_eq!(check("/eg?code=x"), Err(Rejection::BadSignature));
        assert_eq!(check("/eg?code="), Err(Rejection::MissingSignature));
        assert_eq!(check("/eg"), Err(Rejection::MissingSignature));
        assert_eq!(check("/code=a+secret+%2B+more"), Err(Rejection::MissingSignature));
    }
}

#[test]
fn basic_authentication_is_read_as_its_standard_says() {
    for scheme in [catalog::CHARGEBEE, catalog::POSTMARK, catalog::PIPEDRIVE, catalog::AZURE_DEVOPS]
    {
        let builder =
            Verifier::builder(scheme.clone()).secret(Secret::new("user:secret:p\u{e4}ss"));
        let verifier = builder.build().unwrap();
        let check = |value: &str| verify(&verifier, &[("Authorization", value)], "{}").map(|_| ());
        let of = |text: &str| STANDARD.encode(text);
        let right = of("user:secret:p\u{e4}ss");
        for name in ["Basic", "basic", "BASIC"] {
            assert_eq!(check(&format!("{name} {right}")), Ok(()));
        }
        let malformed = Err(Rejection::MalformedSignature);
        assert_eq!(check(&format!("Bearer {right}")), malformed);
        assert_eq!(check(&format!("Basic{right}")), malformed);
        assert_eq!(check(&format!("Basic {}", of("user"))), malformed);
        assert_eq!(check(&format!("Basic {right}=")), malformed);
        assert_eq!(check("Basic"), malformed);
        let mismatch = Err(Rejection::BadSignature);
        for wrong in ["user:secret", "User:secret:p\u{e4}ss", ":", "user:secret:p\u{e4}ss "] {
            assert_eq!(check(&format!("Basic {}", of(wrong))), mismatch, "{wrong}");
        }
        assert_eq!(verifier.scheme().unwrap().coverage(), Coverage::NOTHING);
        let text = Verifier::builder(scheme).secret(Secret::new("password only")).build();
        let problem = SecretProblem::Undecodable(SecretFormat::UserAndPassword);
        let label = "secret-1".into();
        assert_eq!(text.unwrap_err(), ConfigError::Secret { label, problem });
    }
}

#[test]
fn weak_tokens_and_passwords_deserve_a_warning() {
    let warned = |scheme: Scheme, secret: &str| {
        let verifier = Verifier::builder(scheme).secret(Secret::new(secret)).build().unwrap();
        verifier.warnings().to_vec()
    };
    let short = |bytes| vec![Warning::ShortSecret { label: "secret-1".into(), bytes }];
    assert_eq!(warned(catalog::TELEGRAM, "hunter2"), short(7));
    assert_eq!(warned(catalog::OKTA_EVENT_HOOKS, "hunter2"), short(7));
    assert_eq!(warned(catalog::MICROSOFT_GRAPH, "hunter2"), short(7));
    // A long user makes no password longer.
    assert_eq!(warned(catalog::CHARGEBEE, "a-user-of-some-length:hunter2"), short(7));
    assert_eq!(warned(catalog::CHARGEBEE, "u:0123456789abcdef"), []);
}

#[test]
fn every_notification_of_microsoft_graph_holds_a_client_state() {
    let builder = Verifier::builder(catalog::MICROSOFT_GRAPH).secret(Secret::new(KEY));
    let verifier = builder.secret(Secret::new("of another subscription")).build().unwrap();
    let check = |value: &str| verify(&verifier, &[JSON], value).map(|_| ());
    let item = |state: &str| format!(r#"{{"clientState":{state},"changeType":"updated"}}"#);
    let body = |items: &[String]| format!(r#"{{"value":[{}]}}"#, items.join(","));
    let mine = item(&format!("{KEY:?}"));
    let other = item(r#""of another subscription""#);
    assert_eq!(check(&body(&[mine.clone(), other])), Ok(()));
    let missing = Err(Rejection::MissingSignature);
    assert_eq!(check(&body(&[])), missing);
    assert_eq!(check(&body(&[mine.clone(), "{}".to_owned()])), missing);
    assert_eq!(check(&body(&[mine.clone(), item("null")])), missing);
    assert_eq!(check(&body(&[mine.clone(), item("1")])), missing);
    assert_eq!(check(&body(&[mine.clone(), item("\"\"")])), missing);
    assert_eq!(check(&body(&[mine.clone(), item("\"x\"")])), Err(Rejection::BadSignature));
    let unreadable = Err(Rejection::UnreadableBody);
    assert_eq!(check(&body(&[mine.replace('{', r#"{"clientState":"x","#)])), unreadable);
    assert_eq!(check(&format!(r#"{{"value":[],"value":[{mine}]}}"#)), unreadable);
    assert_eq!(check(r#"{"value":{}}"#), unreadable);
    assert_eq!(check("{}"), unreadable);
}

// WebSub

const SELF: Header<'_> = ("Link", "<https://example.com/feed>; rel=\"self\"");

#[test]
fn websub_takes_the_method_that_the_delivery_names() {
    let verifier = verifier(&catalog::WEBSUB);
    let mut sha384 = Hmac::<Sha384>::new_from_slice(KEY.as_bytes()).unwrap();
    sha384.update(b"<feed/>");
    let sha384 = format!("sha384={}", const_hex::encode(sha384.finalize().into_bytes()));
    let sha256 = format!("sha256={}", hmac_hex("<feed/>"));
    let check = |value: &str| verify(&verifier, &[("X-Hub-Signature", value)], "<feed/>");
    check(&sha256).unwrap();
    check(&sha384).unwrap();
    let unknown = Err(Rejection::WrongAlgorithm);
    assert_eq!(check(&sha256.replace("sha256", "md5")), unknown);
    assert_eq!(check(&sha256.replace("sha256", "")), unknown);
    assert_eq!(check(&sha256.replace("sha256", "sha512")), Err(Rejection::MalformedSignature));
    assert_eq!(check(&sha256.replace("sha256=", "")), Err(Rejection::MalformedSignature));
    assert!(verify(&verifier, &[], "<feed/>").is_err());
    // A hub is answered with success, so that nobody learns by trying.
    assert_eq!(verifier.status(Rejection::BadSignature), 202);
    assert_eq!(verifier.scheme().unwrap().coverage(), Coverage::BODY);
}

#[test]
fn each_topic_of_websub_has_its_secret() {
    let sha256 = format!("sha256={}", hmac_hex("<feed/>"));
    let signature = ("X-Hub-Signature", &*sha256);
    let topic = |url: &'static str, secret: &'static str| Secret::new(secret).label(url).id(url);
    let builder = || {
        Verifier::builder(catalog::WEBSUB)
            .secret(topic("https://example.com/feed", KEY))
            .secret(topic("https://example.com/other", "the secret of the other"))
    };
    let verifier = builder().build().unwrap();
    verify(&verifier, &[signature, SELF], "<feed/>").unwrap();
    let hub = ("Link", "<https://hub.example>; rel=hub, <https://example.com/feed>; rel=self");
    verify(&verifier, &[signature, hub], "<feed/>").unwrap();
    let other = ("link", "<https://example.com/other>; rel=self");
    let unknown = ("link", "<https://example.com/unknown>; rel=self");
    let mismatch = Err(Rejection::BadSignature);
    assert_eq!(verify(&verifier, &[signature, other], "<feed/>"), mismatch);
    assert_eq!(verify(&verifier, &[signature, unknown], "<feed/>"), mismatch);
    assert!(verify(&verifier, &[signature, SELF, other], "<feed/>").is_err());
    assert!(
        verify(&verifier, &[signature, ("Link", "https://example.com/feed")], "<feed/>").is_err()
    );

    let wanted = builder().setting(Setting::Topic, "https://example.com/other").build().unwrap();
    assert_eq!(verify(&wanted, &[signature, SELF], "<feed/>"), Err(Rejection::Unwanted));
    assert!(verify(&wanted, &[signature], "<feed/>").is_err());
}

// Lark

#[test]
fn lark_signs_with_the_key_in_front_of_the_body() {
    let verifier = verifier(&catalog::LARK);
    let body = r#"{"header":{"event_id":"1","event_type":"x"}}"#;
    let signature =
        |nonce: &str| const_hex::encode(Sha256::digest(format!("1790000000{nonce}{KEY}{body}")));
    let check = |nonce: &str, signature: &str, body: &str| {
        let headers = [
            ("X-Lark-Request-Timestamp", "1790000000"),
            ("X-Lark-Request-Nonce", nonce),
            ("X-Lark-Signature", signature),
        ];
        verify(&verifier, &headers, body)
    };
    let known_by = check("abc", &signature("abc"), body).unwrap();
    assert_eq!(check("def", &signature("def"), body), Ok(known_by));
    assert_eq!(check("abc", &signature("def"), body), Err(Rejection::BadSignature));
    assert_eq!(check("abc", &signature("abc"), "{}"), Err(Rejection::BadSignature));
}

#[test]
fn lark_without_a_key_sends_a_token_in_one_of_two_places() {
    let verifier = verifier(&catalog::LARK_TOKEN);
    let check = |body: &str| verify(&verifier, &[JSON], body).map(|_| ());
    let at = |head: &str| format!(r#"{{{head}"token":{KEY:?}}}"#);
    assert_eq!(check(&at("")), Ok(()));
    assert_eq!(check(&format!(r#"{{"header":{}}}"#, at(""))), Ok(()));
    let both = at(r#""header":{"token":"x"},"#);
    assert_eq!(check(&both), Err(Rejection::BadSignature));
    assert_eq!(check(&at(r#""token":"x","#)), Err(Rejection::UnreadableBody));
    assert_eq!(check("{}"), Err(Rejection::MissingSignature));
    assert_eq!(check(r#"{"encrypt":"x"}"#), Err(Rejection::MissingSignature));
}

// Others

proptest! {
    /// Neither what is sent nor how it is said to be written makes a procedure panic or accept.
    #[test]
    fn nothing_but_the_genuine_is_accepted(
        body in "(\\{|\\}|\\[|\\]|:|,|\"|=|&|%|--b|\r\n|\r\n\r\n|json|signature|token|timestamp|value|event|Content-Disposition: form-data; name=|notificationItems|clientState|\\PC){0,40}",
        media in prop::sample::select(vec![
            "application/json",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=b",
            "multipart/form-data; boundary=\"",
        ]),
        value in "(sha1=|sha256=|<|>|; rel=self|,|\"|\\PC){0,12}",
    ) {
        for scheme in [
            catalog::MAILGUN,
            catalog::ADYEN_NOTIFICATION,
            catalog::DROPBOX_SIGN,
            catalog::MICROSOFT_GRAPH,
            catalog::WEBSUB,
            catalog::LARK_TOKEN,
            catalog::OKTA_EVENT_HOOKS,
        ] {
            let secret = Secret::new(ADYEN_KEY);
            let verifier = Verifier::builder(scheme).secret(secret).build().unwrap();
            let headers = [
                ("Content-Type", media),
                ("X-Hub-Signature", &*value),
                ("Link", &*value),
                ("Authorization", &*value),
            ];
            prop_assert!(verify(&verifier, &headers, &body).is_err());
        }
    }
}

#[test]
fn without_a_secret_a_procedure_judges_the_head_and_accepts_nothing() {
    let nobody = Verifier::builder(catalog::WEBSUB).build_without_secret().unwrap();
    let sha1 = [("X-Hub-Signature", "sha1=1100a088d83ac1e1d1a8f9b86c3762214e85abb7")];
    let delivery = Delivery::new("POST", "/", &sha1, b"<feed/>");
    assert_eq!(nobody.precheck(delivery.head(), NOW), Ok(()));
    assert_eq!(nobody.verify(&delivery, NOW).unwrap_err(), Rejection::BadSignature);
    // What it has in place of a secret is no one's.
    let mut mac = Hmac::<Sha256>::new_from_slice(&[0; 32]).unwrap();
    mac.update(b"<feed/>");
    let forged = format!("sha256={}", const_hex::encode(mac.finalize().into_bytes()));
    let refused = verify(&nobody, &[("X-Hub-Signature", &*forged)], "<feed/>");
    assert_eq!(refused, Err(Rejection::BadSignature));
}

#[test]
fn adyens_platform_names_the_one_algorithm_in_use() {
    let verifier = Verifier::builder(catalog::ADYEN_PLATFORM).secret(Secret::new(ADYEN_KEY));
    let verifier = verifier.build().unwrap();
    let tag = STANDARD.encode(hmac_sha256(&const_hex::decode(ADYEN_KEY).unwrap(), " {} "));
    let signature = ("HmacSignature", &*tag);
    verify(&verifier, &[signature, ("Protocol", "HmacSHA256")], " {} ").unwrap();
    assert!(verify(&verifier, &[signature, ("Protocol", "HmacSHA256")], "{}").is_err());
    assert!(verify(&verifier, &[signature, ("Protocol", "HmacSHA1")], " {} ").is_err());
    assert!(verify(&verifier, &[signature], " {} ").is_err());
}

#[test]
fn the_key_of_authorize_net_is_decoded_or_taken_as_text() {
    let key = "00112233445566778899AABBCCDDEEFF".repeat(4);
    let sign = |key: &[u8]| {
        let mut mac = Hmac::<Sha512>::new_from_slice(key).unwrap();
        mac.update(b"{}");
        format!("sha512={}", const_hex::encode_upper(mac.finalize().into_bytes()))
    };
    let (decoded, text) = (sign(&const_hex::decode(&key).unwrap()), sign(key.as_bytes()));
    let check = |scheme: Scheme, signature: &str| {
        let verifier = Verifier::builder(scheme).secret(Secret::new(&*key)).build().unwrap();
        verify(&verifier, &[("X-ANET-Signature", signature)], "{}").is_ok()
    };
    assert!(check(catalog::AUTHORIZE_NET, &decoded) && !check(catalog::AUTHORIZE_NET, &text));
    assert!(check(catalog::AUTHORIZE_NET_TEXT, &text));
    assert!(!check(catalog::AUTHORIZE_NET_TEXT, &decoded));
}

#[test]
fn what_is_not_signed_at_all_is_never_accepted() {
    for scheme in [catalog::PAYPAL_IPN, catalog::MOLLIE_CLASSIC] {
        let verifier = Verifier::builder(scheme.clone()).build().unwrap();
        let unsigned = Err(Rejection::Unsigned);
        assert_eq!(verify(&verifier, &[FORM], "id=tr_1"), unsigned);
        assert_eq!(verify(&verifier, &[], ""), unsigned);
        let error = Verifier::builder(scheme).secret(Secret::new(KEY)).build().unwrap_err();
        assert_eq!(error, ConfigError::TooManySecrets { most: 0 });
    }
}
