//! What a delivery says of its signatures: `Signature-Input` and `Signature` (section 4).

use crate::delivery::Headers;
use crate::rejection::{HeaderRole, Rejection};
use crate::structured::{self, Bare, InnerList, Item, Member};
use crate::time::Timestamp;

use super::component::{Component, Message};

/// How many signatures a delivery may list.
const MAX_LABELS: usize = 8;

/// One signature, and what is said of it.
#[derive(Clone, Debug)]
pub(super) struct Input {
    pub(super) label: String,
    pub(super) signature: Vec<u8>,
    pub(super) components: Vec<Component>,
    /// The covered components and the parameters, as section 2.3 writes them.
    line: String,
    pub(super) created: Option<i64>,
    pub(super) expires: Option<i64>,
    pub(super) nonce: Option<String>,
    pub(super) algorithm: Option<String>,
    pub(super) key_id: Option<String>,
    pub(super) tag: Option<String>,
}

/// Reads the signatures that a delivery lists, in their order. One that is malformed does not spoil the
/// others; a header that is malformed does.
pub(super) fn read(headers: &dyn Headers) -> Result<Vec<Result<Input, Rejection>>, Rejection> {
    let mut signatures = members(headers, "signature")?;
    let inputs = members(headers, "signature-input")?;
    if inputs.len() > MAX_LABELS {
        return Err(Rejection::TooManySignatures);
    }
    let read = |(label, input): (String, Member)| {
        let found = signatures.iter().position(|(it, _)| *it == label);
        let (_, signature) = signatures.swap_remove(found.ok_or(Rejection::MissingSignature)?);
        Input::new(label, input, signature)
    };
    Ok(inputs.into_iter().map(read).collect())
}

fn members(headers: &dyn Headers, name: &str) -> Result<Vec<(String, Member)>, Rejection> {
    let role = HeaderRole::Signature;
    let field = structured::field(headers, name).ok_or(Rejection::MissingHeader(role))?;
    structured::dictionary(&field).ok_or(Rejection::MalformedSignature)
}

impl Input {
    fn new(label: String, input: Member, signature: Member) -> Result<Self, Rejection> {
        let malformed = Rejection::MalformedSignature;
        let Member::List(list) = input else { return Err(malformed) };
        let Member::Item(Item { value: Bare::Bytes(signature), parameters }) = signature else {
            return Err(malformed);
        };
        // Nothing would sign them.
        if !parameters.is_empty() {
            return Err(malformed);
        }
        let mut components: Vec<Component> = Vec::with_capacity(list.items.len());
        for item in &list.items {
            let component = Component::of(item).ok_or(malformed)?;
            // Section 2.5, step 2.1: each is there once.
            if components.iter().any(|it| it.is(&component)) {
                return Err(malformed);
            }
            components.push(component);
        }
        let mut line = String::new();
        list.write(&mut line);
        Ok(Self {
            label,
            signature,
            components,
            line,
            created: integer(&list, "created")?,
            expires: integer(&list, "expires")?,
            nonce: text(&list, "nonce")?,
            algorithm: text(&list, "alg")?,
            key_id: text(&list, "keyid")?,
            tag: text(&list, "tag")?,
        })
    }

    /// Whether all of a component is covered, by itself or as part of another.
    pub(super) fn covers(&self, name: &str) -> bool {
        let has = |name: &str| self.components.iter().any(|it| it.is_all_of(name));
        has(name)
            || match name {
                "@path" | "@query" => has("@request-target") || has("@target-uri"),
                "@scheme" | "@authority" | "@request-target" => has("@target-uri"),
                _ => false,
            }
    }

    /// Whether it says itself that it is too old.
    pub(super) fn is_expired(&self, now: Timestamp) -> bool {
        self.expires.is_some_and(|expires| now > Timestamp::from_unix_seconds(expires))
    }

    /// How far from now it was made, in milliseconds.
    pub(super) fn distance(&self, now: Timestamp) -> u64 {
        self.created.map_or(u64::MAX, |created| {
            let created = Timestamp::from_unix_seconds(created);
            now.as_unix_millis().abs_diff(created.as_unix_millis())
        })
    }

    /// The signature base: what is signed (section 2.5).
    pub(super) fn base(&self, message: &Message<'_>) -> Result<Vec<u8>, Rejection> {
        let mut base = Vec::new();
        for component in &self.components {
            base.extend_from_slice(component.identifier.as_bytes());
            base.extend_from_slice(b": ");
            base.extend_from_slice(&component.value(message)?);
            base.push(b'\n');
        }
        base.extend_from_slice(b"\"@signature-params\": ");
        base.extend_from_slice(self.line.as_bytes());
        Ok(base)
    }
}

fn parameter<'l>(list: &'l InnerList, name: &str) -> Option<&'l Bare> {
    list.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value)
}

