//! Covered components: their identifiers and their values (section 2).

use crate::decode;
use crate::delivery::{Head, Headers};
use crate::procedure::Setup;
use crate::rejection::{HeaderRole, Rejection};
use crate::structured::{self, Bare, Item, Member};

use super::target::Target;

/// What values of components are taken from.
pub(super) struct Message<'v> {
    method: &'v str,
    headers: &'v dyn Headers,
    target: Target<'v>,
}

impl<'v> Message<'v> {
    pub(super) fn new(setup: &'v Setup, head: &Head<'v>) -> Result<Self, Rejection> {
        let target = Target::of(setup, head)?;
        Ok(Self { method: head.method(), headers: head.headers(), target })
    }
}

/// A component identifier.
#[derive(Clone, Debug)]
pub(super) struct Component {
    /// As it is written in the signature base.
    pub(super) identifier: String,
    pub(super) name: String,
    form: Form,
}

/// What is taken of a component.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Form {
    /// All of it, as it is.
    Whole,
    /// `;sf`: rewritten as a structured field.
    Structured,
    /// `;bs`: each line as bytes.
    Binary,
    /// `;key`: one member of the dictionary.
    Member(String),
    /// `;name`: one parameter of the query.
    Parameter(String),
}

/// The components that are derived from a request (section 2.2). `@status` is a response's.
const DERIVED: &[&str] =
    &["@method", "@target-uri", "@authority", "@scheme", "@request-target", "@path", "@query"];

impl Component {
    /// Reads an identifier. `None` if it is none, or none of a request: `;req` belongs to responses, and
    /// trailers (`;tr`) are not there yet when a delivery is judged.
    pub(super) fn of(item: &Item) -> Option<Self> {
        let Bare::Text(name) = &item.value else { return None };
        let form = match name.strip_prefix('@') {
            Some("query-param") => match &*item.parameters {
                [(key, Bare::Text(name))] if key == "name" => Form::Parameter(name.clone()),
                _ => return None,
            },
            Some(_) => {
                let is_known = DERIVED.contains(&&**name) && item.parameters.is_empty();
                is_known.then_some(Form::Whole)?
            }
            None => header_form(name, item)?,
        };
        let mut identifier = String::new();
        item.write(&mut identifier);
        Some(Self { identifier, name: name.clone(), form })
    }

    /// Reads an identifier as it is configured, without quotes: `@query-param;name="id"`.
    pub(super) fn configured(text: &str) -> Option<Self> {
        let (name, parameters) = match text.find(';') {
            Some(at) => text.split_at_checked(at)?,
            None => (text, ""),
        };
        Self::of(&structured::item(format!("\"{name}\"{parameters}").as_bytes())?)
    }

    /// Whether both identify one component. The order of parameters makes no difference (section 2.5).
    pub(super) fn is(&self, other: &Self) -> bool {
        self.name == other.name && self.form == other.form
    }

    /// Whether it stands for the whole of what has this name, in whatever form.
    pub(super) fn is_all_of(&self, name: &str) -> bool {
        self.name == name && matches!(self.form, Form::Whole | Form::Structured | Form::Binary)
    }

    /// Whether no less than all of it is required.
    pub(super) fn is_whole(&self) -> bool {
        self.form == Form::Whole
    }

    /// Its value in a message.
    pub(super) fn value(&self, message: &Message<'_>) -> Result<Vec<u8>, Rejection> {
        let target = &message.target;
        let value = match (&*self.name, &self.form) {
            ("@method", _) => message.method.to_owned(),
            ("@target-uri", _) => target.uri()?,
            ("@authority", _) => target.authority()?,
            ("@scheme", _) => target.scheme()?,
            ("@request-target", _) => target.request(),
            ("@path", _) => target.path(),
            ("@query", _) => target.query(),
            (_, Form::Parameter(name)) => target.query_parameter(name)?,
            _ => return self.header(message.headers),
        };
        // Section 2.5 has visible ASCII; anything else could end the line.
        if value.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(value.into_bytes())
        } else {
            Err(Rejection::WrongHeader(HeaderRole::Signed))
        }
    }

    fn header(&self, headers: &dyn Headers) -> Result<Vec<u8>, Rejection> {
        let role = HeaderRole::Signed;
        if self.form == Form::Binary {
            let mut value = String::new();
            headers.each_value(&self.name, &mut |line| {
                let line = decode::to_base64(structured::trimmed(line));
                value.push_str(if value.is_empty() { ":" } else { ", :" });
                value.push_str(&line);
                value.push(':');
            });
            return match value.is_empty() {
                true => Err(Rejection::MissingHeader(role)),
                false => Ok(value.into_bytes()),
            };
        }
        let field = structured::field(headers, &self.name);
        let field = field.ok_or(Rejection::MissingHeader(role))?;
        match &self.form {
            Form::Structured => {
                let value = structured::rewritten(&field).ok_or(Rejection::WrongHeader(role))?;
                Ok(value.into_bytes())
            }
            Form::Member(key) => {
                let members = structured::dictionary(&field).ok_or(Rejection::WrongHeader(role))?;
                let (_, member) = members
                    .iter()
                    .find(|(it, _)| it == key)
                    .ok_or(Rejection::MissingHeader(role))?;
                let mut value = String::new();
                Member::write(member, &mut value);
                Ok(value.into_bytes())
            }
            _ => Ok(field),
        }
    }
}

