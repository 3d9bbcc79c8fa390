//! The signed content of a delivery, fed piece after piece.

use std::borrow::Cow;

use crate::delivery::{Delivery, Occurrence, single};
use crate::envelope::{Envelope, Group};
use crate::external_url::ExternalUrl;
use crate::form;
use crate::json;
use crate::mac::Sha256Digest;
use crate::outside;
use crate::rejection::{HeaderRole, Rejection};
use crate::scheme::{BodyForm, Part, Scheme};
use crate::secret::KeyMaterial;

/// How the body is written into the content.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Writing {
    AsSent,
    /// Characters beyond ASCII as `\uXXXX`.
    Escaped,
}

/// What is fed besides the delivery itself.
#[derive(Clone, Copy)]
pub(crate) struct Feed<'v> {
    pub(crate) writing: Writing,
    /// The most bytes that a compressed body may decompress to.
    pub(crate) decoded_limit: usize,
    /// The secret and its public half, for the schemes that digest them.
    pub(crate) material: Option<&'v KeyMaterial>,
    /// How the URL that the sender called is told, for the schemes that sign it.
    pub(crate) external_url: Option<&'v ExternalUrl>,
    /// Whether what changes from one attempt to the next is left out.
    pub(crate) stable_only: bool,
}

impl Feed<'_> {
    /// Hands every piece of the signed content to `sink`, in order.
    #[inline]
    pub(crate) fn run(
        &self,
        envelope: &Envelope<'_>,
        group: &Group<'_>,
        delivery: &Delivery<'_>,
        sink: &mut impl FnMut(&[u8]),
    ) -> Result<(), Rejection> {
        let material = self.material;
        for part in envelope.scheme.signed.iter() {
            match part {
                Part::Body => self.body(envelope, delivery, sink)?,
                Part::Literal(text) => sink(text.as_bytes()),
                Part::Timestamp if self.stable_only => {}
                Part::Timestamp => sink(group.timestamp.unwrap_or_default()),
                // An id that is the same in every attempt is a key by itself; others are not.
                Part::DeliveryId if self.stable_only => {}
                Part::DeliveryId => sink(envelope.delivery_id.unwrap_or_default()),
                Part::BodyDigest => {
                    let mut digest = Sha256Digest::new();
                    self.body(envelope, delivery, &mut |piece| digest.update(piece))?;
                    sink(&digest.finish_hex());
                }
                Part::Nonce(_) | Part::Field(_) if self.stable_only => {}
                Part::Header(name) | Part::Nonce(name) => sink(required(delivery, name)?),
                Part::Field(key) => sink(envelope.field(group, key)?),
                Part::Secret => sink(material.map_or(&[], |material| &material.key)),
                Part::AppKey => {
                    sink(material.and_then(|it| it.app_key.as_deref()).map_or(&[], Vec::as_slice));
                }
                Part::Method => sink(delivery.head().method().as_bytes()),
                Part::PathAndQuery => sink(delivery.head().path_and_query().as_bytes()),
                Part::ExternalUrl => {
                    let url = self.external_url.ok_or(Rejection::UntrustedProxy)?;
                    sink(url.of(delivery.head())?.as_bytes());
                }
                Part::Query(name) => {
                    let value = outside::query(delivery.head(), name)?;
                    sink(&value.unwrap_or_default());
                }
                Part::BodyValue(pointer) => {
                    // What else is in the body is not signed, a second member of the name among it.
                    if let Some(value) = json::unique(delivery.body(), pointer)? {
                        sink(value.into_text().as_bytes());
                    }
                }
                Part::FormField(name) => {
                    let value = outside::form_field(delivery.body(), name)?;
                    sink(&value.ok_or(Rejection::UnreadableBody)?);
                }
                Part::SortedForm => sorted_form(delivery, sink)?,
                Part::ListedHeaders(_) if self.stable_only => {}
                Part::ListedHeaders(list) => listed_headers(envelope, delivery, list, sink)?,
            }
        }
        Ok(())
    }

    #[inline]
    fn body(
        &self,
        envelope: &Envelope<'_>,
        delivery: &Delivery<'_>,
        sink: &mut impl FnMut(&[u8]),
    ) -> Result<(), Rejection> {
        let body = delivery.body();
        match &envelope.scheme.body {
            BodyForm::RawOrEscaped if self.writing == Writing::Escaped => escape(body, sink),
            BodyForm::Raw | BodyForm::RawOrEscaped => {
                sink(body);
                Ok(())
            }
            BodyForm::Gunzipped if header_is(delivery, "content-encoding", "gzip") => {
                gunzip(body, self.decoded_limit, sink)
            }
            BodyForm::FormField(field)
                if header_is(delivery, "content-type", "application/x-www-form-urlencoded") =>
            {
                let value = outside::form_field(body, field)?;
                sink(&value.ok_or(Rejection::UnreadableBody)?);
                Ok(())
            }
            BodyForm::Gunzipped | BodyForm::FormField(_) => {
                sink(body);
                Ok(())
            }
        }
    }
}

