//! Public keys that must be fetched: what the core asks for, and what it makes of the answer.

use core::fmt;
use core::future::Future;
use core::pin::Pin;
use std::error::Error;
use std::sync::Arc;

use crate::config_error::KeyProblem;
#[cfg(feature = "jwt")]
use crate::public_key;
use crate::public_key::{NamedKey, ParsedKey};
use crate::scheme::{KeyForm, Text};

/// A document with public keys that is to be fetched.
///
/// The core made it up from the catalogue, or checked it against the sender's own hosts and paths, but
/// whoever sent the delivery may have chosen among them. Whoever fetches follows no redirect, and limits
/// size and time.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct KeyRequest {
    pub(crate) sender: Text,
    pub(crate) url: String,
    pub(crate) key_id: Option<String>,
    pub(crate) form: KeyForm,
}

impl KeyRequest {
    pub(crate) fn new(sender: &Text, url: impl Into<String>, form: KeyForm) -> Self {
        Self { sender: sender.clone(), url: url.into(), key_id: None, form }
    }

    /// For one key of several.
    pub(crate) fn of_key(mut self, id: impl Into<String>) -> Self {
        self.key_id = Some(id.into());
        self
    }

    /// The sender's id: `plaid`.
    #[must_use]
    pub fn sender(&self) -> &str {
        &self.sender
    }

    /// The document's URL: `https`, on the default port. Empty if the sender has no URL that anyone may
    /// read, so that only a fetcher of your own can answer, by sender and key id.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The id of the key that is looked for, if the delivery names one.
    #[must_use]
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// How the document holds keys.
    #[must_use]
    pub fn form(&self) -> &KeyForm {
        &self.form
    }

    /// Reads the document that was fetched.
    ///
    /// # Errors
    ///
    /// A [`KeyError`] if it holds no key that can be used.
    pub fn read(&self, document: &[u8]) -> Result<KeyDocument, KeyError> {
        let unusable = |problem: KeyProblem| KeyError::Unusable(problem.to_string().into());
        let keys = match &self.form {
            #[cfg(feature = "jwt")]
            KeyForm::Jwks => public_key::jwk::read(document).map_err(unusable)?,
            KeyForm::Pem => {
                let text = core::str::from_utf8(document);
                let text = text.map_err(|_| unusable(KeyProblem::Undecodable))?;
                let key = ParsedKey::parse(text, None).map_err(unusable)?;
                let label = self.key_id.clone().unwrap_or_else(|| "fetched".to_owned());
                vec![NamedKey {
                    label: label.into(),
                    id: self.key_id.clone(),
                    algorithm: None,
                    expires: None,
                    key,
                }]
            }
            _ => return Err(unusable(KeyProblem::Undecodable)),
        };
        Ok(KeyDocument { request: self.clone(), keys, certificates: Vec::new() })
    }
}

/// The public keys of one document, ready for use.
pub struct KeyDocument {
    pub(crate) request: KeyRequest,
    pub(crate) keys: Vec<NamedKey>,
    /// Certificates in DER, the signer's first.
    pub(crate) certificates: Vec<Vec<u8>>,
}

impl KeyDocument {
    /// Whether it is what was asked for.
    #[must_use]
    pub fn answers(&self, request: &KeyRequest) -> bool {
        self.request.url == request.url
            && self.request.form == request.form
            && self.request.sender == request.sender
            && (self.request.key_id == request.key_id || !self.request.url.is_empty())
    }

    /// Whether it holds the key that was asked for; any key will do if none was named.
    #[must_use]
    pub fn has_key(&self, id: Option<&str>) -> bool {
        match id {
            None => !self.keys.is_empty() || !self.certificates.is_empty(),
            Some(id) => self.keys.iter().any(|key| key.id.as_deref() == Some(id)),
        }
    }
}

impl fmt::Debug for KeyDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyDocument")
            .field("request", &self.request)
            .field("keys", &self.keys.len())
            .finish_non_exhaustive()
    }
}

/// Why a key could not be had.
#[derive(Debug)]
#[non_exhaustive]
pub enum KeyError {
    /// The sender has no such key. The delivery is refused.
    Unknown,
    /// The source cannot tell now. The delivery is answered so that the sender tries again.
    Unavailable(Box<dyn Error + Send + Sync>),
    /// What was fetched is no key that can be used. The delivery is answered so that the sender tries
    /// again.
    Unusable(Box<dyn Error + Send + Sync>),
    /// The source did not answer in time.
    Timeout,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "the sender has no such key",
            Self::Unavailable(_) => "the sender's keys cannot be fetched",
            Self::Unusable(_) => "what was fetched is no key that can be used",
            Self::Timeout => "the source of keys did not answer in time",
        })
    }
}

impl Error for KeyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Unavailable(source) | Self::Unusable(source) => Some(&**source),
            Self::Unknown | Self::Timeout => None,
        }
    }
}

/// Finds the public keys of senders that publish them.
///
/// It is asked for each delivery that may be genuine; an implementation keeps what it fetched. The crate
/// `countersign-keys` has one that does.
pub trait RemoteKeySource: Send + Sync + 'static {
    /// The document that was asked for.
    ///
    /// # Errors
    ///
    /// A [`KeyError`]. A key that is known not to be there is [`KeyError::Unknown`].
    fn keys(
        &self,
        request: &KeyRequest,
    ) -> impl Future<Output = Result<Arc<KeyDocument>, KeyError>> + Send;
}

/// A boxed future of a source of keys.
pub type KeyFuture<'s> =
    Pin<Box<dyn Future<Output = Result<Arc<KeyDocument>, KeyError>> + Send + 's>>;

/// [`RemoteKeySource`] with boxed futures, so that it can be chosen when the program runs.
pub trait DynRemoteKeySource: Send + Sync + 'static {
    /// See [`RemoteKeySource::keys`].
    fn keys<'s>(&'s self, request: &'s KeyRequest) -> KeyFuture<'s>;
}

impl<S: RemoteKeySource> DynRemoteKeySource for S {
    fn keys<'s>(&'s self, request: &'s KeyRequest) -> KeyFuture<'s> {
        Box::pin(RemoteKeySource::keys(self, request))
    }
}
