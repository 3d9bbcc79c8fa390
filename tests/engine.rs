//! What the engine promises beside single deliveries: configuration, secrets, time, custom checks.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use countersign::{
    About, Algorithm, Check, Checked, ConfigError, Coverage, Delivery, Encoding, Head, HeaderRole,
    Lookup, Part, Place, Rejection, Scheme, SchemeError, Secret, SecretProblem, Syntax, Timestamp,
    TimestampFormat, TimestampPlace, TimestampSource, Tolerance, Verified, Verifier, Warning,
    catalog,
};
use countersign_testing::Signer;

const NOW: Timestamp = Timestamp::from_unix_seconds(1_790_000_000);
const LONG: &str = "a secret that has sixteen bytes";

fn signed_by(secret: &str, at: Timestamp) -> countersign_testing::Signed {
    Signer::new(&catalog::STRIPE, secret).unwrap().at(at).sign("POST", "/", b"{}").unwrap()
}

#[track_caller]
fn refused_at_start(scheme: Scheme, secret: &str, expected: &ConfigError) {
    let built = Verifier::builder(scheme).secret(Secret::new(secret)).build();
    assert_eq!(&built.unwrap_err(), expected);
}

#[test]
fn a_verifier_without_a_usable_secret_cannot_be_built() {
    assert_eq!(Verifier::builder(catalog::GITHUB).build().unwrap_err(), ConfigError::NoSecret);
    let secret = |problem| ConfigError::Secret { label: "secret-1".into(), problem };
    refused_at_start(catalog::GITHUB, "", &secret(SecretProblem::Empty));
    refused_at_start(catalog::GITHUB, "secret\n", &secret(SecretProblem::Whitespace));
    refused_at_start(catalog::GITHUB, "\"secret\"", &secret(SecretProblem::Quoted));
    refused_at_start(catalog::GITHUB, "${SECRET}", &secret(SecretProblem::Unresolved));
    let kind = SecretProblem::WrongKind("a Stripe API key".into());
    refused_at_start(catalog::STRIPE, "sk_test_0123456789abcdef", &secret(kind));
    let eight = (0..9).fold(Verifier::builder(catalog::GITHUB), |builder, index| {
        builder.secret(Secret::new(format!("{LONG} {index}")))
    });
    assert_eq!(eight.build().unwrap_err(), ConfigError::TooManySecrets { most: 8 });
    let twice = Verifier::builder(catalog::GITHUB)
        .secret(Secret::new(LONG).label("a"))
        .secret(Secret::new(LONG).label("a"))
        .build();
    assert_eq!(twice.unwrap_err(), ConfigError::RepeatedLabel { label: "a".into() });
}