/// The body as its reader sees it: decompressed where the sender signs it so.
pub(crate) fn readable_body<'d>(
    scheme: &Scheme,
    delivery: &Delivery<'d>,
    decoded_limit: usize,
) -> Cow<'d, [u8]> {
    let is_compressed =
        scheme.body == BodyForm::Gunzipped && header_is(delivery, "content-encoding", "gzip");
    if is_compressed {
        let mut decoded = Vec::new();
        let read = gunzip(delivery.body(), decoded_limit, &mut |it| decoded.extend_from_slice(it));
        if read.is_ok() {
            return Cow::Owned(decoded);
        }
    }
    Cow::Borrowed(delivery.body())
}

/// Whether writing characters beyond ASCII in another way makes a difference.
pub(crate) fn is_worth_escaping(envelope: &Envelope<'_>, delivery: &Delivery<'_>) -> bool {
    envelope.scheme.body == BodyForm::RawOrEscaped && !delivery.body().is_ascii()
}

fn required<'d>(delivery: &Delivery<'d>, name: &str) -> Result<&'d [u8], Rejection> {
    match single(delivery.head().headers(), name) {
        Occurrence::Once(value) => Ok(value),
        Occurrence::Absent => Err(Rejection::MissingHeader(HeaderRole::Signed)),
        Occurrence::Differing => Err(Rejection::AmbiguousHeader(HeaderRole::Signed)),
    }
}

/// Whether a header has this value, without regard to parameters behind a semicolon.
pub(crate) fn header_is(delivery: &Delivery<'_>, name: &str, expected: &str) -> bool {
    let Occurrence::Once(value) = single(delivery.head().headers(), name) else { return false };
    let value = value.split(|byte| *byte == b';').next().unwrap_or_default();
    value.trim_ascii().eq_ignore_ascii_case(expected.as_bytes())
}

/// Contentful's canonical headers: `name:value` joined by `;`, in the listed order.
///
/// <https://www.contentful.com/developers/docs/webhooks/request-verification/>, read 2026-11-24.
fn listed_headers(
    envelope: &Envelope<'_>,
    delivery: &Delivery<'_>,
    list: &str,
    sink: &mut impl FnMut(&[u8]),
) -> Result<(), Rejection> {
    let wrong = Rejection::WrongHeader(HeaderRole::Signed);
    let names = core::str::from_utf8(required(delivery, list)?).map_err(|_| wrong)?;
    let listed = |wanted: &str| names.split(',').any(|it| it.trim().eq_ignore_ascii_case(wanted));
    // The sender names what it signed, so a list without these two would let a forger choose.
    let timestamp = envelope.timestamp_header.unwrap_or(list);
    if !listed(list) || !listed(timestamp) {
        return Err(wrong);
    }
    for (index, name) in names.split(',').map(str::trim).enumerate() {
        if index > 0 {
            sink(b";");
        }
        for byte in name.bytes() {
            sink(&[byte.to_ascii_lowercase()]);
        }
        sink(b":");
        sink(required(delivery, name)?);
    }
    Ok(())
}

