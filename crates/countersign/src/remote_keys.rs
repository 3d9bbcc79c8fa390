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
#[cfg(feature = "x509")]
use crate::x509;

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
    /// A [`KeyError`] if it holds no key that can be used, or is longer than [`MAX_DOCUMENT`].
    pub fn read(&self, document: &[u8]) -> Result<KeyDocument, KeyError> {
        let unusable = |problem: KeyProblem| KeyError::Unusable(problem.to_string().into());
        if document.len() > MAX_DOCUMENT {
            return Err(unusable(KeyProblem::Weak));
        }
        let keys = match &self.form {
            #[cfg(feature = "jwt")]
            KeyForm::Jwks => public_key::jwk::read(document).map_err(unusable)?,
            KeyForm::Pem => {
                let text = core::str::from_utf8(document);
                let text = text.map_err(|_| unusable(KeyProblem::Undecodable))?;
                vec![self.sole(ParsedKey::parse(text, None).map_err(unusable)?)]
            }
            #[cfg(feature = "json")]
            KeyForm::Json { items, id, key, id_is_digest } => {
                let at = json_keys::At { items, id, key, id_is_digest: *id_is_digest };
                json_keys::read(self, document, &at).map_err(unusable)?
            }
            #[cfg(feature = "x509")]
            KeyForm::Certificates => {
                let certificates = x509::chain(document).map_err(unusable)?;
                let signer = certificates.first().map(Vec::as_slice).unwrap_or_default();
                let key = x509::Certificate::parse(signer).and_then(|it| it.key());
                let keys = vec![self.sole(key.map_err(unusable)?)];
                return Ok(KeyDocument { request: self.clone(), keys, certificates });
            }
            // The form needs a feature that is off.
            #[cfg(not(all(feature = "json", feature = "jwt", feature = "x509")))]
            _ => return Err(unusable(KeyProblem::Undecodable)),
        };
        Ok(KeyDocument { request: self.clone(), keys, certificates: Vec::new() })
    }

    /// The only key of a document. It is the one that was asked for only where it was asked for by its
    /// id: a document at a URL is kept for deliveries that name other ids too.
    fn sole(&self, key: ParsedKey) -> NamedKey {
        let id = self.key_id.clone().filter(|_| self.url.is_empty());
        let label = id.clone().unwrap_or_else(|| "fetched".to_owned());
        NamedKey { label: label.into(), id, algorithm: None, expires: None, key }
    }
}

/// The longest document in bytes that [`KeyRequest::read`] reads. Whoever fetches one need read no more.
pub const MAX_DOCUMENT: usize = 256 * 1024;

/// Documents that hold keys as text in JSON.
#[cfg(feature = "json")]
mod json_keys {
    use serde_json::Value;

    use super::KeyRequest;
    use crate::config_error::KeyProblem;
    use crate::mac::Sha256Digest;
    use crate::public_key::{NamedKey, ParsedKey};
    use crate::scheme::Text;

    /// The most keys that are read of one document.
    const MAX_KEYS: usize = 64;

