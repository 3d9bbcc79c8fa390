//! Signing keys: redacted, wiped, never compared.

use core::fmt;
use std::borrow::Cow;

use zeroize::Zeroizing;

use crate::decode;
use crate::scheme::{Algorithm, SecretFormat, SecretRules, Text};

/// A signing secret, as the sender's dashboard shows it.
///
/// The text is taken as it stands and decoded by [`Verifier`](crate::Verifier) in the way the
/// scheme says, so paste it whole, with any `whsec_` in front. It is wiped from memory when
/// dropped, prints as nothing, and cannot be compared.
///
/// ```
/// use countersign::Secret;
///
/// let secret = Secret::new("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD").label("2026-11");
/// assert_eq!(format!("{secret:?}"), r#"Secret { label: Some("2026-11"), .. }"#);
/// ```
pub struct Secret {
    pub(crate) text: Zeroizing<String>,
    pub(crate) label: Option<Text>,
    pub(crate) id: Option<Text>,
    pub(crate) algorithm: Option<Algorithm>,
}

impl Secret {
    /// Takes a secret as it was pasted.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: Zeroizing::new(text.into()), label: None, id: None, algorithm: None }
    }

    /// Names the secret in proofs, traces and messages: "current", "2026-11". Unnamed secrets
    /// are called `secret-1`, `secret-2` and so on.
    #[must_use]
    pub fn label(mut self, label: impl Into<Text>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// The id by which deliveries name the secret, where the sender has several
    /// ([RFC 9421](https://www.rfc-editor.org/rfc/rfc9421), Twilio's shared keys).
    #[must_use]
    pub fn id(mut self, id: impl Into<Text>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// The algorithm that the secret is used with, where the sender has several. A delivery that names
    /// another is refused.
    #[must_use]
    pub fn algorithm(mut self, algorithm: Algorithm) -> Self {
        self.algorithm = Some(algorithm);
        self
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secret").field("label", &self.label).finish_non_exhaustive()
    }
}

/// What is wrong with a secret. Never carries the secret itself.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum SecretProblem {
    /// There is no text, or nothing is left of it once it is decoded.
    Empty,
    /// Blanks or line ends surround the text; they would become part of the key.
    Whitespace,
    /// Quotes surround the text; they would become part of the key.
    Quoted,
    /// A placeholder such as `${NAME}` was not filled in.
    Unresolved,
    /// The scheme names this as something else than its signing secret.
    WrongKind(Text),
    /// The text is not in the form that the scheme's secrets have.
    Undecodable(SecretFormat),
}

impl fmt::Display for SecretProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("is empty; anyone could sign with an empty key"),
            Self::Whitespace => f.write_str(
                "begins or ends with white space, which would be part of the key; strip it",
            ),
            Self::Quoted => {
                f.write_str("is in quotes, which would be part of the key; remove them")
            }
            Self::Unresolved => {
                f.write_str("is a placeholder that was not filled in; set the variable it names")
            }
            Self::WrongKind(kind) => write!(f, "is {kind}, not a signing secret"),
            Self::Undecodable(format) => {
                write!(f, "is not {format}; paste it as the sender shows it")
            }
        }
    }
}

/// A secret brought into the form the engine needs.
pub(crate) struct KeyMaterial {
    pub(crate) key: Zeroizing<Vec<u8>>,
    /// The public half of a secret that has one.
    pub(crate) app_key: Option<Zeroizing<Vec<u8>>>,
}

impl KeyMaterial {
    /// How many bytes of it are secret: what is said of a user, anyone may guess.
    pub(crate) fn secret_bytes(&self, format: SecretFormat) -> usize {
        let known = match format {
            SecretFormat::UserAndPassword => memchr::memchr(b':', &self.key).map(|at| at + 1),
            _ => None,
        };
        self.key.len() - known.unwrap_or(0)
    }
}

/// Checks and decodes a secret.
pub(crate) fn decode(text: &str, rules: &SecretRules) -> Result<KeyMaterial, SecretProblem> {
    lint(text, rules)?;
    let undecodable = || SecretProblem::Undecodable(rules.format);
    let base64 = |text: &str| decode::base64_key(text).ok_or_else(undecodable);
    let mut app_key = None;
    let key = match rules.format {
        SecretFormat::Text => owned(text),
        SecretFormat::TextNfkd => nfkd(text),
        SecretFormat::Hex => decode::hex_key(text).ok_or_else(undecodable)?,
        SecretFormat::Base64 => base64(text)?,
        SecretFormat::Whsec => base64(text.strip_prefix("whsec_").unwrap_or(text))?,
        SecretFormat::VersionedWhsec => {
            let text = text.strip_prefix("v1,").unwrap_or(text);
            base64(text.strip_prefix("whsec_").unwrap_or(text))?
        }
        SecretFormat::WhsecOrText => match text.strip_prefix("whsec_") {
            Some(text) => base64(text)?,
            None => owned(text),
        },
        SecretFormat::UserAndPassword => {
            let (_, password) = text.split_once(':').ok_or_else(undecodable)?;
            if password.is_empty() {
                return Err(SecretProblem::Empty);
            }
            owned(text)
        }
        SecretFormat::AppKeyAndText => {
            let (app, key) = text.split_once(':').ok_or_else(undecodable)?;
            if app.is_empty() {
                return Err(undecodable());
            }
            app_key = Some(owned(app));
            owned(key)
        }
    };
    if key.is_empty() {
        return Err(SecretProblem::Empty);
    }
    Ok(KeyMaterial { key, app_key })
}

