//! What is true of every entry of the catalogue.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod support;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use countersign::{
    Confidence, Delivery, Lookup, Part, Place, Scheme, Secret, SecretFormat, Timestamp,
    TimestampFormat, TimestampPlace, Tolerance, Verifier, catalog,
};
use countersign_testing::Signer;

const NOW: Timestamp = Timestamp::from_unix_seconds(1_790_000_000);
const BODY: &[u8] = br#"{"webhookTimestamp":1790000000000,"type":"test"}"#;

#[test]
fn every_entry_is_sound_and_found_by_its_id() {
    assert_eq!(catalog::all().len(), 157);
    for scheme in catalog::all() {
        assert_eq!(scheme.check(), Ok(()), "{}", scheme.id);
        assert_eq!(catalog::find(&scheme.id), Some(scheme));
        assert!(scheme.about.page.starts_with("https://"), "{}", scheme.id);
        assert!(!scheme.about.name.is_empty() && !scheme.about.category.is_empty());
    }
    let ids: Vec<_> = catalog::all().iter().map(|scheme| &scheme.id).collect();
    assert!(ids.is_sorted(), "the entries are in the order of their ids");
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
}

#[test]
fn every_entry_has_vectors_and_every_vector_an_entry() {
    let entries: Vec<_> = catalog::all().iter().map(|scheme| scheme.id.to_string()).collect();
    assert_eq!(support::senders_with_vectors(), entries);
}

#[test]
fn every_entry_survives_the_config_format() {
    for scheme in catalog::all() {
        let text = toml::to_string(scheme).unwrap();
        let read: Scheme = toml::from_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(read, *scheme);
    }
}

#[test]
fn every_timestamp_is_signed() {
    for scheme in catalog::all() {
        let Some(source) = &scheme.timestamp else {
            assert_eq!(scheme.tolerance, Tolerance::ANY_AGE, "{}", scheme.id);
            continue;
        };
        let signed = scheme.signed.contains(&Part::Timestamp)
            || scheme.signed.iter().any(|part| matches!(part, Part::ListedHeaders(_)))
            || matches!(source.place, TimestampPlace::Body(_)) && scheme.coverage().body();
        assert!(signed, "{}", scheme.id);
    }
}

#[test]
fn no_entry_accepts_an_unbounded_future() {
    for scheme in catalog::all() {
        assert_eq!(
            scheme.tolerance.past().is_some(),
            scheme.tolerance.future().is_some(),
            "{}",
            scheme.id
        );
        if let (Some(past), Some(future)) = (scheme.tolerance.past(), scheme.tolerance.future()) {
            assert!(future <= past, "{}", scheme.id);
        }
    }
}

#[test]
fn an_id_that_only_a_header_holds_counts_as_signed_only_if_it_is() {
    for scheme in catalog::all() {
        let (Lookup::First(places) | Lookup::Joined(places)) = &scheme.delivery_id else {
            assert!(!scheme.signs_delivery_id(), "{}", scheme.id);
            continue;
        };
        let in_header = places.iter().any(|place| matches!(place, Place::Header(_)));
        let signed_header = scheme.signed.iter().any(|part| match part {
            Part::DeliveryId => true,
            Part::Header(name) | Part::Nonce(name) => places.contains(&Place::Header(name.clone())),
            _ => false,
        });
        assert_eq!(scheme.signs_delivery_id(), !in_header || signed_header, "{}", scheme.id);
    }
    assert!(!catalog::GITHUB.signs_delivery_id(), "GitHub's delivery id is not signed");
    assert!(!catalog::SHOPIFY.signs_delivery_id(), "Shopify's delivery id is not signed");
    assert!(catalog::STANDARD_WEBHOOKS.signs_delivery_id());
    assert!(catalog::TWITCH.signs_delivery_id());
    assert!(catalog::STRIPE.signs_delivery_id(), "Stripe's id is in the signed body");
}

#[test]
fn every_entry_is_signed_by_the_test_kit_and_accepted() {
    for scheme in catalog::all() {
        let secret = secret_for(scheme.secret.format);
        let mut signer = Signer::new(scheme, secret).unwrap().at(NOW);
        let mut builder = Verifier::builder(scheme.clone()).secret(Secret::new(secret));
        if scheme.key_id_header.is_some() {
            signer = signer.key_id("key-1");
            builder = builder.key_id("key-1");
        }
        let verifier = builder.build().unwrap();
        let signed = signer.sign("POST", "/hooks?x=1", BODY).unwrap();
        let accepted = verifier
            .verify(&Delivery::new("POST", "/hooks?x=1", &signed.headers, &signed.body), NOW);
        let proof = accepted.unwrap_or_else(|rejection| panic!("{}: {rejection}", scheme.id));
        assert_eq!(proof.sender(), scheme.id);
        let tells_time = scheme
            .timestamp
            .as_ref()
            .is_some_and(|source| source.format != TimestampFormat::Unconfirmed);
        assert_eq!(proof.signed_at(), tells_time.then_some(NOW), "{}", scheme.id);

        let other = Delivery::new("POST", "/hooks?x=1", &signed.headers, b"{}");
        assert!(verifier.verify(&other, NOW).is_err(), "{}", scheme.id);
    }
}

