//! Structured fields: the syntax of the headers of HTTP message signatures
//! ([RFC 8941](https://www.rfc-editor.org/rfc/rfc8941), read 2026-11-24).
//!
//! Read strictly: a key that is there twice is refused, where the RFC lets the last one win, because a
//! field that two readers may understand differently is no ground to trust anything on. So is base64
//! with more than one spelling. What was read is written in the one way that the RFC has for it.

use crate::decode;
use crate::delivery::Headers;

/// The most members of a list, and of a list inside it.
const MAX_MEMBERS: usize = 64;
/// The most parameters of an item.
const MAX_PARAMETERS: usize = 16;

/// A value without parameters.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Bare {
    Integer(i64),
    /// In thousandths.
    Decimal(i64),
    Text(String),
    Token(String),
    Bytes(Vec<u8>),
    Boolean(bool),
}

pub(crate) type Parameters = Vec<(String, Bare)>;

#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Item {
    pub(crate) value: Bare,
    pub(crate) parameters: Parameters,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct InnerList {
    pub(crate) items: Vec<Item>,
    pub(crate) parameters: Parameters,
}

/// A member of a list or a dictionary.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Member {
    Item(Item),
    List(InnerList),
}

/// The value of a field, made of all its lines in order. `None` if there is none, or if one has a
/// control character inside: a line end would end the line of the signature base that holds it.
pub(crate) fn field(headers: &dyn Headers, name: &str) -> Option<Vec<u8>> {
    let mut joined: Option<Vec<u8>> = None;
    let mut is_clean = true;
    headers.each_value(name, &mut |line| {
        is_clean &= !line.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t');
        match &mut joined {
            None => joined = Some(trimmed(line).to_vec()),
            Some(joined) => {
                joined.extend_from_slice(b", ");
                joined.extend_from_slice(trimmed(line));
            }
        }
    });
    joined.filter(|_| is_clean)
}

/// A line of a field without the blanks around it.
pub(crate) fn trimmed(line: &[u8]) -> &[u8] {
    let is_ink = |byte: &u8| !matches!(byte, b' ' | b'\t');
    let Some(start) = line.iter().position(is_ink) else { return &[] };
    let end = line.iter().rposition(is_ink).map_or(start, |last| last + 1);
    line.get(start..end).unwrap_or_default()
}

/// Reads a dictionary (section 4.2.2).
pub(crate) fn dictionary(text: &[u8]) -> Option<Vec<(String, Member)>> {
    let mut reader = Reader { rest: text };
    let mut members: Vec<(String, Member)> = Vec::new();
    reader.members(|reader| {
        let key = reader.key()?;
        let member = if reader.eats(b'=') {
            reader.member()?
        } else {
            let value = Bare::Boolean(true);
            Member::Item(Item { value, parameters: reader.parameters()? })
        };
        if members.len() == MAX_MEMBERS || members.iter().any(|(it, _)| *it == key) {
            return None;
        }
        members.push((key, member));
        Some(())
    })?;
    Some(members)
}

/// Reads a list (section 4.2.1).
pub(crate) fn list(text: &[u8]) -> Option<Vec<Member>> {
    let mut reader = Reader { rest: text };
    let mut members = Vec::new();
    reader.members(|reader| {
        members.push(reader.member()?);
        (members.len() <= MAX_MEMBERS).then_some(())
    })?;
    Some(members)
}

/// Reads an item (section 4.2.3).
pub(crate) fn item(text: &[u8]) -> Option<Item> {
    let mut reader = Reader { rest: text };
    reader.skip(b" ");
    let item = reader.item()?;
    reader.skip(b" ");
    reader.rest.is_empty().then_some(item)
}

/// Writes a field of unknown kind as the RFC would (section 4.1): a text that is both a list and a
/// dictionary is written alike as either, and an item is a list of one.
pub(crate) fn rewritten(text: &[u8]) -> Option<String> {
    let mut out = String::new();
    if let Some(members) = list(text) {
        for (index, member) in members.iter().enumerate() {
            out.push_str(if index == 0 { "" } else { ", " });
            member.write(&mut out);
        }
        return Some(out);
    }
    for (index, (key, member)) in dictionary(text)?.iter().enumerate() {
        out.push_str(if index == 0 { "" } else { ", " });
        out.push_str(key);
        match member {
            Member::Item(Item { value: Bare::Boolean(true), parameters }) => {
                write_parameters(parameters, &mut out);
            }
            member => {
                out.push('=');
                member.write(&mut out);
            }
        }
    }
    Some(out)
}

impl Member {
    pub(crate) fn write(&self, out: &mut String) {
        match self {
            Self::Item(item) => item.write(out),
            Self::List(list) => list.write(out),
        }
    }
}