/// A number that may be absent.
fn integer(list: &InnerList, name: &str) -> Result<Option<i64>, Rejection> {
    match parameter(list, name) {
        None => Ok(None),
        Some(Bare::Integer(number)) => Ok(Some(*number)),
        Some(_) => Err(Rejection::MalformedSignature),
    }
}

/// A text that may be absent.
fn text(list: &InnerList, name: &str) -> Result<Option<String>, Rejection> {
    match parameter(list, name) {
        None => Ok(None),
        Some(Bare::Text(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Rejection::MalformedSignature),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_one(input: &str, signature: &str) -> Result<Input, Rejection> {
        let headers = [("Signature-Input", input), ("Signature", signature)];
        read(&headers)?.swap_remove(0)
    }

    #[test]
    fn the_parameters_are_covered_as_they_were_sent() {
        let input = "sig1=( \"@method\"   \"x\";key=\"a\" ); keyid=\"k\";created=1;x=1.50";
        let input = read_one(input, "sig1=:AP8=:").unwrap();
        // Section 2.3: blanks are the only thing that may change on the way.
        assert_eq!(input.line, "(\"@method\" \"x\";key=\"a\");keyid=\"k\";created=1;x=1.5");
        assert_eq!((input.key_id.as_deref(), input.created), (Some("k"), Some(1)));
        assert_eq!(input.signature, [0, 255]);
    }

    #[test]
    fn what_is_malformed_is_refused() {
        for (input, signature) in [
            // Each component is there once, in whatever order its parameters are.
            ("sig1=(\"@method\" \"@method\")", "sig1=:AP8=:"),
            ("sig1=(\"x\";sf;key=\"a\" \"x\";key=\"a\";sf)", "sig1=:AP8=:"),
            ("sig1=(\"Date\")", "sig1=:AP8=:"),
            ("sig1=(\"date\";req)", "sig1=:AP8=:"),
            ("sig1=(@method)", "sig1=:AP8=:"),
            ("sig1=();created=\"1\"", "sig1=:AP8=:"),
            ("sig1=();created=1.0", "sig1=:AP8=:"),
            ("sig1=();expires=x", "sig1=:AP8=:"),
            ("sig1=();keyid=k", "sig1=:AP8=:"),
            ("sig1=();alg", "sig1=:AP8=:"),
            ("sig1=();nonce=1", "sig1=:AP8=:"),
            ("sig1=();tag=:AP8=:", "sig1=:AP8=:"),
            ("sig1=();keyid=\"a\";keyid=\"b\"", "sig1=:AP8=:"),
            ("sig1=\"@method\"", "sig1=:AP8=:"),
            ("sig1", "sig1=:AP8=:"),
            ("sig1=()", "sig1=\"AP8=\""),
            ("sig1=()", "sig1=AP8="),
            ("sig1=()", "sig1=:AP9=:"),
            ("sig1=()", "sig1=:AP8=:;x"),
            ("sig1=()", "sig1=(:AP8=:)"),
            ("sig1=(\"@method\" \"@path\";created=1", "sig1=:AP8=:"),
            ("sig1=(\"@method\"), sig1=()", "sig1=:AP8=:"),
            ("sig1=()", "sig1=:AP8=:, sig1=:AAAA:"),
            // The draft before the RFC.
            ("sig1=()", "keyId=\"k\",algorithm=\"hs2019\",headers=\"date\",signature=\"AAAA\""),
        ] {
            let read = read_one(input, signature).map(|input| input.line);
            assert_eq!(read, Err(Rejection::MalformedSignature), "{input} {signature}");
        }
        assert_eq!(
            read_one("sig1=()", "sig2=:AP8=:").map(|_| ()),
            Err(Rejection::MissingSignature)
        );
    }

    #[test]
    fn labels_are_bounded() {
        let inputs: Vec<_> = (0..=MAX_LABELS).map(|it| format!("s{it}=()")).collect();
        let headers = [("signature-input", &*inputs.join(",")), ("signature", "s0=:AP8=:")];
        assert_eq!(read(&headers).map(|_| ()), Err(Rejection::TooManySignatures));
    }

    #[test]
    fn a_whole_covers_its_parts() {
        let covers = |components: &str, name: &str| {
            read_one(&format!("s=({components})"), "s=:AP8=:").unwrap().covers(name)
        };
        assert!(covers("\"@target-uri\"", "@authority"));
        assert!(covers("\"@target-uri\"", "@query"));
        assert!(covers("\"@request-target\"", "@path"));
        assert!(!covers("\"@request-target\"", "@authority"));
        assert!(covers("\"content-digest\";bs", "content-digest"));
        assert!(!covers("\"content-digest\";key=\"sha-256\"", "content-digest"));
        assert!(!covers("\"@query-param\";name=\"a\"", "@query"));
    }
}
