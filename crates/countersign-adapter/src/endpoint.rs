//! One endpoint: its receiver, its limits and its clock, and the checks of a request.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use countersign::{
    Claims, Delivery, DynRemoteKeySource, DynSecretSource, HandshakeReply, Head, Identity,
    KeyDocument, KeyError, KeyRequest, MAX_HINT, MAX_TENANTS, Received, Receiver, Rejection,
    RemoteKeySource, SecretSource, SharedStore, SourceError, Store, Timer, Timestamp, Verified,
    Verifier, within,
};

use crate::buffer::Buffer;
use crate::flow::ShortAnswer;
use crate::log;
use crate::runtime::Runtime;

/// How long a body may take, unless the endpoint is told another time.
const READ_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a look-up of secrets may take, unless the endpoint is told another time.
const SOURCE_TIMEOUT: Duration = Duration::from_secs(1);

/// How long it may take to fetch the keys of a delivery, unless the endpoint is told another time.
const KEY_TIMEOUT: Duration = Duration::from_secs(5);

/// How many documents with keys are fetched for one delivery.
const MAX_KEY_REQUESTS: usize = 8;

/// What an adapter knows of one endpoint: a [`Receiver`], limits and a clock.
pub struct Endpoint<S> {
    receiver: Receiver<S>,
    /// What handlers get to claim the items of a batch with.
    claims: Option<Claims<SharedStore>>,
    secrets: Option<Arc<dyn DynSecretSource>>,
    source_timeout: Duration,
    key_source: Option<Arc<dyn DynRemoteKeySource>>,
    key_timeout: Duration,
    on_handshake: Option<Arc<dyn Fn(&HandshakeReply) + Send + Sync>>,
    body_limit: usize,
    read_timeout: Duration,
    /// Whether the runtime keeps time, once that is known.
    #[cfg(feature = "tokio")]
    timers: std::sync::OnceLock<bool>,
    clock: Option<Arc<dyn Fn() -> Timestamp + Send + Sync>>,
}

impl<S: Store> Endpoint<S> {
    /// An endpoint with the defaults: the body limit of the verifier, a read timeout of 10 seconds,
    /// and the system's clock.
    ///
    /// What an operator should know about the verifier's configuration, such as a short secret, is
    /// logged here.
    #[must_use]
    pub fn new(receiver: Receiver<S>) -> Self {
        log::warnings(receiver.verifier());
        Self {
            claims: receiver.claims().map(|claims| claims.shared().within_delivery()),
            body_limit: receiver.verifier().max_body(),
            receiver,
            secrets: None,
            source_timeout: SOURCE_TIMEOUT,
            key_source: None,
            key_timeout: KEY_TIMEOUT,
            on_handshake: None,
            read_timeout: READ_TIMEOUT,
            #[cfg(feature = "tokio")]
            timers: std::sync::OnceLock::new(),
            clock: None,
        }
    }
}

impl<S> Endpoint<S> {
    /// Looks the secrets up for each delivery. The receiver's verifier is then one
    /// [without](countersign::VerifierBuilder::build_without_secret).
    pub fn set_secret_source(&mut self, source: impl SecretSource) {
        self.secrets = Some(Arc::new(source));
    }

    /// Sets how long a look-up of secrets may take.
    pub fn set_source_timeout(&mut self, timeout: Duration) {
        self.source_timeout = timeout;
    }

    /// Finds the public keys of senders that publish them. The receiver's verifier is then one that
    /// [leaves keys to be fetched](countersign::VerifierBuilder::remote_keys).
    pub fn set_key_source(&mut self, source: impl RemoteKeySource) {
        self.key_source = Some(Arc::new(source));
    }

    /// Sets how long it may take to find all keys of a delivery.
    pub fn set_key_timeout(&mut self, timeout: Duration) {
        self.key_timeout = timeout;
    }

    /// Has `hook` called with each answer to a handshake, before it is sent.
    pub fn set_on_handshake(&mut self, hook: impl Fn(&HandshakeReply) + Send + Sync + 'static) {
        self.on_handshake = Some(Arc::new(hook));
    }

