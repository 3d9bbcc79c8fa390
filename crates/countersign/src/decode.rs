//! Strict decoding of tags and keys: one tag has one spelling, but for the case of hexadecimal.

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use crate::scheme::Encoding;

/// The longest tag in bytes: SHA-512.
pub(crate) const MAX_TAG: usize = 64;

const PADDED: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::RequireCanonical),
);
const URL_UNPADDED: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::RequireNone),
);
const KEY: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Decodes the text of a tag of exactly `length` bytes into the front of `tag`.
#[inline]
pub(crate) fn tag<'t>(
    encoding: Encoding,
    text: &[u8],
    length: usize,
    tag: &'t mut [u8; MAX_TAG],
) -> Option<&'t [u8]> {
    let out = tag.get_mut(..length)?;
    match encoding {
        Encoding::Hex | Encoding::HexUpper => hex(text, out)?,
        Encoding::Base64 => base64(&PADDED, text, out)?,
        Encoding::Base64Url => base64(&URL_UNPADDED, text, out)?,
        Encoding::Base64OfHex => {
            let mut hex_text = [0; 2 * MAX_TAG];
            let hex_text = hex_text.get_mut(..2 * length)?;
            base64(&PADDED, text, hex_text)?;
            // Only lower case was signed: upper case would be a second spelling of the same tag.
            if hex_text.iter().any(u8::is_ascii_uppercase) {
                return None;
            }
            hex(hex_text, out)?;
        }
    }
    Some(out)
}

/// The longest signature by a private key, in bytes: RSA with 4096 bits.
const MAX_SIGNATURE: usize = 512;

/// Decodes the text of a signature whose length is not known beforehand.
pub(crate) fn signature(encoding: Encoding, text: &[u8]) -> Option<Vec<u8>> {
    if text.is_empty() || text.len() > 2 * MAX_SIGNATURE {
        return None;
    }
    let decoded = match encoding {
        Encoding::Hex | Encoding::HexUpper if text.starts_with(b"0x") => return None,
        Encoding::Hex | Encoding::HexUpper => decoded(text.len() / 2, |out| hex(text, out))?,
        Encoding::Base64 => any_base64(&PADDED, text)?,
        Encoding::Base64Url => any_base64(&URL_UNPADDED, text)?,
        Encoding::Base64OfHex => return None,
    };
    (decoded.len() <= MAX_SIGNATURE).then_some(decoded)
}

/// Decodes base64 of any length.
fn any_base64(engine: &GeneralPurpose, text: &[u8]) -> Option<Vec<u8>> {
    let mut decoded = vec![0; base64::decoded_len_estimate(text.len())];
    let length = engine.decode_slice(text, &mut decoded).ok()?;
    decoded.truncate(length);
    Some(decoded)
}

/// What `decode` writes into a buffer of this length.
fn decoded(length: usize, decode: impl FnOnce(&mut [u8]) -> Option<()>) -> Option<Vec<u8>> {
    let mut out = vec![0; length];
    decode(&mut out)?;
    Some(out)
}

/// Decodes padded base64 of any length.
#[cfg(feature = "x509")]
pub(crate) fn base64_padded(text: &[u8]) -> Option<Vec<u8>> {
    any_base64(&PADDED, text)
}

/// Decodes URL-safe base64 without padding, of any length.
#[cfg(feature = "jwt")]
pub(crate) fn base64_url(text: &[u8]) -> Option<Vec<u8>> {
    any_base64(&URL_UNPADDED, text)
}

/// Decodes padded standard base64 of any length, in its one spelling.
#[cfg(feature = "http-signatures")]
pub(crate) fn base64_bytes(text: &[u8]) -> Option<Vec<u8>> {
    any_base64(&PADDED, text)
}

/// Encodes as padded standard base64.
pub(crate) fn to_base64(bytes: &[u8]) -> String {
    let mut text = vec![0; bytes.len().div_ceil(3) * 4];
    // There is room for it, so there is no error to drop.
    _ = PADDED.encode_slice(bytes, &mut text);
    String::from_utf8(text).unwrap_or_default()
}

