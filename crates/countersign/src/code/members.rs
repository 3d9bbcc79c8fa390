//! The members of a JSON object, each of them once.

use core::fmt;
use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserializer as _;
use serde::de::{Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The members of an object that repeats none: of two, the handler may read the other one.
pub(super) struct Members<'b>(BTreeMap<String, &'b RawValue>);

impl<'b> Members<'b> {
    /// Reads an object; `None` if it is none, or repeats a member.
    pub(super) fn read(json: &'b [u8]) -> Option<Self> {
        let mut deserializer = serde_json::Deserializer::from_slice(json);
        let members = deserializer.deserialize_map(Object).ok()?;
        deserializer.end().ok()?;
        Some(Self(members))
    }

    /// A member as it stands in the object.
    pub(super) fn raw(&self, name: &str) -> Option<&'b str> {
        self.0.get(name).map(|value| value.get())
    }

    /// The text of a member: `Ok(None)` if it is absent or `null`, an error if it is no text.
    pub(super) fn text(&self, name: &str) -> Result<Option<Cow<'b, str>>, NoText> {
        let Some(raw) = self.raw(name) else { return Ok(None) };
        let inner = raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"'));
        match inner {
            Some(text) if !text.contains('\\') => Ok(Some(Cow::Borrowed(text))),
            _ => serde_json::from_str::<Option<String>>(raw)
                .map(|text| text.map(Cow::Owned))
                .map_err(|_| NoText),
        }
    }
}

/// The member is there and is no text.
#[derive(Debug)]
pub(super) struct NoText;

struct Object;

impl<'de> Visitor<'de> for Object {
    type Value = BTreeMap<String, &'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut read = BTreeMap::new();
        while let Some((name, value)) = members.next_entry()? {
            if read.insert(name, value).is_some() {
                return Err(A::Error::custom("a member is repeated"));
            }
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_is_read_as_text_or_as_it_stands() {
        let members = Members::read(br#" {"a":"x\n\u0041","b":null,"c":{"d":1},"e":"y"} "#);
        let members = members.unwrap();
        assert_eq!(members.text("a").unwrap().as_deref(), Some("x\nA"));
        assert_eq!(members.text("b").unwrap(), None);
        assert!(members.text("c").is_err());
        assert_eq!(members.raw("c"), Some(r#"{"d":1}"#));
        assert_eq!(members.text("e").unwrap().as_deref(), Some("y"));
        assert_eq!(members.text("f").unwrap(), None);
    }

    #[test]
    fn a_repeated_member_is_refused_however_it_is_spelt() {
        assert!(Members::read(br#"{"a":1,"b":2}"#).is_some());
        for json in [
            &br#"{"a":1,"a":1}"#[..],
            br#"{"a":1,"\u0061":2}"#,
            br#"{"a":1} {}"#,
            b"[]",
            b"",
            b"{\"a\":\"\xff\"}",
        ] {
            assert!(Members::read(json).is_none(), "{}", String::from_utf8_lossy(json));
        }
        let members = Members::read(br#"{"a":"\ud800"}"#);
        assert!(members.is_none_or(|it| it.text("a").is_err()), "half a character is no text");
    }
}
