//! Payfast: MD5 over the fields in the order they were posted, with a passphrase behind them.
//!
//! <https://developers.payfast.co.za/docs#step_4_confirm_payment>, as of 2026-11-24.

use std::io::Write as _;

use zeroize::Zeroizing;

use super::tools;
use crate::check::Checked;
use crate::delivery::Delivery;
use crate::form;
use crate::mac::Sha256Digest;
use crate::procedure::{KeyKind, Keys, Procedure, Setup};
use crate::rejection::Rejection;
use crate::scheme::{Algorithm, Coverage, Encoding};
use crate::time::Timestamp;

const SIGNATURE: &[u8] = b"signature";

/// Judges Payfast's notifications of transactions.
pub(crate) struct Payfast;

impl Procedure for Payfast {
    fn coverage(&self) -> Coverage {
        Coverage::BODY
    }

    fn key_kind(&self) -> KeyKind {
        KeyKind::Secrets
    }

    fn may_lack_secret(&self) -> bool {
        true
    }

    fn check(
        &self,
        setup: &Setup,
        delivery: &Delivery<'_>,
        _: &Keys<'_>,
        _: Timestamp,
    ) -> Result<Checked, Rejection> {
        let (content, signature) = read(delivery.body())?;
        let made = |passphrase: Option<&[u8]>| {
            tools::made(Algorithm::Md5, &[], Encoding::Hex, &signature, |sink| {
                sink(&content);
                if let Some(passphrase) = passphrase {
                    sink(b"&passphrase=");
                    sink(&Zeroizing::new(encoded(passphrase)));
                }
            })
        };
        // Anyone can make what is signed without a passphrase: it proves nothing, and says so.
        if setup.secrets.is_empty() && made(None)? {
            return Ok(Checked::new("none", Coverage::NOTHING));
        }
        for secret in &setup.secrets {
            if made(Some(&secret.material.key))? {
                return Ok(Checked::new(secret.label.clone(), self.coverage()));
            }
        }
        Err(Rejection::BadSignature)
    }

    fn content_digest(&self, _: &Setup, delivery: &Delivery<'_>) -> Option<[u8; 32]> {
        let (content, _) = read(delivery.body()).ok()?;
        let mut digest = Sha256Digest::new();
        digest.update(&content);
        Some(digest.finish())
    }
}

/// What is signed, and the signature, which must be the last field: the sender stops there, and what
/// follows would not be covered.
fn read(body: &[u8]) -> Result<(Vec<u8>, Vec<u8>), Rejection> {
    let mut fields: Vec<_> = form::fields(body).collect();
    let Some((name, signature)) = fields.pop() else { return Err(Rejection::MissingSignature) };
    if *name != *SIGNATURE {
        let is_there = fields.iter().any(|(name, _)| **name == *SIGNATURE);
        return Err(if is_there { Rejection::UnreadableBody } else { Rejection::MissingSignature });
    }
    let mut content = Vec::with_capacity(body.len());
    for (at, (name, value)) in fields.iter().enumerate() {
        if at > 0 {
            content.push(b'&');
        }
        content.extend_from_slice(name);
        content.push(b'=');
        content.extend_from_slice(&encoded(value));
    }
    let mut names: Vec<_> = fields.iter().map(|(name, _)| name).collect();
    names.sort_unstable();
    // Which of two fields the handler reads is not known here, and a name that holds a delimiter is
    // signed like two fields.
    let repeated = names.windows(2).any(|pair| pair.first() == pair.last());
    let divided = |name: &[u8]| name == SIGNATURE || name.iter().any(|it| b"&=".contains(it));
    if repeated || names.iter().any(|name| divided(name)) {
        return Err(Rejection::UnreadableBody);
    }
    Ok((content, signature.into_owned()))
}

/// PHP's `urlencode` (<https://www.php.net/urlencode>, read 2026-11-24).
fn encoded(value: &[u8]) -> Vec<u8> {
    // Enough for every byte to be escaped: a passphrase leaves no copy behind in a buffer that grew.
    let mut encoded = Vec::with_capacity(value.len().saturating_mul(3));
    for byte in value {
        match byte {
            b' ' => encoded.push(b'+'),
            b'-' | b'_' | b'.' => encoded.push(*byte),
            _ if byte.is_ascii_alphanumeric() => encoded.push(*byte),
            // Writing to memory does not fail.
            _ => _ = write!(encoded, "%{byte:02X}"),
        }
    }
    encoded
}

#[cfg(all(test, feature = "form"))]
mod tests {
    use super::*;

    #[test]
    fn values_are_encoded_as_php_does() {
        assert_eq!(encoded(b"a b&c=\xff~*-_.'"), b"a+b%26c%3D%FF%7E%2A-_.%27");
    }

    #[test]
    fn a_passphrase_is_encoded_without_a_copy() {
        let value = [0xff; 100];
        // A buffer that never grew is the only one, and is wiped whole.
        assert_eq!(encoded(&value).capacity(), 3 * value.len());
    }

    #[test]
    fn the_signature_is_the_last_field_and_each_field_is_there_once() {
        let (content, signature) = read(b"b=1%7E&a=&signature=00").unwrap();
        assert_eq!((&*content, &*signature), (&b"b=1%7E&a="[..], &b"00"[..]));
        for body in ["a=1&signature=00&b=2", "a=1&a=1&signature=00", "a%3D1%26b=2&signature=00"] {
            assert_eq!(read(body.as_bytes()), Err(Rejection::UnreadableBody), "{body}");
        }
        let twice = read(b"signature=11&signature=00");
        assert_eq!(twice, Err(Rejection::UnreadableBody));
        assert_eq!(read(b"a=1"), Err(Rejection::MissingSignature));
        assert_eq!(read(b""), Err(Rejection::MissingSignature));
    }
}
