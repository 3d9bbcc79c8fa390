//! One value out of a JSON body, without building the rest.

use std::borrow::Cow;

use crate::rejection::Rejection;

/// A scalar at a JSON pointer.
#[cfg_attr(not(feature = "json"), expect(dead_code, reason = "nothing is found without JSON"))]
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Scalar<'b> {
    Text(Cow<'b, str>),
    Number(String),
    Integer(u64),
    Boolean(bool),
}

impl<'b> Scalar<'b> {
    /// The value as text.
    pub(crate) fn into_text(self) -> Cow<'b, str> {
        match self {
            Self::Text(text) => text,
            Self::Number(number) => Cow::Owned(number),
            Self::Integer(number) => Cow::Owned(number.to_string()),
            Self::Boolean(truth) => Cow::Borrowed(if truth { "true" } else { "false" }),
        }
    }
}

/// The scalar at `pointer` (RFC 6901), if the body is JSON and has one there.
///
/// Of a member that is repeated the last one counts, as it does for most parsers.
#[cfg(feature = "json")]
pub(crate) fn scalar<'b>(body: &'b [u8], pointer: &str) -> Option<Scalar<'b>> {
    use serde::de::DeserializeSeed as _;

    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let found = Path::new(pointer, false)?.deserialize(&mut deserializer).ok()?;
    // A value with something behind it is not JSON, whatever was found at its front.
    deserializer.end().ok()?;
    found
}

/// The same where no member on the way may be repeated: of two, the handler may read the other one.
#[cfg(feature = "json")]
pub(crate) fn unique<'b>(body: &'b [u8], pointer: &str) -> Result<Option<Scalar<'b>>, Rejection> {
    use serde::de::DeserializeSeed as _;

    let unreadable = Rejection::UnreadableBody;
    let path = Path::new(pointer, true).ok_or(unreadable)?;
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let found = path.deserialize(&mut deserializer).map_err(|_| unreadable)?;
    deserializer.end().map_err(|_| unreadable)?;
    Ok(found)
}

#[cfg(not(feature = "json"))]
pub(crate) fn unique<'b>(_: &'b [u8], _: &str) -> Result<Option<Scalar<'b>>, Rejection> {
    Err(Rejection::UnreadableBody) // `Verifier::build` has refused the scheme already.
}

#[cfg(not(feature = "json"))]
pub(crate) fn scalar<'b>(_: &'b [u8], _: &str) -> Option<Scalar<'b>> {
    None // `Verifier::build` has refused schemes that need it.
}

/// The items of the array at `pointer`, as they stand in the body.
#[cfg(feature = "json")]
pub(crate) fn items<'b>(body: &'b [u8], pointer: &str) -> Option<Vec<&'b [u8]>> {
    items_at(body, pointer, false)
}

/// The same where no member on the way may be repeated.
#[cfg(feature = "json")]
pub(crate) fn unique_items<'b>(body: &'b [u8], pointer: &str) -> Option<Vec<&'b [u8]>> {
    items_at(body, pointer, true)
}

#[cfg(not(feature = "json"))]
pub(crate) fn unique_items<'b>(_: &'b [u8], _: &str) -> Option<Vec<&'b [u8]>> {
    None // `Verifier::build` has refused the scheme already.
}

#[cfg(feature = "json")]
fn items_at<'b>(body: &'b [u8], pointer: &str, once: bool) -> Option<Vec<&'b [u8]>> {
    use serde_json::value::RawValue;

    let mut raw: &'b RawValue = serde_json::from_slice(body).ok()?;
    if !pointer.is_empty() {
        for token in pointer.strip_prefix('/')?.split('/') {
            raw = walk::member(raw, token, once)?;
        }
    }
    let items: Vec<&'b RawValue> = serde_json::from_str(raw.get()).ok()?;
    Some(items.into_iter().map(|item| item.get().as_bytes()).collect())
}

#[cfg(feature = "json")]
mod walk {
    use core::fmt;
    use std::borrow::Cow;

    use serde::Deserializer;
    use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

    use serde_json::value::RawValue;

    use super::Scalar;

