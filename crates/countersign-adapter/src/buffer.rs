//! A body in memory: one buffer, as long as what came.

use std::fmt;

use bytes::{Buf, Bytes, BytesMut};
use countersign::Rejection;

/// Once a sixteenth of the bytes that are announced has come, room is made for all of them, so never for
/// more than sixteen times what came. Doubling to the end would leave as much as the body behind in the
/// allocator, and up to as much unused.
const PART: usize = 16;

/// Collects the frames of a body, but no more than a limit. Memory is taken only for bytes that came,
/// and once a sixteenth of what is announced has, for the rest. A body of one frame, as nearly all webhooks
/// are, is not copied.
pub struct Buffer {
    limit: usize,
    expected: usize,
    first: Bytes,
    rest: BytesMut,
}

impl Buffer {
    /// An empty buffer for up to `limit` bytes, of which so many are `expected`, if that is known. The
    /// sender may say so: it is a hint.
    #[must_use]
    pub fn new(limit: usize, expected: Option<usize>) -> Self {
        let expected = std::cmp::min(expected.unwrap_or(0), limit);
        Self { limit, expected, first: Bytes::new(), rest: BytesMut::new() }
    }

    /// Adds a frame.
    ///
    /// # Errors
    ///
    /// [`Rejection::BodyTooLarge`] if that would exceed the limit.
    pub fn push(&mut self, mut frame: impl Buf) -> Result<(), Rejection> {
        if !frame.has_remaining() {
            return Ok(()); // HTTP/2 may end a body with an empty frame, which is no reason to copy.
        }
        let read = self.first.len() + self.rest.len();
        if frame.remaining() > self.limit.saturating_sub(read) {
            return Err(Rejection::BodyTooLarge);
        }
        if read == 0 {
            // For `Bytes`, this takes the frame and copies nothing.
            self.first = frame.copy_to_bytes(frame.remaining());
            return Ok(());
        }
        self.make_room(read + frame.remaining());
        if self.rest.is_empty() {
            self.rest.extend_from_slice(&self.first);
            self.first = Bytes::new();
        }
        while frame.has_remaining() {
            let chunk = frame.chunk();
            let length = chunk.len();
            self.rest.extend_from_slice(chunk);
            frame.advance(length);
        }
        Ok(())
    }

    /// Makes room for `needed` bytes in all, or for those expected.
    fn make_room(&mut self, needed: usize) {
        if needed > self.rest.capacity() {
            let is_part = needed >= self.expected / PART;
            let room = if is_part { std::cmp::max(needed, self.expected) } else { needed };
            self.rest.reserve(room - self.rest.len());
        }
    }

    /// All that came.
    #[must_use]
    pub fn finish(self) -> Bytes {
        if self.rest.is_empty() { self.first } else { self.rest.freeze() }
    }
}

impl fmt::Debug for Buffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Payloads do not belong in logs.
        let read = self.first.len() + self.rest.len();
        f.debug_struct("Buffer").field("limit", &self.limit).field("read", &read).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_frame_is_kept_as_it_is() {
        let frame = Bytes::from(vec![1; 100]);
        let mut buffer = Buffer::new(100, None);
        buffer.push(frame.clone()).unwrap();
        buffer.push(Bytes::new()).unwrap();
        assert_eq!(buffer.finish().as_ptr(), frame.as_ptr());
    }

    #[test]
    fn what_is_expected_is_reserved_only_in_proportion_to_what_came() {
        let mut buffer = Buffer::new(usize::MAX, Some(1 << 40));
        buffer.push(&[0; 100][..]).unwrap();
        assert_eq!(buffer.rest.capacity(), 0);
        buffer.push(&[0; 100][..]).unwrap();
        assert!(buffer.rest.capacity() < 1000);
        let mut buffer = Buffer::new(usize::MAX, Some(300));
        for _ in 0..3 {
            buffer.push(&[0; 100][..]).unwrap();
        }
        assert_eq!(buffer.rest.capacity(), 300);
    }

    #[test]
    fn the_limit_holds_at_the_byte() {
        let mut buffer = Buffer::new(10, Some(10));
        for _ in 0..5 {
            buffer.push(&b"xy"[..]).unwrap();
        }
        assert_eq!(buffer.push(&b"z"[..]), Err(Rejection::BodyTooLarge));
        assert_eq!(buffer.finish(), "xyxyxyxyxy");
        assert_eq!(Buffer::new(0, Some(1)).push(&b"z"[..]), Err(Rejection::BodyTooLarge));
    }
}