/// What is taken of a header (section 2.1).
fn header_form(name: &str, item: &Item) -> Option<Form> {
    // A name in upper case would be a second identifier of the same header.
    let is_name = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"!#$%&'*+-.^_`|~".contains(&byte)
    };
    if name.is_empty() || !name.bytes().all(is_name) {
        return None;
    }
    let mut form = Form::Whole;
    let mut is_structured = false;
    for (key, value) in &item.parameters {
        let next = match (&**key, value) {
            ("sf", Bare::Boolean(true)) => {
                is_structured = true;
                continue;
            }
            ("bs", Bare::Boolean(true)) => Form::Binary,
            ("key", Bare::Text(key)) => Form::Member(key.clone()),
            _ => return None,
        };
        if form != Form::Whole {
            return None;
        }
        form = next;
    }
    match (form, is_structured) {
        (Form::Whole, true) => Some(Form::Structured),
        // Section 2.1.3: bytes have no structure.
        (Form::Binary, true) => None,
        (form, _) => Some(form),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_strict() {
        let read = |text: &str| Component::of(&structured::item(text.as_bytes()).unwrap());
        for text in [
            "\"@method\"",
            "\"content-digest\"",
            "\"x\";sf",
            "\"x\";bs",
            "\"x\";key=\"a\"",
            "\"x\";sf;key=\"a\"",
            "\"@query-param\";name=\"a\"",
        ] {
            assert_eq!(read(text).unwrap().identifier, text);
        }
        for text in [
            "\"@paths\"",
            "\"@status\"",
            "\"@signature-params\"",
            "\"@method\";req",
            "\"@query-param\"",
            "\"@query-param\";name=a",
            "\"@query-param\";name=\"a\";x",
            "\"Content-Digest\"",
            "\"\"",
            "\"a b\"",
            "\"a:\"",
            "\"x\";req",
            "\"x\";tr",
            "\"x\";sf=?0",
            "\"x\";sf=1",
            "\"x\";bs;sf",
            "\"x\";bs;key=\"a\"",
            "\"x\";key=a",
            "\"x\";other",
            "x",
            "1",
        ] {
            assert!(read(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_configured_identifier_has_no_quotes() {
        let read = |text| Component::configured(text).map(|it| it.identifier);
        assert_eq!(read("@path").unwrap(), "\"@path\"");
        assert_eq!(read("@query-param;name=\"a\"").unwrap(), "\"@query-param\";name=\"a\"");
        assert_eq!(read("\"@path\""), None);
        assert_eq!(read("Date"), None);
        assert_eq!(read(""), None);
    }

    #[test]
    fn values_of_headers_have_the_form_that_is_asked_for() {
        let headers = [
            ("Example-Dict", "  a=1,    b=2;x=1;y=2,   c=(a   b   c), d"),
            ("X-Ob", "one"),
            ("x-ob", " two, three "),
            ("X-Empty", ""),
        ];
        let check = |text: &str, expected: Result<&str, Rejection>| {
            let component = Component::configured(text).unwrap();
            let value = component.header(&headers);
            assert_eq!(value, expected.map(|it| it.as_bytes().to_vec()), "{text}");
        };
        // Sections 2.1.1 to 2.1.3.
        check("example-dict", Ok("a=1,    b=2;x=1;y=2,   c=(a   b   c), d"));
        check("example-dict;sf", Ok("a=1, b=2;x=1;y=2, c=(a b c), d"));
        check("example-dict;key=\"a\"", Ok("1"));
        check("example-dict;key=\"b\"", Ok("2;x=1;y=2"));
        check("example-dict;key=\"c\"", Ok("(a b c)"));
        check("example-dict;key=\"d\"", Ok("?1"));
        let role = HeaderRole::Signed;
        check("example-dict;key=\"e\"", Err(Rejection::MissingHeader(role)));
        check("x-ob", Ok("one, two, three"));
        check("x-ob;bs", Ok(":b25l:, :dHdvLCB0aHJlZQ==:"));
        check("x-ob;key=\"a\"", Err(Rejection::MissingHeader(role)));
        check("x-empty", Ok(""));
        check("x-empty;bs", Ok("::"));
        check("x-none", Err(Rejection::MissingHeader(role)));
        check("x-none;bs", Err(Rejection::MissingHeader(role)));
    }
}
