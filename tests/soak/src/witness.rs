//! A store that writes down what another grants.

use std::sync::Arc;
use std::time::Duration;

use countersign::{
    ClaimOutcome, ClaimRequest, CompleteOutcome, Completion, ExtendOutcome, Key, ReleaseOutcome,
    SharedStore, Store, StoreError, Token,
};

use crate::ledger::{ClaimId, Entry, Ledger, now};

/// Asks another store, and writes into the ledger what is needed to judge it.
///
/// Times are such that a store that is right is never found wrong: a lease is counted from before the
/// store was asked for it, and a claim is taken to be given back once that is attempted.
#[derive(Clone)]
pub(crate) struct Witness {
    store: SharedStore,
    ledger: Arc<Ledger>,
}

impl Witness {
    pub(crate) const fn new(store: SharedStore, ledger: Arc<Ledger>) -> Self {
        Self { store, ledger }
    }

    fn note(&self, entry: &Entry) {
        self.ledger.write(entry).expect("the ledger can be written");
    }
}

impl Store for Witness {
    async fn claim(&self, key: &Key, request: &ClaimRequest) -> Result<ClaimOutcome, StoreError> {
        let before = now();
        let outcome = self.store.claim(key, request).await?;
        if let ClaimOutcome::Claimed { seen } = &outcome {
            let claim = ClaimId::of(key, request.token);
            let attempt = seen.attempt.get();
            self.note(&Entry::Claimed { claim, attempt, before, after: now() });
        }
        Ok(outcome)
    }

    async fn complete(
        &self,
        key: &Key,
        token: Token,
        completion: &Completion,
    ) -> Result<CompleteOutcome, StoreError> {
        let before = now();
        let outcome = self.store.complete(key, token, completion).await?;
        if outcome != CompleteOutcome::Lost {
            self.note(&Entry::Completed { claim: ClaimId::of(key, token), before });
        }
        Ok(outcome)
    }

    async fn release(&self, key: &Key, token: Token) -> Result<ReleaseOutcome, StoreError> {
        self.note(&Entry::Releasing { claim: ClaimId::of(key, token), at: now() });
        self.store.release(key, token).await
    }

    async fn extend(
        &self,
        key: &Key,
        token: Token,
        lease: Duration,
    ) -> Result<ExtendOutcome, StoreError> {
        let before = now();
        let outcome = self.store.extend(key, token, lease).await?;
        if outcome == ExtendOutcome::Extended {
            self.note(&Entry::Extended { claim: ClaimId::of(key, token), before });
        }
        Ok(outcome)
    }

    async fn forget(&self, key: &Key) -> Result<bool, StoreError> {
        self.store.forget(key).await
    }

    fn release_on_drop(&self, key: &Key, token: Token) {
        self.note(&Entry::Releasing { claim: ClaimId::of(key, token), at: now() });
        self.store.release_on_drop(key, token);
    }
}
