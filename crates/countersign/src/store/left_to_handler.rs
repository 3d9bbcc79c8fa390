//! The store of those who need none.

use core::num::NonZeroU32;
use core::time::Duration;

use super::{
    ClaimOutcome, ClaimRequest, CompleteOutcome, Completion, ExtendOutcome, ReleaseOutcome, Seen,
    Store, StoreError, Token,
};
use crate::key::Key;

/// A store that remembers nothing, for handlers that record each event in a transaction of their own:
/// the receiver names the event, and the handler finds out whether it is the first.
///
/// **It does not see to it that events are handled once; the handler must**, by the `Inbox` of
/// `countersign-postgres` or `countersign-sqlite`. Every delivery that verifies is handed to it, as a
/// first attempt. Two of one event may be handled at once.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "there is nothing to it")]
pub struct LeftToHandler;

impl Store for LeftToHandler {
    async fn claim(&self, _: &Key, _: &ClaimRequest) -> Result<ClaimOutcome, StoreError> {
        Ok(ClaimOutcome::Claimed { seen: Seen::new(NonZeroU32::MIN, Duration::ZERO) })
    }

    async fn complete(
        &self,
        _: &Key,
        _: Token,
        _: &Completion,
    ) -> Result<CompleteOutcome, StoreError> {
        Ok(CompleteOutcome::Completed)
    }

    async fn release(&self, _: &Key, _: Token) -> Result<ReleaseOutcome, StoreError> {
        Ok(ReleaseOutcome::Released)
    }

    async fn extend(&self, _: &Key, _: Token, _: Duration) -> Result<ExtendOutcome, StoreError> {
        Ok(ExtendOutcome::Extended)
    }

    async fn forget(&self, _: &Key) -> Result<bool, StoreError> {
        Ok(false)
    }
}
