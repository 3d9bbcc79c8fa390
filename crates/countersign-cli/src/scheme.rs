//! Which scheme is meant.

use std::fs;
use std::path::Path;

use countersign::{Lookup, Part, Scheme, Syntax, TimestampPlace, catalog};

use crate::failure::Failure;

/// Finds a scheme by its id in the catalogue, or reads it from a file whose name ends in `.toml`.
pub(crate) fn find(provider: &str) -> Result<Scheme, Failure> {
    let path = Path::new(provider);
    if path.extension().is_some_and(|it| it == "toml") {
        return read(path);
    }
    catalog::find(provider).cloned().ok_or_else(|| unknown(provider))
}

/// Reads a private scheme from a file.
pub(crate) fn read(path: &Path) -> Result<Scheme, Failure> {
    let text = fs::read_to_string(path).map_err(|error| Failure::file(path, &error))?;
    let scheme: Scheme = toml::from_str(&text).map_err(|error| Failure::file(path, &error))?;
    scheme.check().map_err(|error| Failure::file(path, &error))?;
    Ok(scheme)
}

fn unknown(provider: &str) -> Failure {
    let mut near: Vec<_> = catalog::all()
        .iter()
        .map(|scheme| (strsim::jaro_winkler(provider, &scheme.id), &scheme.id))
        .filter(|(similarity, _)| *similarity > 0.8)
        .collect();
    near.sort_by(|one, other| other.0.total_cmp(&one.0));
    let near: Vec<_> = near.into_iter().take(3).map(|(_, id)| format!("`{id}`")).collect();
    let hint = if near.is_empty() {
        "`countersign providers` lists all; a private scheme is given as a .toml file".to_owned()
    } else {
        format!("did you mean {}?", near.join(" or "))
    };
    Failure::new(format!("no provider is called \"{provider}\"; {hint}"))
}

/// The signed content as a template: `{timestamp}.{body}`.
pub(crate) fn template(scheme: &Scheme) -> String {
    let parts = scheme.signed.iter().map(|part| match part {
        Part::Body => "{body}".to_owned(),
        Part::BodyDigest => "{sha256 of body, hex}".to_owned(),
        Part::Timestamp => "{timestamp}".to_owned(),
        Part::DeliveryId => "{delivery id}".to_owned(),
        Part::Literal(text) => text.escape_debug().to_string(),
        Part::Header(name) => format!("{{header {name}}}"),
        Part::Nonce(name) => format!("{{nonce {name}}}"),
        Part::Field(name) => format!("{{field {name}}}"),
        Part::Secret => "{secret}".to_owned(),
        Part::AppKey => "{app key}".to_owned(),
        Part::Method => "{method}".to_owned(),
        Part::PathAndQuery => "{path and query}".to_owned(),
        Part::ExternalUrl => "{external url}".to_owned(),
        Part::Query(name) => format!("{{query {name}}}"),
        Part::BodyValue(pointer) => format!("{{body {pointer}}}"),
        Part::FormField(name) => format!("{{form {name}}}"),
        Part::SortedForm => "{form, sorted}".to_owned(),
        Part::ListedHeaders(name) => format!("{{headers listed in {name}}}"),
        _ => "{?}".to_owned(),
    });
    parts.collect()
}

/// A lookup in words.
pub(crate) fn lookup(lookup: &Lookup) -> String {
    let places = |places: &[countersign::Place], between: &str| {
        let texts: Vec<_> = places
            .iter()
            .map(|place| match place {
                countersign::Place::Header(name) => format!("header {name}"),
                countersign::Place::Body(pointer) => format!("body {pointer}"),
                countersign::Place::Query(name) => format!("query {name}"),
                countersign::Place::FormField(name) => format!("form {name}"),
                countersign::Place::Claim(pointer) => format!("claim {pointer}"),
                _ => "?".to_owned(),
            })
            .collect();
        texts.join(between)
    };
    match lookup {
        Lookup::First(list) => places(list, ", else "),
        Lookup::Joined(list) => places(list, " + "),
        _ => "none".to_owned(),
    }
}

/// What one signature header looks like.
pub(crate) fn shape(scheme: &Scheme) -> String {
    let signature = "{signature}";
    match &scheme.signature.syntax {
        Syntax::Prefixed(prefix) => format!("{prefix}{signature}"),
        Syntax::Pairs(pairs) | Syntax::Groups { pairs, .. } => {
            let assign = char::from(pairs.assign.byte());
            let separator = char::from(pairs.separator.byte());
            let mut items = Vec::new();
            if let Some(source) = &scheme.timestamp
                && let TimestampPlace::Field(name) = &source.place
            {
                items.push(format!("{name}{assign}{{timestamp}}"));
            }
            items.push(format!("{}{assign}{signature}", pairs.key));
            items.join(&separator.to_string())
        }
        Syntax::Positional(separator) => {
            format!("{{timestamp}}{}{signature}", char::from(separator.byte()))
        }
        Syntax::List(separator) => {
            format!("{signature}{}…", char::from(separator.byte()))
        }
        _ => signature.to_owned(),
    }
}
