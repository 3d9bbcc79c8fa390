//! What procedures that check with public keys have in common.

use crate::MAX_SECRETS;
use crate::config_error::ConfigError;
use crate::delivery::{Head, Occurrence, single};
use crate::procedure::Setup;
use crate::public_key::NamedKey;
use crate::rejection::{HeaderRole, Rejection};
use crate::scheme::{Algorithm, Text};

/// A header that must be there with one value that is text and not empty.
pub(super) fn header<'d>(
    head: &Head<'d>,
    name: &str,
    role: HeaderRole,
) -> Result<&'d str, Rejection> {
    match optional_header(head, name, role)? {
        Some(value) => Ok(value),
        None => Err(Rejection::MissingHeader(role)),
    }
}

/// The same for a header that need not be there.
pub(super) fn optional_header<'d>(
    head: &Head<'d>,
    name: &str,
    role: HeaderRole,
) -> Result<Option<&'d str>, Rejection> {
    match single(head.headers(), name) {
        Occurrence::Absent | Occurrence::Once(b"") => Ok(None),
        Occurrence::Differing => Err(Rejection::AmbiguousHeader(role)),
        Occurrence::Once(value) => match core::str::from_utf8(value) {
            Ok(value) => Ok(Some(value)),
            Err(_) => Err(Rejection::WrongHeader(role)),
        },
    }
}

/// The label of the key that made a signature of the pieces, if one of these did.
pub(super) fn signer<'k>(
    keys: impl IntoIterator<Item = &'k NamedKey>,
    algorithm: Algorithm,
    signature: &[u8],
    pieces: &[&[u8]],
) -> Result<Option<Text>, Rejection> {
    for key in keys {
        let mut hand_over = |sink: &mut dyn FnMut(&[u8])| {
            pieces.iter().copied().for_each(sink);
            Ok(())
        };
        if key.verify(algorithm, signature, &mut hand_over)? {
            return Ok(Some(key.label.clone()));
        }
    }
    Ok(None)
}

/// Looks at the keys that were given: each of them is tried, and must be of the right kind.
pub(super) fn check_keys(setup: &Setup, algorithm: Algorithm) -> Result<(), ConfigError> {
    use crate::config_error::KeyProblem;

    let unnamed = setup.public_keys.iter().filter(|key| key.id.is_none()).count();
    if unnamed > MAX_SECRETS {
        return Err(ConfigError::TooManySecrets { most: MAX_SECRETS });
    }
    match setup.public_keys.iter().find(|key| !key.fits(algorithm)) {
        Some(key) => {
            Err(ConfigError::PublicKey { label: key.label.clone(), problem: KeyProblem::WrongKind })
        }
        None => Ok(()),
    }
}

/// Whether it is the path of a URL of letters, digits, `-`, `_`, `.` and `/`, in which nothing is left
/// out or gone back: whatever reads it reads the same.
pub(super) fn is_plain_path(path: &str) -> bool {
    let plain = |segment: &str| {
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        !segment.is_empty() && !matches!(segment, "." | "..") && segment.bytes().all(is_name)
    };
    path.len() <= 256 && path.strip_prefix('/').is_some_and(|path| path.split('/').all(plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_can_be_read_in_two_ways_is_not_plain() {
        for path in ["/a", "/prod/keys/pub-key-1_x.pem", "/v1/CERT-1"] {
            assert!(is_plain_path(path), "{path}");
        }
        for path in [
            "", "a", "/", "//a", "/a/", "/a//b", "/../a", "/a/./b", "/a?b", "/a#b", "/a%2fb",
            "/a\\b", "/a b", "/a\n", "@evil", ".evil", ":80/a", "/é",
        ] {
            assert!(!is_plain_path(path), "{path}");
        }
        assert!(!is_plain_path(&format!("/{}", "a".repeat(256))));
    }
}
