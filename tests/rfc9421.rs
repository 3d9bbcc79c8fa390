//! HTTP message signatures: the examples of RFC 9421, and what is accepted by default.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign::{
    Algorithm, ConfigError, Coverage, Delivery, HeaderRole, KeyProblem, Lookup, Place, PublicKey,
    Rejection, Secret, Setting, Timestamp, Tolerance, Verified, Verifier, VerifierBuilder, catalog,
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

/// When the examples of the RFC were signed.
const CREATED: i64 = 1_618_884_473;
const NOW: Timestamp = Timestamp::from_unix_seconds(CREATED + 10);

// Keys of appendix B.1.
const RSA: &str = "\
-----BEGIN PUBLIC KEY-----\n\
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAr4tmm3r20Wd/PbqvP1s2\n\
+QEtvpuRaV8Yq40gjUR8y2Rjxa6dpG2GXHbPfvMs8ct+Lh1GH45x28Rw3Ry53mm+\n\
oAXjyQ86OnDkZ5N8lYbggD4O3w6M6pAvLkhk95AndTrifbIFPNU8PPMO7OyrFAHq\n\
gDsznjPFmTOtCEcN2Z1FpWgchwuYLPL+Wokqltd11nqqzi+bJ9cvSKADYdUAAN5W\n\
Utzdpiy6LbTgSxP7ociU4Tn0g5I6aDZJ7A8Lzo0KSyZYoA485mqcO0GVAdVw9lq4\n\
aOT9v6d+nb4bnNkQVklLQ3fVAvJm+xdDOp9LCNCN48V2pnDOkFV6+U9nV5oyc6XI\n\
2wIDAQAB\n\
-----END PUBLIC KEY-----";
const P256: &str = "\
-----BEGIN PUBLIC KEY-----\n\
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lf\n\
w0EkjqF7xB4FivAxzic30tMM4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ==\n\
-----END PUBLIC KEY-----";
const ED25519: &str = "\
-----BEGIN PUBLIC KEY-----\n\
MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=\n\
-----END PUBLIC KEY-----";
const SHARED: &str =
    "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==";

/// The request of appendix B.2.
const URL: &str = "https://example.com/foo?param=Value&Pet=dog";
const BODY: &[u8] = br#"{"hello": "world"}"#;
const HEADERS: [(&str, &str); 5] = [
    ("Host", "example.com"),
    ("Date", "Tue, 20 Apr 2021 02:07:55 GMT"),
    ("Content-Type", "application/json"),
    ("Content-Digest", DIGEST),
    ("Content-Length", "18"),
];
const DIGEST: &str = "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNN\
     yealdVLvRwEmTHWXvJwew==:";

/// A receiver that has the keys of the examples, and requires what a test says.
fn builder() -> VerifierBuilder {
    let rsa = PublicKey::new(RSA).id("test-key-rsa-pss").algorithm(Algorithm::RsaPssSha512);
    Verifier::builder(catalog::RFC9421)
        .public_key(rsa)
        .public_key(PublicKey::new(P256).id("test-key-ecc-p256"))
        .public_key(PublicKey::new(ED25519).id("test-key-ed25519"))
        .secret(Secret::new(SHARED).id("test-shared-secret").label("shared"))
}

/// Accepts whatever is covered, as the examples need it.
fn lenient() -> Verifier {
    builder().setting(Setting::RequiredComponent, "danger-none").build().unwrap()
}

fn strict() -> VerifierBuilder {
    builder().external_url("https://example.com")
}

#[track_caller]
fn verify(
    verifier: &Verifier,
    url: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Result<Verified, Rejection> {
    let delivery = Delivery::new("POST", url, &headers, body);
    let first = verifier.precheck(delivery.head(), NOW);
    let last = verifier.verify(&delivery, NOW);
    // What is refused early is refused in the end.
    assert!(first.is_ok() || last.is_err(), "{first:?}");
    last
}

fn with<'h>(
    headers: &[(&'h str, &'h str)],
    input: &'h str,
    signature: &'h str,
) -> Vec<(&'h str, &'h str)> {
    [headers, &[("Signature-Input", input), ("Signature", signature)]].concat()
}

