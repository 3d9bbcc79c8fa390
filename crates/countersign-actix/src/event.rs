//! A verified delivery with its payload.

use std::borrow::Cow;
use std::fmt;
use std::future::ready;
use std::ops::Deref;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::HeaderMap;
use actix_web::{Error, FromRequest, HttpMessage as _, HttpRequest, web};
use bytes::Bytes;
use countersign::{BatchError, Delivery, Item, Verified};
use countersign_adapter::{Handling, Receipt};

use crate::headers::Request;
use crate::middleware::VerifiedBytes;
use crate::not_done::{self, NotDone};
use crate::proof::NotVerified;

/// Extracts a verified delivery: its [receipt](Receipt), to which it dereferences, what it says of
/// itself, and a payload.
///
/// `Event` alone, or `Event<Bytes>`, has the very bytes that were verified as its payload: not copied,
/// not decompressed, and nothing parsed. `Event<web::Json<T>>` has a `T`; a payload of another shape is
/// answered as actix-web's `Json` answers it, and never as if it were not authentic.
///
/// ```
/// use actix_web::web::Json;
/// use countersign_actix::Event;
///
/// #[derive(serde::Deserialize)]
/// struct Payload { r#type: String }
///
/// async fn on_event(event: Event<Json<Payload>>) -> String {
///     format!("attempt {:?} at a {}", event.attempt(), event.payload().r#type)
/// }
/// ```
pub struct Event<T = Bytes> {
    receipt: Receipt,
    request: Request,
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

    /// The bytes that were verified, whatever the payload.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The headers of the request. Few of them are signed.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.request.0.headers()
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
    pub async fn once<W, E: Into<Error>>(
        &self,
        item: &Item<'_>,
        work: impl Future<Output = Result<W, E>>,
    ) -> Result<Option<W>, NotDone> {
        let handling = self.receipt.handling()?;
        let work = async { work.await.map_err(not_done::failure) };
        let done = handling.once(item, work).await;
        done.map_err(|error| NotDone::new(error, self.proof().reply()))
    }

    /// The delivery, as the core sees it.
    #[must_use]
    pub fn delivery(&self) -> Delivery<'_> {
        self.request.head().with_body(&self.body)
    }
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

/// What an [`Event`] may have as its payload: the bytes that were verified, or what one of actix-web's
/// extractors makes of them.
pub trait FromVerified: Sized + 'static {
    /// Makes it of the bytes that were verified.
    fn from_verified(
        request: &HttpRequest,
        bytes: Bytes,
    ) -> impl Future<Output = Result<Self, Error>> + 'static;
}

impl FromVerified for Bytes {
    fn from_verified(
        _: &HttpRequest,
        bytes: Bytes,
    ) -> impl Future<Output = Result<Self, Error>> + 'static {
        ready(Ok(bytes))
    }
}

macro_rules! by_extractor {
    ($($extractor:ty $(where $parameter:ident)?),* $(,)?) => {
        $(
            impl$(<$parameter: serde::de::DeserializeOwned + 'static>)? FromVerified for $extractor {
                fn from_verified(
                    request: &HttpRequest,
                    bytes: Bytes,
                ) -> impl Future<Output = Result<Self, Error>> + 'static {
                    let extracted = <$extractor>::from_request(request, &mut Payload::from(bytes));
                    async move { extracted.await.map_err(Into::into) }
                }
            }
        )*
    };
}

by_extractor!(web::Json<T> where T, web::Form<T> where T, String);

impl<T: FromVerified> FromRequest for Event<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let (proof, handling, bytes) = {
                let extensions = request.extensions();
                let proof = extensions.get::<Verified>().cloned();
                let bytes = extensions.get::<VerifiedBytes>().map(|it| it.0.clone());
                (proof, extensions.get::<Handling>().cloned(), bytes)
            };
            let (Some(proof), Some(body)) = (proof, bytes) else {
                return Err(NotVerified::logged().into());
            };
            let payload = T::from_verified(&request, body.clone()).await?;
            Ok(Self {
                receipt: Receipt::new(proof, handling),
                request: Request(request),
                body,
                payload,
            })
        })
    }
}