    /// Sets the most bytes that a body may have.
    pub fn set_body_limit(&mut self, bytes: usize) {
        self.body_limit = bytes;
    }

    /// Sets how long the whole body may take to arrive.
    pub fn set_read_timeout(&mut self, timeout: Duration) {
        self.read_timeout = timeout;
    }

    /// Replaces the system's clock, for tests.
    pub fn set_clock(&mut self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) {
        self.clock = Some(Arc::new(clock));
    }

    /// The receiver.
    #[must_use]
    pub fn receiver(&self) -> &Receiver<S> {
        &self.receiver
    }

    pub(crate) fn shared_claims(&self) -> Option<&Claims<SharedStore>> {
        self.claims.as_ref()
    }

    /// The time.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the adapter is what reads the clock")]
    pub fn now(&self) -> Timestamp {
        match &self.clock {
            Some(clock) => clock(),
            None => SystemTime::now().into(),
        }
    }

    /// What the runtime can do that the request is handled in.
    #[must_use]
    #[cfg(feature = "tokio")]
    pub fn runtime(&self) -> Runtime {
        if tokio::runtime::Handle::try_current().is_err() {
            return Runtime::NONE;
        }
        let timers = *self.timers.get_or_init(|| {
            // A runtime does not tell whether it was built with `enable_time`; timers panic then.
            let made = std::panic::catch_unwind(|| drop(tokio::time::sleep(Duration::ZERO)));
            if made.is_err() {
                tracing::warn!(
                    target: "countersign",
                    "the runtime was built without timers: nothing times out, and no lease is \
                     extended"
                );
            }
            made.is_ok()
        });
        Runtime::tokio(timers)
    }

    /// What the runtime can do that the request is handled in.
    #[must_use]
    #[cfg(not(feature = "tokio"))]
    pub fn runtime(&self) -> Runtime {
        Runtime::NONE
    }

    /// Checks all that can be checked before a byte of the body is read, and answers a handshake that
    /// has none. Returns the buffer for the body.
    ///
    /// `content_length` is the value of that header, if there is one. One that cannot be read claims
    /// nothing: the bytes are counted as they come.
    ///
    /// # Errors
    ///
    /// What to answer instead of reading the body.
    pub fn check_head(
        &self,
        head: &Head<'_>,
        content_length: Option<&[u8]>,
    ) -> Result<Buffer, ShortAnswer> {
        let verifier = self.receiver.verifier();
        match verifier.handshake_in_head(head) {
            None => {}
            Some(Ok(reply)) => return Err(self.answer_handshake(reply)),
            Some(Err(rejection)) => return Err(self.refuse(rejection)),
        }
        let length = content_length.and_then(length);
        if length.is_some_and(|length| length > self.body_limit) {
            return Err(self.refuse(Rejection::BodyTooLarge));
        }
        let now = self.now();
        verifier.precheck(head, now).map_err(|rejection| self.refuse(rejection))?;
        Ok(Buffer::new(verifier.body_limit(head, self.body_limit, now), length))
    }

    /// What `reading` a body resolves to, unless the read timeout passes first.
    ///
    /// # Errors
    ///
    /// [`Rejection::BodyTooSlow`], or those of `reading`.
    pub async fn within_read_timeout<T>(
        &self,
        reading: impl Future<Output = Result<T, Rejection>>,
    ) -> Result<T, Rejection>
    where
        S: Send + Sync,
    {
        let read = within(self.read_timeout, self, reading).await;
        read.unwrap_or(Err(Rejection::BodyTooSlow))
    }

    /// Looks who the delivery says it is for, if that decides on its secrets.
    #[must_use]
    pub fn hint(&self, delivery: &Delivery<'_>) -> Hint {
        let hint = self.secrets.as_ref().and_then(|source| source.hint(delivery));
        Hint(hint.filter(|hint| hint.len() <= MAX_HINT))
    }