#[test]
fn no_message_holds_a_secret() {
    for secret in ["hunter2hunter2\n", "\"hunter2\"", "sk_hunter2", "${hunter2"] {
        let builder = Verifier::builder(catalog::STRIPE).secret(Secret::new(secret));
        let shown = format!("{builder:?}");
        let shown = match builder.build() {
            Ok(verifier) => format!("{shown}{verifier:?}{:?}", verifier.warnings()),
            Err(error) => format!("{shown}{error:?}{error}"),
        };
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}

#[test]
fn a_short_secret_works_but_is_warned_of() {
    let verifier = Verifier::builder(catalog::GITHUB).secret(Secret::new("short")).build().unwrap();
    let warning = Warning::ShortSecret { label: "secret-1".into(), bytes: 5 };
    assert_eq!(verifier.warnings(), [warning]);
}

#[test]
fn the_proof_names_the_secret_that_signed() {
    let verifier = Verifier::builder(catalog::STRIPE)
        .secret(Secret::new("the new secret, long enough").label("new"))
        .secret(Secret::new(LONG))
        .build()
        .unwrap();
    for (secret, label) in [("the new secret, long enough", "new"), (LONG, "secret-2")] {
        let signed = signed_by(secret, NOW);
        let delivery = Delivery::new("POST", "/", &signed.headers, b"{}");
        let proof = verifier.verify(&delivery, NOW).unwrap();
        assert_eq!((proof.secret(), proof.signed_at()), (label, Some(NOW)));
    }
}

#[test]
fn a_stale_forgery_is_told_from_a_stale_delivery_only_by_the_operator() {
    let verifier = Verifier::builder(catalog::STRIPE).secret(Secret::new(LONG)).build().unwrap();
    let old = Timestamp::from_unix_seconds(1_789_999_000);
    let genuine = signed_by(LONG, old);
    let forged = signed_by("another secret of some length", old);
    let judge = |headers: &Vec<(String, String)>| {
        let delivery = Delivery::new("POST", "/", headers, b"{}");
        let first = verifier.precheck(delivery.head(), NOW).unwrap_err();
        (first, verifier.verify(&delivery, NOW).unwrap_err())
    };
    assert_eq!(judge(&genuine.headers), (Rejection::TooOld, Rejection::TooOld));
    assert_eq!(judge(&forged.headers), (Rejection::TooOld, Rejection::BadSignature));
    assert_eq!(Rejection::TooOld.status(), Rejection::BadSignature.status());
}

#[test]
fn the_tolerance_is_the_receivers_to_set() {
    let tight = Verifier::builder(catalog::STRIPE)
        .secret(Secret::new(LONG))
        .tolerance(Tolerance::new(10, 2))
        .build()
        .unwrap();
    let judge = |verifier: &Verifier, seconds: i64| {
        let signed = signed_by(LONG, Timestamp::from_unix_seconds(1_790_000_000 + seconds));
        let delivery = Delivery::new("POST", "/", &signed.headers, b"{}");
        verifier.verify(&delivery, NOW).map(|_| ())
    };
    assert_eq!(judge(&tight, -10), Ok(()));
    assert_eq!(judge(&tight, -11), Err(Rejection::TooOld));
    assert_eq!(judge(&tight, 2), Ok(()));
    assert_eq!(judge(&tight, 3), Err(Rejection::FromTheFuture));

    let any = Verifier::builder(catalog::STRIPE).secret(Secret::new(LONG)).danger_any_age().build();
    assert_eq!(judge(&any.unwrap(), -100_000_000), Ok(()));

    let with = |scheme: Scheme, tolerance| {
        Verifier::builder(scheme).secret(Secret::new(LONG)).tolerance(tolerance).build()
    };
    let nothing = with(catalog::GITHUB, Tolerance::symmetric(5)).unwrap_err();
    assert_eq!(nothing, ConfigError::NothingToTolerate);
    let unconfirmed = with(catalog::KLAVIYO, Tolerance::symmetric(5)).unwrap_err();
    assert_eq!(unconfirmed, ConfigError::NothingToTolerate);
    assert_eq!(with(catalog::STRIPE, Tolerance::ANY_AGE).unwrap_err(), ConfigError::AnyAge);
}

#[test]
fn a_key_id_is_required_where_the_sender_names_its_key() {
    let without = Verifier::builder(catalog::PUSHER).secret(Secret::new(LONG)).build();
    let header = "X-Pusher-Key".into();
    assert_eq!(without.unwrap_err(), ConfigError::MissingKeyId { header });
    let needless = Verifier::builder(catalog::GITHUB).secret(Secret::new(LONG)).key_id("k").build();
    assert_eq!(needless.unwrap_err(), ConfigError::UnusedKeyId);
}

#[test]
fn a_paired_scheme_takes_two_secrets() {
    let secrets = |count| {
        (0..count)
            .fold(Verifier::builder(catalog::BOX), |builder, index| {
                builder.secret(Secret::new(format!("{LONG} {index}")))
            })
            .build()
            .map(|_| ())
    };
    assert_eq!(secrets(2), Ok(()));
    assert_eq!(secrets(3), Err(ConfigError::TooManySecrets { most: 2 }));
}

#[test]
fn a_scheme_that_contradicts_itself_is_refused() {
    let base = || Scheme::new("acme", Algorithm::HmacSha256, "X-Acme-Signature");
    let check = |change: &dyn Fn(&mut Scheme), expected: SchemeError| {
        let mut scheme = base();
        change(&mut scheme);
        assert_eq!(scheme.check(), Err(expected));
    };
    let header_time = || {
        Some(TimestampSource {
            place: TimestampPlace::Header(vec!["X-Time".into()].into()),
            format: TimestampFormat::Seconds,
        })
    };
    assert_eq!(base().check(), Ok(()));
    check(&|it| it.id = "".into(), SchemeError::NoId);
    check(&|it| it.signed = vec![Part::Timestamp].into(), SchemeError::BodyNotSigned);
    check(&|it| it.timestamp = header_time(), SchemeError::TimestampNotSigned);
    check(
        &|it| it.signed = vec![Part::Timestamp, Part::Body].into(),
        SchemeError::TimestampNotNamed,
    );
    check(
        &|it| it.signed = vec![Part::DeliveryId, Part::Body].into(),
        SchemeError::DeliveryIdNotNamed,
    );
    check(&|it| it.algorithm = Algorithm::Sha256, SchemeError::SecretPart);
    check(&|it| it.signed = vec![Part::Secret, Part::Body].into(), SchemeError::SecretPart);
    check(&|it| it.signed = vec![Part::AppKey, Part::Body].into(), SchemeError::NoAppKey);
    check(&|it| it.signature.syntax = Syntax::Prefixed("".into()), SchemeError::EmptyText);
    check(&|it| it.key_id_header = Some("a b".into()), SchemeError::HeaderName("a b".into()));
    check(
        &|it| it.delivery_id = Lookup::First(vec![Place::Body("id".into())].into()),
        SchemeError::Pointer("id".into()),
    );
    check(&|it| it.reply.refused = 200, SchemeError::RefusalStatus(200));
    check(
        &|it| {
            it.signed = vec![Part::Timestamp, Part::Body].into();
            it.timestamp = Some(TimestampSource {
                place: TimestampPlace::Header(vec!["X-Time".into()].into()),
                format: TimestampFormat::Unconfirmed,
            });
        },
        SchemeError::UnconfirmedTolerance,
    );
}

#[test]
fn a_private_scheme_from_a_config_file_signs_and_verifies() {
    let scheme: Scheme = toml::from_str(
        r#"
        id = "acme"
        algorithm = "hmac-sha512"
        signed = ["delivery-id", { literal = "|" }, "timestamp", { literal = "|" }, "body"]
        delivery_id = { first = [{ header = "X-Acme-Id" }] }
        tolerance = { past = 60, future = 5 }

        [signature]
        headers = { first = ["X-Acme-Signature"] }
        syntax = { pairs = { separator = "semicolon", assign = "colon", key = "sig" } }
        encoding = "base64-url"

        [timestamp]
        place = { field = "at" }
        format = "milliseconds"
        "#,
    )
    .unwrap();
    assert_eq!(scheme.about, About::default());
    assert_eq!(scheme.signature.encoding, Encoding::Base64Url);
    let signer = Signer::new(&scheme, LONG).unwrap().at(NOW).delivery_id("d-1");
    let signed = signer.sign("POST", "/", b"{}").unwrap();
    let verifier = Verifier::builder(scheme).secret(Secret::new(LONG)).build().unwrap();
    let delivery = Delivery::new("POST", "/", &signed.headers, b"{}");
    let proof = verifier.verify(&delivery, NOW).unwrap();
    assert_eq!(proof.delivery_id(&delivery).as_deref(), Some("d-1"));
    assert!(proof.delivery_id_is_signed());

    let unknown = toml::from_str::<Scheme>("id = \"acme\"\nalgorithm = \"hmac-sha256\"\nx = 1");
    assert!(unknown.unwrap_err().to_string().contains("unknown field `x`"));
}

#[test]
fn the_event_type_of_a_compressed_body_is_read() {
    use std::io::Write as _;

    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), Default::default());
    encoder.write_all(br#"{"type":"message.new"}"#).unwrap();
    let body = encoder.finish().unwrap();
    let signer = Signer::new(&catalog::GETSTREAM, LONG).unwrap();
    let signed = signer.sign_with("POST", "/", &body, &[("content-encoding", "gzip")]).unwrap();
    let verifier = Verifier::builder(catalog::GETSTREAM).secret(Secret::new(LONG)).build().unwrap();
    let delivery = Delivery::new("POST", "/", &signed.headers, &body);
    let proof = verifier.verify(&delivery, NOW).unwrap();
    assert_eq!(proof.event_type(&delivery).as_deref(), Some("message.new"));

    let tight = Verifier::builder(catalog::GETSTREAM).secret(Secret::new(LONG)).decoded_limit(10);
    let refused = tight.build().unwrap().verify(&delivery, NOW).unwrap_err();
    assert_eq!(refused, Rejection::UnreadableBody);
}