/// The value of `Signature` for what lines of a signature base say, by the shared secret.
fn sign(label: &str, input: &str, lines: &[(&str, &str)]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(&STANDARD.decode(SHARED).unwrap()).unwrap();
    for (identifier, value) in lines {
        mac.update(format!("{identifier}: {value}\n").as_bytes());
    }
    mac.update(format!("\"@signature-params\": {input}").as_bytes());
    format!("{label}=:{}:", STANDARD.encode(mac.finalize().into_bytes()))
}

const B21_INPUT: &str = "sig-b21=();created=1618884473;keyid=\"test-key-rsa-pss\";nonce=\"b3k2pp5k7\
     z-50gnwp.yemd\"";
const B21: &str = "sig-b21=:d2pmTvmbncD3xQm8E9ZV2828BjQWGgiwAaw5bAkgibUopemLJcWDy/lkbbHAve4cR\
     Atx31Iq786U7it++wgGxbtRxf8Udx7zFZsckzXaJMkA7ChG52eSkFxykJeNqsrWH5S+oxNFlD4\
     dzVuwe8DhTSja8xxbR/Z2cOGdCbzR72rgFWhzx2VjBqJzsPLMIQKhO4DGezXehhWwE56YCE+O6\
     c0mKZsfxVrogUvA4HELjVKWmAvtl6UnCh8jYzuVG5WSb/QEVPnP5TmcAnLH1g+s++v6d4s8m0g\
     Cw1fV5/SITLq9mhho8K3+7EPYTU8IU1bLhdxO5Nyt8C8ssinQ98Xw9Q==:";
const B22_INPUT: &str = "sig-b22=(\"@authority\" \"content-digest\" \"@query-param\";name=\"Pet\");\
     created=1618884473;keyid=\"test-key-rsa-pss\";tag=\"header-example\"";
const B22: &str = "sig-b22=:LjbtqUbfmvjj5C5kr1Ugj4PmLYvx9wVjZvD9GsTT4F7GrcQEdJzgI9qHxICagShLR\
     iLMlAJjtq6N4CDfKtjvuJyE5qH7KT8UCMkSowOB4+ECxCmT8rtAmj/0PIXxi0A0nxKyB09RNrC\
     QibbUjsLS/2YyFYXEu4TRJQzRw1rLEuEfY17SARYhpTlaqwZVtR8NV7+4UKkjqpcAoFqWFQh62\
     s7Cl+H2fjBSpqfZUJcsIk4N6wiKYd4je2U/lankenQ99PZfB4jY3I5rSV2DSBVkSFsURIjYErO\
     s0tFTQosMTAoxk//0RoKUqiYY8Bh0aaUEb0rQl3/XaVe4bXTugEjHSw==:";
const B23_INPUT: &str = "sig-b23=(\"date\" \"@method\" \"@path\" \"@query\" \"@authority\" \"conten\
     t-type\" \"content-digest\" \"content-length\");created=1618884473;keyid=\
     \"test-key-rsa-pss\"";
const B23: &str = "sig-b23=:bbN8oArOxYoyylQQUU6QYwrTuaxLwjAC9fbY2F6SVWvh0yBiMIRGOnMYwZ/5MR6fb\
     0Kh1rIRASVxFkeGt683+qRpRRU5p2voTp768ZrCUb38K0fUxN0O0iC59DzYx8DFll5GmydPxSm\
     me9v6ULbMFkl+V5B1TP/yPViV7KsLNmvKiLJH1pFkh/aYA2HXXZzNBXmIkoQoLd7YfW91kE9o/\
     CCoC1xMy7JA1ipwvKvfrs65ldmlu9bpG6A9BmzhuzF8Eim5f8ui9eH8LZH896+QIF61ka39VBr\
     ohr9iyMUJpvRX2Zbhl5ZJzSRxpJyoEZAFL2FUo5fTIztsDZKEgM4cUA==:";
const B25_INPUT: &str = "sig-b25=(\"date\" \"@authority\" \"content-type\");created=1618884473;keyi\
     d=\"test-shared-secret\"";
const B25: &str = "sig-b25=:pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=:";
const B26_INPUT: &str = "sig-b26=(\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" \"\
     content-length\");created=1618884473;keyid=\"test-key-ed25519\"";
const B26: &str = "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4\
     A0w6vuQv5lIp5WPpBKRCw==:";

