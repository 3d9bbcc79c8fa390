//! The grammar of signature headers.

use super::{Pairs, Separator, Syntax};
use crate::MAX_SIGNATURES;
use crate::rejection::Rejection;

/// How many items one signature header may have, signatures and others together.
const MAX_ITEMS: usize = 2 * MAX_SIGNATURES;

/// One item of a signature header.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Entry<'h> {
    /// The text of a signature.
    Signature(&'h [u8]),
    /// The first item of a positional header.
    FirstItem(&'h [u8]),
    /// A key that is not the one of signatures, with its value.
    Field(&'h [u8], &'h [u8]),
}

impl Syntax {
    /// Whether several occurrences of the header together form one list.
    pub(crate) const fn is_list(&self) -> bool {
        matches!(self, Self::Pairs(_) | Self::List(_))
    }

    /// Whether a value holds several groups; they are then read one by one.
    pub(crate) const fn between_groups(&self) -> Option<u8> {
        match self {
            Self::Groups { between, .. } => Some(between.byte()),
            _ => None,
        }
    }

    /// Calls `visit` for each entry of one value, or of one group of it.
    ///
    /// Text that fits nowhere is passed over; a header of which nothing is left holds no
    /// signature and is refused by the caller. Reading stops at the first signature or item too
    /// many, since a forger may send as long a header as the server takes.
    #[inline]
    pub(crate) fn read<'h>(
        &self,
        value: &'h [u8],
        mut visit: impl FnMut(Entry<'h>),
    ) -> Result<(), Rejection> {
        match self {
            Self::Bare => visit(Entry::Signature(value)),
            Self::Prefixed(prefix) => {
                if let Some(signature) = value.strip_prefix(prefix.as_bytes()) {
                    visit(Entry::Signature(signature));
                }
            }
            Self::Pairs(pairs) | Self::Groups { pairs, .. } => pairs.read(value, visit)?,
            Self::Positional(separator) => {
                let mut items = split(value, *separator);
                if let Some(first) = items.next() {
                    visit(Entry::FirstItem(first));
                }
                signatures(items, visit)?;
            }
            Self::List(separator) => signatures(split(value, *separator), visit)?,
        }
        Ok(())
    }
}

fn signatures<'h>(
    items: impl Iterator<Item = &'h [u8]>,
    mut visit: impl FnMut(Entry<'h>),
) -> Result<(), Rejection> {
    for (index, item) in items.enumerate() {
        if index == MAX_SIGNATURES {
            return Err(Rejection::TooManySignatures);
        }
        visit(Entry::Signature(item));
    }
    Ok(())
}

impl Pairs {
    #[inline]
    fn read<'h>(&self, value: &'h [u8], mut visit: impl FnMut(Entry<'h>)) -> Result<(), Rejection> {
        let assign = self.assign.byte();
        let mut signatures = 0;
        for (index, item) in split(value, self.separator).enumerate() {
            if index == MAX_ITEMS {
                return Err(Rejection::TooManySignatures);
            }
            let item = if self.trim { item.trim_ascii() } else { item };
            let Some(at) = item.iter().position(|byte| *byte == assign) else { continue };
            let Some((key, [_, value @ ..])) = item.split_at_checked(at) else { continue };
            if is(key, &self.key) {
                signatures += 1;
                if signatures > MAX_SIGNATURES {
                    return Err(Rejection::TooManySignatures);
                }
                visit(Entry::Signature(value));
            } else {
                visit(Entry::Field(key, value));
            }
        }
        Ok(())
    }
}

/// Compares short texts without a call.
#[inline]
pub(crate) fn is(text: &[u8], name: &str) -> bool {
    text.len() == name.len() && text.iter().zip(name.as_bytes()).all(|(one, other)| one == other)
}

/// Splits as `slice::split` does, which looks at one byte after the other.
#[inline]
fn split(value: &[u8], separator: Separator) -> impl Iterator<Item = &[u8]> {
    let separator = separator.byte();
    let mut rest = Some(value);
    std::iter::from_fn(move || {
        let value = rest?;
        let Some(at) = memchr::memchr(separator, value) else { return rest.take() };
        let (item, after) = value.split_at_checked(at)?;
        rest = after.get(1..);
        Some(item)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(separator: Separator, assign: Separator, trim: bool) -> Syntax {
        Syntax::Pairs(Pairs { separator, assign, key: "v1".into(), once: false, trim })
    }

    #[track_caller]
    fn check(syntax: &Syntax, value: &str, expected: &[Entry<'_>]) {
        let mut entries = Vec::new();
        assert_eq!(syntax.read(value.as_bytes(), |entry| entries.push(entry)), Ok(()));
        assert_eq!(entries, expected, "{value}");
    }

    #[test]
    fn pairs_are_split_at_the_first_assignment() {
        use Entry::{Field, Signature};
        let comma = pairs(Separator::Comma, Separator::Equals, false);
        check(
            &comma,
            "t=1,v1=a==,v0=b",
            &[Field(b"t", b"1"), Signature(b"a=="), Field(b"v0", b"b")],
        );
        check(&comma, "t=1, v1=a", &[Field(b"t", b"1"), Field(b" v1", b"a")]);
        check(&comma, "nonsense,,=,v1", &[Field(b"", b"")]);
        let trimmed = pairs(Separator::Comma, Separator::Equals, true);
        check(&trimmed, "t=1, v1=a", &[Field(b"t", b"1"), Signature(b"a")]);
        let tagged = pairs(Separator::Space, Separator::Comma, false);
        check(
            &tagged,
            "v1,a= v1a,b v1,c",
            &[Signature(b"a="), Field(b"v1a", b"b"), Signature(b"c")],
        );
    }

    #[test]
    fn a_prefix_is_matched_exactly() {
        let prefixed = Syntax::Prefixed("sha256=".into());
        check(&prefixed, "sha256=00", &[Entry::Signature(b"00")]);
        check(&prefixed, "sha1=00", &[]);
        check(&prefixed, "SHA256=00", &[]);
        check(&prefixed, " sha256=00", &[]);
    }

    #[test]
    fn the_first_item_of_a_positional_header_is_its_timestamp() {
        let positional = Syntax::Positional(Separator::Comma);
        check(
            &positional,
            "1,a,b",
            &[Entry::FirstItem(b"1"), Entry::Signature(b"a"), Entry::Signature(b"b")],
        );
        check(&positional, "", &[Entry::FirstItem(b"")]);
    }

    #[test]
    fn reading_stops_at_the_first_item_too_many() {
        let comma = pairs(Separator::Comma, Separator::Equals, false);
        let positional = Syntax::Positional(Separator::Comma);
        let list = Syntax::List(Separator::Comma);
        for (syntax, item, at_most) in [
            (&comma, "v1=a,", MAX_SIGNATURES),
            (&comma, "t=1,", MAX_ITEMS),
            (&comma, ",", MAX_ITEMS),
            (&positional, "a,", MAX_SIGNATURES + 1),
            (&list, "a,", MAX_SIGNATURES),
        ] {
            let read = |times: usize| {
                let value = item.repeat(times);
                let mut visited = 0;
                let value = value.strip_suffix(',').unwrap();
                let read = syntax.read(value.as_bytes(), |_| visited += 1);
                assert!(visited <= at_most, "{visited} of {item}");
                read
            };
            assert_eq!(read(at_most - 1), Ok(()), "{item}");
            assert_eq!(read(20_000), Err(Rejection::TooManySignatures), "{item}");
        }
    }
}
