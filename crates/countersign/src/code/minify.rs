//! JSON without the blanks between its tokens, which some senders sign in place of what they send.

/// JSON without the blanks that mean nothing; strings and numbers stay as they were written. `None` if
/// it is not JSON: only of JSON the blanks can be taken without making two things one.
#[cfg(feature = "json")]
pub(super) fn minified(text: &[u8]) -> Option<Vec<u8>> {
    serde_json::from_slice::<&serde_json::value::RawValue>(text).ok()?;
    let mut minified = Vec::with_capacity(text.len());
    let (mut in_string, mut escaped) = (false, false);
    for byte in text {
        if in_string {
            in_string = escaped || *byte != b'"';
            escaped = !escaped && *byte == b'\\';
        } else if b" \t\r\n".contains(byte) {
            continue;
        } else {
            in_string = *byte == b'"';
        }
        minified.push(*byte);
    }
    Some(minified)
}

#[cfg(not(feature = "json"))]
pub(super) fn minified(_: &[u8]) -> Option<Vec<u8>> {
    None // `Verifier::build` has refused the schemes that need it already.
}

/// A member of the object that the body is, as it stands there. `None` if it is there twice, too: which
/// of the two a handler reads is not known.
#[cfg(feature = "json")]
pub(super) fn only_member<'b>(body: &'b [u8], name: &str) -> Option<&'b [u8]> {
    use core::fmt;
    use std::borrow::Cow;

    use serde::Deserializer as _;
    use serde::de::{Error, MapAccess, Visitor};
    use serde_json::value::RawValue;

    struct Only<'n>(&'n str);

    impl<'de> Visitor<'de> for Only<'_> {
        type Value = Option<&'de RawValue>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a JSON object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
            let mut found = None;
            while let Some((name, value)) = members.next_entry::<Cow<'de, str>, &RawValue>()? {
                if name == self.0 && found.replace(value).is_some() {
                    return Err(A::Error::custom("a member is repeated"));
                }
            }
            Ok(found)
        }
    }

    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let found = deserializer.deserialize_map(Only(name)).ok()??;
    deserializer.end().ok()?;
    Some(found.get().as_bytes())
}

#[cfg(not(feature = "json"))]
pub(super) fn only_member<'b>(_: &'b [u8], _: &str) -> Option<&'b [u8]> {
    None // `Verifier::build` has refused the schemes that need it already.
}

#[cfg(all(test, feature = "json"))]
mod tests {
    use super::*;

    #[test]
    fn blanks_between_tokens_go_and_others_stay() {
        let text = b" { \"a b\" : [ 1 , 2.50 ,\t\"c\\\" d\\\\\" ]\r\n, \"e\":\" \" } ";
        let expected = b"{\"a b\":[1,2.50,\"c\\\" d\\\\\"],\"e\":\" \"}";
        assert_eq!(minified(text).as_deref(), Some(&expected[..]));
        for text in [&b"1 2"[..], b"", b"{", b"\xff", b"{\"a\":1} x"] {
            assert_eq!(minified(text), None);
        }
    }

    #[test]
    fn a_member_is_there_once() {
        let body = b"{\"a\":{\"payload\":1},\"payload\": {\"b\" :2}}";
        assert_eq!(only_member(body, "payload"), Some(&b"{\"b\" :2}"[..]));
        let twice = b"{\"payload\":1,\"p\\u0061yload\":2}";
        for body in [&twice[..], b"{}", b"[]", b"{\"payload\":1", b"{\"payload\":1} x"] {
            assert_eq!(only_member(body, "payload"), None);
        }
    }
}