#[test]
fn the_digest_of_the_content_stays_the_same_from_attempt_to_attempt() {
    for scheme in catalog::all() {
        let secret = secret_for(scheme.secret.format);
        let mut builder = Verifier::builder(scheme.clone()).secret(Secret::new(secret));
        if scheme.key_id_header.is_some() {
            builder = builder.key_id("key-1");
        }
        if scheme.timestamp.is_some() {
            builder = builder.danger_any_age();
        }
        let verifier = builder.build().unwrap();
        let attempt = |at: Timestamp, nonce: &str, body: &[u8]| {
            let signer = Signer::new(scheme, secret).unwrap().at(at).nonce(nonce).key_id("key-1");
            let signed = signer.sign("POST", "/hooks", body).unwrap();
            let delivery = Delivery::new("POST", "/hooks", &signed.headers, &signed.body);
            verifier.verify(&delivery, NOW).unwrap().content_digest(&delivery).unwrap()
        };
        let first = attempt(NOW, "nonce-1", BODY);
        let in_body =
            matches!(&scheme.timestamp, Some(it) if matches!(it.place, TimestampPlace::Body(_)));
        if !in_body {
            let later = Timestamp::from_unix_seconds(1_790_000_060);
            assert_eq!(attempt(later, "nonce-2", BODY), first, "{}", scheme.id);
        }
        let other = br#"{"webhookTimestamp":1790000000000,"type":"other"}"#;
        assert_ne!(attempt(NOW, "nonce-1", other), first, "{}", scheme.id);
    }
}

/// The table that users read to learn what anyone on the way may change.
#[test]
fn what_each_entry_does_not_cover_is_listed() {
    let mut table = String::from(
        "# What the signature of each sender does not cover, beside headers that mean nothing to\n\
         # it. `mutations.rs` shows that changing it passes. Written by `catalog.rs`; to write it\n\
         # anew, run the test with COUNTERSIGN_UPDATE=1.\n",
    );
    for scheme in catalog::all() {
        writeln!(table, "{}: {}", scheme.id, uncovered(scheme).join(", ")).unwrap();
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/uncovered.txt");
    if std::env::var_os("COUNTERSIGN_UPDATE").is_some() {
        std::fs::write(path, &table).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), table);
}

fn uncovered(scheme: &Scheme) -> Vec<&'static str> {
    let coverage = scheme.coverage();
    let header = |lookup: &Lookup| match lookup {
        Lookup::First(places) | Lookup::Joined(places) => {
            places.iter().any(|place| matches!(place, Place::Header(_)))
        }
        _ => false,
    };
    let mut uncovered = Vec::new();
    if !coverage.method() {
        uncovered.push("method");
    }
    if !coverage.url() {
        uncovered.push("url");
    }
    if scheme.signed.iter().any(|part| matches!(part, Part::ListedHeaders(_))) {
        uncovered.push("headers that the sender does not list");
        return uncovered;
    }
    if header(&scheme.delivery_id) && !scheme.signs_delivery_id() {
        uncovered.push("delivery id");
    }
    if header(&scheme.event_type) {
        uncovered.push("event type");
    }
    if coverage.form_field() {
        uncovered.push("other form fields");
    }
    uncovered
}

#[test]
fn the_confidence_of_every_entry_is_one_of_the_named() {
    let count = |wanted| catalog::all().iter().filter(|it| it.about.confidence == wanted).count();
    assert_eq!(count(Confidence::SdkVerified), 43);
    assert_eq!(count(Confidence::DocsVerified), 25);
    assert_eq!(count(Confidence::Secondary), 86);
    assert_eq!(count(Confidence::Unverified), 3);
}

fn secret_for(format: SecretFormat) -> &'static str {
    match format {
        SecretFormat::Hex => "00112233445566778899aabbccddeeff",
        SecretFormat::Base64 | SecretFormat::Whsec => "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        SecretFormat::VersionedWhsec => "v1,whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        SecretFormat::AppKeyAndText => "app-1:00112233445566778899aabbccddeeff",
        SecretFormat::UserAndPassword => "user:00112233445566778899aabbccddeeff",
        _ => "a secret that has sixteen bytes",
    }
}

#[test]
fn the_readme_lists_every_sender() {
    let mut table = String::from(
        "| id | sender | digest | tolerance | id signed | confidence |\n|---|---|---|---|---|---|\n",
    );
    for scheme in catalog::all() {
        let id_signed = match (&scheme.delivery_id, scheme.signs_delivery_id()) {
            (Lookup::Absent, _) => "no id",
            (_, true) => "yes",
            (_, false) => "no",
        };
        let tolerance = match (&scheme.timestamp, scheme.tolerance.past()) {
            (None, _) => "no time signed".to_owned(),
            (Some(_), None) => "any age".to_owned(),
            (Some(_), Some(_)) => scheme.tolerance.to_string(),
        };
        writeln!(
            table,
            "| `{}` | [{}]({}) | {} | {tolerance} | {id_signed} | {} |",
            scheme.id,
            scheme.about.name,
            scheme.about.page,
            toml::Value::try_from(scheme.algorithm).unwrap().as_str().unwrap(),
            scheme.about.confidence.as_str(),
        )
        .unwrap();
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md");
    let readme = std::fs::read_to_string(path).unwrap();
    let (before, rest) = readme.split_once("written by tests/catalog.rs -->\n").unwrap();
    let (_, after) = rest.split_once("<!-- /senders -->").unwrap();
    let wanted =
        format!("{before}written by tests/catalog.rs -->\n{table}<!-- /senders -->{after}");
    if std::env::var_os("COUNTERSIGN_UPDATE").is_some() {
        std::fs::write(path, &wanted).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), wanted);
}
