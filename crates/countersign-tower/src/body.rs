//! A body that is in memory already.

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};

/// The verified body: its bytes in one frame, then its trailers if it had any.
#[derive(Clone)]
pub struct VerifiedBody {
    bytes: Bytes,
    /// Boxed, since there are next to none, and the body is moved around.
    trailers: Option<Box<HeaderMap>>,
}

impl VerifiedBody {
    pub(crate) fn new(bytes: Bytes, trailers: Option<Box<HeaderMap>>) -> Self {
        Self { bytes, trailers }
    }

    /// The bytes that were verified, unless they have been polled.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Takes the bytes without a copy.
    #[must_use]
    pub fn into_bytes(self) -> Bytes {
        self.bytes
    }
}

impl fmt::Debug for VerifiedBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Requests end up in logs, and payloads do not belong there.
        f.debug_struct("VerifiedBody").field("bytes", &self.bytes.len()).finish_non_exhaustive()
    }
}

impl Body for VerifiedBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if !self.bytes.is_empty() {
            let bytes = std::mem::take(&mut self.bytes);
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        Poll::Ready(self.trailers.take().map(|trailers| Ok(Frame::trailers(*trailers))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_empty() && self.trailers.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(u64::try_from(self.bytes.len()).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_shows_no_payload() {
        let body = VerifiedBody::new(Bytes::from_static(b"hunter2"), None);
        assert_eq!(format!("{body:?}"), "VerifiedBody { bytes: 7, .. }");
    }
}
