//! A body that is a form: one value of it, in one of the two ways that forms are sent.

use std::borrow::Cow;

use super::parameters;
use crate::delivery::{Delivery, Occurrence, single};
use crate::outside;
use crate::rejection::Rejection;

/// The longest boundary: [RFC 2046, section
/// 5.1.1](https://www.rfc-editor.org/rfc/rfc2046#section-5.1.1), read 2026-11-24.
const MAX_BOUNDARY: usize = 70;

/// How a body is written, by what the sender says of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Form<'d> {
    UrlEncoded,
    /// In parts, with this text between them.
    Multipart(&'d [u8]),
    /// It is no form.
    Other,
}

impl<'d> Form<'d> {
    pub(super) fn of(delivery: &Delivery<'d>) -> Result<Self, Rejection> {
        let unreadable = Rejection::UnreadableBody;
        let value = match single(delivery.head().headers(), "content-type") {
            Occurrence::Once(value) => value,
            Occurrence::Absent => return Ok(Self::Other),
            Occurrence::Differing => return Err(unreadable),
        };
        let media = value.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
        if media.eq_ignore_ascii_case(b"application/x-www-form-urlencoded") {
            return Ok(Self::UrlEncoded);
        }
        if !media.eq_ignore_ascii_case(b"multipart/form-data") {
            return Ok(Self::Other);
        }
        let (_, parameters) = parameters::parse(value).map_err(|_| unreadable)?;
        let boundary = parameters.get("boundary").ok().flatten().ok_or(unreadable)?;
        if boundary.is_empty() || boundary.len() > MAX_BOUNDARY {
            return Err(unreadable);
        }
        Ok(Self::Multipart(boundary))
    }

    /// The value of a field. It must not be there twice: which of two the handler reads is not
    /// known here.
    pub(super) fn value(
        self,
        body: &'d [u8],
        name: &str,
    ) -> Result<Option<Cow<'d, [u8]>>, Rejection> {
        match self {
            Self::UrlEncoded => outside::form_field(body, name),
            Self::Multipart(boundary) => Ok(part(body, boundary, name)?.map(Cow::Borrowed)),
            Self::Other => Ok(None),
        }
    }
}

/// The content of the part with this name: [RFC 7578](https://www.rfc-editor.org/rfc/rfc7578), read
/// 2026-11-24.
///
/// One pass over the body, and no copy of it. Stricter than the RFC: line ends are CRLF, and every
/// part has a name.
fn part<'b>(body: &'b [u8], boundary: &[u8], name: &str) -> Result<Option<&'b [u8]>, Rejection> {
    let unreadable = Rejection::UnreadableBody;
    let delimiter = [b"\r\n--", boundary].concat();
    let finder = memchr::memmem::Finder::new(&delimiter);
    // The first delimiter needs no line end before it, and what stands before it counts for
    // nothing.
    let at_start = delimiter.get(2..).and_then(|it| body.strip_prefix(it));
    let behind = |at: Option<usize>, text: &'b [u8]| text.get(at? + delimiter.len()..);
    let mut rest = at_start.or_else(|| behind(finder.find(body), body)).ok_or(unreadable)?;
    let mut found = None;
    loop {
        if rest.starts_with(b"--") {
            return Ok(found);
        }
        // Blanks behind a delimiter were added on the way.
        while let Some(behind) = rest.strip_prefix(b" ").or_else(|| rest.strip_prefix(b"\t")) {
            rest = behind;
        }
        rest = rest.strip_prefix(b"\r\n").ok_or(unreadable)?;
        let end = finder.find(rest).ok_or(unreadable)?;
        let (whole, _) = rest.split_at_checked(end).ok_or(unreadable)?;
        let head_end = memchr::memmem::find(whole, b"\r\n\r\n").ok_or(unreadable)?;
        let (head, content) = whole.split_at_checked(head_end).ok_or(unreadable)?;
        if name_of(head)? == name.as_bytes() {
            if found.is_some() {
                return Err(unreadable);
            }
            found = Some(content.get(4..).unwrap_or_default());
        }
        rest = behind(Some(end), rest).ok_or(unreadable)?;
    }
}