impl InnerList {
    pub(crate) fn write(&self, out: &mut String) {
        out.push('(');
        for (index, item) in self.items.iter().enumerate() {
            out.push_str(if index == 0 { "" } else { " " });
            item.write(out);
        }
        out.push(')');
        write_parameters(&self.parameters, out);
    }
}

impl Item {
    pub(crate) fn write(&self, out: &mut String) {
        self.value.write(out);
        write_parameters(&self.parameters, out);
    }
}

impl Bare {
    fn write(&self, out: &mut String) {
        match self {
            Self::Integer(number) => out.push_str(&number.to_string()),
            Self::Decimal(thousandths) => {
                let sign = if *thousandths < 0 { "-" } else { "" };
                let (whole, rest) =
                    (thousandths.unsigned_abs() / 1000, thousandths.unsigned_abs() % 1000);
                let digits = format!("{rest:03}");
                let digits = digits.trim_end_matches('0');
                let digits = if digits.is_empty() { "0" } else { digits };
                out.push_str(&format!("{sign}{whole}.{digits}"));
            }
            Self::Text(text) => {
                out.push('"');
                for character in text.chars() {
                    if matches!(character, '"' | '\\') {
                        out.push('\\');
                    }
                    out.push(character);
                }
                out.push('"');
            }
            Self::Token(token) => out.push_str(token),
            Self::Bytes(bytes) => {
                out.push(':');
                out.push_str(&decode::to_base64(bytes));
                out.push(':');
            }
            Self::Boolean(truth) => out.push_str(if *truth { "?1" } else { "?0" }),
        }
    }
}

fn write_parameters(parameters: &Parameters, out: &mut String) {
    for (key, value) in parameters {
        out.push(';');
        out.push_str(key);
        if *value != Bare::Boolean(true) {
            out.push('=');
            value.write(out);
        }
    }
}

/// Reads from the front of a text.
struct Reader<'t> {
    rest: &'t [u8],
}

impl<'t> Reader<'t> {
    fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn eats(&mut self, byte: u8) -> bool {
        let is_there = self.peek() == Some(byte);
        if is_there {
            self.next();
        }
        is_there
    }

    /// Reads on while the bytes are of a kind.
    fn take(&mut self, is_of_kind: impl Fn(u8) -> bool) -> &'t [u8] {
        let end = self.rest.iter().position(|byte| !is_of_kind(*byte));
        let (taken, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        taken
    }

    fn skip(&mut self, blanks: &[u8]) {
        self.take(|byte| blanks.contains(&byte));
    }

    /// Members between commas to the end of the text; none at all are fine.
    fn members(&mut self, mut one: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.skip(b" ");
        if self.rest.is_empty() {
            return Some(());
        }
        loop {
            one(self)?;
            self.skip(b" \t");
            if self.rest.is_empty() {
                return Some(());
            }
            if !self.eats(b',') {
                return None;
            }
            self.skip(b" \t");
        }
    }

    fn member(&mut self) -> Option<Member> {
        if self.peek() == Some(b'(') {
            self.inner_list().map(Member::List)
        } else {
            self.item().map(Member::Item)
        }
    }

    fn inner_list(&mut self) -> Option<InnerList> {
        if !self.eats(b'(') {
            return None;
        }
        let mut items = Vec::new();
        loop {
            self.skip(b" ");
            if self.eats(b')') {
                return Some(InnerList { items, parameters: self.parameters()? });
            }
            if items.len() == MAX_MEMBERS {
                return None;
            }
            items.push(self.item()?);
            if !matches!(self.peek()?, b' ' | b')') {
                return None;
            }
        }
    }

    fn item(&mut self) -> Option<Item> {
        Some(Item { value: self.bare()?, parameters: self.parameters()? })
    }

    fn parameters(&mut self) -> Option<Parameters> {
        let mut parameters = Parameters::new();
        while self.eats(b';') {
            self.skip(b" ");
            let key = self.key()?;
            let value = if self.eats(b'=') { self.bare()? } else { Bare::Boolean(true) };
            if parameters.len() == MAX_PARAMETERS || parameters.iter().any(|(it, _)| *it == key) {
                return None;
            }
            parameters.push((key, value));
        }
        Some(parameters)
    }

