//! What several tests need: the vectors of this repository.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::fs::{self, File};
use std::io::BufReader;
use std::path::PathBuf;

use countersign::{Procedure, Scheme, SignatureHeaders};
use countersign_testing::vectors::{self, Vector, Verdict};

/// Every vector of one sender.
#[track_caller]
pub(crate) fn vectors_of(sender: &str) -> Vec<Vector> {
    let path = folder().join(format!("{sender}.jsonl"));
    let file = File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let read = vectors::read(BufReader::new(file)).collect::<Result<Vec<_>, _>>();
    read.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every vector of this repository, with the sender whose file it is in.
#[track_caller]
pub(crate) fn all_vectors() -> Vec<Vector> {
    senders_with_vectors().iter().flat_map(|sender| vectors_of(sender)).collect()
}

/// Every vector that is to be accepted, of the senders that digest the body with a secret.
pub(crate) fn valid_vectors() -> Vec<Vector> {
    let valid = |vector: &Vector| vector.expect == Verdict::Valid && !vector.secrets.is_empty();
    all_vectors().into_iter().filter(valid).collect()
}

/// Whether a sender digests the body, or a form of it, with a secret, and sends the digest in a header:
/// what the test kit signs without knowing more of the receiver.
pub(crate) fn digests_body(scheme: &Scheme) -> bool {
    scheme.procedure == Procedure::Signature
        && !scheme.algorithm.is_public()
        && !scheme.algorithm.is_token()
        && !scheme.signs_external_url()
        && (scheme.coverage().body() || scheme.coverage().form_field())
        && matches!(
            scheme.signature.headers,
            SignatureHeaders::First(_)
                | SignatureHeaders::Two { .. }
                | SignatureHeaders::Numbered { .. }
        )
}

/// The names of the files, in order.
pub(crate) fn senders_with_vectors() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "jsonl"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("vectors")
}
