//! What gets a document, by whatever means.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use countersign::KeyRequest;

/// Gets the documents that hold public keys.
///
/// [`Https`](crate::Https) is the ready-made one. Write your own for senders whose keys are behind an API
/// that wants credentials (Plaid, eBay), or to fetch with another client. It must follow no redirect,
/// and limit time (below the adapter's `key_timeout`, or what is kept is not used in time) and size: a
/// document longer than `limit` bytes is an error.
///
/// ```
/// use countersign::KeyRequest;
/// use countersign_keys::{Fetch, FetchError, Fetched};
///
/// /// Keys of Plaid, by their id.
/// struct Plaid { /* an API client */ }
///
/// impl Fetch for Plaid {
///     async fn fetch(&self, request: &KeyRequest, limit: usize) -> Result<Fetched, FetchError> {
///         let Some(id) = request.key_id() else { return Err(FetchError::NotFound) };
///         // POST https://production.plaid.com/webhook_verification_key/get, and take "key" of the answer.
///         # let jwk = format!(r#"{{"kid":"{id}"}}"#);
///         Ok(Fetched::new(jwk.into_bytes()))
///     }
/// }
/// ```
pub trait Fetch: Send + Sync + 'static {
    /// The document that was asked for.
    ///
    /// # Errors
    ///
    /// [`FetchError::NotFound`] if the sender says that there is no such document, else
    /// [`FetchError::Failed`].
    fn fetch(
        &self,
        request: &KeyRequest,
        limit: usize,
    ) -> impl Future<Output = Result<Fetched, FetchError>> + Send;
}

/// A document that was fetched.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Fetched {
    /// Its bytes.
    pub document: Vec<u8>,
    /// How long it is fresh, if the answer said.
    pub fresh_for: Option<Duration>,
}

impl Fetched {
    /// A document whose answer did not say how long it is fresh.
    #[must_use]
    pub fn new(document: Vec<u8>) -> Self {
        Self { document, fresh_for: None }
    }

    /// Says how long the document is fresh.
    #[must_use]
    pub fn fresh_for(mut self, duration: Duration) -> Self {
        self.fresh_for = Some(duration);
        self
    }
}

/// Why a document was not fetched.
#[derive(Debug)]
#[non_exhaustive]
pub enum FetchError {
    /// The sender says that there is no such document.
    NotFound,
    /// It cannot be told now.
    Failed(Box<dyn Error + Send + Sync>),
}

impl FetchError {
    /// A failure with its cause.
    pub fn because(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Failed(cause.into())
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotFound => "the sender has no such document",
            Self::Failed(_) => "the document cannot be fetched",
        })
    }
}

impl Error for FetchError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::NotFound => None,
            Self::Failed(cause) => Some(&**cause),
        }
    }
}