#[test]
fn the_examples_of_appendix_b_2_verify() {
    let verifier = lenient();
    let fresh = Coverage::NOTHING.with_timestamp();
    let body = Coverage::BODY.with_timestamp();
    for (input, signature, coverage) in [
        (B21_INPUT, B21, fresh),
        (B22_INPUT, B22, body),
        (B23_INPUT, B23, body.with_method().with_url()),
        (B25_INPUT, B25, fresh),
        (B26_INPUT, B26, fresh.with_method()),
    ] {
        let proof = verify(&verifier, URL, &with(&HEADERS, input, signature), BODY);
        let proof = proof.unwrap_or_else(|rejection| panic!("{input}: {rejection}"));
        assert_eq!(proof.coverage(), coverage, "{input}");
        assert_eq!(proof.signed_at(), Some(Timestamp::from_unix_seconds(CREATED)));
    }
}

#[test]
fn what_is_covered_cannot_be_changed() {
    let verifier = lenient();
    let check = |url, headers: &[(&str, &str)], body, expected| {
        let headers = with(headers, B23_INPUT, B23);
        assert_eq!(verify(&verifier, url, &headers, body).err(), expected, "{url} {headers:?}");
    };
    check(URL, &HEADERS, BODY, None);
    check("https://EXAMPLE.com:443/foo?param=Value&Pet=dog", &HEADERS, BODY, None);
    let bad = Some(Rejection::BadSignature);
    check("https://example.org/foo?param=Value&Pet=dog", &HEADERS, BODY, bad);
    check("https://example.com:80/foo?param=Value&Pet=dog", &HEADERS, BODY, bad);
    check("https://example.com/foO?param=Value&Pet=dog", &HEADERS, BODY, bad);
    check("https://example.com/foo?Pet=dog&param=Value", &HEADERS, BODY, bad);
    check("https://example.com/foo", &HEADERS, BODY, bad);
    // The path alone says nothing of the authority, and the header says what a forger likes.
    check("/foo?param=Value&Pet=dog", &HEADERS, BODY, Some(Rejection::UntrustedProxy));
    for at in 1..HEADERS.len() {
        let mut headers = HEADERS;
        headers[at].1 = "other";
        check(URL, &headers, BODY, bad);
        headers[at].0 = "x-other";
        check(URL, &headers, BODY, Some(Rejection::MissingHeader(HeaderRole::Signed)));
    }
    check(URL, &HEADERS, br#"{"hello": "w0rld"}"#, Some(Rejection::WrongDigest));
    check(URL, &HEADERS, b"", Some(Rejection::WrongDigest));
}

/// Appendix B.3: a proxy signs for a client with a certificate.
#[test]
fn the_example_of_appendix_b_3_verifies_and_not_in_der() {
    let url = "https://service.internal.example/foo?param=Value&Pet=dog";
    let certificate = ":MIIBqDCCAU6gAwIBAgIBBzAKBggqhkjOPQQDAjA6MRswGQYDVQQKDBJMZXQncyBBdXRoZ\
         W50aWNhdGUxGzAZBgNVBAMMEkxBIEludGVybWVkaWF0ZSBDQTAeFw0yMDAxMTQyMjU1MzN\
         aFw0yMTAxMjMyMjU1MzNaMA0xCzAJBgNVBAMMAkJDMFkwEwYHKoZIzj0CAQYIKoZIzj0DA\
         QcDQgAE8YnXXfaUgmnMtOXU/IncWalRhebrXmckC8vdgJ1p5Be5F/3YC8OthxM4+k1M6aE\
         AEFcGzkJiNy6J84y7uzo9M6NyMHAwCQYDVR0TBAIwADAfBgNVHSMEGDAWgBRm3WjLa38lb\
         EYCuiCPct0ZaSED2DAOBgNVHQ8BAf8EBAMCBsAwEwYDVR0lBAwwCgYIKwYBBQUHAwIwHQY\
         DVR0RAQH/BBMwEYEPYmRjQGV4YW1wbGUuY29tMAoGCCqGSM49BAMCA0gAMEUCIBHda/r1v\
         aL6G3VliL4/Di6YK0Q6bMjeSkC3dFCOOB8TAiEAx/kHSB4urmiZ0NX5r5XarmPk0wmuydB\
         VoU4hBVZ1yhk=:";
    let input = "ttrp=(\"@path\" \"@query\" \"@method\" \"@authority\" \"client-cert\")\
         ;created=1618884473;keyid=\"test-key-ecc-p256\"";
    let signature = "ttrp=:xVMHVpawaAC/0SbHrKRs9i8I3eOs5RtTMGCWXm/9nvZzoHsIg6Mce9315T6xokly\
         y0yzhD9ah4JHRwMLOgmizw==:";
    let der = "ttrp=:MEUCIQDFUwdWlrBoAL/RJsespGz2Lwjd46zlG1MwYJZeb/2e9gIgc6B7CIOjHHvd\
         9eU+saJJcstMs4Q/WoeCR0cDCzoJos8=:";
    let verify = |signature| {
        let headers = with(&[("Client-Cert", certificate)], input, signature);
        verify(&lenient(), url, &headers, BODY).map(|proof| proof.secret().to_owned())
    };
    assert_eq!(verify(signature).unwrap(), "key-2");
    assert_eq!(verify(der), Err(Rejection::BadSignature));
}

/// Appendix B.4: what a proxy may change.
#[test]
fn the_example_of_appendix_b_4_survives_what_proxies_do() {
    let input = "transform=(\"@method\" \"@path\" \"@authority\" \"accept\");created=16\
         18884473;keyid=\"test-key-ed25519\"";
    let signature = "transform=:ZT1kooQsEHpZ0I1IjCqtQppOmIqlJPeo7DHR3SoMn0s5JZ1eRGS0A+vyYP9\
         t/LXlh5QMFFQ6cpLt2m0pmj3NDA==:";
    let url = "https://example.org/demo?name1=Value1&Name2=value2";
    let check = |method, url, headers: &[(&str, &str)], expected: Option<Rejection>| {
        let headers = with(headers, input, signature);
        let delivery = Delivery::new(method, url, &headers, b"");
        assert_eq!(lenient().verify(&delivery, NOW).err(), expected, "{method} {url} {headers:?}");
    };
    let accept = [("Accept", "application/json"), ("Accept", "*/*")];
    check("GET", url, &accept, None);
    check("GET", "https://example.org/demo?name1=Value1&Name2=value2&param=added", &accept, None);
    check("GET", url, &[("Accept", " application/json, */* "), ("Referer", "x")], None);
    let bad = Some(Rejection::BadSignature);
    check("GET", url, &[accept[1], accept[0]], bad);
    check("POST", url, &accept, bad);
    check("GET", "https://example.com/demo?name1=Value1&Name2=value2", &accept, bad);
}

const AUTHORITY: (&str, &str) = ("\"@authority\"", "example.com");
const METHOD: (&str, &str) = ("\"@method\"", "POST");
const PATH: (&str, &str) = ("\"@path\"", "/foo");
const CONTENT: (&str, &str) = ("\"content-digest\"", DIGEST);

/// What `Signature-Input` says of these components.
fn list(lines: &[(&str, &str)], parameters: &str) -> String {
    let identifiers: Vec<_> = lines.iter().map(|(identifier, _)| *identifier).collect();
    format!("({}){parameters}", identifiers.join(" "))
}

/// Verifies a delivery that the shared secret signed, and whose sender wrote nothing else.
#[track_caller]
fn judge(
    builder: VerifierBuilder,
    lines: &[(&str, &str)],
    parameters: &str,
) -> Result<Verified, Rejection> {
    let input = list(lines, parameters);
    let signature = sign("sig1", &input, lines);
    let input = format!("sig1={input}");
    let headers = with(&HEADERS, &input, &signature);
    let verifier = builder.build().unwrap_or_else(|error| panic!("{error}"));
    verify(&verifier, "/foo?param=Value&Pet=dog", &headers, BODY)
}

const FRESH: &str = ";created=1618884473;keyid=\"test-shared-secret\"";

#[test]
fn by_default_what_tells_endpoints_and_bodies_apart_must_be_covered() {
    let all = [METHOD, AUTHORITY, PATH, CONTENT];
    let proof = judge(strict(), &all, FRESH).unwrap();
    assert_eq!(proof.secret(), "shared");
    assert_eq!(proof.coverage(), Coverage::BODY.with_timestamp().with_method());
    for left_out in 0..all.len() {
        let mut some = all.to_vec();
        some.remove(left_out);
        assert_eq!(judge(strict(), &some, FRESH).unwrap_err(), Rejection::NotCovered);
    }
    let uri = ("\"@target-uri\"", URL);
    assert!(judge(strict(), &[METHOD, uri, CONTENT], FRESH).unwrap().coverage().url());
    // One member of the dictionary is not the whole of it.
    let member = ("\"content-digest\";key=\"sha-512\"", DIGEST.trim_start_matches("sha-512="));
    let part = [METHOD, AUTHORITY, PATH, member];
    assert_eq!(judge(strict(), &part, FRESH).unwrap_err(), Rejection::NotCovered);
    let elsewhere = builder().external_url("https://example.org");
    assert_eq!(judge(elsewhere, &all, FRESH).unwrap_err(), Rejection::BadSignature);
}

#[test]
fn a_body_cannot_be_added_to_a_delivery_that_has_none() {
    let lines = [(METHOD.0, "DELETE"), AUTHORITY, PATH];
    let input = list(&lines, FRESH);
    let signature = sign("sig1", &input, &lines);
    let input = format!("sig1={input}");
    let verifier = strict().build().unwrap();
    let headers = with(&[], &input, &signature);
    let judge = |headers: &[(&str, &str)], body| {
        let headers = headers.to_vec();
        let delivery = Delivery::new("DELETE", "/foo", &headers, body);
        verifier.verify(&delivery, NOW).map(|_| ())
    };
    assert_eq!(judge(&headers, b""), Ok(()));
    let digest = digest_of(BODY);
    let added = with(&[("Content-Digest", &*digest)], &input, &signature);
    assert_eq!(judge(&added, BODY), Err(Rejection::NotCovered));
}

#[test]
fn a_body_cannot_be_taken_from_a_delivery_that_has_one() {
    let input = |method| list(&[("\"@method\"", method), AUTHORITY, PATH], FRESH);
    let sign = |method| sign("sig1", &input(method), &[("\"@method\"", method), AUTHORITY, PATH]);
    let judge = |builder: VerifierBuilder, method| {
        let (input, signature) = (format!("sig1={}", input(method)), sign(method));
        let headers = with(&[], &input, &signature);
        let delivery = Delivery::new(method, "/foo", &headers, b"");
        let verifier = builder.build().unwrap();
        let verified = verifier.verify(&delivery, NOW).map(|_| ());
        assert_eq!(verifier.precheck(delivery.head(), NOW), verified, "nothing else is wrong");
        verified
    };
    let required = || strict().setting(Setting::RequiredComponent, "@method");
    for method in ["POST", "PUT", "PATCH"] {
        assert_eq!(judge(strict(), method), Err(Rejection::NotCovered), "{method}");
        let with_digest = required().setting(Setting::RequireDigest, "true");
        assert_eq!(judge(with_digest, method), Err(Rejection::NotCovered), "{method}");
        // Whoever says what must be covered may say that the body need not be.
        assert_eq!(judge(required(), method), Ok(()), "{method}");
        let without = required().setting(Setting::RequireDigest, "false");
        assert_eq!(judge(without, method), Ok(()), "{method}");
    }
    assert_eq!(judge(strict(), "GET"), Ok(()));
    let empty = digest_of(b"");
    let lines = [METHOD, AUTHORITY, PATH, ("\"content-digest\"", &*empty)];
    let input = list(&lines, FRESH);
    let signature = self::sign("sig1", &input, &lines);
    let input = format!("sig1={input}");
    let headers = with(&[("Content-Digest", &*empty)], &input, &signature);
    let proof = verify(&strict().build().unwrap(), "/foo", &headers, b"").unwrap();
    assert!(proof.coverage().body(), "an empty body is one, too");
}

/// The value of `Content-Digest`.
fn digest_of(body: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(body)))
}

