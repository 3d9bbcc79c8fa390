//! Runs a piece of work once for each event, for those who need no more.

use core::fmt;
use core::future::Future;

use super::claims::{Admission, Claims, Declined, Duplicate, Identity};
use super::hold::Held;
use crate::store::{Answer, Store, StoreError, Token};
use crate::timer::Timer;

/// What came of work that is to be done once.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "there is no third way")]
pub enum Once<T> {
    /// It was done now.
    Done(T),
    /// It had been done.
    Before(Duplicate),
}

/// Why work that is to be done once was not.
#[derive(Debug)]
#[non_exhaustive]
pub enum OnceError<E> {
    /// The work failed. Its claim was released.
    Work(E),
    /// It may not be done now. The delivery must not be answered with success.
    Declined(Declined),
    /// The work panicked or overran its deadline. Its claim was released.
    CutOff,
}

impl<E: fmt::Display> fmt::Display for OnceError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Work(error) => write!(f, "{error}"),
            Self::Declined(declined) => write!(f, "{declined}"),
            Self::CutOff => f.write_str("the handler panicked or overran its deadline"),
        }
    }
}

impl<E: core::error::Error + 'static> core::error::Error for OnceError<E> {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Work(error) => Some(error),
            Self::Declined(declined) => Some(declined),
            Self::CutOff => None,
        }
    }
}

impl<S: Store> Claims<S> {
    /// Claims an event, does `work`, and completes the claim if it succeeds or releases it if it
    /// fails.
    ///
    /// A completion that the store cannot take is tried again before this resolves, since there is
    /// no one else to do it.
    ///
    /// # Errors
    ///
    /// An [`OnceError`]: the work's own, or why it was not done.
    pub async fn once<T, E>(
        &self,
        identity: Identity,
        token: Token,
        timer: &impl Timer,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<Once<T>, OnceError<E>> {
        let claim = match self.admit(identity, token, timer).await {
            Admission::Fresh(claim) => claim,
            Admission::Declined(Declined::Duplicate(duplicate)) => {
                return Ok(Once::Before(duplicate));
            }
            Admission::Declined(declined) => return Err(OnceError::Declined(declined)),
        };
        let failure = match claim.hold(work, timer).await {
            Held::Ended(Ok(output)) => {
                if let Err(unsettled) = claim.complete(Answer::new(200), timer).await {
                    // What was done stays done; how it ended is in the counts.
                    let _: Result<_, StoreError> = unsettled.retry(timer).await;
                }
                return Ok(Once::Done(output));
            }
            Held::Ended(Err(error)) => OnceError::Work(error),
            Held::Panicked | Held::Overran | Held::LeaseLost => OnceError::CutOff,
        };
        // If the store cannot take it, the lease ends the claim.
        let _: Result<_, StoreError> = claim.release(timer).await;
        Err(failure)
    }
}
