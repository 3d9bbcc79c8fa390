//! Arrows point inward, and the core does nothing but compute.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Which crates of the workspace each one may use, dev-dependencies aside.
const ARROWS: &[(&str, &[&str])] = &[
    ("countersign", &[]),
    ("countersign-adapter", &["countersign"]),
    ("countersign-tower", &["countersign", "countersign-adapter"]),
    ("countersign-axum", &["countersign", "countersign-adapter", "countersign-tower"]),
    ("countersign-actix", &["countersign", "countersign-adapter"]),
    ("countersign-keys", &["countersign"]),
    ("countersign-memory", &["countersign"]),
    ("countersign-redis", &["countersign"]),
    ("countersign-sqlite", &["countersign"]),
    ("countersign-postgres", &["countersign"]),
    ("countersign-testing", &["countersign"]),
    (
        "countersign-cli",
        &[
            "countersign",
            "countersign-memory",
            "countersign-postgres",
            "countersign-redis",
            "countersign-sqlite",
            "countersign-testing",
            "countersign-tower",
        ],
    ),
    (
        "countersign-soak",
        &[
            "countersign",
            "countersign-axum",
            "countersign-postgres",
            "countersign-redis",
            "countersign-sqlite",
            "countersign-store-tests",
            "countersign-testing",
        ],
    ),
    ("countersign-store-tests", &["countersign", "countersign-testing"]),
    ("countersign-tests", &[]),
];

/// All that the core may use, whatever features are on.
const CORE_MAY_USE: &[&str] = &[
    "aws-lc-rs",
    "base64",
    "const-hex",
    "crc32fast",
    "ed25519-dalek",
    "flate2",
    "hmac",
    "http",
    "md-5",
    "memchr",
    "p256",
    "p384",
    "p521",
    "percent-encoding",
    "rsa",
    "rustls-pki-types",
    "rustls-webpki",
    "serde",
    "serde_json",
    "sha1",
    "sha2",
    "subtle",
    "time",
    "unicode-normalization",
    "x509-cert",
    "zeroize",
];

#[test]
fn every_arrow_points_inward() {
    let packages = packages();
    let names: BTreeSet<_> = packages.iter().map(name).collect();
    let listed: BTreeSet<_> = ARROWS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(names, listed, "each crate of the workspace is in the list");
    for package in &packages {
        let (_, allowed) = ARROWS.iter().find(|(it, _)| *it == name(package)).unwrap();
        for used in dependencies(package).filter(|used| names.contains(used)) {
            assert!(allowed.contains(&used.as_str()), "{} may not use {used}", name(package));
        }
    }
}

#[test]
fn the_core_uses_no_framework_and_no_runtime() {
    let packages = packages();
    let core = packages.iter().find(|package| name(package) == "countersign").unwrap();
    for used in dependencies(core) {
        assert!(CORE_MAY_USE.contains(&used.as_str()), "the core may not use {used}");
    }
}

#[test]
fn the_core_does_no_io_and_reads_no_clock() {
    let forbidden = [
        "std::fs",
        "std::net",
        "std::thread",
        "std::process",
        "std::env",
        "SystemTime::now",
        "Instant::now",
        "println!",
        "getrandom",
        "tokio",
        "unsafe",
    ];
    // Verification is synchronous; claims are asked of a store, which may take its time.
    let may_wait =
        ["store.rs", "dynamic.rs", "left_to_handler.rs", "receiver.rs", "timer.rs", "receiver/"];
    let mut read = 0;
    for path in rust_files(&root().join("crates/countersign/src")) {
        read += 1;
        let text = fs::read_to_string(&path).unwrap();
        for (index, line) in text.lines().enumerate() {
            if line.trim_start().starts_with("//") {
                continue;
            }
            let may_wait = may_wait.iter().any(|it| path.to_string_lossy().contains(it));
            let waits = (!may_wait).then_some("async ");
            for word in forbidden.into_iter().chain(waits) {
                let at = || format!("{}:{}", path.display(), index + 1);
                assert!(!line.contains(word), "{} has {word}", at());
            }
        }
    }
    assert!(read > 150, "only {read} files were read");
}

/// Digests are made in one file, and signatures by private keys checked in one folder.
#[test]
fn few_files_of_the_core_name_the_cryptography_crates() {
    let may_name = ["mac.rs", "public_key/", "public_key.rs", "x509.rs"];
    for path in rust_files(&root().join("crates/countersign/src")) {
        if may_name.iter().any(|it| path.to_string_lossy().contains(&format!("/src/{it}"))) {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap();
        for word in [
            "use hmac",
            "use sha1",
            "use sha2",
            "use md5",
            "use subtle",
            "ct_eq",
            "use rsa",
            "use p256",
            "use ed25519_dalek",
            "use webpki",
            "use x509_cert",
        ] {
            assert!(!text.contains(word), "{} has {word}", path.display());
        }
    }
}

#[test]
fn the_dependency_tree_of_the_core_stays_small() {
    let crates = |features: &[&str]| {
        let mut command = cargo();
        command.args(["tree", "-p", "countersign", "-e", "normal", "--prefix", "none"]);
        let output = command.arg("--no-dedupe").args(features).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        let line = |line: &str| line.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
        text.lines().map(line).collect::<BTreeSet<_>>().len()
    };
    let with_default = crates(&[]);
    assert!((2..=40).contains(&with_default), "{with_default} with default features");
    let with_none = crates(&["--no-default-features"]);
    assert!((2..=25).contains(&with_none), "{with_none} without features");
}

fn packages() -> Vec<Value> {
    let output = cargo().args(["metadata", "--format-version", "1", "--no-deps"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().expect("cargo lists packages").clone()
}

fn name(package: &Value) -> String {
    package["name"].as_str().unwrap().to_owned()
}

fn dependencies(package: &Value) -> impl Iterator<Item = String> {
    let all = package["dependencies"].as_array().unwrap();
    all.iter().filter(|it| it["kind"].as_str() != Some("dev")).map(name)
}

fn cargo() -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(root());
    command
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|it| it == "rs") {
            files.push(path);
        }
    }
    files
}
