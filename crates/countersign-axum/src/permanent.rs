//! A failure that a retry does not mend.

use std::fmt;

use axum_core::body::Body;
use axum_core::response::{IntoResponse, Response};
use countersign_adapter::PermanentFailure;

/// An error that will be the same however often the event is delivered: it is logged and recorded,
/// and answered with success, so that the sender does not try again.
///
/// ```
/// use axum::http::StatusCode;
/// use axum::response::{IntoResponse, Response};
/// use countersign_axum::{Event, Permanent};
///
/// enum Failure {
///     NoSuchCustomer,
///     DatabaseDown,
/// }
///
/// impl IntoResponse for Failure {
///     fn into_response(self) -> Response {
///         match self {
///             Self::NoSuchCustomer => Permanent("no such customer").into_response(),
///             Self::DatabaseDown => StatusCode::SERVICE_UNAVAILABLE.into_response(),
///         }
///     }
/// }
///
/// async fn on_event(event: Event) -> Result<(), Failure> {
///     Ok(())
/// }
/// ```
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "handlers make it")]
pub struct Permanent<E>(pub E);

impl<E: fmt::Display> IntoResponse for Permanent<E> {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        response.extensions_mut().insert(PermanentFailure::new(self.0.to_string()));
        response
    }
}