#[test]
fn a_receiver_says_what_must_be_covered() {
    let name = Setting::RequiredComponent;
    let pet = ("\"@query-param\";name=\"Pet\"", "dog");
    let pets = || strict().setting(name, "@path").setting(name, "@query-param;name=\"Pet\"");
    assert!(judge(pets(), &[PATH, pet], FRESH).is_ok());
    assert_eq!(judge(pets(), &[PATH, METHOD], FRESH).unwrap_err(), Rejection::NotCovered);
    let tagged = || strict().setting(name, "danger-none").setting(Setting::RequiredTag, "hook");
    assert!(judge(tagged(), &[], &format!("{FRESH};tag=\"hook\"")).is_ok());
    for parameters in [FRESH.to_owned(), format!("{FRESH};tag=\"other\"")] {
        let refused = judge(tagged(), &[], &parameters).unwrap_err();
        assert_eq!(refused, Rejection::WrongHeader(HeaderRole::Signature));
    }
    let digest = || strict().setting(name, "danger-none").setting(Setting::RequireDigest, "true");
    assert!(judge(digest(), &[CONTENT], FRESH).is_ok());
    assert_eq!(judge(digest(), &[METHOD], FRESH).unwrap_err(), Rejection::NotCovered);
}

#[test]
fn a_signature_must_be_of_now() {
    let all = [METHOD, AUTHORITY, PATH, CONTENT];
    let key = "keyid=\"test-shared-secret\"";
    let judge = |builder, parameters: String| judge(builder, &all, &parameters).err();
    let at = |created: i64| format!(";created={created};{key}");
    let short = || strict().tolerance(Tolerance::symmetric(60));
    assert_eq!(judge(short(), at(CREATED)), None);
    assert_eq!(judge(short(), at(CREATED - 60)), Some(Rejection::TooOld));
    assert_eq!(judge(short(), at(CREATED + 120)), Some(Rejection::FromTheFuture));
    let expiring = |expires: i64| format!("{};expires={expires}", at(CREATED));
    assert_eq!(judge(strict(), expiring(CREATED + 10)), None);
    assert_eq!(judge(strict(), expiring(CREATED + 9)), Some(Rejection::TooOld));
    // What a sender says of its own signature holds, however old a receiver lets it be.
    let expired = judge(strict().danger_any_age(), expiring(CREATED + 9));
    assert_eq!(expired, Some(Rejection::TooOld));
    let missing = Some(Rejection::MissingHeader(HeaderRole::Timestamp));
    assert_eq!(judge(strict(), format!(";{key}")), missing);
    let relaxed = strict().setting(Setting::RequireCreated, "false");
    assert_eq!(judge(relaxed, format!(";{key}")), None);
    assert_eq!(judge(strict().danger_any_age(), format!(";{key}")), None);
    assert_eq!(judge(strict().danger_any_age(), at(1)), None);
}