/// Decodes the value of an `Authorization` header with a user and a password.
pub(crate) fn basic(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (scheme, credentials) = text.split_at_checked(6)?;
    if !scheme.eq_ignore_ascii_case(b"basic ") {
        return None;
    }
    let credentials = Zeroizing::new(any_base64(&PADDED, credentials.trim_ascii())?);
    credentials.contains(&b':').then_some(credentials)
}

#[inline]
fn hex(text: &[u8], out: &mut [u8]) -> Option<()> {
    // const-hex drops a leading `0x`; with the exact length checked, such a text is too short.
    if text.len() != 2 * out.len() {
        return None;
    }
    const_hex::decode_to_slice(text, out).ok()
}

#[inline]
fn base64(engine: &GeneralPurpose, text: &[u8], out: &mut [u8]) -> Option<()> {
    // `decode_slice` wants room for whole groups of four characters.
    let mut buffer = [0; 2 * MAX_TAG + 6];
    if text.len() > buffer.len() / 3 * 4 {
        return None;
    }
    let length = engine.decode_slice(text, &mut buffer).ok()?;
    let decoded = buffer.get(..length).filter(|decoded| decoded.len() == out.len())?;
    out.copy_from_slice(decoded);
    Some(())
}

/// Lower-case hexadecimal text.
pub(crate) fn to_hex(bytes: &[u8]) -> String {
    let mut text = vec![0; 2 * bytes.len()];
    // The lengths fit, so there is no error to drop.
    _ = const_hex::encode_to_slice(bytes, &mut text);
    String::from_utf8(text).unwrap_or_default()
}

/// Decodes a key of any length from hexadecimal.
pub(crate) fn hex_key(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    if !text.len().is_multiple_of(2) || text.starts_with("0x") {
        return None;
    }
    let mut key = Zeroizing::new(vec![0; text.len() / 2]);
    const_hex::decode_to_slice(text, &mut key).ok()?;
    Some(key)
}

/// Decodes a key of any length from standard base64, padded or not.
pub(crate) fn base64_key(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut key = Zeroizing::new(vec![0; text.len().div_ceil(4) * 3]);
    let length = KEY.decode_slice(text, &mut key).ok()?;
    key.truncate(length);
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(encoding: Encoding, text: &str, length: usize, expected: Option<&[u8]>) {
        let mut buffer = [0; MAX_TAG];
        assert_eq!(tag(encoding, text.as_bytes(), length, &mut buffer), expected, "{text}");
    }

    #[test]
    fn hexadecimal_has_the_exact_length_and_either_case() {
        check(Encoding::Hex, "00fF", 2, Some(&[0, 255]));
        check(Encoding::HexUpper, "00fF", 2, Some(&[0, 255]));
        for text in ["", "0", "00f", "00ff00", "0x00", "0x00ff", "00fg", "00 f", "00f\u{e9}"] {
            check(Encoding::Hex, text, 2, None);
        }
    }

    #[test]
    fn base64_is_canonical() {
        check(Encoding::Base64, "AP8=", 2, Some(&[0, 255]));
        for text in ["AP8", "AP9=", "AP8==", "AP8=\n", " AP8=", "AP8A", "AP_=", "", "===="] {
            check(Encoding::Base64, text, 2, None);
        }
        check(Encoding::Base64Url, "-_8", 2, Some(&[0xfb, 0xff]));
        check(Encoding::Base64Url, "-_8=", 2, None);
        check(Encoding::Base64Url, "+/8", 2, None);
        check(Encoding::Base64, &"A".repeat(4096), 32, None);
    }

    #[test]
    fn base64_of_hexadecimal_is_lower_case() {
        check(Encoding::Base64OfHex, "MDBmZg==", 2, Some(&[0, 255])); // 00ff
        check(Encoding::Base64OfHex, "MDBGRg==", 2, None); // 00FF
        let mut longest = [0; 172];
        PADDED.encode_slice("ab".repeat(64), &mut longest).unwrap();
        let longest = core::str::from_utf8(&longest).unwrap();
        check(Encoding::Base64OfHex, longest, 64, Some(&[0xab; 64]));
    }
}
