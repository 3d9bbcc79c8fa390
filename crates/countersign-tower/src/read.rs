//! Reads a body into memory.

use std::future::poll_fn;
use std::pin::{Pin, pin};

use bytes::Bytes;
use countersign::Rejection;
use countersign_adapter::Buffer;
use http::HeaderMap;
use http_body::Body;

/// A body that has arrived.
pub(crate) struct Whole {
    pub(crate) bytes: Bytes,
    pub(crate) trailers: Option<Box<HeaderMap>>,
}

/// Reads all of `body` into `buffer`.
pub(crate) async fn whole<B: Body>(body: B, mut buffer: Buffer) -> Result<Whole, Rejection> {
    let mut body = pin!(body);
    let mut trailers = None;
    while !body.is_end_stream()
        && let Some(frame) = next_frame(body.as_mut()).await
    {
        let frame = frame.map_err(|_| Rejection::BodyBroken)?;
        match frame.into_data() {
            Ok(data) => buffer.push(data)?,
            Err(frame) => {
                if let Ok(more) = frame.into_trailers() {
                    trailers.get_or_insert_with(Box::<HeaderMap>::default).extend(more);
                }
            }
        }
    }
    Ok(Whole { bytes: buffer.finish(), trailers })
}

async fn next_frame<B: Body>(
    mut body: Pin<&mut B>,
) -> Option<Result<http_body::Frame<B::Data>, B::Error>> {
    poll_fn(|context| body.as_mut().poll_frame(context)).await
}