#[test]
fn the_algorithm_is_the_keys() {
    let all = [METHOD, AUTHORITY, PATH, CONTENT];
    let judge = |parameters: &str| judge(strict(), &all, parameters).err();
    assert_eq!(judge(&format!("{FRESH};alg=\"hmac-sha256\"")), None);
    for name in ["ed25519", "HMAC-SHA256", "none", ""] {
        let refused = judge(&format!("{FRESH};alg=\"{name}\""));
        assert_eq!(refused, Some(Rejection::WrongAlgorithm), "{name}");
    }
    let other = ";created=1618884473;keyid=\"test-key-ed25519\"";
    assert_eq!(judge(other), Some(Rejection::BadSignature));
    let refused = judge(&format!("{other};alg=\"hmac-sha256\""));
    assert_eq!(refused, Some(Rejection::WrongAlgorithm));
    let unknown = ";created=1618884473;keyid=\"test-key\"";
    assert_eq!(judge(unknown), Some(Rejection::UnknownKey));
    // Which key it is may also be known without being said.
    assert_eq!(judge(";created=1618884473"), None);
}

#[test]
fn one_signature_of_several_is_enough() {
    let lines = [METHOD, AUTHORITY, PATH, CONTENT];
    let good = list(&lines, &format!("{FRESH};nonce=\"good\""));
    let stale = list(&lines, ";created=1;keyid=\"test-shared-secret\";nonce=\"stale\"");
    let forged = list(&lines, &format!("{FRESH};nonce=\"forged\""));
    let others = "a=(\"@status\"), b=\"x\", c=();created=1618884473;keyid=\"who\"";
    let inputs = format!("{others}, d={forged}, e={stale}, f={good}");
    let genuine = [sign("e", &stale, &lines), sign("f", &good, &lines)].join(", ");
    let signatures = format!("a=:AAAA:, b=:AAAA:, c=:AAAA:, d=:AAAA:, {genuine}");
    let headers = with(&HEADERS, &inputs, &signatures);
    let verifier = strict().build().unwrap();
    let delivery = Delivery::new("POST", "/foo", &headers, BODY);
    let proof = verifier.verify(&delivery, NOW).unwrap();
    assert_eq!(proof.signed_at(), Some(Timestamp::from_unix_seconds(CREATED)));
    // The id is that of the signature that was verified, whatever else is listed before it.
    assert_eq!(proof.delivery_id(&delivery).as_deref(), Some("good"));
    assert!(proof.delivery_id_is_signed());
    let many: Vec<_> = (0..9).map(|it| format!("s{it}=()")).collect();
    let headers = with(&HEADERS, &signatures, &signatures);
    assert!(verifier.verify(&Delivery::new("POST", "/foo", &headers, BODY), NOW).is_err());
    let many = many.join(",");
    let headers = with(&HEADERS, &many, &signatures);
    let refused = verify(&verifier, "/foo", &headers, BODY).unwrap_err();
    assert_eq!(refused, Rejection::TooManySignatures);
}

