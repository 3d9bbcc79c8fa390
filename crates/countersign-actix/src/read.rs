//! Reads a body into memory, and hands it on.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use bytes::Bytes;
use countersign::Rejection;
use countersign_adapter::Buffer;
use futures_core::Stream;

/// Reads all of `payload` into `buffer`.
pub(crate) async fn whole(payload: Payload, mut buffer: Buffer) -> Result<Bytes, Rejection> {
    let mut payload = pin!(payload);
    while let Some(chunk) = poll_fn(|context| payload.as_mut().poll_next(context)).await {
        buffer.push(chunk.map_err(|_| Rejection::BodyBroken)?)?;
    }
    Ok(buffer.finish())
}

/// A payload of what was read. The one that actix-web makes of bytes is a channel with a queue.
pub(crate) fn again(bytes: Bytes) -> Payload {
    let stream: Pin<Box<dyn Stream<Item = _>>> = Box::pin(Again(bytes));
    Payload::from(stream)
}

struct Again(Bytes);

impl Stream for Again {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let bytes = std::mem::take(&mut self.0);
        Poll::Ready(Some(bytes).filter(|bytes| !bytes.is_empty()).map(Ok))
    }
}
