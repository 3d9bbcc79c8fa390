//! Verification with public keys against the raw calls on the same bytes, and what a key costs that is
//! fetched once and kept.
//!
//! With `--features aws-lc-rs`, P-256 and RSA are verified by AWS-LC, and so is the baseline.

use std::hint::black_box;
use std::pin::pin;
use std::process::ExitCode;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use countersign::{
    Algorithm, Delivery, Encoding, KeyForm, KeyRequest, PublicKey, RemoteKeySource, RemoteKeys,
    Scheme, Timestamp, Verifier,
};
use countersign_bench::{Outcome, Race, Report, Target, body};
use countersign_keys::{Fetch, FetchError, Fetched, KeyCache};
use countersign_testing::Signer;

const NOW: Timestamp = Timestamp::from_unix_seconds(1_790_000_000);
const OURS: &str = "countersign";
const RAW: &str = "raw";
const GIVEN: &str = "key given";
const KEPT: &str = "key kept";
const NOTHING: &str = "nothing";
const FOUND: &str = "key found";

/// Keys for this bench alone.
const RSA: &str = include_str!("keys-rsa.pem");
const P256: &str = include_str!("keys-p256.pem");
const ED25519: &str = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";

/// Whether the signature in hand is one of the body.
type Check = Box<dyn Fn(&[u8], &[u8]) -> bool>;

fn main() -> ExitCode {
    let mut report = Report::new();
    let backend = if cfg!(feature = "aws-lc-rs") { "AWS-LC" } else { "RustCrypto" };
    println!("Median nanoseconds per delivery of 1 KiB. P-256 and RSA by {backend}.");
    println!("The raw call is handed the bytes of the signature and the key that was read.");
    for (name, algorithm, private, public, raw) in cases() {
        let scheme = scheme(algorithm);
        let signer = Signer::new(&scheme, private).expect("a key for it").at(NOW);
        let signed = signer.sign("POST", "/hooks", &body(1 << 10)).expect("it can be signed");
        let verifier = Verifier::builder(scheme).public_key(PublicKey::new(public));
        let verifier = verifier.build().expect("a usable key");
        let delivery = Delivery::new("POST", "/hooks", &signed.headers, &signed.body);
        let tag = base64(&signed.headers[0].1);
        assert!(verifier.verify(&delivery, NOW).is_ok() && raw(&signed.body, &tag), "{name}");
        assert!(!raw(b"another", &tag), "{name}");
        let mut race = Race::new()
            .case(RAW, anywhere(|| raw(black_box(&signed.body), &tag)))
            .case(OURS, anywhere(|| verifier.verify(black_box(&delivery), NOW).is_ok()));
        let target = Target::ratio(format!("{name} / raw"), OURS, RAW, 1.05);
        print(name, &report.race(&mut race, &[target]));
    }
    kept(&mut report);
    report.finish()
}

/// Runs a case at another depth of the stack each time. Where in a page of memory the tables of Ed25519
/// come to lie, which is by chance, makes a fifth of its time.
fn anywhere<T>(mut run: impl FnMut() -> T) -> impl FnMut() -> T {
    let mut depth = 0;
    move || {
        depth = (depth + 29) % 64;
        deeper(depth, &mut run)
    }
}

#[inline(never)]
fn deeper<T>(depth: usize, run: &mut dyn FnMut() -> T) -> T {
    let frame = black_box([0_u8; 64]);
    let result = if depth == 0 { run() } else { deeper(depth - 1, run) };
    black_box(&frame);
    result
}

/// A key that is fetched once and kept, against one that is given.
fn kept(report: &mut Report) {
    let mut scheme = scheme(Algorithm::Ed25519);
    let signer = Signer::new(&scheme, ED25519).expect("a key for it").at(NOW);
    let mut signed = signer.sign("POST", "/hooks", &body(1 << 10)).expect("it can be signed");
    signed.headers.push(("X-Key".to_owned(), "one".to_owned()));
    let delivery = Delivery::new("POST", "/hooks", &signed.headers, &signed.body);
    scheme.key_id_header = Some("X-Key".into());
    scheme.remote_keys =
        Some(RemoteKeys { url: "https://keys.example.com/jwks.json".into(), form: KeyForm::Jwks });
    let given =
        Verifier::builder(scheme.clone()).public_key(PublicKey::new(ed25519_public()).id("one"));
    let given = given.build().expect("a usable key");
    let fetching = Verifier::builder(scheme).remote_keys().build().expect("it fetches");
    let cache = KeyCache::builder(Published).build();
    let find = || {
        let requests = fetching.key_requests(&delivery).expect("it names a key");
        let documents = requests.iter().map(|it| poll(cache.keys(it)).expect("it is there"));
        documents.collect::<Vec<Arc<_>>>()
    };
    let receive = || fetching.verify_with(&delivery, &find(), NOW).is_ok();
    assert!(receive() && given.verify(&delivery, NOW).is_ok());
    let mut race = Race::new()
        .case(GIVEN, anywhere(|| given.verify(black_box(&delivery), NOW).is_ok()))
        .case(KEPT, anywhere(receive));
    print("kept", &report.race(&mut race, &[]));
    // By itself, since beside a verification it is lost in what that takes more or less.
    let mut race = Race::new().case(NOTHING, || ()).case(FOUND, find);
    let target = Target::surplus("to find a kept key", FOUND, NOTHING, 1000.0);
    let outcome = report.race(&mut race, &[target]);
    println!("  {:<10}{FOUND:<14}{:>12.0}", "kept", outcome.nanos(FOUND));
}