#[test]
fn content_that_is_not_covered_does_not_make_a_replay_new() {
    let digest = |verifier: &Verifier, body: &[u8]| {
        let headers = with(&HEADERS, B26_INPUT, B26);
        let delivery = Delivery::new("POST", URL, &headers, body);
        verifier.verify(&delivery, NOW).unwrap().content_digest(&delivery).unwrap()
    };
    let verifier = lenient();
    assert_eq!(digest(&verifier, BODY), digest(&verifier, b"forged"));
    let headers = with(&HEADERS, B23_INPUT, B23);
    let delivery = Delivery::new("POST", URL, &headers, BODY);
    let proof = verifier.verify(&delivery, NOW).unwrap();
    let of_body: [u8; 32] = Sha256::digest(BODY).into();
    assert_eq!(proof.content_digest(&delivery).unwrap(), of_body);
}

#[test]
fn another_genuine_signature_does_not_make_a_replay_new() {
    let digest = digest_of(b"");
    let verifier = strict().build().unwrap();
    // Refused by themselves: one is of long ago, one says that it is over.
    let stale = ";created=1;keyid=\"test-shared-secret\";nonce=\"old\"";
    let expired = &*format!("{FRESH};expires=1618884474;nonce=\"old\"");
    let fresh = &*format!("{FRESH};nonce=\"new\"");
    for lines in [
        &[METHOD, AUTHORITY, PATH][..],
        &[METHOD, AUTHORITY, PATH, ("\"content-digest\"", &*digest)],
    ] {
        let method = if lines.len() == 3 { "DELETE" } else { "POST" };
        let lines: Vec<_> = lines
            .iter()
            .map(|line| if line.0 == METHOD.0 { (METHOD.0, method) } else { *line })
            .collect();
        let judge = |signatures: &[(&str, &str)]| {
            let lists: Vec<_> =
                signatures.iter().map(|(label, it)| (label, list(&lines, it))).collect();
            let input: Vec<_> = lists.iter().map(|(label, it)| format!("{label}={it}")).collect();
            let tags: Vec<_> = lists.iter().map(|(label, it)| sign(label, it, &lines)).collect();
            let (input, tags) = (input.join(", "), tags.join(", "));
            let headers = with(&[("Content-Digest", &*digest)], &input, &tags);
            let delivery = Delivery::new(method, "/foo", &headers, b"");
            let proof = verifier.verify(&delivery, NOW)?;
            let id = proof.delivery_id(&delivery).map(std::borrow::Cow::into_owned);
            Ok((proof.signed_at(), id, proof.content_digest(&delivery)?))
        };
        let first = judge(&[("a", fresh)]);
        assert_eq!(first.as_ref().unwrap().1.as_deref(), Some("new"));
        for old in [stale, expired] {
            assert_eq!(judge(&[("a", old)]), Err(Rejection::TooOld));
            assert_eq!(judge(&[("a", old), ("b", fresh)]), first);
            assert_eq!(judge(&[("b", fresh), ("a", old)]), first);
        }
        assert_eq!(judge(&[("another-label", fresh)]), first);
    }
}

