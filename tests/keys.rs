//! Where the idempotency key of each sender in the catalogue comes from, and that it is signed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod support;

use std::collections::BTreeSet;

use countersign::{
    Algorithm, Claims, Delivery, Key, KeySource, Lookup, Part, Place, Receiver, Scheme, Secret,
    SecretFormat, Timestamp, Verifier, catalog,
};
use countersign_memory::MemoryStore;
use countersign_testing::Signer;
use countersign_testing::vectors::Vector;
use hmac::{Hmac, KeyInit, Mac as _};
use sha2::Sha256;

/// The senders whose key is the id in a signed header. All that are in neither list sign no id, or
/// none that is known to name an event for ever, and are told apart by content.
const BY_SIGNED_HEADER: [&str; 21] = [
    "anthropic",
    "brex",
    "clerk",
    "finch",
    "gemini-static",
    "gitlab",
    "incident-io",
    "kick",
    "lithic",
    "liveblocks",
    "openai",
    "polar",
    "render",
    "replicate",
    "resend",
    "shipbob",
    "standard-webhooks",
    "standard-webhooks-v1a",
    "stytch",
    "svix",
    "twitch",
];

/// The senders whose key is an id in their signed body. A delivery without it is told apart by
/// content, such as Slack's slash commands.
const BY_BODY: [&str; 44] = [
    "adobe-io-events",
    "aftership",
    "airwallex",
    "alchemy",
    "ashby",
    "authorize-net",
    "checkout-com",
    "circleci",
    "close",
    "coinbase-commerce",
    "customerio",
    "discord-interactions",
    "dwolla",
    "easypost",
    "ebay",
    "front-rule",
    "fusionauth",
    "gusto",
    "heroku",
    "intercom",
    "launchdarkly",
    "lob",
    "mux",
    "nmi",
    "notion",
    "nylas",
    "orb",
    "paddle",
    "pagerduty",
    "persona",
    "plain",
    "slack",
    "smartcar",
    "square",
    "squarespace",
    "stripe",
    "tally",
    "tebex",
    "telnyx-v2",
    "tiktok-shop",
    "truelayer",
    "typeform",
    "vercel",
    "workos",
];

/// The senders whose key is what code takes for one: a claim of a token, or a header that it signs.
const BY_CODE: [&str; 4] = ["apple-app-store-v2", "aws-sns", "kinde", "paypal"];

#[test]
fn the_source_of_each_key_is_the_listed_one() {
    let listed: BTreeSet<_> = BY_SIGNED_HEADER.into_iter().chain(BY_BODY).chain(BY_CODE).collect();
    assert_eq!(listed.len(), BY_SIGNED_HEADER.len() + BY_BODY.len() + BY_CODE.len());
    for scheme in catalog::all() {
        let id = &*scheme.id;
        assert_eq!(scheme.event_id != Lookup::Absent, listed.contains(id), "{id}");
        assert_eq!(scheme.check(), Ok(()), "{id}: an event id that is not signed is an error");
        if BY_SIGNED_HEADER.contains(&id) {
            assert!(scheme.signed.contains(&Part::DeliveryId), "{id}");
            assert_eq!(scheme.event_id, scheme.delivery_id, "{id}");
        } else if BY_BODY.contains(&id) {
            assert!(scheme.coverage().body(), "{id}");
        }
        // A batch is claimed by its content, and its items by their own keys.
        assert!(scheme.batch.is_none() || !listed.contains(id), "{id}");
    }
}

#[test]
fn plan_21_no_change_to_what_is_not_signed_changes_a_key() {
    let (mut by_id, mut by_content, mut changes) = (0, 0, 0);
    for vector in support::valid_vectors() {
        let claims = claims(vector.verifier().unwrap().unwrap());
        let (key, source) = key(&claims, &vector).expect("it is valid");
        match source {
            KeySource::EventId => by_id += 1,
            KeySource::Content => by_content += 1,
            other => panic!("{other:?}"),
        }
        for changed in changed_headers(&vector) {
            // What is signed cannot be changed; what can be, does not matter.
            if let Some((other, _)) = self::key(&claims, &changed) {
                let at = format!("{}/{}: {:?}", vector.provider, vector.case, changed.headers);
                assert_eq!(other, key, "{at}");
                changes += 1;
            }
        }
    }
    assert!(by_id > 300 && by_content > 300, "{by_id} by id, {by_content} by content");
    assert!(changes > 2000, "only {changes} changes were accepted");
}

