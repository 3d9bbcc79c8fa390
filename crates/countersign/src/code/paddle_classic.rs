//! Paddle Classic: RSA with SHA-1 over PHP's serialisation of the sorted fields.
//!
//! <https://developer.paddle.com/classic/webhook-reference/verifying-webhooks>, as of 2026-11-24.

use std::borrow::Cow;

use crate::check::Checked;
use crate::decode;
use crate::delivery::Delivery;
use crate::form;
use crate::mac::Sha256Digest;
use crate::procedure::{KeyKind, Keys, Procedure, Setup};
use crate::rejection::Rejection;
use crate::scheme::{Algorithm, Coverage, Encoding};
use crate::time::Timestamp;

/// Judges Paddle Classic's alerts.
pub(crate) struct PaddleClassic;

impl Procedure for PaddleClassic {
    fn coverage(&self) -> Coverage {
        Coverage::BODY
    }

    fn key_kind(&self) -> KeyKind {
        KeyKind::PublicKeys
    }

    fn check(
        &self,
        setup: &Setup,
        delivery: &Delivery<'_>,
        _: &Keys<'_>,
        _: Timestamp,
    ) -> Result<Checked, Rejection> {
        let (content, signature) = read(delivery.body())?;
        let signature = signature.ok_or(Rejection::MissingSignature)?;
        let signature = decode::signature(Encoding::Base64, &signature);
        let signature = signature.ok_or(Rejection::MalformedSignature)?;
        for key in &setup.public_keys {
            let verified = key.verify(Algorithm::RsaSha1, &signature, &mut |sink| {
                sink(&content);
                Ok(())
            })?;
            if verified {
                return Ok(Checked::new(key.label.clone(), self.coverage()));
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

/// What is signed, and the signature.
fn read(body: &[u8]) -> Result<(Vec<u8>, Option<Cow<'_, [u8]>>), Rejection> {
    let mut fields: Vec<_> = form::fields(body).collect();
    fields.sort_unstable();
    // PHP keeps the last of two fields; which of them the handler reads is not known here.
    let repeated =
        fields.windows(2).any(|pair| matches!(pair, [(one, _), (other, _)] if one == other));
    if repeated {
        return Err(Rejection::UnreadableBody);
    }
    let signature = fields.iter().position(|(name, _)| **name == *b"p_signature");
    let signature = signature.map(|at| fields.remove(at).1);
    // https://www.php.net/serialize, read 2026-11-24. Lengths are in bytes, not in characters.
    let mut content = Vec::with_capacity(2 * body.len());
    content.extend_from_slice(format!("a:{}:{{", fields.len()).as_bytes());
    for text in fields.iter().flat_map(|(name, value)| [name, value]) {
        content.extend_from_slice(format!("s:{}:\"", text.len()).as_bytes());
        content.extend_from_slice(text);
        content.extend_from_slice(b"\";");
    }
    content.push(b'}');
    Ok((content, signature))
}

#[cfg(all(test, feature = "form"))]
mod tests {
    use super::*;

    #[test]
    fn fields_are_sorted_and_serialised_with_lengths_in_bytes() {
        let (content, signature) = read(b"b=%C3%B6&p_signature=%2B&a=").unwrap();
        assert_eq!(content, "a:2:{s:1:\"a\";s:0:\"\";s:1:\"b\";s:2:\"\u{f6}\";}".as_bytes());
        assert_eq!(signature.as_deref(), Some(&b"+"[..]));
        assert_eq!(read(b"").unwrap().0, b"a:0:{}");
        assert_eq!(read(b"a=1&a=1").unwrap_err(), Rejection::UnreadableBody);
        let twice = read(b"p_signature=1&p_signature=2");
        assert_eq!(twice.unwrap_err(), Rejection::UnreadableBody);
    }
}