    /// What is left of a pointer: `None` once it is used up.
    #[derive(Clone, Copy)]
    pub(super) struct Path<'p> {
        rest: Option<&'p str>,
        /// Whether a repeated member is an error.
        once: bool,
    }

    impl<'p> Path<'p> {
        pub(super) fn new(pointer: &'p str, once: bool) -> Option<Self> {
            match pointer.strip_prefix('/') {
                Some(rest) => Some(Self { rest: Some(rest), once }),
                None => pointer.is_empty().then_some(Self { rest: None, once }),
            }
        }

        /// The next token, still escaped, and the path behind it.
        fn step(self) -> Option<(&'p str, Self)> {
            let rest = self.rest?;
            Some(match rest.split_once('/') {
                Some((token, rest)) => (token, Self { rest: Some(rest), ..self }),
                None => (rest, Self { rest: None, ..self }),
            })
        }
    }

    impl<'de> DeserializeSeed<'de> for Path<'_> {
        type Value = Option<Scalar<'de>>;

        fn deserialize<D: Deserializer<'de>>(
            self,
            deserializer: D,
        ) -> Result<Self::Value, D::Error> {
            deserializer.deserialize_any(self)
        }
    }

    impl Path<'_> {
        /// A scalar counts only where the path ends.
        fn end<'de, E>(self, scalar: Scalar<'de>) -> Result<Option<Scalar<'de>>, E> {
            Ok(self.rest.is_none().then_some(scalar))
        }
    }

    impl<'de> Visitor<'de> for Path<'_> {
        type Value = Option<Scalar<'de>>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("JSON")
        }

        fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
            self.end(Scalar::Boolean(value))
        }

        fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
            self.end(Scalar::Integer(value))
        }

        fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
            self.end(Scalar::Number(value.to_string()))
        }

        fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
            // A fraction is no id, and an integer that was rounded would make two ids one.
            Ok(None)
        }

        fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
            self.end(Scalar::Text(Cow::Owned(value.to_owned())))
        }

        fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<Self::Value, E> {
            self.end(Scalar::Text(Cow::Borrowed(value)))
        }

        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
            let step = self.step();
            let wanted = step.and_then(|(token, _)| token.parse::<usize>().ok());
            let mut found = None;
            let mut index = 0;
            loop {
                let at = if Some(index) == wanted { step } else { None };
                let more = match at {
                    Some((_, path)) => items.next_element_seed(path)?.map(|it| found = it),
                    None => items.next_element::<IgnoredAny>()?.map(|_| ()),
                };
                if more.is_none() {
                    return Ok(found);
                }
                index += 1;
            }
        }

        fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
            let step = self.step();
            let mut found = None;
            let mut seen = false;
            while let Some(is_wanted) =
                members.next_key_seed(Token(step.map(|(token, _)| token)))?
            {
                match step {
                    Some(_) if is_wanted && seen && self.once => return Err(repeated()),
                    Some((_, path)) if is_wanted => {
                        seen = true;
                        found = members.next_value_seed(path)?;
                    }
                    _ => _ = members.next_value::<IgnoredAny>()?,
                }
            }
            Ok(found)
        }
    }

    fn repeated<E: Error>() -> E {
        E::custom("a member is repeated")
    }

    /// The raw value of the member that `token` names. If it is repeated, the last one, or none if
    /// it must be there `once`.
    pub(super) fn member<'b>(
        object: &'b RawValue,
        token: &str,
        once: bool,
    ) -> Option<&'b RawValue> {
        struct Members<'p>(Token<'p>, bool);

        impl<'de> Visitor<'de> for Members<'_> {
            type Value = Option<&'de RawValue>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
                let mut found = None;
                while let Some(is_wanted) = members.next_key_seed(self.0)? {
                    let value = members.next_value()?;
                    if is_wanted && found.is_some() && self.1 {
                        return Err(repeated());
                    }
                    if is_wanted {
                        found = Some(value);
                    }
                }
                Ok(found)
            }
        }

        let mut deserializer = serde_json::Deserializer::from_str(object.get());
        deserializer.deserialize_map(Members(Token(Some(token)), once)).ok().flatten()
    }

    /// Compares a member's name with a token of the pointer.
    #[derive(Clone, Copy)]
    struct Token<'p>(Option<&'p str>);

    impl<'de> DeserializeSeed<'de> for Token<'_> {
        type Value = bool;

        fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
            deserializer.deserialize_str(self)
        }
    }

    impl Visitor<'_> for Token<'_> {
        type Value = bool;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a member name")
        }

        fn visit_str<E: Error>(self, name: &str) -> Result<bool, E> {
            Ok(self.0.is_some_and(|token| {
                if token.contains('~') {
                    token.replace("~1", "/").replace("~0", "~") == name
                } else {
                    token == name
                }
            }))
        }
    }
}