#[test]
fn a_label_is_not_signed_and_names_no_event() {
    let label = Lookup::First(vec![Place::Claim("/label".into())].into());
    let mut scheme = catalog::RFC9421;
    (scheme.event_id, scheme.delivery_id) = (label.clone(), label);
    let verifier = Verifier::builder(scheme).secret(Secret::new(SHARED));
    let verifier = verifier.external_url("https://example.com").build().unwrap();
    let lines = [METHOD, AUTHORITY, PATH, CONTENT];
    let input = list(&lines, FRESH);
    let signature = sign("sig1", &input, &lines);
    let input = format!("sig1={input}");
    let headers = with(&HEADERS, &input, &signature);
    let delivery = Delivery::new("POST", "/foo", &headers, BODY);
    let proof = verifier.verify(&delivery, NOW).unwrap();
    assert_eq!((proof.event_id(&delivery), proof.delivery_id(&delivery)), (None, None));
}

#[test]
fn configurations_that_accept_too_much_or_nothing_are_refused() {
    let error = |builder: VerifierBuilder| builder.build().unwrap_err();
    let new = || Verifier::builder(catalog::RFC9421);
    assert_eq!(error(new()), ConfigError::NoSecret);
    // Over HTTP/1.1, `@authority` could not be told.
    assert_eq!(error(builder()), ConfigError::MissingExternalUrl);
    assert_eq!(error(strict().remote_keys()), ConfigError::NoRemoteKeys);
    let key = |problem| ConfigError::PublicKey { label: "key-1".into(), problem };
    let with_key = |key| new().public_key(key).external_url("https://example.com");
    assert_eq!(error(with_key(PublicKey::new(RSA))), key(KeyProblem::NoAlgorithm));
    let unknown = PublicKey::new(RSA).algorithm(Algorithm::RsaSha512);
    assert_eq!(error(with_key(unknown)), key(KeyProblem::WrongKind));
    let other = Secret::new(SHARED).algorithm(Algorithm::HmacSha512);
    let built = new().secret(other).external_url("https://example.com").build();
    assert!(matches!(built, Err(ConfigError::Secret { .. })));
    for (setting, value) in [
        (Setting::RequiredComponent, "Date"),
        (Setting::RequiredComponent, "@status"),
        (Setting::RequiredComponent, ""),
        (Setting::RequireCreated, "yes"),
        (Setting::RequireDigest, "no"),
        // By default the body must be covered, so its digest is looked at.
        (Setting::RequireDigest, "false"),
    ] {
        assert_eq!(
            error(strict().setting(setting, value)),
            ConfigError::WrongSetting { setting },
            "{value}"
        );
    }
    let both = strict()
        .setting(Setting::RequiredComponent, "danger-none")
        .setting(Setting::RequiredComponent, "@path");
    let setting = Setting::RequiredComponent;
    assert_eq!(error(both), ConfigError::WrongSetting { setting });
}

