//! Forms and queries ([WHATWG URL, section 5.1](https://url.spec.whatwg.org/#urlencoded-parsing), read
//! 2026-11-24), as bytes: what is not UTF-8 was signed as it is, too.

use std::borrow::Cow;

/// A field of a form: its decoded name and value.
pub(crate) type Field<'f> = (Cow<'f, [u8]>, Cow<'f, [u8]>);

/// The fields of a form, in the order in which they were sent.
#[cfg(feature = "form")]
pub(crate) fn fields(form: &[u8]) -> impl Iterator<Item = Field<'_>> {
    form.split(|byte| *byte == b'&').filter(|field| !field.is_empty()).map(|field| {
        let mut halves = field.splitn(2, |byte| *byte == b'=');
        let mut half = || decode(halves.next().unwrap_or_default());
        (half(), half())
    })
}

#[cfg(not(feature = "form"))]
pub(crate) fn fields(_: &[u8]) -> impl Iterator<Item = Field<'_>> {
    core::iter::empty() // `Verifier::build` has refused the schemes that need them already.
}

/// The value of the field of this name, which must not be there twice: which of the two a handler reads
/// is not known.
pub(crate) fn only<'f>(form: &'f [u8], name: &str) -> Result<Option<Cow<'f, [u8]>>, Repeated> {
    let mut values = fields(form).filter(|(it, _)| **it == *name.as_bytes());
    let first = values.next();
    if values.next().is_some() { Err(Repeated) } else { Ok(first.map(|(_, value)| value)) }
}

/// A field is there more than once.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Repeated;

/// The query of a URL, without the question mark.
pub(crate) fn query_of(url: &str) -> &str {
    let url = url.split_once('#').map_or(url, |(url, _)| url);
    url.split_once('?').map_or("", |(_, query)| query)
}

#[cfg(feature = "form")]
fn decode(text: &[u8]) -> Cow<'_, [u8]> {
    if !text.contains(&b'+') {
        return percent_encoding::percent_decode(text).into();
    }
    let spaced: Vec<u8> = text.iter().map(|it| if *it == b'+' { b' ' } else { *it }).collect();
    Cow::Owned(percent_encoding::percent_decode(&spaced).collect())
}

#[cfg(all(test, feature = "form"))]
mod tests {
    use super::*;

    #[test]
    fn fields_are_decoded_in_the_order_they_were_sent() {
        let found: Vec<_> = fields(b"b=1&&a+b=%2B+%25&c&=d&e==%&%ff=%FF").collect();
        let expected: [(&[u8], &[u8]); 6] = [
            (b"b", b"1"),
            (b"a b", b"+ %"),
            (b"c", b""),
            (b"", b"d"),
            (b"e", b"=%"),
            (b"\xff", b"\xff"),
        ];
        let found: Vec<_> = found.iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!(found, expected);
        assert_eq!(fields(b"").count(), 0);
    }

    #[test]
    fn a_field_that_is_there_twice_is_none() {
        assert_eq!(only(b"a=1&b=2", "a"), Ok(Some(Cow::Borrowed(&b"1"[..]))));
        assert_eq!(only(b"a=1&b=2", "c"), Ok(None));
        assert_eq!(only(b"a=1&%61=1", "a"), Err(Repeated));
    }

    #[test]
    fn a_query_is_between_the_question_mark_and_the_fragment() {
        assert_eq!(query_of("/a?b?c#d?e"), "b?c");
        assert_eq!(query_of("/a"), "");
        assert_eq!(query_of("/a#b?c"), "");
    }
}