    /// Where keys are; see [`KeyForm::Json`](crate::scheme::KeyForm::Json).
    pub(super) struct At<'f> {
        pub(super) items: &'f Option<Text>,
        pub(super) id: &'f Option<Text>,
        pub(super) key: &'f Text,
        pub(super) id_is_digest: bool,
    }

    pub(super) fn read(
        request: &KeyRequest,
        document: &[u8],
        at: &At<'_>,
    ) -> Result<Vec<NamedKey>, KeyProblem> {
        let document: Value =
            serde_json::from_slice(document).map_err(|_| KeyProblem::Undecodable)?;
        let Some(items) = at.items else {
            let text = text_at(&document, at.key).ok_or(KeyProblem::Undecodable)?;
            return Ok(vec![request.sole(ParsedKey::parse(text, None)?)]);
        };
        let items = document.pointer(items).and_then(Value::as_array);
        let items = items.ok_or(KeyProblem::Undecodable)?;
        if items.len() > MAX_KEYS {
            return Err(KeyProblem::Weak);
        }
        let mut keys = Vec::new();
        for (index, item) in items.iter().enumerate() {
            // What cannot be read may be a key of a kind that is not used here.
            keys.extend(read_item(item, index, at));
        }
        if keys.is_empty() { Err(KeyProblem::Undecodable) } else { Ok(keys) }
    }

    fn read_item(item: &Value, index: usize, at: &At<'_>) -> Option<NamedKey> {
        let text = text_at(item, at.key)?;
        let id = match at.id {
            // Without the id that it should have, it would be tried for all.
            Some(at) => Some(text_at(item, at)?.to_owned()),
            None => None,
        };
        if at.id_is_digest {
            let mut digest = Sha256Digest::new();
            digest.update(text.as_bytes());
            if id.as_ref().is_none_or(|id| id.as_bytes() != digest.finish_hex()) {
                return None;
            }
        }
        let key = ParsedKey::parse(text, None).ok()?;
        let label = id.clone().unwrap_or_else(|| format!("key-{}", index + 1));
        Some(NamedKey { label: label.into(), id, algorithm: None, expires: None, key })
    }

    fn text_at<'v>(value: &'v Value, pointer: &str) -> Option<&'v str> {
        value.pointer(pointer)?.as_str()
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

    /// Whether it holds the key that was asked for; any key will do if none was named, and an only key
    /// without an id is the one.
    #[must_use]
    pub fn has_key(&self, id: Option<&str>) -> bool {
        match id {
            None => !self.keys.is_empty() || !self.certificates.is_empty(),
            Some(id) => match &*self.keys {
                [NamedKey { id: None, .. }] => true,
                keys => keys.iter().any(|key| key.id.as_deref() == Some(id)),
            },
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

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The key of GitHub's published sample.
    #[cfg(feature = "p256")]
    pub(crate) const GITHUB_PEM: &str = "-----BEGIN PUBLIC KEY-----\n\
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEYAGMWO8XgCamYKMJS6jc/qgvSlAd\n\
        AjPuDPRcXU22YxgBrz+zoN19MzuRyW87qEt9/AmtoNP5GrobzUvQSyJFVw==\n\
        -----END PUBLIC KEY-----\n";

    fn request(form: KeyForm) -> KeyRequest {
        KeyRequest::new(&"acme".into(), "https://acme.example/keys", form)
    }

    #[cfg(all(feature = "json", feature = "p256"))]
    mod json {
        use serde_json::json;

        use super::*;

        /// What the document calls the key: the SHA-256 of its text with the last line break.
        const GITHUB_ID: &str = "bcb53661c06b4728e59d897fb6165d5c9cda0fd9cdf9d09ead458168deb7518c";

        fn github() -> KeyForm {
            crate::catalog::GITHUB_SECRET_SCANNING.remote_keys.unwrap().form
        }

        fn read(form: KeyForm, document: &serde_json::Value) -> Result<Vec<String>, String> {
            let read = request(form).of_key("wanted").read(document.to_string().as_bytes());
            let document = read.map_err(|error| error.to_string())?;
            let ids = document.keys.into_iter().map(|key| key.id.unwrap_or_default());
            Ok(ids.collect())
        }

        #[test]
        fn a_list_of_keys_is_read_and_their_ids_checked() {
            let list = |id: &str, key: &str| {
                let other = json!({ "key_identifier": "new", "key": "of a kind yet to come" });
                let item = json!({ "key_identifier": id, "key": key, "is_current": true });
                json!({ "public_keys": [other, item] })
            };
            let good = list(GITHUB_ID, GITHUB_PEM);
            assert_eq!(read(github(), &good), Ok(vec![GITHUB_ID.to_owned()]));
            let trimmed = list(GITHUB_ID, GITHUB_PEM.trim());
            let another = list(&GITHUB_ID.replace('b', "c"), GITHUB_PEM);
            let unnamed = json!({ "public_keys": [{ "key": GITHUB_PEM }] });
            for document in [trimmed, another, unnamed, json!({}), json!({ "public_keys": {} })] {
                assert!(read(github(), &document).is_err(), "{document}");
            }
        }

        #[test]
        fn a_single_key_at_a_url_has_no_id() {
            // eBay shows its keys without line breaks.
            let unbroken = GITHUB_PEM.replace('\n', "");
            let single = |key: &'static str| KeyForm::Json {
                items: None,
                id: None,
                key: key.into(),
                id_is_digest: false,
            };
            let wanted = || Ok(vec![String::new()]);
            let ebay = json!({ "algorithm": "ECDSA", "digest": "SHA1", "key": unbroken });
            assert_eq!(read(single("/key"), &ebay), wanted());
            let travis = crate::catalog::TRAVIS_CI.remote_keys.unwrap().form;
            let config = json!({ "public_key": GITHUB_PEM });
            let config = json!({ "config": { "notifications": { "webhook": config } } });
            assert_eq!(read(travis, &config), wanted());
            let kick = crate::catalog::KICK.remote_keys.unwrap().form;
            let data = json!({ "data": { "public_key": GITHUB_PEM }, "message": "OK" });
            assert_eq!(read(kick, &data), wanted());
            for broken in [json!({}), json!({ "key": 1 }), json!({ "key": "none" })] {
                assert!(read(single("/key"), &broken).is_err());
            }
        }

        #[test]
        fn a_document_is_bounded() {
            let item = json!({ "key_identifier": GITHUB_ID, "key": GITHUB_PEM });
            let list = |length| json!({ "public_keys": vec![item.clone(); length] });
            assert_eq!(read(github(), &list(64)).map(|keys| keys.len()), Ok(64));
            assert!(read(github(), &list(65)).is_err());
            let padded = |length: usize| {
                let mut document = list(1).to_string();
                document.push_str(&" ".repeat(length - document.len()));
                request(github()).read(document.as_bytes()).is_ok()
            };
            assert!(padded(MAX_DOCUMENT));
            assert!(!padded(MAX_DOCUMENT + 1));
            let deep = "[".repeat(MAX_DOCUMENT);
            assert!(request(github()).read(deep.as_bytes()).is_err());
        }
    }

    #[cfg(feature = "p256")]
    #[test]
    fn a_key_in_pem_has_the_id_that_was_asked_for_only_if_there_is_no_url() {
        let document = request(KeyForm::Pem).of_key("a").read(GITHUB_PEM.as_bytes()).unwrap();
        assert!(document.has_key(Some("a")) && document.has_key(Some("b")));
        let by_id = KeyRequest::new(&"acme".into(), "", KeyForm::Pem).of_key("a");
        let document = by_id.read(GITHUB_PEM.as_bytes()).unwrap();
        assert!(document.has_key(Some("a")) && !document.has_key(Some("b")));
        assert!(request(KeyForm::Pem).read(b"\xff").is_err());
        assert!(request(KeyForm::Pem).read(b"<html>").is_err());
    }
}
