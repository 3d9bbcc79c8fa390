//! One endpoint: its receiver, its limits and its clock, and the checks of a request.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use countersign::{
    Claims, Delivery, DynSecretSource, Head, Identity, MAX_HINT, MAX_TENANTS, Receiver, Rejection,
    SecretSource, SharedStore, SourceError, Store, Timer, Timestamp, Verified, Verifier, within,
};

use crate::buffer::Buffer;
use crate::flow::ShortAnswer;
use crate::log;
use crate::runtime::Runtime;

/// How long a body may take, unless the endpoint is told another time.
const READ_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a look-up of secrets may take, unless the endpoint is told another time.
const SOURCE_TIMEOUT: Duration = Duration::from_secs(1);

/// What an adapter knows of one endpoint: a [`Receiver`], limits and a clock.
pub struct Endpoint<S> {
    receiver: Receiver<S>,
    /// What handlers get to claim the items of a batch with.
    claims: Option<Claims<SharedStore>>,
    secrets: Option<Arc<dyn DynSecretSource>>,
    source_timeout: Duration,
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

    /// Checks all that can be checked before a byte of the body is read.
    ///
    /// `content_length` is the value of that header, if there is one. One that cannot be read claims
    /// nothing: the bytes are counted as they come.
    ///
    /// # Errors
    ///
    /// The first check that failed.
    pub fn check_head(
        &self,
        head: &Head<'_>,
        content_length: Option<&[u8]>,
    ) -> Result<(), Rejection> {
        if content_length.and_then(length).is_some_and(|length| length > self.body_limit) {
            return Err(Rejection::BodyTooLarge);
        }
        self.receiver.verifier().precheck(head, self.now())
    }

    /// A buffer for the body. `content_length` is as with [`check_head`](Self::check_head).
    #[must_use]
    pub fn buffer(&self, content_length: Option<&[u8]>) -> Buffer {
        Buffer::new(self.body_limit, content_length.and_then(length))
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
        let Some(source) = &self.secrets else { return Ok(Keys(None)) };
        let Some(hint) = hint.0 else { return Ok(Keys(Some(Vec::new()))) };
        let found = within(self.source_timeout, self, source.verifiers(&hint)).await;
        let found = found.unwrap_or_else(|| Err(SourceError::timeout()));
        match found.and_then(|verifiers| self.check_tenants(verifiers)) {
            Ok(verifiers) => Ok(Keys(Some(verifiers))),
            Err(error) => {
                let verifier = self.receiver.verifier();
                log::no_secrets(verifier.sender(), &error);
                let mut answer = ShortAnswer::status(verifier.reply().retry_status(503));
                answer.retry_after = Some(5);
                Err(answer)
            }
        }
    }

    /// Verifies a delivery and, if there is a store, names its event.
    ///
    /// # Errors
    ///
    /// The first check that failed.
    pub fn verify(
        &self,
        delivery: &Delivery<'_>,
        keys: &Keys,
    ) -> Result<(Verified, Option<Identity>), Rejection> {
        let proof = self.prove(delivery, keys)?;
        log::verified(&proof);
        let claims = self.receiver.claims();
        let identity = claims.map(|claims| claims.identify(&proof, delivery)).transpose()?;
        Ok((proof, identity))
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

    fn prove(&self, delivery: &Delivery<'_>, keys: &Keys) -> Result<Verified, Rejection> {
        // The clock is read again, since the body may have taken its time.
        let now = self.now();
        let Some(tenants) = &keys.0 else {
            return self.receiver.verifier().verify(delivery, now);
        };
        let mut rejection = None;
        let mut has_worked = false;
        for verifier in tenants {
            match verifier.verify(delivery, now) {
                Ok(proof) => return Ok(proof),
                Err(error) => {
                    let is_untimely = matches!(error, Rejection::TooOld | Rejection::FromTheFuture);
                    has_worked |= is_untimely || error == Rejection::BadSignature;
                    // That a secret matched says more than that another did not.
                    if is_untimely || rejection.is_none() {
                        rejection = Some(error);
                    }
                }
            }
        }
        if let Some(rejection) = rejection.filter(|_| has_worked) {
            return Err(rejection);
        }
        // Who does not exist is not refused faster than who does, nor is who has another key id.
        let refused = self.receiver.verifier().verify(delivery, now).err();
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
        let mut answer = ShortAnswer::status(verifier.status(rejection));
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
pub struct Keys(Option<Vec<Verifier>>);

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