    /// Looks up what the delivery is to be verified with.
    ///
    /// # Errors
    ///
    /// What to answer if that cannot be told now: it is not the sender's fault, so 503.
    pub async fn keys(&self, hint: Hint) -> Result<Keys, ShortAnswer>
    where
        S: Send + Sync,
    {
        let Some(source) = &self.secrets else { return Ok(Keys::of(None)) };
        let Some(hint) = hint.0 else { return Ok(Keys::of(Some(Vec::new()))) };
        let found = within(self.source_timeout, self, source.verifiers(&hint)).await;
        let found = found.unwrap_or_else(|| Err(SourceError::timeout()));
        match found.and_then(|verifiers| self.check_tenants(verifiers)) {
            Ok(verifiers) => Ok(Keys::of(Some(verifiers))),
            Err(error) => {
                log::no_secrets(self.receiver.verifier().sender(), &error);
                Err(self.try_again())
            }
        }
    }

    /// The keys that must be fetched before the delivery can be verified. None for most senders.
    #[must_use]
    pub fn key_requests(&self, delivery: &Delivery<'_>, keys: &Keys) -> Vec<KeyRequest> {
        let verifiers = keys.tenants.as_deref();
        let verifiers = verifiers.unwrap_or_else(|| std::slice::from_ref(self.receiver.verifier()));
        let mut requests = Vec::new();
        for verifier in verifiers.iter().filter(|verifier| verifier.fetches_keys()) {
            // Why a delivery names no key that can be asked for is told when it is verified.
            requests.extend(verifier.key_requests(delivery).unwrap_or_default());
        }
        requests.truncate(MAX_KEY_REQUESTS);
        requests
    }

    /// Fetches keys, and adds them to those that the delivery is to be verified with.
    pub async fn fetch(&self, requests: Vec<KeyRequest>, keys: &mut Keys)
    where
        S: Send + Sync,
    {
        let sender = self.receiver.verifier().sender();
        let Some(source) = &self.key_source else {
            log::no_key_source(sender);
            keys.is_missing = true;
            return;
        };
        let mut answers = Vec::with_capacity(requests.len());
        let asking = async {
            for request in &requests {
                answers.push(source.keys(request).await);
            }
        };
        // The time is the delivery's, however many documents it needs.
        let _ = within(self.key_timeout, self, asking).await;
        answers.resize_with(requests.len(), || Err(KeyError::Timeout));
        for (request, found) in requests.iter().zip(answers) {
            match found {
                Ok(document) => keys.documents.push(document),
                Err(KeyError::Unknown) => keys.is_unknown = true,
                Err(error) => {
                    log::no_keys(sender, request.url(), &error);
                    keys.is_missing = true;
                }
            }
        }
    }

    /// Verifies a delivery and, if there is a store, names its event. Answers a handshake.
    ///
    /// # Errors
    ///
    /// What to answer if it is no event, or one that is refused.
    pub fn verify(
        &self,
        delivery: &Delivery<'_>,
        keys: &Keys,
    ) -> Result<(Verified, Option<Identity>), ShortAnswer> {
        let proof = match self.receive(delivery, keys) {
            Ok(Received::Event(proof)) => proof,
            Ok(Received::Handshake(reply)) => return Err(self.answer_handshake(reply)),
            Err(rejection) => return Err(self.refuse(rejection)),
        };
        log::verified(&proof);
        let claims = self.receiver.claims();
        let identity = claims.map(|claims| claims.identify(&proof, delivery)).transpose();
        let identity = identity.map_err(|rejection| self.refuse(rejection))?;
        Ok((proof, identity))
    }

    fn answer_handshake(&self, reply: HandshakeReply) -> ShortAnswer {
        log::handshake(self.receiver.verifier().sender(), reply.status());
        if let Some(hook) = &self.on_handshake {
            hook(&reply);
        }
        ShortAnswer::handshake(reply)
    }

    /// What to answer a delivery that cannot be judged now.
    fn try_again(&self) -> ShortAnswer {
        let mut answer = ShortAnswer::status(self.receiver.verifier().reply().retry_status(503));
        answer.retry_after = Some(5);
        answer
    }

    /// Events of different tenants must not be taken for each other.
    fn check_tenants(&self, mut verifiers: Vec<Verifier>) -> Result<Vec<Verifier>, SourceError> {
        if verifiers.len() > MAX_TENANTS {
            log::too_many_tenants(self.receiver.verifier().sender(), MAX_TENANTS);
            verifiers.truncate(MAX_TENANTS);
        }
        let nameless = verifiers.iter().any(|verifier| verifier.tenant().is_none());
        if self.claims.is_some() && nameless {
            let error = "a verifier of the secret source has no tenant, and there is a store";
            return Err(SourceError::because(error));
        }
        Ok(verifiers)
    }

