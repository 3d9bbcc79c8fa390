//! What is kept of a handler's answer for duplicates.

use std::future::poll_fn;
use std::pin::pin;
use std::time::Duration;

use bytes::{Buf as _, Bytes};
use countersign::{Answer, Content, MAX_STORED_BODY, within};
use countersign_adapter::Runtime;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, Response};
use http_body::Body;

/// How long the body of an answer may take to be read. It is small, and nearly always there.
const READ_TIMEOUT: Duration = Duration::from_secs(1);

/// What is kept of a handler's answer, to be given again to duplicates: [`StatusOnly`] or
/// [`SmallBodies`].
pub trait Answers<B>: sealed::Sealed + Send + Sync + 'static {
    /// Whether bodies are kept.
    #[doc(hidden)]
    const BODIES: bool;

    /// Reads what is kept.
    #[doc(hidden)]
    fn keep(
        response: Response<B>,
        answer: Answer,
        runtime: Runtime,
    ) -> impl Future<Output = (Response<B>, Answer)> + Send;

    /// A body of these bytes: the answer to a handshake.
    #[doc(hidden)]
    fn of(bytes: Bytes) -> B;

    /// The body that was kept, if one was.
    #[doc(hidden)]
    fn body(content: Option<&Content>) -> B;
}

/// Keeps the status. Duplicates are answered with an empty body, which is all that nearly every
/// sender wants.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_enums, reason = "it only names a choice")]
pub enum StatusOnly {}

/// Keeps the status, and the body with its `Content-Type` if the body says that it has at most
/// [16 KiB](MAX_STORED_BODY). For senders that act on the answer, such as Twilio.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_enums, reason = "it only names a choice")]
pub enum SmallBodies {}

mod sealed {
    #[expect(unnameable_types, reason = "so that no one else implements it")]
    pub trait Sealed {}
    impl Sealed for super::StatusOnly {}
    impl Sealed for super::SmallBodies {}
}

impl<B: Default + From<Bytes> + Send> Answers<B> for StatusOnly {
    const BODIES: bool = false;

    async fn keep(response: Response<B>, answer: Answer, _: Runtime) -> (Response<B>, Answer) {
        (response, answer)
    }

    fn of(bytes: Bytes) -> B {
        B::from(bytes)
    }

    fn body(_: Option<&Content>) -> B {
        B::default()
    }
}

impl<B> Answers<B> for SmallBodies
where
    B: Body<Data: Send, Error: Send> + Default + From<Bytes> + Send,
{
    const BODIES: bool = true;

    async fn keep(
        response: Response<B>,
        answer: Answer,
        runtime: Runtime,
    ) -> (Response<B>, Answer) {
        let upper = response.body().size_hint().upper();
        let is_small = upper.and_then(|bytes| usize::try_from(bytes).ok());
        // Only the type is kept beside it, without which an encoded body says nothing; an empty one is
        // what duplicates get anyway.
        let is_encoded = response.headers().contains_key(CONTENT_ENCODING);
        if is_encoded || is_small.is_none_or(|bytes| bytes == 0 || bytes > MAX_STORED_BODY) {
            return (response, answer);
        }
        let (mut parts, body) = response.into_parts();
        let read = within(READ_TIMEOUT, &runtime, read(body)).await;
        let Some(body) = read.flatten() else {
            parts.headers.remove(CONTENT_LENGTH);
            // What the handler did stays done, even if its answer cannot be read.
            return (Response::from_parts(parts, B::default()), answer);
        };
        let content_type = parts.headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
        let answer = answer.content(Content::new(content_type.unwrap_or_default(), &*body));
        (Response::from_parts(parts, B::from(body)), answer)
    }

    fn of(bytes: Bytes) -> B {
        B::from(bytes)
    }

    fn body(content: Option<&Content>) -> B {
        match content {
            Some(content) => B::from(Bytes::copy_from_slice(&content.body)),
            None => B::default(),
        }
    }
}

/// Reads a body that is small, or says so.
async fn read<B: Body>(body: B) -> Option<Bytes> {
    let mut body = pin!(body);
    let mut read = Vec::new();
    while let Some(frame) = poll_fn(|context| body.as_mut().poll_frame(context)).await {
        let Ok(mut data) = frame.ok()?.into_data() else { continue };
        if data.remaining() > MAX_STORED_BODY - read.len() {
            return None;
        }
        while data.has_remaining() {
            let length = data.chunk().len();
            read.extend_from_slice(data.chunk());
            data.advance(length);
        }
    }
    Some(Bytes::from(read))
}
