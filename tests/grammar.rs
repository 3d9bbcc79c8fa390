//! The grammar of headers: no header makes the engine panic or accept, and each delivery has one
//! reading.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

mod support;

use countersign::{
    Delivery, HeaderRole, MAX_SIGNATURES, Rejection, Scheme, Secret, Timestamp, Verifier, catalog,
};
use countersign_testing::{Signed, Signer};
use proptest::prelude::*;

const NOW: Timestamp = Timestamp::from_unix_seconds(1_790_000_000);
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn verifier(scheme: &Scheme) -> Verifier {
    Verifier::builder(scheme.clone()).secret(Secret::new(SECRET)).build().unwrap()
}

fn signed(scheme: &Scheme) -> Signed {
    Signer::new(scheme, SECRET).unwrap().at(NOW).sign("POST", "/", b"{}").unwrap()
}

fn verify(scheme: &Scheme, headers: &[(String, String)]) -> Result<(), Rejection> {
    verifier(scheme).verify(&Delivery::new("POST", "/", &headers, b"{}"), NOW).map(|_| ())
}

/// The headers of a genuine delivery, with one of them changed.
fn with(scheme: &Scheme, name: &str, change: impl Fn(&str) -> String) -> Vec<(String, String)> {
    let mut headers = signed(scheme).headers;
    let header = headers.iter_mut().find(|(it, _)| it.eq_ignore_ascii_case(name)).unwrap();
    header.1 = change(&header.1);
    headers
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_header_makes_any_entry_panic_or_accept(
        index in 0..catalog::all().len(),
        values in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..80), 1..4),
        body in prop::collection::vec(any::<u8>(), 0..64),
    ) {
        let scheme = &catalog::all()[index];
        prop_assume!(support::digests_body(scheme));
        let secret = match scheme.secret.format {
            countersign::SecretFormat::Hex => "00112233445566778899aabbccddeeff",
            countersign::SecretFormat::AppKeyAndText => "app:00112233445566778899",
            countersign::SecretFormat::UserAndPassword => "user:00112233445566778899",
            _ => "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        };
        let mut builder = Verifier::builder(scheme.clone()).secret(Secret::new(secret));
        if scheme.key_id_header.is_some() {
            builder = builder.key_id("key-1");
        }
        let verifier = builder.build().unwrap();
        let names = Signer::new(scheme, secret).unwrap().at(NOW).key_id("key-1")
            .sign("POST", "/", br#"{"webhookTimestamp":1790000000000}"#).unwrap().headers;
        let headers: Vec<(String, Vec<u8>)> = names
            .iter()
            .enumerate()
            .map(|(at, (name, _))| (name.clone(), values[at % values.len()].clone()))
            .collect();
        let delivery = Delivery::new("POST", "/", &headers, &body);
        prop_assert!(verifier.verify(&delivery, NOW).is_err());
        prop_assert!(verifier.verify(&delivery, NOW).is_err(), "the verdict is stable");
        let _ = verifier.precheck(delivery.head(), NOW);
    }

    #[test]
    fn text_around_a_genuine_signature_never_passes(
        before in "[ -~]{0,6}", after in "[ -~]{0,6}",
    ) {
        for scheme in [&catalog::GITHUB, &catalog::SHOPIFY, &catalog::LINE, &catalog::DROPBOX] {
            let name = scheme_header(scheme);
            let headers = with(scheme, &name, |value| format!("{before}{value}{after}"));
            let changed = !before.is_empty() || !after.is_empty();
            prop_assert_eq!(verify(scheme, &headers).is_err(), changed);
        }
    }

    #[test]
    fn unknown_items_in_a_list_change_nothing(
        key in "[a-z][a-z0-9]{0,5}", value in "[a-zA-Z0-9+/=]{0,50}", front in any::<bool>(),
    ) {
        prop_assume!(key != "t" && key != "v1");
        let item = format!("{key}={value}");
        let headers = with(&catalog::STRIPE, "stripe-signature", |it| {
            if front { format!("{item},{it}") } else { format!("{it},{item}") }
        });
        prop_assert_eq!(verify(&catalog::STRIPE, &headers), Ok(()));
        let item = format!("{key},{value}");
        let headers = with(&catalog::STANDARD_WEBHOOKS, "webhook-signature", |it| {
            if front { format!("{item} {it}") } else { format!("{it} {item}") }
        });
        prop_assert_eq!(verify(&catalog::STANDARD_WEBHOOKS, &headers), Ok(()));
    }

    #[test]
    fn a_second_differing_timestamp_is_refused(other in 1_700_000_000_u32..1_800_000_000) {
        prop_assume!(other != 1_790_000_000);
        for front in [false, true] {
            let headers = with(&catalog::STRIPE, "stripe-signature", |it| {
                if front { format!("t={other},{it}") } else { format!("{it},t={other}") }
            });
            let refused = Err(Rejection::AmbiguousHeader(HeaderRole::Timestamp));
            prop_assert_eq!(verify(&catalog::STRIPE, &headers), refused);
        }
    }

    #[test]
    fn one_time_has_one_spelling(spelling in "[+ -]?0{0,3}1790000000[ .]?0{0,2}") {
        let expected = spelling == "1790000000";
        let headers = with(&catalog::SLACK, "x-slack-request-timestamp", |_| spelling.clone());
        prop_assert_eq!(verify(&catalog::SLACK, &headers).is_ok(), expected);
    }
}

fn scheme_header(scheme: &Scheme) -> String {
    match &scheme.signature.headers {
        countersign::SignatureHeaders::First(names) => names[0].to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_header_may_be_repeated_with_the_same_value_only() {
    let name = "X-Hub-Signature-256";
    let mut headers = signed(&catalog::GITHUB).headers;
    let genuine = headers.iter().find(|(it, _)| it == name).unwrap().1.clone();
    headers.push((name.to_ascii_lowercase(), genuine));
    assert_eq!(verify(&catalog::GITHUB, &headers), Ok(()));
    headers.push((name.to_owned(), format!("sha256={}", "0".repeat(64))));
    let ambiguous = Err(Rejection::AmbiguousHeader(HeaderRole::Signature));
    assert_eq!(verify(&catalog::GITHUB, &headers), ambiguous);
}

#[test]
fn a_repeated_list_header_is_one_list() {
    let mut headers = signed(&catalog::STANDARD_WEBHOOKS).headers;
    let forged = "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=".to_owned();
    headers.insert(0, ("webhook-signature".to_owned(), forged));
    assert_eq!(verify(&catalog::STANDARD_WEBHOOKS, &headers), Ok(()));
}

#[test]
fn more_signatures_than_the_limit_are_refused_even_if_one_is_genuine() {
    let forged = format!("v1={}", "0".repeat(64));
    let padded = |count: usize| {
        with(&catalog::STRIPE, "stripe-signature", |it| {
            format!("{it},{}", vec![forged.as_str(); count].join(","))
        })
    };
    assert_eq!(verify(&catalog::STRIPE, &padded(MAX_SIGNATURES - 1)), Ok(()));
    let refused = Err(Rejection::TooManySignatures);
    assert_eq!(verify(&catalog::STRIPE, &padded(MAX_SIGNATURES)), refused);
}

#[test]
fn both_cases_of_hexadecimal_are_one_signature() {
    let headers = with(&catalog::GITHUB, "x-hub-signature-256", |it| {
        it.replacen("sha256=", "", 1).to_uppercase().replacen("", "sha256=", 1)
    });
    assert_eq!(verify(&catalog::GITHUB, &headers), Ok(()));
}

#[test]
fn an_id_that_contains_the_separator_could_be_split_in_two_ways_and_is_refused() {
    let signer = Signer::new(&catalog::STANDARD_WEBHOOKS, SECRET).unwrap().at(NOW);
    let signed = signer.delivery_id("msg_1.1790000000").sign("POST", "/", b"{}").unwrap();
    let refused = Err(Rejection::WrongHeader(HeaderRole::DeliveryId));
    assert_eq!(verify(&catalog::STANDARD_WEBHOOKS, &signed.headers), refused);
}

#[test]
fn families_of_header_names_are_not_mixed() {
    let mut headers = signed(&catalog::SVIX).headers;
    assert!(headers.iter().any(|(name, _)| name == "svix-signature"));
    // A second trio with the generic names is passed over while the first is whole.
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        headers.push((name.to_owned(), "x".to_owned()));
    }
    assert_eq!(verify(&catalog::SVIX, &headers), Ok(()));
    // The generic timestamp does not stand in for a missing one.
    headers.retain(|(name, _)| name != "svix-timestamp");
    assert!(verify(&catalog::SVIX, &headers).is_err());
}