    fn receive(&self, delivery: &Delivery<'_>, keys: &Keys) -> Result<Received, Rejection> {
        self.prove(delivery, keys).map_err(|rejection| match rejection {
            // All keys were asked for, and one is not the sender's.
            Rejection::KeyUnavailable if keys.is_unknown && !keys.is_missing => {
                Rejection::UnknownKey
            }
            other => other,
        })
    }

    fn prove(&self, delivery: &Delivery<'_>, keys: &Keys) -> Result<Received, Rejection> {
        // The clock is read again, since the body may have taken its time.
        let now = self.now();
        let documents = &keys.documents;
        let Some(tenants) = &keys.tenants else {
            return self.receiver.verifier().receive_with(delivery, documents, now);
        };
        let mut rejection = None;
        let mut has_worked = false;
        for verifier in tenants {
            match verifier.receive_with(delivery, documents, now) {
                Ok(received) => return Ok(received),
                Err(error) => {
                    let is_untimely = matches!(error, Rejection::TooOld | Rejection::FromTheFuture);
                    has_worked |= is_untimely || error == Rejection::BadSignature;
                    // That a secret matched says more than that another did not; and with a key that could
                    // not be had, the delivery may yet be genuine.
                    let outranks = match rejection {
                        None => true,
                        Some(Rejection::TooOld | Rejection::FromTheFuture) => is_untimely,
                        Some(_) => is_untimely || error == Rejection::KeyUnavailable,
                    };
                    if outranks {
                        rejection = Some(error);
                    }
                }
            }
        }
        if let Some(rejection) = rejection.filter(|_| has_worked) {
            return Err(rejection);
        }
        // Who does not exist is not refused faster than who does, nor is who has another key id.
        let refused = self.receiver.verifier().verify_with(delivery, documents, now).err();
        Err(rejection.unwrap_or(match refused {
            None | Some(Rejection::BadSignature) => Rejection::UnknownTenant,
            Some(other) => other,
        }))
    }

    /// Logs why a delivery is refused, and tells what the sender is to be answered: a status, with an
    /// empty body.
    #[must_use]
    pub fn refuse(&self, rejection: Rejection) -> ShortAnswer {
        let verifier = self.receiver.verifier();
        log::refused(verifier.sender(), rejection);
        let mut answer = if rejection == Rejection::KeyUnavailable {
            self.try_again()
        } else {
            ShortAnswer::status(verifier.status(rejection))
        };
        answer.rejection = Some(rejection);
        answer
    }
}

/// Asks for the runtime only when there is something to wait for.
impl<S: Send + Sync> Timer for Endpoint<S> {
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send {
        let runtime = self.runtime();
        async move { runtime.sleep(duration).await }
    }

    fn is_running(&self) -> bool {
        self.runtime().is_running()
    }
}

/// Who a delivery says it is for. See [`Endpoint::hint`].
#[derive(Clone)]
pub struct Hint(Option<String>);

impl fmt::Debug for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The sender chose it, and nothing of it is verified.
        let bytes = self.0.as_ref().map(String::len);
        f.debug_struct("Hint").field("bytes", &bytes).finish()
    }
}

/// What a delivery is to be verified with. See [`Endpoint::keys`].
#[derive(Clone, Debug)]
pub struct Keys {
    /// The tenants' verifiers, if there are tenants.
    tenants: Option<Vec<Verifier>>,
    /// Documents that were fetched.
    documents: Vec<Arc<KeyDocument>>,
    /// Whether the sender does not have a key that was asked for.
    is_unknown: bool,
    /// Whether a key could not be had.
    is_missing: bool,
}

impl Keys {
    const fn of(tenants: Option<Vec<Verifier>>) -> Self {
        Self { tenants, documents: Vec::new(), is_unknown: false, is_missing: false }
    }
}

