//! Reads a body into memory.

use std::future::poll_fn;
use std::pin::pin;

use actix_web::dev::Payload;
use bytes::Bytes;
use countersign::Rejection;
use countersign_adapter::Buffer;
use futures_core::Stream as _;

/// Reads all of `payload`, but no more than `limit` bytes.
pub(crate) async fn whole(payload: Payload, limit: usize) -> Result<Bytes, Rejection> {
    let mut payload = pin!(payload);
    let mut buffer = Buffer::new(limit);
    while let Some(chunk) = poll_fn(|context| payload.as_mut().poll_next(context)).await {
        buffer.push(chunk.map_err(|_| Rejection::BodyBroken)?)?;
    }
    Ok(buffer.finish())
}
