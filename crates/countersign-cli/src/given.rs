//! What a receiver is given: secrets, public keys and settings.

use std::path::PathBuf;

use countersign::{Code, Procedure, PublicKey, Scheme, Secret, Setting, Verifier, VerifierBuilder};

use crate::failure::Failure;
use crate::secrets::{self, Found};

/// What the receiver says of itself, where the sender's check needs it.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct SettingArgs {
    /// Say what the receiver is: `audience=https://example.com`. `countersign providers PROVIDER` lists
    /// what a sender needs.
    #[arg(long, value_name = "NAME=VALUE", value_parser = setting)]
    pub(crate) set: Vec<(Setting, String)>,
    /// Where the sender reaches the receiver: scheme and host, and what a proxy takes off the path.
    #[arg(long, value_name = "URL", conflicts_with = "notification_url")]
    pub(crate) external_url: Option<String>,
    /// The whole URL that the sender was told.
    #[arg(long, value_name = "URL")]
    pub(crate) notification_url: Option<String>,
}

impl SettingArgs {
    /// The URL that the sender calls, if it is another than the one that is sent to.
    pub(crate) fn called(&self, url: &str) -> Option<String> {
        if let Some(url) = &self.notification_url {
            return Some(url.clone());
        }
        let base = self.external_url.as_ref()?.trim_end_matches('/');
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        let path = rest.find(['/', '?']).and_then(|at| rest.get(at..)).unwrap_or("/");
        Some(format!("{base}{path}"))
    }
}

/// Public keys, and what leads to them.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct KeyArgs {
    /// Take a public key of the sender from this file, under this id if one is given.
    #[arg(long, value_name = "[ID=]FILE", value_parser = named_file)]
    pub(crate) public_key_file: Vec<(Option<String>, PathBuf)>,
    /// Take the sender's public keys from this file: a JSON Web Key Set.
    #[arg(long, value_name = "FILE")]
    pub(crate) key_set_file: Vec<PathBuf>,
    /// Accept certificates that lead to the ones in this file, in PEM.
    #[arg(long, value_name = "FILE")]
    pub(crate) trust_root_file: Vec<PathBuf>,
    /// Take what this URL of the sender's returns from this file; nothing is fetched.
    #[arg(long, value_name = "URL=FILE", value_parser = fetched)]
    pub(crate) fetched: Vec<(String, PathBuf)>,
}

/// What a receiver is given.
#[derive(Default)]
pub(crate) struct Given {
    pub(crate) secrets: Vec<Found>,
    /// Keys with their ids.
    pub(crate) public_keys: Vec<(Option<String>, Found)>,
    pub(crate) key_sets: Vec<String>,
    pub(crate) trust_roots: Vec<String>,
    pub(crate) fetches: bool,
    pub(crate) settings: SettingArgs,
    pub(crate) key_id: Option<String>,
}

impl Given {
    /// Reads the files that arguments name.
    pub(crate) fn read(
        secrets: Vec<Found>,
        keys: &KeyArgs,
        settings: &SettingArgs,
        key_id: Option<&String>,
    ) -> Result<Self, Failure> {
        let mut given = Self { secrets, settings: settings.clone(), ..Self::default() };
        for (id, path) in &keys.public_key_file {
            given.public_keys.push((id.clone(), secrets::from_file(path)?));
        }
        for path in &keys.key_set_file {
            given.key_sets.push(secrets::from_file(path)?.text);
        }
        for path in &keys.trust_root_file {
            given.trust_roots.push(secrets::from_file(path)?.text);
        }
        given.fetches = !keys.fetched.is_empty();
        given.key_id = key_id.cloned();
        Ok(given)
    }

    /// Starts to configure a verifier.
    pub(crate) fn builder(&self, scheme: Scheme) -> VerifierBuilder {
        let mut builder = Verifier::builder(scheme);
        for found in &self.secrets {
            builder = builder.secret(Secret::new(found.text.as_str()).label(found.label.clone()));
        }
        for (id, found) in &self.public_keys {
            let mut key = PublicKey::new(found.text.as_str()).label(found.label.clone());
            if let Some(id) = id {
                key = key.id(id.clone());
            }
            builder = builder.public_key(key);
        }
        for jwks in &self.key_sets {
            builder = builder.key_set(jwks.as_str());
        }
        for root in &self.trust_roots {
            builder = builder.trust_root(root.as_str());
        }
        if self.fetches {
            builder = builder.remote_keys();
        }
        for (setting, value) in &self.settings.set {
            builder = builder.setting(*setting, value.as_str());
        }
        if let Some(url) = &self.settings.external_url {
            builder = builder.external_url(url.clone());
        }
        if let Some(url) = &self.settings.notification_url {
            builder = builder.notification_url(url.clone());
        }
        if let Some(key_id) = &self.key_id {
            builder = builder.key_id(key_id.clone());
        }
        builder
    }
}

/// Whether a sender may be set up without a secret: it has none, or signs with a private key.
pub(crate) fn may_lack_secret(scheme: &Scheme) -> bool {
    scheme.algorithm.is_public()
        || scheme.remote_keys.is_some()
        || scheme.procedure == Procedure::Code(Code::Unsigned)
}

pub(crate) fn setting(text: &str) -> Result<(Setting, String), String> {
    let (name, value) = text.split_once('=').ok_or("it has no =")?;
    let setting = name.parse().map_err(|_| {
        let known: Vec<_> = Setting::ALL.iter().map(|it| it.as_str()).collect();
        format!("no setting is called \"{name}\"; there are: {}", known.join(", "))
    })?;
    Ok((setting, value.to_owned()))
}

fn named_file(text: &str) -> Result<(Option<String>, PathBuf), String> {
    Ok(match text.split_once('=') {
        Some((id, path)) => (Some(id.to_owned()), path.into()),
        None => (None, text.into()),
    })
}

fn fetched(text: &str) -> Result<(String, PathBuf), String> {
    // URLs may hold one.
    let (url, path) = text.rsplit_once('=').ok_or("it has no =")?;
    Ok((url.to_owned(), path.into()))
}