/// The vector with each of its headers changed, dropped or doubled, with headers added that senders
/// put ids into, and with another method and path.
fn changed_headers(vector: &Vector) -> Vec<Vector> {
    let mut all = Vec::new();
    let mut push = |change: &dyn Fn(&mut Vector)| {
        let mut changed = vector.clone();
        change(&mut changed);
        all.push(changed);
    };
    for index in 0..vector.headers.len() {
        push(&|it| it.headers[index].1.push('0'));
        push(&|it| it.headers[index].1 = it.headers[index].1.to_uppercase());
        push(&|it| it.headers[index].1 = format!("{} ", it.headers[index].1));
        push(&|it| _ = it.headers.remove(index));
        push(&|it| {
            let (name, value) = it.headers[index].clone();
            it.headers.insert(0, (name, format!("x{value}")));
        });
    }
    for name in
        ["webhook-id", "svix-id", "X-GitHub-Delivery", "X-Shopify-Event-Id", "Idempotency-Key"]
    {
        push(&|it| it.headers.insert(0, (name.to_owned(), "another".to_owned())));
    }
    push(&|it| it.method = "PUT".to_owned());
    push(&|it| it.url = format!("{}?again=1", it.url));
    all
}

#[test]
fn an_event_that_is_signed_anew_keeps_its_key_and_another_event_has_another() {
    let mut signed = 0;
    for scheme in catalog::all().iter().filter(|scheme| support::digests_body(scheme)) {
        let id = &*scheme.id;
        let deliver = |body: &str, event: &str, attempt: i64| {
            deliver(scheme, body, event, attempt).unwrap_or_else(|why| panic!("{id}: {why}"))
        };
        let (body, other_body) = (event(scheme, "1"), event(scheme, "2"));
        let first = deliver(&body, "msg_1", 0);
        signed += 1;
        assert_eq!(deliver(&body, "msg_1", 0), first, "{id}: the same bytes");
        assert_ne!(deliver(&other_body, "msg_2", 0), first, "{id}: another event");
        let again = deliver(&body, "msg_1", 1);
        if signs_time_in_body(scheme) {
            continue; // Its body is another with each attempt.
        }
        assert_eq!(again, first, "{id}: signed anew");
        if !BY_SIGNED_HEADER.contains(&id) {
            assert_eq!(deliver(&body, "msg_9", 1), first, "{id}: under another delivery id");
        }
    }
    assert_eq!(signed, 162);
}

fn signs_time_in_body(scheme: &Scheme) -> bool {
    use countersign::TimestampPlace;

    scheme.timestamp.as_ref().is_some_and(|it| matches!(it.place, TimestampPlace::Body(_)))
}

/// A body with an id wherever the scheme looks for one.
fn event(scheme: &Scheme, id: &str) -> String {
    let mut body = serde_json::json!({ "content": id });
    if let Lookup::First(places) | Lookup::Joined(places) = &scheme.event_id {
        for place in places.iter() {
            if let Place::Body(pointer) = place {
                let (path, last) = pointer.rsplit_once('/').unwrap();
                let mut at = &mut body;
                for step in path.split('/').skip(1) {
                    at[step] = serde_json::json!({});
                    at = &mut at[step];
                }
                at[last] = format!("event_{id}").into();
            }
        }
    }
    body.to_string()
}

/// The key of a delivery that is signed `attempt` seconds later than the first.
fn deliver(scheme: &Scheme, body: &str, delivery_id: &str, attempt: i64) -> Result<Key, String> {
    let secret = match scheme.secret.format {
        SecretFormat::AppKeyAndText => "app-key:a secret of some length",
        SecretFormat::UserAndPassword => "user:a secret of some length",
        SecretFormat::Base64 => "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        SecretFormat::Whsec | SecretFormat::WhsecOrText => "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        SecretFormat::VersionedWhsec => "v1,whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        SecretFormat::Hex => "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
        _ => "a secret of some length",
    };
    let now = Timestamp::from_unix_seconds(1_790_000_000 + attempt);
    let body = if signs_time_in_body(scheme) {
        body_with_time(scheme, body, now)
    } else {
        body.to_owned()
    };
    let text = |error: &dyn std::fmt::Display| error.to_string();
    let mut signer = Signer::new(scheme, secret).map_err(|error| text(&error))?.at(now);
    signer = signer.delivery_id(delivery_id).nonce(format!("nonce{attempt}"));
    let mut builder = Verifier::builder(scheme.clone()).secret(Secret::new(secret));
    if scheme.key_id_header.is_some() {
        signer = signer.key_id("key");
        builder = builder.key_id("key");
    }
    let signed = signer.sign("POST", "/hooks", body.as_bytes()).map_err(|error| text(&error))?;
    let verifier = builder.build().map_err(|error| text(&error))?;
    let delivery = Delivery::new("POST", "/hooks", &signed.headers, &signed.body);
    let proof = verifier.verify(&delivery, now).map_err(|error| text(&error))?;
    let identity = claims(verifier).identify(&proof, &delivery).map_err(|error| text(&error))?;
    Ok(*identity.key())
}

