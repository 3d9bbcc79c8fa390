//! Reads a body into memory: one buffer, as long as what came.

use std::future::poll_fn;
use std::pin::{Pin, pin};

use bytes::{Buf, Bytes, BytesMut};
use countersign::Rejection;
use http::HeaderMap;
use http_body::Body;

/// A body that has arrived.
pub(crate) struct Whole {
    pub(crate) bytes: Bytes,
    pub(crate) trailers: Option<HeaderMap>,
}

/// Reads all of `body`, but no more than `limit` bytes.
pub(crate) async fn whole<B: Body>(body: B, limit: usize) -> Result<Whole, Rejection> {
    let mut body = pin!(body);
    let mut trailers = None;
    // Nearly all webhooks come in one frame, which is kept as it is.
    let mut first = Bytes::new();
    let mut rest = BytesMut::new();
    while let Some(frame) = next_frame(body.as_mut()).await {
        let frame = frame.map_err(|_| Rejection::BodyBroken)?;
        let mut data = match frame.into_data() {
            Ok(data) => data,
            Err(frame) => {
                if let Ok(more) = frame.into_trailers() {
                    trailers.get_or_insert_with(HeaderMap::new).extend(more);
                }
                continue;
            }
        };
        if !data.has_remaining() {
            continue; // HTTP/2 may end a body with an empty frame, which is no reason to copy.
        }
        let read = first.len() + rest.len();
        if data.remaining() > limit.saturating_sub(read) {
            return Err(Rejection::BodyTooLarge);
        }
        if read == 0 {
            // For `Bytes`, this takes the frame and copies nothing.
            first = data.copy_to_bytes(data.remaining());
            continue;
        }
        if rest.is_empty() {
            rest.extend_from_slice(&first);
            first = Bytes::new();
        }
        while data.has_remaining() {
            let chunk = data.chunk();
            let length = chunk.len();
            rest.extend_from_slice(chunk);
            data.advance(length);
        }
    }
    let bytes = if rest.is_empty() { first } else { rest.freeze() };
    Ok(Whole { bytes, trailers })
}

async fn next_frame<B: Body>(
    mut body: Pin<&mut B>,
) -> Option<Result<http_body::Frame<B::Data>, B::Error>> {
    poll_fn(|context| body.as_mut().poll_frame(context)).await
}
