//! A failure that a retry does not mend.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use countersign_adapter::PermanentFailure;

/// An error that will be the same however often the event is delivered: it is logged and recorded,
/// and answered with success, so that the sender does not try again.
///
/// ```
/// use actix_web::http::StatusCode;
/// use actix_web::{HttpResponse, ResponseError};
/// use countersign_actix::{Event, Permanent};
///
/// #[derive(Debug)]
/// enum Failure {
///     NoSuchCustomer,
///     DatabaseDown,
/// }
/// # impl std::fmt::Display for Failure {
/// #     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
/// #         f.write_str("failed")
/// #     }
/// # }
///
/// impl ResponseError for Failure {
///     fn error_response(&self) -> HttpResponse {
///         match self {
///             Self::NoSuchCustomer => Permanent("no such customer").error_response(),
///             Self::DatabaseDown => HttpResponse::new(StatusCode::SERVICE_UNAVAILABLE),
///         }
///     }
/// }
///
/// async fn on_event(event: Event) -> Result<HttpResponse, Failure> {
///     Ok(HttpResponse::Ok().finish())
/// }
/// ```
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "handlers make it")]
pub struct Permanent<E>(pub E);

impl<E: fmt::Display> fmt::Display for Permanent<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<E: fmt::Debug + fmt::Display> ResponseError for Permanent<E> {
    fn status_code(&self) -> StatusCode {
        StatusCode::OK
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(StatusCode::OK);
        response.extensions_mut().insert(PermanentFailure::new(self.0.to_string()));
        response
    }
}
