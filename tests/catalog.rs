//! What is true of every entry of the catalogue.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod support;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use countersign::{
    Confidence, Delivery, Lookup, Part, Place, Procedure, Scheme, Secret, SecretFormat, Setting,
    Timestamp, TimestampFormat, TimestampPlace, TokenPlace, Tolerance, Verifier, catalog,
};
use countersign_testing::{Signed, Signer};

const NOW: Timestamp = Timestamp::from_unix_seconds(1_790_000_000);
const BODY: &[u8] = br#"{"webhookTimestamp":1790000000000,"type":"test"}"#;

#[test]
fn every_entry_is_sound_and_found_by_its_id() {
    assert_eq!(catalog::all().len(), 233);
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
    let vectors: BTreeSet<_> = support::senders_with_vectors().into_iter().collect();
    let entries: BTreeSet<_> = catalog::all().iter().map(|scheme| scheme.id.to_string()).collect();
    let bare: Vec<_> = entries.difference(&vectors).map(String::as_str).collect();
    assert_eq!(bare, WITHOUT_VECTORS);
    for name in &vectors {
        assert!(catalog::find(name).is_some(), "{name}");
    }
}

/// Entries for which nobody but this project has made a vector; other tests show what they do.
const WITHOUT_VECTORS: &[&str] = &[
    "authorize-net-text",
    "azure-devops",
    "bi-snap",
    "bitso",
    "fireblocks-legacy",
    "flutterwave-v4",
    "hubspot-v2",
    "hubspot-v3",
    "lark-token",
    "microsoft-graph-rich",
    "midtrans-iris",
    "mollie-classic",
    "pandadoc",
    "paypal-ipn",
    "postmark-token",
    "wechatpay-v3",
];

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
        if scheme.procedure != Procedure::Signature {
            let judges_age = scheme.tolerance != Tolerance::ANY_AGE;
            let signs_time = scheme.coverage().timestamp() || scheme.timestamp.is_some();
            assert!(!judges_age || signs_time, "{}", scheme.id);
            continue;
        }
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
    for scheme in catalog::all().iter().filter(|it| it.procedure == Procedure::Signature) {
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
        let in_signed_body = !in_header && scheme.coverage().body();
        assert_eq!(scheme.signs_delivery_id(), in_signed_body || signed_header, "{}", scheme.id);
    }
    assert!(!catalog::GITHUB.signs_delivery_id(), "GitHub's delivery id is not signed");
    assert!(!catalog::SHOPIFY.signs_delivery_id(), "Shopify's delivery id is not signed");
    assert!(catalog::STANDARD_WEBHOOKS.signs_delivery_id());
    assert!(catalog::TWITCH.signs_delivery_id());
    assert!(catalog::STRIPE.signs_delivery_id(), "Stripe's id is in the signed body");
}

/// An entry set up for a receiver, and a sender who signs for it.
struct Pair {
    verifier: Verifier,
    signer: Signer,
}

impl Pair {
    fn new(scheme: &Scheme, any_age: bool) -> Self {
        let secret = secret_for(scheme.secret.format);
        let mut signer = Signer::new(scheme, secret).unwrap().at(NOW);
        let mut builder = Verifier::builder(scheme.clone()).secret(Secret::new(secret));
        if scheme.key_id_header.is_some() {
            signer = signer.key_id("key-1");
            builder = builder.key_id("key-1");
        }
        if scheme.signs_external_url() {
            builder = builder.external_url("https://hooks.example.com");
        }
        let (mut settings, optional) = scheme.settings();
        settings.extend(optional.into_iter().filter(|it| *it == Setting::Audience));
        for setting in settings {
            signer = signer.setting(setting, "ours");
            builder = builder.setting(setting, "ours");
        }
        if any_age {
            builder = builder.danger_any_age();
        }
        let verifier = builder.build().unwrap_or_else(|error| panic!("{}: {error}", scheme.id));
        Self { verifier, signer }
    }

    fn sign(&self, scheme: &Scheme, body: &[u8]) -> Signed {
        let is_form = scheme.signed.contains(&Part::SortedForm);
        let form = "application/x-www-form-urlencoded";
        let content_type = ("Content-Type", if is_form { form } else { "application/json" });
        let signed = self.signer.sign_with("POST", URL, body, &[content_type]);
        signed.unwrap_or_else(|error| panic!("{}: {error}", scheme.id))
    }
}

const URL: &str = "https://hooks.example.com/hooks?x=1";