#[cfg(feature = "json")]
use self::walk::Path;

#[cfg(all(test, feature = "json"))]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &str, pointer: &str, expected: Option<&str>) {
        let found = scalar(body.as_bytes(), pointer).map(Scalar::into_text);
        assert_eq!(found.as_deref(), expected, "{pointer} of {body}");
    }

    #[test]
    fn a_pointer_finds_scalars_of_every_kind() {
        let body = r#"{"a":{"b/c":[1,{"d":"x"}],"e~f":true},"g":-2,"h":1.5,"i":null,"j":{}}"#;
        check(body, "/a/b~1c/1/d", Some("x"));
        check(body, "/a/b~1c/0", Some("1"));
        check(body, "/a/e~0f", Some("true"));
        check(body, "/g", Some("-2"));
        check(body, "/h", None);
        for pointer in ["/i", "/j", "/a", "/k", "/a/b~1c/2", "/g/x", "", "g"] {
            check(body, pointer, None);
        }
        check("\"x\"", "", Some("x"));
    }

    #[test]
    fn of_a_repeated_member_the_last_counts() {
        check(r#"{"id":"1","id":"2"}"#, "/id", Some("2"));
    }

    #[test]
    fn where_a_member_must_be_unique_a_second_one_is_refused() {
        let found = |body: &'static str, pointer| {
            unique(body.as_bytes(), pointer).map(|it| it.map(|it| it.into_text().into_owned()))
        };
        assert_eq!(found(r#"{"a":{"b":"1"},"c":1,"c":2}"#, "/a/b"), Ok(Some("1".to_owned())));
        assert_eq!(found(r#"{"a":{"c":"1"}}"#, "/a/b"), Ok(None));
        for body in [
            r#"{"a":{"b":"1","b":"1"}}"#,
            r#"{"a":{"b":"1","\u0062":"2"}}"#,
            r#"{"a":{"b":"1"},"a":{}}"#,
            r#"{"a":{"b":"1"}} x"#,
            "",
        ] {
            assert_eq!(found(body, "/a/b"), Err(Rejection::UnreadableBody), "{body}");
        }
        assert_eq!(unique_items(br#"{"a":[1],"a":[2]}"#, "/a"), None);
        assert_eq!(unique_items(br#"{"a":[1],"b":[2]}"#, "/a"), Some(vec![&b"1"[..]]));
    }

    #[test]
    fn an_integer_that_would_be_rounded_is_not_read() {
        check(r#"{"id":18446744073709551615}"#, "/id", Some("18446744073709551615"));
        check(r#"{"id":18446744073709551616}"#, "/id", None);
    }

    #[test]
    fn items_are_the_bytes_of_the_body() {
        let found = |body: &'static str, pointer| items(body.as_bytes(), pointer);
        let items = found(r#"{"a/b":{"events":[{"id": 1}, "x",[]]},"c":1}"#, "/a~1b/events");
        assert_eq!(items.unwrap(), [&b"{\"id\": 1}"[..], b"\"x\"", b"[]"]);
        assert_eq!(found(" [1 , 2] ", "").unwrap(), [b"1", b"2"]);
        assert_eq!(found("[]", "").unwrap().len(), 0);
        for (body, pointer) in
            [("{}", ""), ("{}", "/a"), ("[1]", "/a"), ("[1", ""), ("[1] x", ""), ("", "")]
        {
            assert_eq!(found(body, pointer), None, "{pointer} of {body}");
        }
    }

    #[test]
    fn what_is_not_json_holds_nothing() {
        for body in ["", "{", "{\"id\":\"1\"", "{\"id\":\"1\"} x", "\u{feff}{\"id\":\"1\"}"] {
            check(body, "/id", None);
        }
        let deep = "[".repeat(100_000);
        assert_eq!(scalar(deep.as_bytes(), "/0/0"), None);
        assert_eq!(scalar(b"{\"id\":\"\xff\"}", "/id"), None);
    }
}
