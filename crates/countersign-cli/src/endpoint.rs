//! Endpoints of a receiver, from the command line or from a config file.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use countersign::{Scheme, Setting, Tolerance, Verifier};
use serde::Deserialize;

use crate::failure::Failure;
use crate::given::Given;
use crate::scheme;
use crate::secrets::{self, Found};

/// One route of the receiver, with what it accepts.
pub(crate) struct Endpoint {
    pub(crate) path: String,
    pub(crate) verifier: Verifier,
    pub(crate) body_limit: Option<usize>,
    pub(crate) read_timeout: Option<Duration>,
}

/// What is needed to set one up.
pub(crate) struct Plan {
    pub(crate) scheme: Scheme,
    pub(crate) path: Option<String>,
    pub(crate) given: Given,
    pub(crate) tolerance: Option<Tolerance>,
    pub(crate) body_limit: Option<usize>,
    pub(crate) read_timeout: Option<Duration>,
}

impl Plan {
    pub(crate) fn new(scheme: Scheme) -> Self {
        Self {
            scheme,
            path: None,
            given: Given::default(),
            tolerance: None,
            body_limit: None,
            read_timeout: None,
        }
    }

    pub(crate) fn build(self) -> Result<Endpoint, Failure> {
        let id = self.scheme.id.clone();
        let path = self.path.unwrap_or_else(|| format!("/hooks/{id}"));
        if !path.starts_with('/') || path.contains(['{', '}', '*', ':', '?', '#', ' ']) {
            return Err(Failure::new(format!("{id}: \"{path}\" is not a plain path")));
        }
        let mut builder = self.given.builder(self.scheme);
        if let Some(tolerance) = self.tolerance {
            builder = builder.tolerance(tolerance);
        }
        let verifier = builder.build().map_err(|error| Failure::new(format!("{id}: {error}")))?;
        let (body_limit, read_timeout) = (self.body_limit, self.read_timeout);
        Ok(Endpoint { path, verifier, body_limit, read_timeout })
    }
}

/// A config file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    endpoint: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    path: Option<String>,
    /// A catalogue id, or a `.toml` file beside the config file.
    provider: Option<String>,
    /// A private scheme, in place of a provider.
    scheme: Option<Scheme>,
    /// The `.toml` file of a private scheme, beside the config file, in place of a provider.
    scheme_file: Option<PathBuf>,
    #[serde(default)]
    secrets: Vec<Source>,
    /// Public keys of the sender.
    #[serde(default)]
    public_keys: Vec<Source>,
    /// Files that hold JSON Web Key Sets.
    #[serde(default)]
    key_sets: Vec<Source>,
    /// What the receiver is: a text or several by the name of the setting.
    #[serde(default)]
    settings: BTreeMap<Setting, OneOrMany>,
    external_url: Option<String>,
    notification_url: Option<String>,
    key_id: Option<String>,
    tolerance: Option<Tolerance>,
    /// In bytes.
    body_limit: Option<usize>,
    /// In seconds.
    read_timeout: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    env: Option<String>,
    file: Option<PathBuf>,
    label: Option<String>,
    /// The id by which deliveries name a public key.
    id: Option<String>,
}

/// A text, or several.
#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

/// Reads the endpoints of a config file. Files that it names are beside it.
pub(crate) fn read_config(path: &Path) -> Result<Vec<Plan>, Failure> {
    let text = fs::read_to_string(path).map_err(|error| Failure::file(path, &error))?;
    let config: Config =
        toml::from_str(&text).map_err(|error| Failure::file(path, &explain(&text, &error)))?;
    let beside = path.parent().unwrap_or_else(|| Path::new(""));
    let plans = config.endpoint.into_iter().map(|entry| entry.plan(beside));
    plans.collect::<Result<_, _>>().map_err(|failure| Failure::file(path, &failure.0))
}

/// What is wrong with a config file, without the text of the place: someone may have written a
/// secret there.
fn explain(text: &str, error: &toml::de::Error) -> String {
    let mut message = error.message().to_owned();
    // Values of a wrong type are quoted by serde: `invalid type: string "…", expected …`.
    if let Some(start) = message.find("string \"")
        && let Some(end) = message.rfind('"')
    {
        message.replace_range(start..=end, "a string");
    }
    let before = error.span().and_then(|span| text.get(..span.start));
    match before {
        Some(before) => format!("line {}: {message}", before.matches('\n').count() + 1),
        None => message,
    }
}

impl Entry {
    fn plan(self, beside: &Path) -> Result<Plan, Failure> {
        let scheme = match (self.provider, self.scheme, self.scheme_file) {
            (Some(provider), None, None) if provider.ends_with(".toml") => {
                scheme::read(&beside.join(provider))?
            }
            (Some(provider), None, None) => scheme::find(&provider)?,
            (None, Some(scheme), None) => scheme,
            (None, None, Some(file)) => scheme::read(&beside.join(file))?,
            _ => {
                return Err(Failure::new(
                    "an endpoint has one of `provider`, `scheme` and `scheme_file`",
                ));
            }
        };
        let mut given = Given { key_id: self.key_id, ..Given::default() };
        for source in self.secrets {
            given.secrets.push(source.load(beside)?);
        }
        for mut source in self.public_keys {
            let id = source.id.take();
            given.public_keys.push((id, source.load(beside)?));
        }
        for source in self.key_sets {
            given.key_sets.push(source.load(beside)?.text);
        }
        given.settings.external_url = self.external_url;
        given.settings.notification_url = self.notification_url;
        for (setting, values) in self.settings {
            let values = match values {
                OneOrMany::One(value) => vec![value],
                OneOrMany::Many(values) => values,
            };
            given.settings.set.extend(values.into_iter().map(|value| (setting, value)));
        }
        Ok(Plan {
            scheme,
            path: self.path,
            given,
            tolerance: self.tolerance,
            body_limit: self.body_limit,
            read_timeout: self.read_timeout.map(Duration::from_secs),
        })
    }
}

impl Source {
    fn load(self, beside: &Path) -> Result<Found, Failure> {
        let mut found = match (self.env, self.file) {
            (Some(name), None) => secrets::from_env(&name)?,
            (None, Some(path)) => secrets::from_file(&beside.join(path))?,
            _ => return Err(Failure::new("a secret has either `env` or `file`")),
        };
        if let Some(label) = self.label {
            found.label = label;
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_config_file_is_told_without_its_values() {
        for secrets in [r#"["hunter2"]"#, r#""hunter2""#, r#"[{ env = "A", label = ["hunter2"] }]"#]
        {
            let text = format!("[[endpoint]]\nprovider = \"stripe\"\nsecrets = {secrets}\n");
            let error = toml::from_str::<Config>(&text).err().unwrap();
            let told = explain(&text, &error);
            assert!(told.starts_with("line 3: ") && !told.contains("hunter2"), "{told}");
        }
    }
}
