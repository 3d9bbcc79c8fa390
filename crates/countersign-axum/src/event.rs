//! A verified delivery with its payload.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;
use std::pin::Pin;

use axum_core::RequestExt as _;
use axum_core::body::Body;
use axum_core::extract::{DefaultBodyLimit, FromRequest, Request};
use axum_core::response::{IntoResponse, Response};
use bytes::Bytes;
use countersign::{BatchError, Delivery, Item, Verified};
use countersign_adapter::{Buffer, Handling, Receipt};
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode, Uri};
use http_body::Body as _;
use http_body_util::BodyExt as _;

use crate::not_done::{self, NotDone};
use crate::proof::NotVerified;

/// Extracts a verified delivery: its [receipt](Receipt), to which it dereferences, what it says of
/// itself, and a payload that any body extractor reads.
///
/// `Event` alone, or `Event<Bytes>`, has the very bytes that were verified as its payload, and
/// parses nothing. `Event<Json<T>>` has a `T`; a payload of another shape is then answered as axum's
/// `Json` answers it, with 400, 415 or 422, and never as if it were not authentic.
///
/// axum's `DefaultBodyLimit` is not applied to bodies that [`VerifyLayer`](crate::VerifyLayer) has
/// let through, as they are in memory already. It is if a layer between the two changes the body,
/// for one that decompresses it.
///
/// ```
/// use axum::Json;
/// use countersign_axum::Event;
///
/// #[derive(serde::Deserialize)]
/// struct Payload { r#type: String }
///
/// async fn on_event(event: Event<Json<Payload>>) -> String {
///     format!("{:?} is a {}", event.delivery_id(), event.payload().r#type)
/// }
/// ```
pub struct Event<T = Bytes> {
    receipt: Receipt,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
    payload: T,
}

impl<T> Event<T> {
    /// The payload.
    #[must_use]
    pub fn payload(&self) -> &T {
        &self.payload
    }

    /// Takes the payload.
    #[must_use]
    pub fn into_payload(self) -> T {
        self.payload
    }

    /// The bytes that were verified, whatever the payload, unless a layer between
    /// [`VerifyLayer`](crate::VerifyLayer) and the handler changed them.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The headers of the request. Few of them are signed.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The id of the delivery. Read when asked, as is the event type.
    #[must_use]
    pub fn delivery_id(&self) -> Option<Cow<'_, str>> {
        self.proof().delivery_id(&self.delivery())
    }

    /// The type of the event. Where it is in a header, it is hardly ever signed.
    #[must_use]
    pub fn event_type(&self) -> Option<Cow<'_, str>> {
        self.proof().event_type(&self.delivery())
    }

    /// The events of a delivery that carries several. Handle each by [`once`](Self::once), so that a
    /// batch that half failed is handled to its end, and no more, when it is delivered again.
    ///
    /// ```
    /// use countersign_axum::{Event, NotDone};
    /// # #[derive(Debug)] struct Failed;
    /// # impl axum::response::IntoResponse for Failed {
    /// #     fn into_response(self) -> axum::response::Response { axum::http::StatusCode::IM_A_TEAPOT.into_response() }
    /// # }
    /// # async fn apply(_: &[u8]) -> Result<(), Failed> { Ok(()) }
    ///
    /// async fn on_batch(event: Event) -> Result<(), NotDone> {
    ///     for item in event.items()? {
    ///         event.once(&item, apply(item.json())).await?;
    ///     }
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// A [`BatchError`] if the sender sends no batches, this is none, or there is no store.
    pub fn items(&self) -> Result<Vec<Item<'_>>, BatchError> {
        self.receipt.handling()?.items(self.proof(), &self.delivery())
    }

    /// Does `work` for one of the [items](Self::items), unless it was done before.
    ///
    /// `None` says that there is nothing left to do: it was done before, or it has now failed for good
    /// ([`Permanent`](crate::Permanent)), and the items behind it are to be handled.
    ///
    /// # Errors
    ///
    /// A [`NotDone`], which must become the answer, so that the sender delivers what is left again.
    pub async fn once<W, E: IntoResponse>(
        &self,
        item: &Item<'_>,
        work: impl Future<Output = Result<W, E>>,
    ) -> Result<Option<W>, NotDone> {
        let handling = self.receipt.handling()?;
        let work = async { work.await.map_err(not_done::failure) };
        let done = handling.once(item, work).await;
        done.map_err(|error| NotDone::new(error, self.proof().reply()))
    }

    /// The delivery, as the core sees it. Inside of `Router::nest`, its path lacks the prefix.
    #[must_use]
    pub fn delivery(&self) -> Delivery<'_> {
        let url = self.uri.path_and_query().map_or("/", |it| it.as_str());
        Delivery::new(self.method.as_str(), url, &self.headers, &self.body)
    }
}

