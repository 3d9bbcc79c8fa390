//! Every vector, through the public API as a receiver would.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod support;

use countersign_testing::vectors::{Outcome, Verdict};

#[test]
fn every_vector_gets_the_verdict_it_expects() {
    let mut wrong = Vec::new();
    let vectors = support::all_vectors();
    for vector in &vectors {
        if let Outcome::Failed { reason, .. } | Outcome::Skipped { reason } = vector.run() {
            wrong.push(format!("{}/{}: {reason}", vector.provider, vector.case));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(vectors.len(), 3694);
}

#[test]
fn precheck_never_refuses_what_verify_accepts() {
    for vector in support::all_vectors() {
        let Some(Ok(verifier)) = vector.verifier() else { continue };
        let delivery = vector.delivery();
        if verifier.verify(&delivery, vector.now()).is_ok() {
            let first = verifier.precheck(delivery.head(), vector.now());
            assert_eq!(first, Ok(()), "{}/{}", vector.provider, vector.case);
        }
    }
}

#[test]
fn each_file_holds_vectors_of_one_sender_and_both_verdicts() {
    for sender in support::senders_with_vectors() {
        let vectors = support::vectors_of(&sender);
        assert!(vectors.iter().all(|vector| vector.provider == sender), "{sender}");
        // Of handshakes and of tokens there is not always a wrong one.
        let is_digest = vectors.iter().any(|vector| !vector.secrets.is_empty());
        let wanted: &[Verdict] = if is_digest { &[Verdict::Valid, Verdict::Invalid] } else { &[] };
        for verdict in wanted.iter().copied() {
            assert!(vectors.iter().any(|vector| vector.expect == verdict), "{sender}: {verdict}");
        }
        assert!(vectors.iter().all(|vector| !vector.source.is_null()), "{sender}");
    }
}