#[test]
fn a_digest_that_nobody_signs_must_be_asked_for() {
    let new = || Verifier::builder(catalog::RFC9530_CONTENT_DIGEST);
    let setting = Setting::DangerUnauthenticated;
    assert_eq!(new().build().unwrap_err(), ConfigError::MissingSetting { setting });
    let refused = new().setting(setting, "false").build().unwrap_err();
    assert_eq!(refused, ConfigError::WrongSetting { setting });
    let verifier = new().setting(setting, "true").build().unwrap();
    let proof = verify(&verifier, "/", &HEADERS, BODY).unwrap();
    assert_eq!(proof.coverage(), Coverage::NOTHING);
    let broken = verify(&verifier, "/", &HEADERS, b"other").unwrap_err();
    assert_eq!(broken, Rejection::WrongDigest);
    let missing = Rejection::MissingHeader(HeaderRole::Signed);
    assert_eq!(verify(&verifier, "/", &[], BODY).unwrap_err(), missing);
    let lenient = new().setting(setting, "true").setting(Setting::RequireDigest, "false");
    let lenient = lenient.build().unwrap();
    assert!(verify(&lenient, "/", &[], BODY).is_ok());
    assert_eq!(verify(&lenient, "/", &HEADERS, b"x").unwrap_err(), Rejection::WrongDigest);
}