fn body_with_time(scheme: &Scheme, body: &str, now: Timestamp) -> String {
    use countersign::{TimestampFormat, TimestampPlace};

    let source = scheme.timestamp.as_ref().unwrap();
    let TimestampPlace::Body(pointer) = &source.place else { unreachable!() };
    let mut body: serde_json::Value = serde_json::from_str(body).unwrap();
    let time = match source.format {
        TimestampFormat::Milliseconds => now.as_unix_millis(),
        _ => now.as_unix_seconds(),
    };
    body[pointer.trim_start_matches('/')] = time.into();
    body.to_string()
}

fn claims(verifier: Verifier) -> Claims<MemoryStore> {
    Receiver::new(verifier, MemoryStore::new(1)).claims().unwrap().clone()
}

/// The key of a vector, if it verifies.
fn key(claims: &Claims<MemoryStore>, vector: &Vector) -> Option<(Key, KeySource)> {
    let verifier = vector.verifier()?.ok()?;
    let proof = verifier.verify(&vector.delivery(), vector.now()).ok()?;
    let identity = claims.identify(&proof, &vector.delivery()).unwrap();
    Some((*identity.key(), identity.source()))
}

/// A private scheme that signs the id of a device in a header, and the body.
fn devices() -> Scheme {
    let mut scheme = Scheme::new("devices", Algorithm::HmacSha256, "X-Signature");
    scheme.signed = vec![Part::Header("X-Device".into()), Part::Body].into();
    scheme
}

fn key_of(scheme: &Scheme, device: &str, body: &str) -> (Key, KeySource) {
    let secret = "a secret of some length";
    let verifier = Verifier::builder(scheme.clone()).secret(Secret::new(secret)).build().unwrap();
    // The signer makes up the value of a header that it does not know, so it is signed by hand.
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(device.as_bytes());
    mac.update(body.as_bytes());
    let tag = const_hex::encode(mac.finalize().into_bytes());
    let headers = [("X-Device", device), ("X-Signature", &tag)];
    let delivery = Delivery::new("POST", "/hooks", &headers, body.as_bytes());
    let proof = verifier.verify(&delivery, Timestamp::from_unix_seconds(0)).unwrap();
    let identity = claims(verifier).identify(&proof, &delivery).unwrap();
    (*identity.key(), identity.source())
}

#[test]
fn a_signed_header_tells_events_apart_that_have_one_body() {
    let scheme = devices();
    let (cellar, source) = key_of(&scheme, "cellar", "{}");
    assert_eq!(source, KeySource::Content);
    assert_ne!(key_of(&scheme, "attic", "{}").0, cellar);
    assert_eq!(key_of(&scheme, "cellar", "{}").0, cellar);
}

#[test]
fn an_event_id_of_which_a_part_is_absent_is_none() {
    let mut scheme = devices();
    let places = vec![Place::Header("X-Device".into()), Place::Body("/sequence".into())];
    scheme.event_id = Lookup::Joined(places.into());
    assert_eq!(scheme.check(), Ok(()));
    let (first, source) = key_of(&scheme, "cellar", r#"{"sequence":1,"celsius":7}"#);
    assert_eq!(source, KeySource::EventId);
    assert_eq!(key_of(&scheme, "cellar", r#"{"sequence":1,"celsius":8}"#).0, first);
    assert_ne!(key_of(&scheme, "cellar", r#"{"sequence":2,"celsius":7}"#).0, first);
    let (without, source) = key_of(&scheme, "cellar", r#"{"celsius":7}"#);
    assert_eq!(source, KeySource::Content);
    assert_ne!(key_of(&scheme, "cellar", r#"{"celsius":8}"#).0, without);
    // No choice of parts makes two events one.
    let dotted = key_of(&scheme, "a.b", r#"{"sequence":"c"}"#).0;
    assert_ne!(key_of(&scheme, "a", r#"{"sequence":"b.c"}"#).0, dotted);
}