#[test]
fn every_entry_with_a_secret_is_signed_by_the_test_kit_and_accepted() {
    let mut count = 0;
    for scheme in signable() {
        let pair = Pair::new(scheme, false);
        let signed = pair.sign(scheme, BODY);
        let delivery = Delivery::new("POST", &signed.url, &signed.headers, &signed.body);
        let accepted = pair.verifier.verify(&delivery, NOW);
        let proof = accepted.unwrap_or_else(|rejection| panic!("{}: {rejection}", scheme.id));
        assert_eq!(proof.sender(), scheme.id);
        if scheme.procedure == Procedure::Signature {
            let source = scheme.timestamp.as_ref();
            let tells = source.is_some_and(|it| it.format != TimestampFormat::Unconfirmed);
            assert_eq!(proof.signed_at(), tells.then_some(NOW), "{}", scheme.id);
        }
        let other = if scheme.coverage().body() {
            Delivery::new("POST", &signed.url, &signed.headers, b"{\"other\":1}")
        } else {
            Delivery::new("POST", URL, &[("X-Other", "1")], BODY)
        };
        assert!(pair.verifier.verify(&other, NOW).is_err(), "{}", scheme.id);
        count += 1;
    }
    assert_eq!(count, 182);
}

#[test]
fn the_digest_of_the_content_stays_the_same_from_attempt_to_attempt() {
    for scheme in signable() {
        if scheme.procedure != Procedure::Signature || scheme.algorithm.is_token() {
            continue;
        }
        let pair = Pair::new(scheme, scheme.timestamp.is_some());
        let attempt = |at: Timestamp, nonce: &str, body: &[u8]| {
            let signer = pair.signer.clone().at(at).nonce(nonce);
            let pair = Pair { signer, verifier: pair.verifier.clone() };
            let signed = pair.sign(scheme, body);
            let delivery = Delivery::new("POST", &signed.url, &signed.headers, &signed.body);
            pair.verifier.verify(&delivery, NOW).unwrap().content_digest(&delivery).unwrap()
        };
        let first = attempt(NOW, "nonce-1", BODY);
        let in_body =
            matches!(&scheme.timestamp, Some(it) if matches!(it.place, TimestampPlace::Body(_)));
        if !in_body {
            let later = Timestamp::from_unix_seconds(1_790_000_060);
            assert_eq!(attempt(later, "nonce-2", BODY), first, "{}", scheme.id);
        }
        if scheme.coverage().body() {
            let other = br#"{"webhookTimestamp":1790000000000,"type":"other"}"#;
            assert_ne!(attempt(NOW, "nonce-1", other), first, "{}", scheme.id);
        }
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
    assert_eq!(count(Confidence::SdkVerified), 69);
    assert_eq!(count(Confidence::DocsVerified), 53);
    assert_eq!(count(Confidence::Secondary), 86);
    assert_eq!(count(Confidence::Unverified), 25);
}

/// The entries that the test kit signs for with a shared secret.
fn signable() -> impl Iterator<Item = &'static Scheme> {
    catalog::all().iter().filter(|scheme| {
        let is_told = !matches!(scheme.procedure, Procedure::Code(_));
        let is_in_reach = !matches!(&scheme.procedure, Procedure::Jwt(rules)
            if matches!(rules.place, TokenPlace::BodyValue(_)));
        is_told && is_in_reach && !scheme.algorithm.is_public()
    })
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
        "| id | sender | signs with | covers | key | tolerance | id signed | handshake | confidence |\n\
         |---|---|---|---|---|---|---|---|---|\n",
    );
    for scheme in catalog::all() {
        let id_signed = match (&scheme.delivery_id, scheme.signs_delivery_id()) {
            (Lookup::Absent, _) => "no id",
            (_, true) => "yes",
            (_, false) => "no",
        };
        let tolerance = match (scheme.coverage().timestamp(), scheme.tolerance.past()) {
            (false, _) => "no time signed".to_owned(),
            (true, None) => "any age".to_owned(),
            (true, Some(_)) => scheme.tolerance.to_string(),
        };
        writeln!(
            table,
            "| `{}` | [{}]({}) | {} | {} | {} | {tolerance} | {id_signed} | {} | {} |",
            scheme.id,
            scheme.about.name,
            scheme.about.page,
            signs_with(scheme),
            covers(scheme),
            key(scheme),
            if scheme.handshake.is_some() { "yes" } else { "" },
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

fn signs_with(scheme: &Scheme) -> String {
    let algorithm = toml::Value::try_from(scheme.algorithm).unwrap();
    let algorithm = algorithm.as_str().unwrap();
    match &scheme.procedure {
        Procedure::Jwt(rules) if rules.algorithms.len() > 1 => "JWT, several".to_owned(),
        Procedure::Jwt(_) => format!("JWT, {algorithm}"),
        Procedure::Code(countersign::Code::Unsigned) => "nothing".to_owned(),
        _ => algorithm.to_owned(),
    }
}

fn covers(scheme: &Scheme) -> &'static str {
    let coverage = scheme.coverage();
    if coverage.body() {
        "body"
    } else if coverage.fields() || coverage.form_field() {
        "fields"
    } else {
        "nothing of the body"
    }
}

fn key(scheme: &Scheme) -> &'static str {
    match (&scheme.remote_keys, scheme.algorithm.is_public()) {
        (Some(_), _) => "fetched or given",
        (None, true) => "public, given",
        (None, false) => "secret",
    }
}
