//! The object-safe twin of the contract.

use core::fmt;
use core::future::Future;
use core::pin::Pin;
use core::time::Duration;
use std::sync::Arc;

use super::{
    ClaimOutcome, ClaimRequest, CompleteOutcome, Completion, ExtendOutcome, ReleaseOutcome, Store,
    StoreError, Token,
};
use crate::key::Key;

/// A boxed future of a store.
pub type StoreFuture<'s, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 's>>;

/// [`Store`] with boxed futures, so that a store can be chosen when the program runs. Every store
/// is one; see [`SharedStore`].
pub trait DynStore: Send + Sync + 'static {
    /// See [`Store::claim`].
    fn claim<'s>(
        &'s self,
        key: &'s Key,
        request: &'s ClaimRequest,
    ) -> StoreFuture<'s, ClaimOutcome>;
    /// See [`Store::complete`].
    fn complete<'s>(
        &'s self,
        key: &'s Key,
        token: Token,
        completion: &'s Completion,
    ) -> StoreFuture<'s, CompleteOutcome>;
    /// See [`Store::release`].
    fn release<'s>(&'s self, key: &'s Key, token: Token) -> StoreFuture<'s, ReleaseOutcome>;
    /// See [`Store::extend`].
    fn extend<'s>(
        &'s self,
        key: &'s Key,
        token: Token,
        lease: Duration,
    ) -> StoreFuture<'s, ExtendOutcome>;
    /// See [`Store::forget`].
    fn forget<'s>(&'s self, key: &'s Key) -> StoreFuture<'s, bool>;
    /// See [`Store::purge`].
    fn purge(&self, limit: usize) -> StoreFuture<'_, usize>;
    /// See [`Store::release_on_drop`].
    fn release_on_drop(&self, key: &Key, token: Token);
    /// See [`Store::usual_retention`].
    fn usual_retention(&self) -> Duration;
}

impl<S: Store> DynStore for S {
    fn claim<'s>(
        &'s self,
        key: &'s Key,
        request: &'s ClaimRequest,
    ) -> StoreFuture<'s, ClaimOutcome> {
        Box::pin(Store::claim(self, key, request))
    }

    fn complete<'s>(
        &'s self,
        key: &'s Key,
        token: Token,
        completion: &'s Completion,
    ) -> StoreFuture<'s, CompleteOutcome> {
        Box::pin(Store::complete(self, key, token, completion))
    }

    fn release<'s>(&'s self, key: &'s Key, token: Token) -> StoreFuture<'s, ReleaseOutcome> {
        Box::pin(Store::release(self, key, token))
    }

    fn extend<'s>(
        &'s self,
        key: &'s Key,
        token: Token,
        lease: Duration,
    ) -> StoreFuture<'s, ExtendOutcome> {
        Box::pin(Store::extend(self, key, token, lease))
    }

    fn forget<'s>(&'s self, key: &'s Key) -> StoreFuture<'s, bool> {
        Box::pin(Store::forget(self, key))
    }

    fn purge(&self, limit: usize) -> StoreFuture<'_, usize> {
        Box::pin(Store::purge(self, limit))
    }

    fn release_on_drop(&self, key: &Key, token: Token) {
        Store::release_on_drop(self, key, token);
    }

    fn usual_retention(&self) -> Duration {
        Store::usual_retention(self)
    }
}

/// A store of any kind. Clones share it.
///
/// ```
/// use countersign::{SharedStore, Store};
///
/// fn choose(store: impl Store) -> SharedStore {
///     SharedStore::new(store)
/// }
/// ```
#[derive(Clone)]
pub struct SharedStore {
    store: Arc<dyn DynStore>,
}

impl SharedStore {
    /// Shares a store.
    #[must_use]
    pub fn new(store: impl Store) -> Self {
        Self { store: Arc::new(store) }
    }
}

impl From<Arc<dyn DynStore>> for SharedStore {
    fn from(store: Arc<dyn DynStore>) -> Self {
        Self { store }
    }
}

impl fmt::Debug for SharedStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedStore").finish_non_exhaustive()
    }
}

impl Store for SharedStore {
    async fn claim(&self, key: &Key, request: &ClaimRequest) -> Result<ClaimOutcome, StoreError> {
        self.store.claim(key, request).await
    }

    async fn complete(
        &self,
        key: &Key,
        token: Token,
        completion: &Completion,
    ) -> Result<CompleteOutcome, StoreError> {
        self.store.complete(key, token, completion).await
    }

    async fn release(&self, key: &Key, token: Token) -> Result<ReleaseOutcome, StoreError> {
        self.store.release(key, token).await
    }

    async fn extend(
        &self,
        key: &Key,
        token: Token,
        lease: Duration,
    ) -> Result<ExtendOutcome, StoreError> {
        self.store.extend(key, token, lease).await
    }

    async fn forget(&self, key: &Key) -> Result<bool, StoreError> {
        self.store.forget(key).await
    }

    async fn purge(&self, limit: usize) -> Result<usize, StoreError> {
        self.store.purge(limit).await
    }

    fn release_on_drop(&self, key: &Key, token: Token) {
        self.store.release_on_drop(key, token);
    }

    fn usual_retention(&self) -> Duration {
        self.store.usual_retention()
    }
}