/// The number that the digits of a `Content-Length` say; what does not fit is longer than any limit.
fn length(digits: &[u8]) -> Option<usize> {
    let add = |length: usize, digit: &u8| {
        let digit = digit.is_ascii_digit().then(|| usize::from(digit - b'0'))?;
        Some(length.saturating_mul(10).saturating_add(digit))
    };
    digits.iter().try_fold(0, add)
}

impl<S> Clone for Endpoint<S> {
    fn clone(&self) -> Self {
        Self {
            receiver: self.receiver.clone(),
            claims: self.claims.clone(),
            secrets: self.secrets.clone(),
            source_timeout: self.source_timeout,
            key_source: self.key_source.clone(),
            key_timeout: self.key_timeout,
            on_handshake: self.on_handshake.clone(),
            body_limit: self.body_limit,
            read_timeout: self.read_timeout,
            #[cfg(feature = "tokio")]
            timers: self.timers.clone(),
            clock: self.clock.clone(),
        }
    }
}

impl<S> fmt::Debug for Endpoint<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("receiver", &self.receiver)
            .field("body_limit", &self.body_limit)
            .field("read_timeout", &self.read_timeout)
            .finish_non_exhaustive()
    }
}

#[cfg(all(test, feature = "tokio"))]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use countersign::{Algorithm, KeyForm, PublicKey, RemoteKeys, Scheme};

    use super::*;

    /// The key of GitHub's published sample.
    const PEM: &str = "-----BEGIN PUBLIC KEY-----\n\
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEYAGMWO8XgCamYKMJS6jc/qgvSlAd\n\
        AjPuDPRcXU22YxgBrz+zoN19MzuRyW87qEt9/AmtoNP5GrobzUvQSyJFVw==\n\
        -----END PUBLIC KEY-----\n";
    /// A signature in form, and no one's.
    const HEADERS: [(&str, &str); 1] = [(
        "X-Signature",
        "01010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101\
         010101010101010101010101010101010101",
    )];

    fn scheme() -> Scheme {
        let mut scheme = Scheme::new("acme", Algorithm::EcdsaP256Sha256, "X-Signature");
        let url = "https://keys.example.com/key.pem".into();
        scheme.remote_keys = Some(RemoteKeys { url, form: KeyForm::Pem });
        scheme
    }

    fn fetching() -> Verifier {
        Verifier::builder(scheme()).remote_keys().build().unwrap()
    }

    fn endpoint() -> Endpoint<countersign::NoStore> {
        Endpoint::new(Receiver::from(fetching()))
    }

    #[test]
    fn a_key_that_could_not_be_had_outranks_a_signature_of_another_tenant() {
        let given = || Verifier::builder(scheme()).public_key(PublicKey::new(PEM)).build().unwrap();
        let delivery = Delivery::new("POST", "/", &HEADERS, b"{}");
        let prove = |tenants| {
            let keys = Keys { is_missing: true, ..Keys::of(Some(tenants)) };
            endpoint().prove(&delivery, &keys).unwrap_err()
        };
        assert_eq!(prove(vec![given(), given()]), Rejection::BadSignature);
        assert_eq!(prove(vec![given(), fetching()]), Rejection::KeyUnavailable);
        assert_eq!(prove(vec![fetching(), given()]), Rejection::KeyUnavailable);
    }

    struct Slow;

    impl RemoteKeySource for Slow {
        async fn keys(&self, request: &KeyRequest) -> Result<Arc<KeyDocument>, KeyError> {
            tokio::time::sleep(Duration::from_millis(60)).await;
            request.read(PEM.as_bytes()).map(Arc::new)
        }
    }

    #[test]
    fn all_keys_of_a_delivery_share_one_deadline() {
        let mut endpoint = endpoint();
        endpoint.set_key_source(Slow);
        endpoint.set_key_timeout(Duration::from_millis(100));
        let delivery = Delivery::new("POST", "/", &HEADERS, b"{}");
        let mut keys = Keys::of(None);
        let request = endpoint.key_requests(&delivery, &keys).remove(0);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(endpoint.fetch(vec![request; 4], &mut keys));
        assert!(keys.documents.len() < 2 && keys.is_missing, "{keys:?}");
    }
}
