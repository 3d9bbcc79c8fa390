//! Signed tokens in their compact form ([RFC 7515](https://www.rfc-editor.org/rfc/rfc7515), read
//! 2026-11-24): read strictly, with the algorithm pinned.

use core::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::decode;
use crate::mac::{Computed, Mac};
use crate::public_key::{NamedKey, jwk};
use crate::rejection::Rejection;
use crate::scheme::{Algorithm, Encoding};

/// The longest token in a header or in a query; servers limit those to about as much.
pub(crate) const MAX_TOKEN: usize = 16 * 1024;

/// The longest header of a token, encoded.
const MAX_HEADER: usize = 8 * 1024;

/// The longest id of a key.
const MAX_KEY_ID: usize = 256;

/// How many bytes are encoded at once: a multiple of three, so that no piece is padded.
const PIECE: usize = 768;

/// An object whose members are there once.
pub(crate) type Object = Map<String, Value>;

/// A token that was read, and not believed.
pub(crate) struct Jws<'t> {
    header_text: &'t [u8],
    /// Empty if the payload is detached.
    payload_text: &'t [u8],
    signature: Vec<u8>,
    pub(crate) header: Object,
    pub(crate) algorithm: Algorithm,
    pub(crate) key_id: Option<String>,
}

impl<'t> Jws<'t> {
    /// Reads a token that must be signed by one of the algorithms. Its payload must be there, or must not
    /// if it is `detached`.
    pub(crate) fn read(
        token: &'t [u8],
        algorithms: &[Algorithm],
        detached: bool,
    ) -> Result<Self, Rejection> {
        let mut parts = token.split(|byte| *byte == b'.');
        let (Some(header_text), Some(payload_text), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(Rejection::MalformedToken);
        };
        if header_text.len() > MAX_HEADER || payload_text.is_empty() != detached {
            return Err(Rejection::MalformedToken);
        }
        let header = decode::base64_url(header_text).ok_or(Rejection::MalformedToken)?;
        let header = object(&header).ok_or(Rejection::MalformedToken)?;
        // The algorithm is the sender's, not the token's: "none", and an HMAC with a public key, end
        // here (RFC 8725, section 3.1).
        let named = header.get("alg").and_then(Value::as_str).and_then(jwk::algorithm);
        let algorithm = named.filter(|it| algorithms.contains(it));
        let algorithm = algorithm.ok_or(Rejection::WrongAlgorithm)?;
        // No extension is understood here, and an unencoded payload (RFC 7797) is one.
        if header.contains_key("crit") || header.contains_key("b64") {
            return Err(Rejection::MalformedToken);
        }
        if !header.get("typ").is_none_or(is_plain_type) {
            return Err(Rejection::MalformedToken);
        }
        let key_id = match header.get("kid") {
            None => None,
            Some(Value::String(id)) if is_key_id(id) => Some(id.clone()),
            Some(_) => return Err(Rejection::MalformedToken),
        };
        let signature = decode::signature(Encoding::Base64Url, signature);
        let signature = signature.ok_or(Rejection::MalformedSignature)?;
        Ok(Self { header_text, payload_text, signature, header, algorithm, key_id })
    }

    /// The claims of a token whose payload is there.
    pub(crate) fn claims(&self) -> Result<Object, Rejection> {
        let payload = self.payload().ok_or(Rejection::MalformedToken)?;
        object(&payload).ok_or(Rejection::MalformedToken)
    }

    /// The payload, decoded.
    pub(crate) fn payload(&self) -> Option<Vec<u8>> {
        decode::base64_url(self.payload_text)
    }

    /// Whether it was signed with a secret. `detached` is the payload if the token does not hold it.
    pub(crate) fn is_signed_with(&self, secret: &[u8], detached: Option<&[u8]>) -> bool {
        let computed = Mac::new(self.algorithm, secret).map(|mac| {
            mac.compute(Some(&self.signature), |sink| {
                self.feed(detached, sink);
                Ok(())
            })
        });
        matches!(computed, Some(Ok(Computed::Matched(true))))
    }