#[test]
fn a_custom_check_is_held_to_the_tolerance() {
    struct Shared;

    impl Check for Shared {
        fn precheck(&self, head: &Head<'_>, _: Timestamp) -> Result<(), Rejection> {
            let mut found = false;
            head.headers().each_value("x-token", &mut |_| found = true);
            if found { Ok(()) } else { Err(Rejection::MissingHeader(HeaderRole::Signature)) }
        }

        fn check(&self, delivery: &Delivery<'_>, _: Timestamp) -> Result<Checked, Rejection> {
            let at = std::str::from_utf8(delivery.body()).ok().and_then(|it| it.parse().ok());
            let at = at.ok_or(Rejection::MalformedTimestamp)?;
            let checked = Checked::new("token", Coverage::BODY);
            Ok(checked.signed_at(Timestamp::from_unix_seconds(at)))
        }
    }

    let verifier = Verifier::custom("acme", Tolerance::symmetric(5), Shared);
    let headers = [("x-token", "t")];
    let verify = |body: &[u8]| verifier.verify(&Delivery::new("POST", "/", &headers, body), NOW);
    let proof: Verified = verify(b"1790000003").unwrap();
    assert_eq!((proof.sender(), proof.secret()), ("acme", "token"));
    assert!(proof.coverage().body() && proof.scheme().is_none());
    assert_eq!(verify(b"1790000006").unwrap_err(), Rejection::FromTheFuture);
    let none: [(&str, &str); 0] = [];
    let head = Head::new("POST", "/", &none);
    let missing = Err(Rejection::MissingHeader(HeaderRole::Signature));
    assert_eq!(verifier.precheck(&head, NOW), missing);
}

#[test]
fn the_proof_and_the_verifier_cross_threads() {
    fn crosses<T: Send + Sync + 'static>() {}
    crosses::<Verifier>();
    crosses::<Verified>();
    crosses::<Secret>();
    crosses::<Rejection>();
    crosses::<ConfigError>();
}
