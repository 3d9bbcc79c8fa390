//! P1, P2, P3: `Verifier::verify` against raw cryptography and against peers.

use std::process::ExitCode;

use countersign_bench::{Outcome, Race, Report, Sender, Signed, Target, body, now, signed_at};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

const OURS: &str = "countersign";
const RAW: &str = "raw hmac + sha2";
const RING: &str = "raw ring";
const WEBHOOK_VERIFY: &str = "webhook-verify";
const STANDARD_WEBHOOKS: &str = "standardwebhooks";
const SVIX: &str = "svix";

const SIZES: [(usize, &str); 4] =
    [(256, "256 B"), (1 << 10, "1 KiB"), (16 << 10, "16 KiB"), (1 << 20, "1 MiB")];

/// A checker that was set up once: whether it accepts a delivery.
type Checker = Box<dyn Fn(&Signed) -> bool>;

fn main() -> ExitCode {
    let mut report = Report::new();
    println!("Median nanoseconds per delivery and medians of same-round ratios.");
    println!("Raw baselines are handed the signed content in one piece and the decoded tag.");
    for sender in Sender::ALL {
        let checkers = checkers(sender);
        println!("\n{:<32}{:>12}{:>10}{:>10}", sender.name(), "ns", "/ raw", "/ ours");
        for (size, label) in SIZES {
            // Signed anew for each size, so that it stays within the tolerance.
            let delivery = sender.sign(body(size), signed_at());
            let forged = delivery.forged();
            let mut race = Race::new();
            for (name, accepts) in &checkers {
                assert!(accepts(&delivery), "{name} refuses a genuine delivery of {sender:?}");
                // The baselines are handed a tag and read no header.
                if !name.starts_with("raw") {
                    assert!(!accepts(&forged), "{name} accepts a forged delivery of {sender:?}");
                }
                let delivery = &delivery;
                race = race.case(name, move || accepts(delivery));
            }
            let targets = targets(sender, size, label, checkers.iter().map(|(name, _)| *name));
            print_table(label, &report.race(&mut race, &targets));
        }
    }
    report.finish()
}

/// Everything that can check deliveries of a sender, each in its cheapest documented way.
fn checkers(sender: Sender) -> Vec<(&'static str, Checker)> {
    let raw = Hmac::<Sha256>::new_from_slice(&sender.key()).expect("any length will do");
    let ring = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &sender.key());
    let ours = sender.verifier();
    let mut checkers: Vec<(&'static str, Checker)> = vec![
        (
            RAW,
            Box::new(move |signed| {
                let mut mac = raw.clone();
                mac.update(&signed.content);
                mac.verify_slice(&signed.tag).is_ok()
            }),
        ),
        (
            RING,
            Box::new(move |signed| ring::hmac::verify(&ring, &signed.content, &signed.tag).is_ok()),
        ),
        (OURS, Box::new(move |signed| ours.verify(&signed.delivery(), now()).is_ok())),
    ];
    checkers.push((WEBHOOK_VERIFY, webhook_verify(sender)));
    if sender == Sender::StandardWebhooks {
        let peer = standardwebhooks::Webhook::new(&sender.secret()).expect("a secret");
        let check = move |signed: &Signed| peer.verify(&signed.body, &signed.headers).is_ok();
        checkers.push((STANDARD_WEBHOOKS, Box::new(check)));
        let peer = svix::webhooks::Webhook::new(&sender.secret()).expect("a secret");
        let check = move |signed: &Signed| peer.verify(&signed.body, &signed.headers).is_ok();
        checkers.push((SVIX, Box::new(check)));
    }
    checkers
}

/// It keeps the secret and takes its options by value.
fn webhook_verify(sender: Sender) -> Checker {
    use webhook_verify::{Provider, Secret, VerifyOptions, verify};

    let secret = Secret::new(sender.secret());
    let provider = move || match sender {
        Sender::GitHub => Provider::GitHub,
        Sender::Stripe => Provider::Stripe,
        Sender::StandardWebhooks => Provider::StandardWebhooks,
    };
    Box::new(move |signed| {
        let options = VerifyOptions::default();
        verify(provider(), &signed.headers, &signed.body, &secret, options).is_ok()
    })
}

fn targets(
    sender: Sender,
    size: usize,
    label: &str,
    cases: impl Iterator<Item = &'static str>,
) -> Vec<Target<'static>> {
    let name = |target: &str| format!("{target} {} {label}", sender.name());
    let mut targets = Vec::new();
    match size {
        0x400 => {
            // One limit for all senders, although the more headers a sender uses and the more parts it
            // signs, the more there is to do that the raw baseline does not.
            targets.push(Target::ratio(name("P1 / raw,"), OURS, RAW, 1.25));
            targets.push(Target::surplus(name("P1 over raw,"), OURS, RAW, 200.0));
            targets.push(Target::ratio(name("P2 / ring,"), OURS, RING, 1.15));
        }
        0x4000 => targets.push(Target::ratio(name("P3 / raw,"), OURS, RAW, 1.0 / 0.96)),
        0x10_0000 => targets.push(Target::ratio(name("P3 / raw,"), OURS, RAW, 1.0 / 0.98)),
        _ => {}
    }
    let limit = if size <= 1 << 10 { 1.0 } else { 1.02 };
    for peer in cases.filter(|case| !case.starts_with("raw") && *case != OURS) {
        targets.push(Target::ratio(name(&format!("/ {peer},")), OURS, peer, limit));
    }
    targets
}

fn print_table(label: &str, outcome: &Outcome) {
    for name in outcome.names() {
        let nanos = outcome.nanos(name);
        let (raw, ours) = (outcome.ratio(name, RAW), outcome.ratio(name, OURS));
        println!("  {label:<8}{name:<22}{nanos:>12.0}{raw:>10.3}{ours:>10.3}");
    }
}