/// Writes characters beyond ASCII as UTF-16 units in lower-case hexadecimal.
fn escape(body: &[u8], sink: &mut impl FnMut(&[u8])) -> Result<(), Rejection> {
    let text = core::str::from_utf8(body).map_err(|_| Rejection::BadSignature)?;
    let mut plain_from = 0;
    for (at, character) in text.char_indices().filter(|(_, it)| !it.is_ascii()) {
        sink(body.get(plain_from..at).unwrap_or_default());
        for unit in character.encode_utf16(&mut [0; 2]) {
            let mut escaped = *b"\\u0000";
            if let Some(digits) = escaped.get_mut(2..) {
                _ = const_hex::encode_to_slice(unit.to_be_bytes(), digits);
            }
            sink(&escaped);
        }
        plain_from = at + character.len_utf8();
    }
    sink(body.get(plain_from..).unwrap_or_default());
    Ok(())
}

#[cfg(feature = "gzip")]
fn gunzip(body: &[u8], limit: usize, sink: &mut impl FnMut(&[u8])) -> Result<(), Rejection> {
    use std::io::Read as _;

    let mut decoder = flate2::bufread::MultiGzDecoder::new(body);
    let mut buffer = [0; 4096];
    let mut left = limit;
    loop {
        let length = decoder.read(&mut buffer).map_err(|_| Rejection::UnreadableBody)?;
        if length == 0 {
            return Ok(());
        }
        left = left.checked_sub(length).ok_or(Rejection::UnreadableBody)?;
        sink(buffer.get(..length).unwrap_or_default());
    }
}

#[cfg(not(feature = "gzip"))]
fn gunzip(_: &[u8], _: usize, _: &mut impl FnMut(&[u8])) -> Result<(), Rejection> {
    Err(Rejection::UnreadableBody) // `Verifier::build` has refused the scheme already.
}

/// Hands over name and value of each field, sorted by name. Fields of one name keep their order.
fn sorted_form(delivery: &Delivery<'_>, sink: &mut impl FnMut(&[u8])) -> Result<(), Rejection> {
    // Name and value follow each other without a delimiter, so what is no form could pass for one.
    if !header_is(delivery, "content-type", "application/x-www-form-urlencoded") {
        return Err(Rejection::UnreadableBody);
    }
    let mut fields: Vec<_> = form::fields(delivery.body()).collect();
    fields.sort_by(|(one, _), (other, _)| one.cmp(other));
    for (name, value) in &fields {
        sink(name);
        sink(value);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_beyond_ascii_are_escaped_as_utf_16() {
        let mut escaped = Vec::new();
        escape("a\u{e9}\u{1f600}\"\n".as_bytes(), &mut |it| escaped.extend_from_slice(it)).unwrap();
        assert_eq!(escaped, b"a\\u00e9\\ud83d\\ude00\"\n");
    }

    #[cfg(feature = "gzip")]
    #[test]
    fn a_compressed_body_stays_within_the_limit() {
        use std::io::Write as _;

        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(&vec![0; 1 << 20]).unwrap();
        let bomb = encoder.finish().unwrap();
        let run = |limit| {
            let mut total = 0;
            gunzip(&bomb, limit, &mut |piece| total += piece.len()).map(|()| total)
        };
        assert_eq!(run(1 << 20), Ok(1 << 20));
        assert_eq!(run((1 << 20) - 1), Err(Rejection::UnreadableBody));
        let broken = gunzip(&bomb[..bomb.len() / 2], 1 << 21, &mut |_| {});
        assert_eq!(broken, Err(Rejection::UnreadableBody));
    }
}
