//! Parameters of header values, and links: [RFC 9110, section
//! 5.6.6](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.6) and
//! [RFC 8288](https://www.rfc-editor.org/rfc/rfc8288), read 2026-11-24.

/// The names and values of parameters, as they stand in a header.
#[derive(Debug, Default)]
pub(super) struct Parameters<'v>(Vec<(&'v [u8], &'v [u8])>);

impl<'v> Parameters<'v> {
    /// The value of a parameter. An error if it is there twice, or has an escaped character:
    /// programs differ in what they make of those.
    pub(super) fn get(&self, name: &str) -> Result<Option<&'v [u8]>, Malformed> {
        let mut values = self.0.iter().filter(|(it, _)| it.eq_ignore_ascii_case(name.as_bytes()));
        let Some((_, value)) = values.next() else { return Ok(None) };
        if values.next().is_some() || value.contains(&b'\\') {
            return Err(Malformed);
        }
        Ok(Some(value))
    }

    /// The value of the first parameter of this name: for links, further ones are ignored.
    fn first(&self, name: &str) -> Option<&'v [u8]> {
        let mut values = self.0.iter().filter(|(it, _)| it.eq_ignore_ascii_case(name.as_bytes()));
        values.next().map(|(_, value)| *value)
    }
}

/// The value does not have its form.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Malformed;

/// A value in front of the first semicolon, without blanks around it, and the parameters behind it.
pub(super) fn parse(value: &[u8]) -> Result<(&[u8], Parameters<'_>), Malformed> {
    let end = memchr::memchr(b';', value).unwrap_or(value.len());
    let (front, rest) = value.split_at_checked(end).ok_or(Malformed)?;
    let (parameters, rest) = parameters(rest)?;
    if rest.is_empty() { Ok((front.trim_ascii(), parameters)) } else { Err(Malformed) }
}

/// The targets of the links of one header value that have this relation.
pub(super) fn links<'v>(value: &'v [u8], relation: &str) -> Result<Vec<&'v [u8]>, Malformed> {
    let mut found = Vec::new();
    let mut rest = value;
    loop {
        rest = rest.trim_ascii_start();
        while let Some(behind) = rest.strip_prefix(b",") {
            rest = behind.trim_ascii_start();
        }
        if rest.is_empty() {
            return Ok(found);
        }
        let inner = rest.strip_prefix(b"<").ok_or(Malformed)?;
        let end = memchr::memchr(b'>', inner).ok_or(Malformed)?;
        let (target, behind) = inner.split_at_checked(end).ok_or(Malformed)?;
        let (parameters, behind) = parameters(behind.get(1..).unwrap_or_default())?;
        let relations = parameters.first("rel").unwrap_or_default();
        if relations.split(|it| *it == b' ').any(|it| it.eq_ignore_ascii_case(relation.as_bytes()))
        {
            found.push(target);
        }
        rest = behind;
    }
}

/// Reads `; name=value` again and again, up to a comma or the end, and says what is left.
fn parameters(mut rest: &[u8]) -> Result<(Parameters<'_>, &[u8]), Malformed> {
    let mut parameters = Parameters::default();
    loop {
        rest = rest.trim_ascii_start();
        match rest.first() {
            None | Some(b',') => return Ok((parameters, rest)),
            Some(b';') => rest = rest.get(1..).unwrap_or_default().trim_ascii_start(),
            Some(_) => return Err(Malformed),
        }
        let end = rest.iter().position(|it| b"=;,".contains(it)).unwrap_or(rest.len());
        let (name, behind) = rest.split_at_checked(end).ok_or(Malformed)?;
        let name = name.trim_ascii_end();
        let Some(behind) = behind.strip_prefix(b"=") else {
            // A name alone, as links have them, or nothing.
            if !name.is_empty() {
                parameters.0.push((name, b""));
            }
            rest = behind;
            continue;
        };
        let behind = behind.trim_ascii_start();
        let (value, behind) = match behind.strip_prefix(b"\"") {
            Some(quoted) => {
                let end = end_of_quoted(quoted).ok_or(Malformed)?;
                let (value, behind) = quoted.split_at_checked(end).ok_or(Malformed)?;
                (value, behind.get(1..).unwrap_or_default())
            }
            None => {
                let end = behind.iter().position(|it| b";,".contains(it)).unwrap_or(behind.len());
                let (value, behind) = behind.split_at_checked(end).ok_or(Malformed)?;
                (value.trim_ascii_end(), behind)
            }
        };
        if name.is_empty() {
            return Err(Malformed);
        }
        parameters.0.push((name, value));
        rest = behind;
    }
}

/// Where the quote is that ends a quoted text, whose first quote is not part of it.
fn end_of_quoted(text: &[u8]) -> Option<usize> {
    let mut escaped = false;
    text.iter().position(|byte| {
        let ends = !escaped && *byte == b'"';
        escaped = !escaped && *byte == b'\\';
        ends
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: &str, name: &str, expected: Result<Option<&str>, Malformed>) {
        let found = parse(value.as_bytes()).and_then(|(_, parameters)| parameters.get(name));
        assert_eq!(found, expected.map(|it| it.map(str::as_bytes)), "{value}");
    }

    #[test]
    fn parameters_may_be_quoted_and_stand_in_any_order() {
        check("form-data; name=\"json\"", "name", Ok(Some("json")));
        check("form-data; filename=\"a; name=b\"; name=json", "name", Ok(Some("json")));
        check("form-data; filename=\"a\\\"; name=b\"; name=json", "name", Ok(Some("json")));
        check("multipart/form-data; charset=utf-8; Boundary=x", "boundary", Ok(Some("x")));
        check("form-data", "name", Ok(None));
        check("form-data;", "name", Ok(None));
        check("form-data; names=x", "name", Ok(None));
        assert_eq!(parse(b" form-data ; name=x").unwrap().0, b"form-data");
    }

    #[test]
    fn what_programs_read_differently_is_refused() {
        check("form-data; name=a; name=b", "name", Err(Malformed));
        check("form-data; name=\"a\\\"b\"", "name", Err(Malformed));
        check("form-data; name=\"a", "name", Err(Malformed));
        check("form-data; name=\"a\"b", "name", Err(Malformed));
        check("form-data; name=a, form-data; name=b", "name", Err(Malformed));
        check("form-data; =a", "name", Err(Malformed));
    }

    #[test]
    fn links_are_found_by_their_relation() {
        let found = |value: &'static str| links(value.as_bytes(), "self");
        assert_eq!(found("<https://a/,;>; rel=\"self\""), Ok(vec![&b"https://a/,;"[..]]));
        assert_eq!(
            found("<b>; rel=hub, <a>; rel=\"x SELF\"; title=\"y, <c>\""),
            Ok(vec![&b"a"[..]])
        );
        assert_eq!(found("<a>; rel=self,,<b>;rel=self"), Ok(vec![&b"a"[..], b"b"]));
        assert_eq!(found("<a>; rel=hub; rel=self"), Ok(vec![]));
        assert_eq!(found("<a>; rel"), Ok(vec![]));
        assert_eq!(found(""), Ok(vec![]));
        for value in ["a; rel=self", "<a; rel=self", "<a> <b>; rel=self", "<a>; rel=\"self"] {
            assert_eq!(found(value), Err(Malformed), "{value}");
        }
    }
}