    /// Whether it was signed with the private half of a key. `detached` is the payload if the token does
    /// not hold it.
    pub(crate) fn is_signed_by(
        &self,
        key: &NamedKey,
        detached: Option<&[u8]>,
    ) -> Result<bool, Rejection> {
        key.verify(self.algorithm, &self.signature, &mut |sink| {
            self.feed(detached, sink);
            Ok(())
        })
    }

    /// Hands over what is signed.
    fn feed(&self, detached: Option<&[u8]>, sink: &mut dyn FnMut(&[u8])) {
        sink(self.header_text);
        sink(b".");
        let Some(payload) = detached else {
            sink(self.payload_text);
            return;
        };
        let mut buffer = [0; PIECE / 3 * 4];
        for piece in payload.chunks(PIECE) {
            // The buffer is as long as what a piece becomes, so there is no error to drop.
            if let Ok(length) = URL_SAFE_NO_PAD.encode_slice(piece, &mut buffer) {
                sink(buffer.get(..length).unwrap_or_default());
            }
        }
    }
}

/// Whether the type is one of a plain token. Tokens for another use, such as `at+jwt`, say so, and are
/// refused here (RFC 8725, section 3.11).
fn is_plain_type(value: &Value) -> bool {
    let plain = |text: &str| {
        ["JWT", "JOSE", "application/jwt", "application/jose"]
            .iter()
            .any(|it| it.eq_ignore_ascii_case(text))
    };
    value.as_str().is_some_and(plain)
}

/// Whether a text may go into a request for a key.
fn is_key_id(id: &str) -> bool {
    !id.is_empty() && id.len() <= MAX_KEY_ID && id.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Reads a JSON object. If a member is repeated, at whatever depth, there is none: which of the two
/// counts is not the same for all parsers.
pub(crate) fn object(text: &[u8]) -> Option<Object> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let value = deserializer.deserialize_map(Strict).ok()?;
    deserializer.end().ok()?;
    match value {
        Value::Object(object) => Some(object),
        _ => None,
    }
}

