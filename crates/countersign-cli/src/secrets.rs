//! Secrets come from the environment or from files, never from the command line, which other
//! users of a machine can read.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// Where secrets come from.
#[derive(Debug, clap::Args)]
pub(crate) struct SecretArgs {
    /// Take a secret from this environment variable.
    #[arg(long, value_name = "VAR")]
    pub(crate) secret_env: Vec<String>,
    /// Take a secret from this file, less one final newline.
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_file: Vec<PathBuf>,
    /// Your own key id, where the sender names its key in a header.
    #[arg(long, value_name = "ID")]
    pub(crate) key_id: Option<String>,
}

/// A secret as it was found, and what to call it.
pub(crate) struct Found {
    pub(crate) text: String,
    pub(crate) label: String,
}

impl SecretArgs {
    /// All secrets, those of the environment first.
    pub(crate) fn load(&self) -> Result<Vec<Found>, Failure> {
        let from_env = self.secret_env.iter().map(|name| from_env(name));
        let from_file = self.secret_file.iter().map(|path| from_file(path));
        let found: Vec<_> = from_env.chain(from_file).collect::<Result<_, _>>()?;
        if found.is_empty() {
            return Err(Failure::new("no secret: give --secret-env VAR or --secret-file FILE"));
        }
        Ok(found)
    }

    /// The same, of which there may be none.
    pub(crate) fn load_any(&self) -> Result<Vec<Found>, Failure> {
        if self.secret_env.is_empty() && self.secret_file.is_empty() {
            return Ok(Vec::new());
        }
        self.load()
    }

    /// The only secret.
    pub(crate) fn load_one(&self) -> Result<Found, Failure> {
        let mut found = self.load()?;
        match (found.pop(), found.is_empty()) {
            (Some(one), true) => Ok(one),
            _ => Err(Failure::new("a signer has one secret")),
        }
    }
}

pub(crate) fn from_env(name: &str) -> Result<Found, Failure> {
    let text = env::var(name).map_err(|error| match error {
        env::VarError::NotPresent => Failure::new(format!("the variable {name} is not set")),
        env::VarError::NotUnicode(_) => Failure::new(format!("the variable {name} is not UTF-8")),
    })?;
    Ok(Found { text, label: name.to_owned() })
}

pub(crate) fn from_file(path: &Path) -> Result<Found, Failure> {
    let mut text = fs::read_to_string(path).map_err(|error| Failure::file(path, &error))?;
    // Editors end files with a newline that is not part of the secret.
    if text.ends_with('\n') {
        text.pop();
        if text.ends_with('\r') {
            text.pop();
        }
    }
    Ok(Found { text, label: path.display().to_string() })
}
