//! Reads a body into memory.

use std::future::poll_fn;
use std::pin::pin;

use actix_web::dev::Payload;
use bytes::Bytes;
use countersign::Rejection;
use countersign_adapter::Buffer;
use futures_core::Stream as _;

/// Reads all of `payload` into `buffer`.
pub(crate) async fn whole(payload: Payload, mut buffer: Buffer) -> Result<Bytes, Rejection> {
    let mut payload = pin!(payload);
    while let Some(chunk) = poll_fn(|context| payload.as_mut().poll_next(context)).await {
        buffer.push(chunk.map_err(|_| Rejection::BodyBroken)?)?;
    }
    Ok(buffer.finish())
}