/// Builds a value without repeated members.
struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON without repeated members")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(Self)? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if object.contains_key(&name) {
                return Err(A::Error::custom("a repeated member"));
            }
            let value = members.next_value_seed(Self)?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A token with these parts, signed with a secret.
    pub(crate) fn signed(header: &str, claims: &str, secret: &[u8]) -> String {
        use hmac::{Hmac, KeyInit as _, Mac as _};

        let input = format!("{}.{}", encoded(header), encoded(claims));
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret).unwrap();
        mac.update(input.as_bytes());
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
    }

    pub(crate) fn encoded(text: &str) -> String {
        URL_SAFE_NO_PAD.encode(text)
    }

    const HS256: &[Algorithm] = &[Algorithm::HmacSha256];

    #[track_caller]
    fn check(token: &str, expected: Result<(), Rejection>) {
        let read = Jws::read(token.as_bytes(), HS256, false);
        let read = read.and_then(|jws| {
            jws.claims()?;
            if jws.is_signed_with(b"secret", None) { Ok(()) } else { Err(Rejection::BadSignature) }
        });
        assert_eq!(read, expected, "{token}");
    }

    #[track_caller]
    fn check_header(header: &str, expected: Result<(), Rejection>) {
        check(&signed(header, r#"{"iss":"x"}"#, b"secret"), expected);
    }

    /// RFC 7515, appendix A.1.
    #[test]
    fn the_example_of_the_rfc_verifies() {
        let token = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.\
                     eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.\
                     dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let key = decode::base64_url(
            b"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
        )
        .unwrap();
        let jws = Jws::read(token.as_bytes(), HS256, false).unwrap();
        assert!(jws.is_signed_with(&key, None));
        assert!(!jws.is_signed_with(b"secret", None));
        assert_eq!(jws.claims().unwrap().get("iss"), Some(&Value::from("joe")));
    }

    #[test]
    fn no_algorithm_is_accepted_but_the_senders() {
        check_header(r#"{"alg":"HS256"}"#, Ok(()));
        for alg in
            ["none", "None", "NONE", "hs256", "HS384", "RS256", "ES256", "EdDSA", "", "HS256 "]
        {
            check_header(&format!(r#"{{"alg":"{alg}"}}"#), Err(Rejection::WrongAlgorithm));
        }
        for header in ["{}", r#"{"alg":null}"#, r#"{"alg":["HS256"]}"#, r#"{"Alg":"HS256"}"#] {
            check_header(header, Err(Rejection::WrongAlgorithm));
        }
        // Without a signature, which is how "none" is sent.
        let bare = format!("{}.{}.", encoded(r#"{"alg":"none"}"#), encoded("{}"));
        check(&bare, Err(Rejection::WrongAlgorithm));
        let bare = format!("{}.{}.", encoded(r#"{"alg":"HS256"}"#), encoded("{}"));
        check(&bare, Err(Rejection::MalformedSignature));
    }

    #[test]
    fn extensions_are_refused() {
        for header in [
            r#"{"alg":"HS256","crit":["exp2"],"exp2":1}"#,
            r#"{"alg":"HS256","crit":[]}"#,
            r#"{"alg":"HS256","crit":["b64"],"b64":false}"#,
            r#"{"alg":"HS256","b64":false}"#,
        ] {
            check_header(header, Err(Rejection::MalformedToken));
        }
    }

    #[test]
    fn a_token_for_another_use_is_refused() {
        for typ in ["JWT", "jwt", "JOSE", "application/jwt"] {
            check_header(&format!(r#"{{"alg":"HS256","typ":"{typ}"}}"#), Ok(()));
        }
        for typ in [r#""at+jwt""#, r#""secevent+jwt""#, r#""""#, "1", "null"] {
            let header = format!(r#"{{"alg":"HS256","typ":{typ}}}"#);
            check_header(&header, Err(Rejection::MalformedToken));
        }
    }

    #[test]
    fn what_a_token_says_of_its_key_is_not_read() {
        for member in [
            r#""jwk":{"kty":"oct","k":"ZXZpbA"}"#,
            r#""jku":"https://attacker.example/jwks""#,
            r#""x5u":"https://attacker.example/chain""#,
            r#""x5c":["AAAA"]"#,
        ] {
            let header = format!(r#"{{"alg":"HS256",{member}}}"#);
            check_header(&header, Ok(()));
            check(&signed(&header, "{}", b"evil"), Err(Rejection::BadSignature));
        }
    }

    #[test]
    fn the_id_of_a_key_is_a_short_plain_text() {
        check_header(r#"{"alg":"HS256","kid":"02:fd-9e_x/y="}"#, Ok(()));
        let long = "k".repeat(257);
        for kid in
            ["1", "null", r#""""#, r#""a b""#, r#""a\nb""#, r#""\u00e9""#, &format!("{long:?}")]
        {
            let header = format!(r#"{{"alg":"HS256","kid":{kid}}}"#);
            check_header(&header, Err(Rejection::MalformedToken));
        }
    }

    #[test]
    fn repeated_members_are_refused() {
        check_header(r#"{"alg":"HS256","alg":"HS256"}"#, Err(Rejection::MalformedToken));
        check_header(r#"{"alg":"HS256","x":{"y":1,"y":1}}"#, Err(Rejection::MalformedToken));
        // The second name is the first one, written in another way.
        check_header(r#"{"alg":"none","\u0061lg":"HS256"}"#, Err(Rejection::MalformedToken));
        let header = r#"{"alg":"HS256"}"#;
        for claims in [r#"{"iat":1,"iat":2}"#, r#"{"a":[{"b":1,"b":1}]}"#] {
            check(&signed(header, claims, b"secret"), Err(Rejection::MalformedToken));
        }
        for claims in [r#"[{}]"#, r#""x""#, "1", "{} x", "{", "", "\u{feff}{}"] {
            check(&signed(header, claims, b"secret"), Err(Rejection::MalformedToken));
        }
        let deep = format!(r#"{{"a":{}}}"#, "[".repeat(10_000));
        check(&signed(header, &deep, b"secret"), Err(Rejection::MalformedToken));
    }

    #[test]
    fn base64url_is_canonical_and_bare() {
        let good = signed(r#"{"alg":"HS256"}"#, r#"{"iss":"x"}"#, b"secret");
        check(&good, Ok(()));
        let [header, claims, tag] = [0, 1, 2].map(|at| good.split('.').nth(at).unwrap());
        check(&format!("{header}=.{claims}.{tag}"), Err(Rejection::MalformedToken));
        check(&format!("{header}.{claims}=.{tag}"), Err(Rejection::MalformedToken));
        check(&format!("{good}="), Err(Rejection::MalformedSignature));
        check(&format!("{good}\n"), Err(Rejection::MalformedSignature));
        check(&format!(" {good}"), Err(Rejection::MalformedToken));
        for (from, to) in [("-", "+"), ("_", "/")] {
            if tag.contains(from) {
                let other = format!("{header}.{claims}.{}", tag.replace(from, to));
                check(&other, Err(Rejection::MalformedSignature));
            }
        }
        // The last character of 32 bytes has two bits to spare.
        let last = tag.as_bytes().last().copied().unwrap();
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let at = alphabet.iter().position(|it| *it == last).unwrap();
        let spare = char::from(alphabet[at + 1]);
        let other = format!("{header}.{claims}.{}{spare}", &tag[..tag.len() - 1]);
        check(&other, Err(Rejection::MalformedSignature));
    }

    #[test]
    fn a_token_has_three_parts_and_its_payload_is_where_it_should_be() {
        let good = signed(r#"{"alg":"HS256"}"#, r#"{"iss":"x"}"#, b"secret");
        for token in ["", ".", "..", "a.b", &format!("{good}.x"), &format!("{good}.")] {
            check(token, Err(Rejection::MalformedToken));
        }
        let read =
            |token: &str, detached| Jws::read(token.as_bytes(), HS256, detached).map(|_| ()).err();
        assert_eq!(read(&good, true), Some(Rejection::MalformedToken));
        let [header, _, tag] = [0, 1, 2].map(|at| good.split('.').nth(at).unwrap());
        let without = format!("{header}..{tag}");
        assert_eq!(read(&without, false), Some(Rejection::MalformedToken));
        let jws = Jws::read(without.as_bytes(), HS256, true).ok().unwrap();
        assert!(jws.is_signed_with(b"secret", Some(br#"{"iss":"x"}"#)));
        assert!(!jws.is_signed_with(b"secret", Some(br#"{"iss":"y"}"#)));
        let large = "x".repeat(2 * MAX_HEADER);
        let header = format!(r#"{{"alg":"HS256","x":"{large}"}}"#);
        check(&signed(&header, "{}", b"secret"), Err(Rejection::MalformedToken));
    }

    #[test]
    fn a_detached_payload_of_any_length_is_encoded_as_a_whole() {
        for length in [0, 1, 2, 3, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 2] {
            let payload = "p".repeat(length);
            let token = signed(r#"{"alg":"HS256"}"#, &payload, b"secret");
            let [header, _, tag] = [0, 1, 2].map(|at| token.split('.').nth(at).unwrap());
            let detached = format!("{header}..{tag}");
            let jws = Jws::read(detached.as_bytes(), HS256, true).ok().unwrap();
            assert!(jws.is_signed_with(b"secret", Some(payload.as_bytes())), "{length}");
        }
    }

    #[test]
    fn a_tag_is_whole() {
        let good = signed(r#"{"alg":"HS256"}"#, "{}", b"secret");
        let (input, tag) = good.rsplit_once('.').unwrap();
        let tag = decode::base64_url(tag.as_bytes()).unwrap();
        for length in [1, 16, 31] {
            let short = format!("{input}.{}", URL_SAFE_NO_PAD.encode(&tag[..length]));
            check(&short, Err(Rejection::BadSignature));
        }
        let long = format!("{input}.{}", URL_SAFE_NO_PAD.encode([&tag[..], b"x"].concat()));
        check(&long, Err(Rejection::BadSignature));
    }
}