    fn key(&mut self) -> Option<String> {
        if !matches!(self.peek()?, b'a'..=b'z' | b'*') {
            return None;
        }
        Some(text(
            self.take(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'.' | b'*')),
        ))
    }

    fn bare(&mut self) -> Option<Bare> {
        match self.peek()? {
            b'"' => self.text(),
            b':' => self.bytes(),
            b'?' => {
                self.next();
                match self.next()? {
                    b'0' => Some(Bare::Boolean(false)),
                    b'1' => Some(Bare::Boolean(true)),
                    _ => None,
                }
            }
            b'-' | b'0'..=b'9' => self.number(),
            b'*' | b'a'..=b'z' | b'A'..=b'Z' => Some(Bare::Token(text(self.take(|byte| {
                byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~:/".contains(&byte)
            })))),
            _ => None,
        }
    }

    fn number(&mut self) -> Option<Bare> {
        let sign = if self.eats(b'-') { -1 } else { 1 };
        let whole = self.take(|byte| byte.is_ascii_digit());
        let number: i64 = match whole.len() {
            1..=15 => text(whole).parse().ok()?,
            _ => return None,
        };
        if !self.eats(b'.') {
            return Some(Bare::Integer(sign * number));
        }
        let fraction = self.take(|byte| byte.is_ascii_digit());
        if whole.len() > 12 || !(1..=3).contains(&fraction.len()) {
            return None;
        }
        let thousandths: i64 = format!("{:0<3}", text(fraction)).parse().ok()?;
        Some(Bare::Decimal(sign * (number * 1000 + thousandths)))
    }

    fn text(&mut self) -> Option<Bare> {
        self.next();
        let mut text = String::new();
        loop {
            match self.next()? {
                b'"' => return Some(Bare::Text(text)),
                b'\\' => match self.next()? {
                    escaped @ (b'"' | b'\\') => text.push(char::from(escaped)),
                    _ => return None,
                },
                byte @ b' '..=b'~' => text.push(char::from(byte)),
                _ => return None,
            }
        }
    }

    fn bytes(&mut self) -> Option<Bare> {
        self.next();
        let encoded = self.take(|byte| byte != b':');
        if !self.eats(b':') {
            return None;
        }
        decode::base64_bytes(encoded).map(Bare::Bytes)
    }
}

/// Text of bytes that are known to be ASCII.
fn text(ascii: &[u8]) -> String {
    ascii.iter().map(|byte| char::from(*byte)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written_in_one_way() {
        // RFC 9421, section 2.1.1, and RFC 8941.
        for (text, expected) in [
            ("  a=1,    b=2;x=1;y=2,   c=(a   b   c)", "a=1, b=2;x=1;y=2, c=(a b c)"),
            ("a=?1, b;x, c=?0", "a, b;x, c=?0"),
            ("1.50, -0.5, 2.0, 007, -0", "1.5, -0.5, 2.0, 7, 0"),
            (r#""a\"\\b" , :AP8=:;  q=1"#, r#""a\"\\b", :AP8=:;q=1"#),
            ("text/html, *, ::", "text/html, *, ::"),
            ("( )", "()"),
            ("", ""),
        ] {
            assert_eq!(rewritten(text.as_bytes()).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_may_be_understood_differently_is_refused() {
        for text in [
            "a=1, a=2",
            "1;x=1;x=2",
            "(1 2",
            "(1,2)",
            "(\"a\"\"b\")",
            "1,",
            ",1",
            "1 2",
            "\"a",
            "\"\\n\"",
            "\"\u{e9}\"",
            ":AP9=:",
            ":AP8:",
            ":AP8=",
            "?2",
            "1234567890123456",
            "1.",
            "1.2345",
            "1234567890123.1",
            "-",
            "A=1",
            "a=",
            "1;",
            "1;A",
            "\t1",
            "@1",
        ] {
            assert_eq!(rewritten(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_field_is_bounded() {
        let many = vec!["1"; MAX_MEMBERS + 1].join(", ");
        assert_eq!(list(many.as_bytes()), None);
        assert_eq!(rewritten(format!("({})", many.replace(',', "")).as_bytes()), None);
        let keys: Vec<_> = (0..=MAX_MEMBERS).map(|it| format!("a{it}")).collect();
        assert_eq!(dictionary(keys.join(",").as_bytes()), None);
        assert_eq!(item(format!("1;{}", keys.join(";")).as_bytes()), None);
        assert_eq!(list("(".repeat(100_000).as_bytes()), None);
    }

    #[test]
    fn lines_are_joined_without_the_blanks_around_them() {
        let headers = [("a", " one\t"), ("B", "x"), ("A", "two, three"), ("a", "")];
        assert_eq!(field(&headers, "a").unwrap(), b"one, two, three, ");
        assert_eq!(field(&headers, "c"), None);
        assert_eq!(field(&[("a", "x\n\"b\": y")], "a"), None);
    }

    proptest::proptest! {
        #[test]
        fn what_was_written_is_read_as_the_same(
            text in r#"([a-c*=;:,. ()"\\?01-]|:AA==:|\PC){0,40}"#,
        ) {
            if let Some(once) = rewritten(text.as_bytes()) {
                proptest::prop_assert_eq!(rewritten(once.as_bytes()), Some(once));
            }
        }
    }
}
