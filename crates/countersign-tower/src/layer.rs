//! Configuration.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
#[cfg(feature = "tokio")]
use std::time::Duration;

use countersign::{
    HandshakeReply, NoStore, Receiver, RemoteKeySource, SecretSource, Store, Timestamp,
};
use countersign_adapter::Endpoint;
use tower_layer::Layer;

use crate::answers::{SmallBodies, StatusOnly};
use crate::service::Verify;

/// Wraps services so that only verified webhooks reach them, and with a [`Receiver`] each event
/// once. See the [crate](crate) for what that means.
pub struct VerifyLayer<S = NoStore, A = StatusOnly> {
    pub(crate) endpoint: Arc<Endpoint<S>>,
    answers: PhantomData<A>,
}

impl<S: Store> VerifyLayer<S> {
    /// Lets through what a [`Verifier`](countersign::Verifier) accepts, or what a [`Receiver`] does
    /// and has not handled.
    ///
    /// What an operator should know about the verifier's configuration, such as a short secret, is
    /// logged once, here.
    #[must_use]
    pub fn new(receiver: impl Into<Receiver<S>>) -> Self {
        Self { endpoint: Arc::new(Endpoint::new(receiver.into())), answers: PhantomData }
    }
}

impl<S, A> VerifyLayer<S, A> {
    /// The most bytes that a body may have. By default 1 MiB, or what the sender's page states if
    /// that is more.
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        Arc::make_mut(&mut self.endpoint).set_body_limit(bytes);
        self
    }

    /// How long the whole body may take to arrive. 10 seconds by default.
    ///
    /// The time is kept by the tokio runtime that the service runs in. Outside of one, and in one
    /// that was built without `enable_time` or `enable_all`, it is not limited; the latter is logged
    /// once.
    #[must_use]
    #[cfg(feature = "tokio")]
    #[cfg_attr(docsrs, doc(cfg(feature = "tokio")))]
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        Arc::make_mut(&mut self.endpoint).set_read_timeout(timeout);
        self
    }

    /// Keeps the bodies of answers too, if they are small, and gives them to duplicates. For senders
    /// that act on the answer. The inner service's bodies must be made from `Bytes`, as axum's are.
    #[must_use]
    pub fn keep_bodies(self) -> VerifyLayer<S, SmallBodies> {
        VerifyLayer { endpoint: self.endpoint, answers: PhantomData }
    }

    /// Looks the secrets up for each delivery, where each of many tenants has its own. The verifier is
    /// then made [without a secret](countersign::VerifierBuilder::build_without_secret).
    ///
    /// A delivery whose tenant is unknown is refused as a forged one is, after the work that one
    /// secret costs. One whose secrets cannot be told now is answered 503.
    #[must_use]
    pub fn secret_source(mut self, source: impl SecretSource) -> Self {
        Arc::make_mut(&mut self.endpoint).set_secret_source(source);
        self
    }

    /// How long a look-up of secrets may take. One second by default.
    #[must_use]
    #[cfg(feature = "tokio")]
    #[cfg_attr(docsrs, doc(cfg(feature = "tokio")))]
    pub fn source_timeout(mut self, timeout: Duration) -> Self {
        Arc::make_mut(&mut self.endpoint).set_source_timeout(timeout);
        self
    }

    /// How long it may take to find the keys of a delivery. Five seconds by default.
    #[must_use]
    #[cfg(feature = "tokio")]
    #[cfg_attr(docsrs, doc(cfg(feature = "tokio")))]
    pub fn key_timeout(mut self, timeout: Duration) -> Self {
        Arc::make_mut(&mut self.endpoint).set_key_timeout(timeout);
        self
    }

    /// Finds the public keys of senders that publish them, with a `KeyCache` of `countersign-keys` or a
    /// source of your own. The verifier is one that
    /// [leaves keys to be fetched](countersign::VerifierBuilder::remote_keys).
    ///
    /// A delivery that names a key which the sender does not have is refused as a forged one is. One
    /// whose key cannot be had now is answered 503.
    #[must_use]
    pub fn key_source(mut self, source: impl RemoteKeySource) -> Self {
        Arc::make_mut(&mut self.endpoint).set_key_source(source);
        self
    }

    /// Calls `hook` with each answer to a [handshake](countersign::Received::Handshake), before it is
    /// sent: to keep a secret that the sender tells
    /// ([`told_secret`](HandshakeReply::told_secret)), or to visit the URL that confirms a subscription
    /// ([`confirm_url`](HandshakeReply::confirm_url)). Neither belongs in a log. The hook must not block.
    #[must_use]
    pub fn on_handshake(mut self, hook: impl Fn(&HandshakeReply) + Send + Sync + 'static) -> Self {
        Arc::make_mut(&mut self.endpoint).set_on_handshake(hook);
        self
    }

    /// Replaces the system's clock, for tests.
    #[must_use]
    pub fn clock(mut self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Arc::make_mut(&mut self.endpoint).set_clock(clock);
        self
    }
}

impl<S, A> Clone for VerifyLayer<S, A> {
    fn clone(&self) -> Self {
        Self { endpoint: Arc::clone(&self.endpoint), answers: PhantomData }
    }
}

impl<I, S, A> Layer<I> for VerifyLayer<S, A> {
    type Service = Verify<I, S, A>;

    fn layer(&self, inner: I) -> Verify<I, S, A> {
        Verify { inner, endpoint: Arc::clone(&self.endpoint), answers: PhantomData }
    }
}

impl<S, A> fmt::Debug for VerifyLayer<S, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyLayer").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}