fn lint(text: &str, rules: &SecretRules) -> Result<(), SecretProblem> {
    if text.trim().is_empty() {
        return Err(SecretProblem::Empty);
    }
    if text.trim() != text {
        return Err(SecretProblem::Whitespace);
    }
    let quoted = |quote: char| text.len() > 1 && text.starts_with(quote) && text.ends_with(quote);
    if ['"', '\'', '`'].into_iter().any(quoted) {
        return Err(SecretProblem::Quoted);
    }
    if text.starts_with("${") && text.ends_with('}') {
        return Err(SecretProblem::Unresolved);
    }
    match rules.wrong.iter().find(|wrong| text.starts_with(&*wrong.prefix)) {
        Some(wrong) => Err(SecretProblem::WrongKind(wrong.kind.clone())),
        None => Ok(()),
    }
}

fn owned(text: &str) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(text.as_bytes().to_vec())
}

#[cfg(feature = "nfkd")]
fn nfkd(text: &str) -> Zeroizing<Vec<u8>> {
    use unicode_normalization::UnicodeNormalization;

    let mut key = Zeroizing::new(Vec::with_capacity(text.len() * 4));
    for character in text.nfkd() {
        key.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
    key
}

#[cfg(not(feature = "nfkd"))]
fn nfkd(_: &str) -> Zeroizing<Vec<u8>> {
    Zeroizing::default() // `Verifier::build` has refused the scheme already.
}

impl fmt::Display for SecretFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::TextNfkd => "text in normalisation form KD",
            Self::Hex => "hexadecimal",
            Self::Base64 => "base64",
            Self::Whsec => "base64 with an optional whsec_ in front",
            Self::VersionedWhsec => "base64 with an optional v1,whsec_ in front",
            Self::WhsecOrText => "whsec_ and base64, or text",
            Self::AppKeyAndText => "an app key, a colon and an app secret",
            Self::UserAndPassword => "a user, a colon and a password",
        })
    }
}

/// The label of the secret at `index` when it has none of its own.
pub(crate) fn default_label(index: usize) -> Text {
    Cow::Owned(format!("secret-{}", index + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn rules(format: SecretFormat) -> SecretRules {
        SecretRules { format, wrong: Cow::Borrowed(&[]) }
    }

    #[track_caller]
    fn check(format: SecretFormat, text: &str, expected: Result<&[u8], SecretProblem>) {
        let decoded = decode(text, &rules(format)).map(|material| material.key.to_vec());
        assert_eq!(decoded, expected.map(<[u8]>::to_vec), "{text}");
    }

    #[test]
    fn a_secret_that_cannot_be_meant_is_refused() {
        for (text, problem) in [
            ("", SecretProblem::Empty),
            (" \n", SecretProblem::Empty),
            ("abc\n", SecretProblem::Whitespace),
            (" abc", SecretProblem::Whitespace),
            ("\"abc\"", SecretProblem::Quoted),
            ("'abc'", SecretProblem::Quoted),
            ("${WEBHOOK_SECRET}", SecretProblem::Unresolved),
        ] {
            check(SecretFormat::Text, text, Err(problem));
        }
    }

    #[test]
    fn each_format_decodes_strictly() {
        check(SecretFormat::Text, "whsec_YWJj", Ok(b"whsec_YWJj"));
        check(SecretFormat::Whsec, "whsec_YWJj", Ok(b"abc"));
        check(SecretFormat::Whsec, "YWJj", Ok(b"abc"));
        check(SecretFormat::Whsec, "YWI", Ok(b"ab"));
        check(SecretFormat::Whsec, "whsec_", Err(SecretProblem::Empty));
        check(
            SecretFormat::Whsec,
            "whsec_not base64",
            Err(SecretProblem::Undecodable(SecretFormat::Whsec)),
        );
        check(SecretFormat::VersionedWhsec, "v1,whsec_YWJj", Ok(b"abc"));
        check(SecretFormat::WhsecOrText, "YWJj", Ok(b"YWJj"));
        check(SecretFormat::WhsecOrText, "whsec_YWJj", Ok(b"abc"));
        check(SecretFormat::Hex, "00fF", Ok(&[0, 255]));
        check(SecretFormat::Hex, "0x00", Err(SecretProblem::Undecodable(SecretFormat::Hex)));
        check(SecretFormat::Hex, "0", Err(SecretProblem::Undecodable(SecretFormat::Hex)));
        check(SecretFormat::AppKeyAndText, "app:key:x", Ok(b"key:x"));
        check(SecretFormat::AppKeyAndText, "app:", Err(SecretProblem::Empty));
        check(
            SecretFormat::AppKeyAndText,
            "key",
            Err(SecretProblem::Undecodable(SecretFormat::AppKeyAndText)),
        );
        check(SecretFormat::UserAndPassword, "user:a:b", Ok(b"user:a:b"));
        check(SecretFormat::UserAndPassword, ":password", Ok(b":password"));
        check(SecretFormat::UserAndPassword, "user:", Err(SecretProblem::Empty));
        check(
            SecretFormat::UserAndPassword,
            "password",
            Err(SecretProblem::Undecodable(SecretFormat::UserAndPassword)),
        );
    }

    #[cfg(feature = "nfkd")]
    #[test]
    fn the_compatibility_form_takes_ligatures_and_accents_apart() {
        check(SecretFormat::TextNfkd, "\u{e9}\u{fb01}", Ok("e\u{301}fi".as_bytes()));
    }

    #[test]
    fn a_secret_prints_as_nothing() {
        assert!(!format!("{:?}", Secret::new("hunter2")).contains("hunter2"));
    }
}