/// The name of the part with these header lines.
fn name_of(head: &[u8]) -> Result<&[u8], Rejection> {
    let unreadable = Rejection::UnreadableBody;
    let mut disposition = None;
    for line in lines(head) {
        let colon = memchr::memchr(b':', line).ok_or(unreadable)?;
        let (field, value) = line.split_at_checked(colon).ok_or(unreadable)?;
        let value = value.get(1..).unwrap_or_default().trim_ascii();
        // A line that begins with a blank goes on with the one before it, and a blank before the
        // colon is read differently by different programs.
        if field.is_empty() || field.iter().any(u8::is_ascii_whitespace) {
            return Err(unreadable);
        }
        if field.eq_ignore_ascii_case(b"content-disposition") {
            if disposition.is_some() {
                return Err(unreadable);
            }
            disposition = Some(value);
        }
        let as_it_is = [&b"7bit"[..], b"8bit", b"binary"];
        if field.eq_ignore_ascii_case(b"content-transfer-encoding")
            && !as_it_is.iter().any(|it| value.eq_ignore_ascii_case(it))
        {
            return Err(unreadable);
        }
    }
    let (kind, parameters) =
        parameters::parse(disposition.ok_or(unreadable)?).map_err(|_| unreadable)?;
    if !kind.eq_ignore_ascii_case(b"form-data") {
        return Err(unreadable);
    }
    parameters.get("name").ok().flatten().ok_or(unreadable)
}

/// The lines of a text, which end with CRLF.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(text);
    core::iter::from_fn(move || {
        let text = rest?;
        let Some(end) = memchr::memmem::find(text, b"\r\n") else { return rest.take() };
        let (line, behind) = text.split_at_checked(end)?;
        rest = behind.get(2..);
        Some(line)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &str, expected: Result<Option<&str>, Rejection>) {
        let found = part(body.as_bytes(), b"b", "json");
        assert_eq!(found, expected.map(|it| it.map(str::as_bytes)), "{body}");
    }

    const HEAD: &str = "Content-Disposition: form-data; name=\"json\"\r\n\r\n";

    #[test]
    fn a_part_is_found_by_its_name() {
        check(&format!("--b\r\n{HEAD}{{}}\r\n--b--\r\n"), Ok(Some("{}")));
        check(&format!("--b\r\n{HEAD}\r\n--b--"), Ok(Some("")));
        check(&format!("before\r\n--b\r\n{HEAD}1\n--b\r\n--b-- \r\nafter"), Ok(Some("1\n--b")));
        let other = "Content-Type: text/plain\r\ncontent-disposition: form-data; \
                     name=a; filename=\"; name=json\"\r\n\r\n1";
        check(&format!("--b\r\n{other}\r\n--b \t\r\n{HEAD}2\r\n--b--"), Ok(Some("2")));
        check(&format!("--b\r\n{other}\r\n--b--"), Ok(None));
        check("--b--", Ok(None));
    }

    #[test]
    fn what_programs_read_differently_is_refused() {
        let whole = format!("--b\r\n{HEAD}1\r\n--b--");
        check(&whole, Ok(Some("1")));
        let refused = Err(Rejection::UnreadableBody);
        check(&format!("--b\r\n{HEAD}1\r\n--b\r\n{HEAD}2\r\n--b--"), refused);
        check(&whole.replace("json", "json\"; name=\"x"), refused);
        check(&whole.replace("--b--", "--bc"), refused);
        check(&whole.replace("--b--", ""), refused);
        check(&whole.replace("\r\n", "\n"), refused);
        check(&whole.replace("form-data", "attachment"), refused);
        check(&whole.replace("Content-Disposition", "Content-Disposition "), refused);
        check(&whole.replace("; name", ";\r\n name"), refused);
        check(
            &whole.replace("Content-D", "Content-Transfer-Encoding: base64\r\nContent-D"),
            refused,
        );
        check(&whole.replace(HEAD, "\r\n"), refused);
        check("{}", refused);
        check("", refused);
    }

    #[test]
    fn many_parts_cost_one_pass() {
        let parts = format!("--b\r\n{}\r\n", HEAD.replace("json", "a")).repeat(20_000);
        check(&format!("{parts}--b\r\n{HEAD}1\r\n--b--"), Ok(Some("1")));
    }

    #[test]
    fn the_content_type_says_what_form_it_is() {
        let form = |value: &str| {
            let headers = [("Content-Type", value)];
            match Form::of(&Delivery::new("POST", "/", &headers, b""))? {
                Form::Multipart(boundary) => Ok(String::from_utf8(boundary.to_vec()).unwrap()),
                Form::UrlEncoded => Ok("urlencoded".to_owned()),
                Form::Other => Ok("other".to_owned()),
            }
        };
        assert_eq!(form("application/x-www-form-urlencoded; charset=utf-8").unwrap(), "urlencoded");
        assert_eq!(form("Multipart/Form-Data; boundary=\"a b\"").unwrap(), "a b");
        assert_eq!(form("application/json").unwrap(), "other");
        for value in [
            "multipart/form-data",
            "multipart/form-data; boundary=",
            "multipart/form-data; boundary=a; boundary=b",
            &format!("multipart/form-data; boundary={}", "a".repeat(71)),
        ] {
            assert_eq!(form(value), Err(Rejection::UnreadableBody), "{value}");
        }
    }
}
