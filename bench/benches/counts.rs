//! P4, P5: what verifying and refusing allocate, and that refusing is never dearer than accepting.
//!
//! With `COUNTERSIGN_BENCH=counts` nothing is timed, so that a busy machine gives the same verdict.

use std::hint::black_box;
use std::process::ExitCode;

use allocation_counter::measure;
use countersign::{Delivery, Rejection, Timestamp, Verifier};
use countersign_bench::{Race, Report, Sender, Signed, Target, body, signed_at};
use http::HeaderMap;

const ACCEPT: &str = "accepting";

fn main() -> ExitCode {
    let mut report = Report::new();
    let timed = std::env::var_os("COUNTERSIGN_BENCH").is_none();
    for sender in Sender::ALL {
        let verifier = sender.verifier();
        let genuine = sender.sign(body(1024), signed_at());
        let now = Timestamp::from_unix_seconds(genuine.seconds);
        let name = sender.name();

        let accepted = verifier.verify(&genuine.delivery(), now);
        report.fact(&format!("{name}: a genuine delivery is accepted"), accepted.is_ok());
        drop(accepted);
        let count = allocations(|| verifier.verify(&genuine.delivery(), now).is_ok());
        report.count(&format!("P4 allocations, {name}: accepting"), count, 0);
        let count = allocations(|| verifier.precheck(genuine.delivery().head(), now).is_ok());
        report.count(&format!("P4 allocations, {name}: precheck"), count, 0);

        let refusals = refusals(sender, &genuine);
        for refusal in &refusals {
            let got = verifier.verify(&refusal.delivery(), refusal.now).err();
            let what = refusal.name;
            report.fact(&format!("{name}: {what} is refused as expected"), got == refusal.expected);
            let count = allocations(|| verifier.verify(&refusal.delivery(), refusal.now).is_err());
            report.count(&format!("P5 allocations, {name}: {what}"), count, 0);
            let precheck = || verifier.precheck(refusal.delivery().head(), refusal.now).is_err();
            let count = allocations(precheck);
            report.count(&format!("P5 allocations, {name}: precheck of {what}"), count, 0);
        }
        if timed {
            time(&mut report, &verifier, &genuine, now, &refusals, name);
        }
    }
    report.finish()
}

/// A delivery that is refused.
struct Refusal {
    name: &'static str,
    headers: HeaderMap,
    body: Vec<u8>,
    now: Timestamp,
    expected: Option<Rejection>,
}

impl Refusal {
    fn delivery(&self) -> Delivery<'_> {
        Delivery::new("POST", "/hooks", &self.headers, &self.body)
    }
}

fn refusals(sender: Sender, genuine: &Signed) -> Vec<Refusal> {
    use countersign::HeaderRole::Signature;

    let header = sender.signature_header();
    let value = genuine.headers[header].to_str().expect("it is text").to_owned();
    let refusal = |name, headers: &HeaderMap, seconds, expected| Refusal {
        name,
        headers: headers.clone(),
        body: genuine.body.clone(),
        now: Timestamp::from_unix_seconds(genuine.seconds + seconds),
        expected: Some(expected),
    };
    let changed = |value: &str| genuine.with_signature(value).headers;
    let mut missing = genuine.headers.clone();
    missing.remove(header);
    let forged = genuine.forged();
    let mut refusals = vec![
        refusal("a missing header", &missing, 0, Rejection::MissingHeader(Signature)),
        refusal("a malformed header", &changed("nonsense"), 0, Rejection::MalformedSignature),
        refusal("a wrong tag", &forged.headers, 0, Rejection::BadSignature),
    ];
    if sender == Sender::GitHub {
        let mut twice = genuine.headers.clone();
        twice.append(header, forged.headers[header].clone());
        let expected = Rejection::AmbiguousHeader(Signature);
        refusals.push(refusal("an ambiguous header", &twice, 0, expected));
    } else {
        let separator = if sender == Sender::Stripe { "," } else { " " };
        let item = if sender == Sender::Stripe {
            format!("v1={}", "0".repeat(64))
        } else {
            format!("v1,{}=", "A".repeat(43))
        };
        let wrong = vec![item; 127].join(separator);
        // Stripe's timestamp stands in front; the genuine signature is the last of 128.
        let many = if sender == Sender::Stripe {
            value.replacen("v1=", &format!("{wrong},v1="), 1)
        } else {
            format!("{wrong} {value}")
        };
        let more = format!("{many}{separator}{}", many.rsplit(separator).next().expect("one"));
        refusals.push(refusal(
            "too many signatures",
            &changed(&more),
            0,
            Rejection::TooManySignatures,
        ));
        refusals.push(refusal("a stale delivery", &genuine.headers, 301, Rejection::TooOld));
        let ahead = refusal("one of the future", &genuine.headers, -301, Rejection::FromTheFuture);
        refusals.push(ahead);
    }
    refusals
}

/// Refusing may not be dearer than accepting: it is what an attacker can make us do.
fn time(
    report: &mut Report,
    verifier: &Verifier,
    genuine: &Signed,
    now: Timestamp,
    refusals: &[Refusal],
    sender: &str,
) {
    let mut race = Race::new().case(ACCEPT, || verifier.verify(&genuine.delivery(), now).is_ok());
    let mut targets = Vec::new();
    for refusal in refusals {
        race =
            race.case(refusal.name, || verifier.verify(&refusal.delivery(), refusal.now).is_err());
        let label = format!("P5 / accepting, {sender}: {},", refusal.name);
        targets.push(Target::ratio(label, refusal.name, ACCEPT, 1.05));
    }
    let outcome = report.race(&mut race, &targets);
    println!("\n{sender}, 1 KiB: median ns");
    for name in outcome.names() {
        println!("  {name:<24}{:>8.0}{:>8.3}", outcome.nanos(name), outcome.ratio(name, ACCEPT));
    }
}

fn allocations(mut run: impl FnMut() -> bool) -> u64 {
    run();
    measure(|| {
        black_box(run());
    })
    .count_total
}
