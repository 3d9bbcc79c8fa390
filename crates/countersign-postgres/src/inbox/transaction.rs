//! What transactions of several crates have in common.

use std::future::Future;

use countersign::{Key, Token};

use crate::error::Failure;
use crate::row::Found;

/// A transaction that an [`Inbox`](super::Inbox) can take part in.
///
/// Of `tokio-postgres`, `deadpool-postgres`, and with the feature `sqlx` of sqlx. It cannot be
/// implemented elsewhere.
pub trait InTransaction: sealed::Sealed {}

impl<T: sealed::Sealed> InTransaction for T {}

/// A call of the function `once`.
#[expect(unnameable_types, reason = "only the sealed trait of transactions names it")]
#[derive(Clone, Copy, Debug)]
pub struct Once<'c> {
    pub(crate) sql: &'c str,
    pub(crate) key: &'c Key,
    pub(crate) retention: i64,
    pub(crate) answer: &'c [u8],
    pub(crate) wait: i32,
}

/// A call of the function `complete`.
#[expect(unnameable_types, reason = "only the sealed trait of transactions names it")]
#[derive(Clone, Copy, Debug)]
pub struct Complete<'c> {
    pub(crate) sql: &'c str,
    pub(crate) key: &'c Key,
    pub(crate) token: Token,
    pub(crate) retention: i64,
    pub(crate) answer: &'c [u8],
}

/// Leaves the transaction's own `lock_timeout` as it is.
pub(crate) const NO_WAIT_OF_ITS_OWN: i32 = 0;

pub(crate) mod sealed {
    use super::{Complete, Failure, Found, Future, Once};

    #[expect(unnameable_types, reason = "that is what seals it")]
    pub trait Sealed: Send {
        fn once(&mut self, call: Once<'_>) -> impl Future<Output = Result<Found, Failure>> + Send;

        fn complete(
            &mut self,
            call: Complete<'_>,
        ) -> impl Future<Output = Result<i16, Failure>> + Send;
    }
}