impl<S, T> FromRequest<S> for Event<T>
where
    S: Send + Sync,
    T: FromRequest<S> + 'static,
{
    type Rejection = EventRejection<T::Rejection>;

    // Not an `async fn`, whose future would hold the request beside what is made of it.
    fn from_request(
        request: Request,
        state: &S,
    ) -> impl Future<Output = Result<Self, Self::Rejection>> + Send {
        // The length of a body in memory is known. One that another layer wrapped may be endless.
        let request = match request.body().size_hint().exact() {
            Some(_) => request,
            None => request.with_limited_body(),
        };
        let (parts, body) = request.into_parts();
        async move {
            let Some(proof) = parts.extensions.get::<Verified>().cloned() else {
                return Err(EventRejection::NotVerified(NotVerified::logged()));
            };
            let receipt = Receipt::new(proof, parts.extensions.get::<Handling>().cloned());
            let body = read(body).await.map_err(EventRejection::Body)?;
            // Nothing is to be extracted from bytes, so that nothing is copied.
            let mut bytes = Some(body.clone());
            if let Some(payload) = (&mut bytes as &mut dyn Any).downcast_mut::<Option<T>>()
                && let Some(payload) = payload.take()
            {
                let Parts { method, uri, headers, .. } = parts;
                return Ok(Self { receipt, method, uri, headers, body, payload });
            }
            let (method, uri, headers) =
                (parts.method.clone(), parts.uri.clone(), parts.headers.clone());
            let extracting = extract(Request::from_parts(parts, Body::from(body.clone())), state);
            let payload = extracting.await.map_err(EventRejection::Payload)?;
            Ok(Self { receipt, method, uri, headers, body, payload })
        }
    }
}

/// Extracts a payload. Boxed, so that an event of bytes does not carry its room.
fn extract<'s, S, T>(
    mut request: Request,
    state: &'s S,
) -> Pin<Box<dyn Future<Output = Result<T, T::Rejection>> + Send + 's>>
where
    S: Send + Sync,
    T: FromRequest<S> + 's,
{
    DefaultBodyLimit::disable().apply(&mut request);
    Box::pin(T::from_request(request, state))
}

/// Reads a body. If it has one frame, as that of the layer does, nothing is copied or allocated.
async fn read(mut body: Body) -> Result<Bytes, axum_core::Error> {
    let expected = body.size_hint().exact().and_then(|bytes| usize::try_from(bytes).ok());
    // Where its length is not known, the request has limited it already.
    let mut buffer = Buffer::new(usize::MAX, expected);
    while !body.is_end_stream()
        && let Some(frame) = body.frame().await
    {
        if let Ok(data) = frame?.into_data() {
            buffer.push(data).map_err(axum_core::Error::new)?;
        }
    }
    Ok(buffer.finish())
}

impl<T> Deref for Event<T> {
    type Target = Receipt;

    fn deref(&self) -> &Receipt {
        &self.receipt
    }
}

impl<T> fmt::Debug for Event<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("receipt", &self.receipt)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// Why an [`Event`] could not be extracted.
#[derive(Debug)]
#[non_exhaustive]
pub enum EventRejection<R> {
    /// The layer was forgotten: 500.
    NotVerified(NotVerified),
    /// A layer between [`VerifyLayer`](crate::VerifyLayer) and the handler broke the body or made
    /// it too long: 400.
    Body(axum_core::Error),
    /// The delivery is authentic, but its payload could not be read. The answer is that of the
    /// payload's extractor.
    Payload(R),
}

impl<R: fmt::Display> fmt::Display for EventRejection<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotVerified(error) => write!(f, "{error}"),
            Self::Body(error) => write!(f, "the body of a verified delivery broke: {error}"),
            Self::Payload(error) => write!(f, "the payload of a verified delivery: {error}"),
        }
    }
}

impl<R: fmt::Debug + fmt::Display> std::error::Error for EventRejection<R> {}

impl<R: IntoResponse> IntoResponse for EventRejection<R> {
    fn into_response(self) -> Response {
        match self {
            Self::NotVerified(error) => error.into_response(),
            Self::Body(_) => {
                let mut response = Response::new(Body::empty());
                *response.status_mut() = StatusCode::BAD_REQUEST;
                response
            }
            Self::Payload(rejection) => rejection.into_response(),
        }
    }
}
