//! The claim that a handler completes itself.

use std::fmt;
use std::ops::Deref;

use axum_core::body::Body;
use axum_core::extract::FromRequestParts;
use axum_core::response::{IntoResponse, Response};
use countersign::OpenClaim;
use countersign_adapter::Handling;
use http::StatusCode;
use http::request::Parts;

/// Extracts the claim on the event, so that the handler completes it in the very transaction that has
/// the event's effects: both are committed, or neither.
///
/// ```
/// # mod database {
/// #     use countersign::{NotCompleted, OpenClaim, StoreError};
/// #     #[derive(Clone)] pub struct Pool;
/// #     pub struct Transaction;
/// #     pub struct Inbox;
/// #     impl Pool { pub async fn begin(&self) -> Result<Transaction, StoreError> { Ok(Transaction) } }
/// #     impl Transaction {
/// #         pub async fn commit(self) -> Result<(), StoreError> { Ok(()) }
/// #         pub async fn execute(&mut self, _: &str) -> Result<(), StoreError> { Ok(()) }
/// #     }
/// #     impl Inbox {
/// #         pub async fn complete_in(&self, _: &mut Transaction, _: &OpenClaim) -> Result<(), NotCompleted> { Ok(()) }
/// #     }
/// # }
/// # use database::{Inbox, Pool};
/// use axum::extract::State;
/// use countersign_axum::{Claimed, Event, NotDone};
///
/// async fn on_event(
///     State((pool, inbox)): State<(Pool, &'static Inbox)>,
///     Claimed(claim): Claimed,
///     event: Event,
/// ) -> Result<(), NotDone> {
///     let mut transaction = pool.begin().await?;
///     transaction.execute("UPDATE account SET balance = balance + 1").await?;
///     inbox.complete_in(&mut transaction, &claim).await?; // last, so that a lost claim rolls back
///     transaction.commit().await?;
///     Ok(())
/// }
/// ```
///
/// The `Inbox` is that of `countersign-postgres` or `countersign-sqlite`, for the database that is also
/// the receiver's store. Without the one line, the claim is completed after the handler as ever, and
/// what it did may happen twice if the process dies in between.
///
/// With [`LeftToHandler`](countersign::LeftToHandler) as the receiver's store, the handler records the
/// event in the other order: `inbox.once(&mut transaction, claim.key()).await?.first()?` as the first
/// statement of its transaction. There is no lease then, and a process that dies frees the event at
/// once; two deliveries at once wait for each other in the database.
///
/// # What it does not protect against
///
/// Effects outside the transaction, such as a mail or a call of another service. They can be made to
/// happen at least once, by a job that is queued in the transaction.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "handlers take it apart")]
pub struct Claimed(pub OpenClaim);

impl Deref for Claimed {
    type Target = OpenClaim;

    fn deref(&self) -> &OpenClaim {
        &self.0
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Claimed {
    type Rejection = NotClaimed;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, NotClaimed> {
        let handling = parts.extensions.get::<Handling>();
        let claim = handling.map(|handling| handling.open_claim().clone());
        claim.map(Self).ok_or_else(NotClaimed::logged)
    }
}

/// There is no claim on the event: an error of the application, answered with an empty 500.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct NotClaimed;

impl NotClaimed {
    /// Says in the log what is wrong, since the sender is not to learn it.
    fn logged() -> Self {
        tracing::error!(target: "countersign", "{}", Self);
        Self
    }
}

impl fmt::Display for NotClaimed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "no claim in the request: give this route's VerifyLayer a Receiver with a store",
        )
    }
}

impl std::error::Error for NotClaimed {}

impl IntoResponse for NotClaimed {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        response
    }
}
