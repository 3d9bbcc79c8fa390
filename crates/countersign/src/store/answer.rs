//! What is kept of a handler's answer.

use core::fmt;
use std::sync::Arc;

use super::error::{StoreError, StoreErrorKind};

/// The longest body in bytes that is kept of an answer.
pub const MAX_STORED_BODY: usize = 16 * 1024;

/// The version of the encoding, its first byte.
const VERSION: u8 = 1;
const PERMANENT: u8 = 1;
const CONTENT: u8 = 2;

/// What a handler answered, to be given again to duplicates: the status, and a small body if the
/// receiver is told to keep it. Never other headers.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Answer {
    status: u16,
    permanent: bool,
    content: Option<Arc<Content>>,
}

/// A body that was kept.
#[derive(Clone, Eq, PartialEq)]
#[non_exhaustive]
pub struct Content {
    /// The value of `Content-Type`; empty if there was none.
    pub content_type: Vec<u8>,
    /// The body.
    pub body: Vec<u8>,
}

impl Content {
    /// A body of this type.
    #[must_use]
    pub fn new(content_type: impl Into<Vec<u8>>, body: impl Into<Vec<u8>>) -> Self {
        Self { content_type: content_type.into(), body: body.into() }
    }

    /// How many bytes it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.content_type.len() + self.body.len()
    }

    /// Whether it holds nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Answers may be personal, and do not belong in logs.
        f.debug_struct("Content").field("bytes", &self.len()).finish_non_exhaustive()
    }
}

impl Answer {
    /// An answer with this status.
    #[must_use]
    pub const fn new(status: u16) -> Self {
        Self { status, permanent: false, content: None }
    }

    /// Says that the event failed for good: it was answered with success only so that the sender
    /// does not try again.
    #[must_use]
    pub fn permanent_failure(mut self, failed: bool) -> Self {
        self.permanent = failed;
        self
    }

    /// Adds the body. One longer than [`MAX_STORED_BODY`] is left out.
    #[must_use]
    pub fn content(mut self, content: impl Into<Arc<Content>>) -> Self {
        self.content = Some(content.into()).filter(|it| it.len() <= MAX_STORED_BODY);
        self
    }

    /// The status.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// Whether the event failed for good.
    #[must_use]
    pub const fn is_permanent_failure(&self) -> bool {
        self.permanent
    }

    /// The body, if it was kept.
    #[must_use]
    pub const fn stored_content(&self) -> Option<&Arc<Content>> {
        self.content.as_ref()
    }

    /// Writes the answer for a store that keeps bytes. The encoding starts with its version.
    ///
    /// ```
    /// use countersign::{Answer, Content};
    ///
    /// let answer = Answer::new(200).content(Content::new("text/xml", "<Response/>"));
    /// assert_eq!(Answer::decode(&answer.encode()).unwrap(), answer);
    /// assert_eq!(Answer::new(204).encode(), [1, 0, 0, 204]);
    /// ```
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let flags =
            u8::from(self.permanent) * PERMANENT + u8::from(self.content.is_some()) * CONTENT;
        let mut bytes = vec![VERSION, flags];
        bytes.extend(self.status.to_be_bytes());
        if let Some(content) = &self.content {
            // `content` has seen to it that both lengths fit.
            let length = u16::try_from(content.content_type.len()).unwrap_or(u16::MAX);
            bytes.extend(length.to_be_bytes());
            bytes.extend(&content.content_type);
            bytes.extend(&content.body);
        }
        bytes
    }

    /// Reads what [`encode`](Self::encode) wrote.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Corrupt`] for anything else.
    pub fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        Self::read(bytes).ok_or_else(|| StoreError::new(StoreErrorKind::Corrupt))
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let [VERSION, flags, high, low, rest @ ..] = bytes else { return None };
        let answer = Self::new(u16::from_be_bytes([*high, *low]));
        let answer = answer.permanent_failure(flags & PERMANENT != 0);
        match flags & !PERMANENT {
            0 => rest.is_empty().then_some(answer),
            CONTENT => {
                let (length, rest) = rest.split_first_chunk()?;
                let (content_type, body) =
                    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
                let read = answer.content(Content::new(content_type, body));
                read.content.is_some().then_some(read)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_survives_the_encoding() {
        for answer in [
            Answer::new(200),
            Answer::new(599).permanent_failure(true),
            Answer::new(201).content(Content::new("", "")),
            Answer::new(200).permanent_failure(true).content(Content::new("a/b", [0, 255])),
            Answer::new(200).content(Content::new(vec![b'x'; MAX_STORED_BODY], "")),
        ] {
            assert_eq!(Answer::decode(&answer.encode()).unwrap(), answer);
        }
    }

    #[test]
    fn a_long_body_is_left_out() {
        let answer = Answer::new(200).content(Content::new("", vec![0; MAX_STORED_BODY + 1]));
        assert_eq!(answer, Answer::new(200));
    }

    #[test]
    fn what_is_not_an_answer_is_corrupt() {
        let encoded = Answer::new(200).content(Content::new("text/plain", "ok")).encode();
        for length in 0..encoded.len() - 2 {
            assert!(Answer::decode(&encoded[..length]).is_err(), "{length} bytes");
        }
        for bytes in [&[2, 0, 0, 200][..], &[1, 4, 0, 200], &[1, 0, 0, 200, 9], &[1, 2, 0, 200, 1]]
        {
            let error = Answer::decode(bytes).unwrap_err();
            assert_eq!(error.kind(), StoreErrorKind::Corrupt);
        }
    }
}
