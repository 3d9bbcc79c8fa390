//! Short soaks of every store and mode, and proof that they can fail. `scripts/soak` runs long ones.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test may panic")]

use std::process::{Command, Output, Stdio};

fn run(arguments: &[&str]) -> (Output, String) {
    let mut soak = Command::new(env!("CARGO_BIN_EXE_countersign-soak"));
    let output = soak.args(arguments).stdin(Stdio::null()).output().unwrap();
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    println!("{said}");
    (output, said)
}

/// The number before a word.
fn count(said: &str, word: &str) -> u64 {
    let (before, _) = said.split_once(&format!(" {word}")).unwrap_or_else(|| panic!("{said}"));
    before.rsplit(' ').next().unwrap().trim_start_matches('(').parse().unwrap()
}

fn nothing_is_lost_or_doubled(store: &str, mode: &str) {
    // Until as many were killed, and no longer than a minute.
    let arguments = ["--store", store, "--mode", mode, "--minutes", "1", "--kills", "120"];
    let (output, said) = run(&[&arguments[..], &["--seed", "7", "--server-every", "5"]].concat());
    assert!(output.status.success(), "{said}");
    assert!(count(&said, "kills") >= 30, "too few were killed: {said}");
    assert!(count(&said, "mid-handler") >= 20, "too few were killed as they worked: {said}");
    assert!(count(&said, "duplicates") >= 20, "too few duplicates: {said}");
    assert_eq!((count(&said, "lost"), count(&said, "doubled")), (0, 0), "{said}");
}

fn it_is_noticed(broken: &str, store: &str, mode: &str, what: &str) {
    it_is_noticed_by(&["--minutes", "0.08"], broken, store, mode, what);
}

fn it_is_noticed_by(how: &[&str], broken: &str, store: &str, mode: &str, what: &str) {
    let arguments = ["--store", store, "--mode", mode, "--break", broken];
    let others = ["--seed", "7", "--server-every", "0"];
    let (output, said) = run(&[&arguments[..], &others, how].concat());
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(count(&said, what) > 0, "{said}");
}

/// Long enough for some to be taken over while they are suspended.
const SUSPENDED: &[&str] = &["--minutes", "0.3", "--pauses", "60"];

mod soak {
    mod effects_in_transactions_happen_once_whoever_is_killed {
        use super::super::nothing_is_lost_or_doubled;

        #[test]
        fn postgres() {
            nothing_is_lost_or_doubled("postgres", "transactional");
        }

        #[test]
        fn sqlite() {
            nothing_is_lost_or_doubled("sqlite", "transactional");
        }
    }

    mod effects_under_claims_are_repeated_only_after_a_lease_has_lapsed {
        use super::super::nothing_is_lost_or_doubled;

        #[test]
        fn postgres() {
            nothing_is_lost_or_doubled("postgres", "lease");
        }

        #[test]
        fn sqlite() {
            nothing_is_lost_or_doubled("sqlite", "lease");
        }

        #[test]
        fn redis() {
            nothing_is_lost_or_doubled("redis", "lease");
        }
    }

    mod handlers_that_are_not_protected_are_found_out {
        use super::super::it_is_noticed;

        #[test]
        fn postgres_in_transactions() {
            it_is_noticed("once", "postgres", "transactional", "doubled");
        }

        #[test]
        fn sqlite_in_transactions() {
            it_is_noticed("once", "sqlite", "transactional", "doubled");
        }

        #[test]
        fn sqlite_under_claims() {
            it_is_noticed("once", "sqlite", "lease", "doubled");
        }

        #[test]
        fn redis_under_claims() {
            it_is_noticed("once", "redis", "lease", "doubled");
        }
    }

    mod who_commits_although_another_took_over_is_found_out {
        use super::super::{SUSPENDED, it_is_noticed_by};

        #[test]
        fn postgres() {
            it_is_noticed_by(SUSPENDED, "fence", "postgres", "transactional", "doubled");
        }

        #[test]
        fn sqlite() {
            it_is_noticed_by(SUSPENDED, "fence", "sqlite", "transactional", "doubled");
        }
    }

    mod acknowledgements_that_come_too_early_are_found_out {
        use super::super::it_is_noticed;

        #[test]
        fn postgres_in_transactions() {
            it_is_noticed("early", "postgres", "transactional", "lost");
        }

        #[test]
        fn sqlite_in_transactions() {
            it_is_noticed("early", "sqlite", "transactional", "lost");
        }

        #[test]
        fn sqlite_under_claims() {
            it_is_noticed("early", "sqlite", "lease", "lost");
        }
    }
}
