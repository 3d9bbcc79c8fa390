//! A verifier and a store together: what an adapter runs deliveries through.

use core::fmt;
use core::future::Future;
use std::sync::Arc;

use crate::store::{NoStore, Store};
use crate::verify::Verifier;

mod batch;
mod builder;
mod claim;
mod claims;
mod counts;
mod declined;
mod desk;
mod hold;
mod identity;
mod policy;

pub use self::batch::{BatchError, Item};
pub use self::builder::{ReceiverBuilder, ReceiverError};
pub use self::claim::{Claim, Unsettled};
pub use self::claims::{Admission, Claims};
pub use self::counts::Counts;
pub use self::declined::{Declined, Duplicate, DuplicateKind};
pub use self::hold::Held;
pub use self::identity::Identity;
pub use self::policy::{ContentPolicy, InFlightPolicy};

/// Verifies the deliveries of one sender and sees to it that each event is handled once.
///
/// Cheap to clone; clones share the keys, the store and the counts.
///
/// # What it does with a delivery
///
/// 1. [Verifies](Verifier::verify) it. Nothing that is not authentic and fresh touches the store.
/// 2. [Names](Claims::identify) its event, by what is signed.
/// 3. [Claims](Claims::admit) the event. One that was handled, or that another has in flight, is
///    [declined](Declined).
/// 4. [Runs the handler](Claim::hold) while it holds the lease.
/// 5. [Completes](Claim::complete) the claim if the handler succeeded, else
///    [releases](Claim::release) it, so that the sender's next attempt is handled.
///
/// # What it cannot do
///
/// A handler whose process dies in the middle runs again once the lease has lapsed, and what it had
/// done by then is done twice, unless it happens in one transaction with the completion or is
/// fenced by the [attempt](Claim::attempt).
///
/// Events that are told apart [by their content](crate::KeySource::Content) are taken for one if
/// their content is the same; that they are is the sender's choice.
///
/// # Two receivers, one store
///
/// Where two receivers share a store and a sender, give each an
/// [endpoint](ReceiverBuilder::endpoint): else what one has handled is a duplicate for the other.
pub struct Receiver<S> {
    verifier: Verifier,
    claims: Option<Claims<S>>,
}

impl<S: Store> Receiver<S> {
    /// Verifies by `verifier` and remembers in `store`, with the defaults of
    /// [`builder`](Self::builder).
    #[must_use]
    pub fn new(verifier: Verifier, store: S) -> Self {
        Self::builder(verifier, store).build_default()
    }

    /// Starts to configure a receiver.
    pub fn builder(verifier: Verifier, store: S) -> ReceiverBuilder<S> {
        ReceiverBuilder::new(verifier, store)
    }

    /// Declines new deliveries from now on, and resolves once every claim is settled, or when
    /// `limit` resolves. Tells how many claims are still open.
    ///
    /// ```
    /// # async fn stop(receiver: countersign::Receiver<countersign::SharedStore>) {
    /// # async fn sleep(_: core::time::Duration) {}
    /// # use core::time::Duration;
    /// // On tokio: `tokio::time::sleep`.
    /// let open = receiver.drain(sleep(Duration::from_secs(10))).await;
    /// # }
    /// ```
    pub async fn drain(&self, limit: impl Future<Output = ()>) -> usize {
        match &self.claims {
            Some(claims) => claims.drain(limit).await,
            None => 0,
        }
    }
}

impl<S> Receiver<S> {
    /// The verifier.
    #[must_use]
    pub fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    /// What hands out claims, if there is a store.
    #[must_use]
    pub fn claims(&self) -> Option<&Claims<S>> {
        self.claims.as_ref()
    }

    /// What has happened so far, in all clones.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.claims.as_ref().map(Claims::counts).unwrap_or_default()
    }
}

impl From<Verifier> for Receiver<NoStore> {
    /// A receiver that remembers nothing: each delivery that verifies is handled.
    fn from(verifier: Verifier) -> Self {
        Self { verifier, claims: None }
    }
}

impl<S> Clone for Receiver<S> {
    fn clone(&self) -> Self {
        Self { verifier: self.verifier.clone(), claims: self.claims.clone() }
    }
}

impl<S> fmt::Debug for Receiver<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver")
            .field("verifier", &self.verifier)
            .field("claims", &self.claims)
            .finish()
    }
}

impl<S> Clone for Claims<S> {
    fn clone(&self) -> Self {
        let (store, desk) = (Arc::clone(&self.store), Arc::clone(&self.desk));
        Self { store, desk, within: self.within }
    }
}