struct Published;

impl Fetch for Published {
    async fn fetch(&self, _: &KeyRequest, _: usize) -> Result<Fetched, FetchError> {
        let jwk = r#"{"kty":"OKP","crv":"Ed25519","kid":"one","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
        Ok(Fetched::new(jwk.as_bytes().to_vec()))
    }
}

/// Runs a future that never waits: what is kept is at hand.
fn poll<T>(future: impl Future<Output = T>) -> T {
    let mut context = Context::from_waker(Waker::noop());
    match pin!(future).poll(&mut context) {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("it is kept"),
    }
}

fn print(name: &str, outcome: &Outcome) {
    let names: Vec<_> = outcome.names().collect();
    let first = names.first().copied().unwrap_or_default();
    for case in names {
        let (nanos, ratio) = (outcome.nanos(case), outcome.ratio(case, first));
        println!("  {name:<10}{case:<14}{nanos:>12.0}{ratio:>10.3}");
    }
}

fn scheme(algorithm: Algorithm) -> Scheme {
    let mut scheme = Scheme::new("acme", algorithm, "X-Signature");
    scheme.signature.encoding = Encoding::Base64;
    scheme
}

fn base64(text: &str) -> Vec<u8> {
    use base64::Engine as _;

    base64::engine::general_purpose::STANDARD.decode(text).expect("base64")
}

fn ed25519_public() -> String {
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a".to_owned()
}

fn cases() -> Vec<(&'static str, Algorithm, &'static str, String, Check)> {
    use ed25519_dalek::{Signature, VerifyingKey};
    use p256::pkcs8::{DecodePrivateKey as _, EncodePublicKey as _, LineEnding};

    let bytes: [u8; 32] =
        const_hex::decode_to_array(ed25519_public()).expect("32 bytes in hexadecimal");
    let ed25519 = VerifyingKey::from_bytes(&bytes).expect("a point");
    let raw_ed25519: Check = Box::new(move |body, tag| {
        let signature = Signature::from_slice(tag).expect("64 bytes");
        ed25519.verify_strict(body, &signature).is_ok()
    });
    let p256 = p256::SecretKey::from_pkcs8_pem(P256).expect("a key").public_key();
    let p256_pem = p256.to_public_key_pem(LineEnding::LF).expect("PEM");
    let rsa = rsa::PrivateKey::from_pkcs8_pem(RSA).expect("a key").to_public_key();
    let rsa_pem = rsa.to_public_key_pem(LineEnding::LF).expect("PEM");
    vec![
        ("Ed25519", Algorithm::Ed25519, ED25519, ed25519_public(), raw_ed25519),
        ("P-256", Algorithm::EcdsaP256Sha256Der, P256, p256_pem, raw_p256(&p256)),
        ("RSA-2048", Algorithm::RsaSha256, RSA, rsa_pem, raw_rsa(&rsa)),
    ]
}

#[cfg(not(feature = "aws-lc-rs"))]
fn raw_p256(key: &p256::PublicKey) -> Check {
    use p256::ecdsa::signature::Verifier as _;
    use p256::ecdsa::{DerSignature, VerifyingKey};

    let key = VerifyingKey::from(key);
    Box::new(move |body, tag| {
        DerSignature::from_bytes(tag).is_ok_and(|signature| key.verify(body, &signature).is_ok())
    })
}

#[cfg(not(feature = "aws-lc-rs"))]
fn raw_rsa(key: &rsa::PublicKey) -> Check {
    use rsa::pkcs1v15::{Signature, VerifyingKey};
    use rsa::signature::Verifier as _;

    let key = VerifyingKey::<sha2::Sha256>::new(key.clone());
    Box::new(move |body, tag| {
        Signature::try_from(tag).is_ok_and(|signature| key.verify(body, &signature).is_ok())
    })
}

#[cfg(feature = "aws-lc-rs")]
fn raw_p256(key: &p256::PublicKey) -> Check {
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, ParsedPublicKey};

    let key = ParsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, key.to_sec1_bytes()).expect("a key");
    Box::new(move |body, tag| key.verify_sig(body, tag).is_ok())
}

#[cfg(feature = "aws-lc-rs")]
fn raw_rsa(key: &rsa::PublicKey) -> Check {
    use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
    use rsa::pkcs1::EncodeRsaPublicKey as _;

    let der = key.to_pkcs1_der().expect("DER");
    let key = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der.as_bytes()).expect("a key");
    Box::new(move |body, tag| key.verify_sig(body, tag).is_ok())
}
