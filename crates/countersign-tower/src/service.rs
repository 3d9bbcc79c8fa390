//! The path of a request: refuse early, read, verify, hand on.

use std::fmt;
use std::marker::PhantomData;
use std::mem;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use countersign::{Head, Identity, NoStore, Store};
use countersign_adapter::{Endpoint, Handling, ShortAnswer};
use http::header::CONTENT_LENGTH;
use http::request::Parts;
use http::{HeaderValue, Request, Response};
use http_body::Body;
use tower_service::Service;

use crate::answers::{Answers, StatusOnly};
use crate::body::VerifiedBody;
use crate::future::ResponseFuture;
use crate::once;
use crate::peer::Peer;
use crate::read::{self, Whole};

/// A service that only verified webhooks reach. Made by [`VerifyLayer`](crate::VerifyLayer).
pub struct Verify<I, S = NoStore, A = StatusOnly> {
    pub(crate) inner: I,
    pub(crate) endpoint: Arc<Endpoint<S>>,
    pub(crate) answers: PhantomData<A>,
}

impl<I, S, A, ReqBody, ResBody> Service<Request<ReqBody>> for Verify<I, S, A>
where
    I: Service<Request<VerifiedBody>, Response = Response<ResBody>> + Clone + Send + 'static,
    I::Future: Send,
    I::Error: Send,
    S: Store,
    A: Answers<ResBody>,
    ReqBody: Body + Send + 'static,
    ReqBody::Data: Send,
    ResBody: Default + Send + 'static,
{
    type Response = Response<ResBody>;
    type Error = I::Error;
    type Future = ResponseFuture<ResBody, I::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), I::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<ReqBody>) -> Self::Future {
        // The clone may not be ready; move the service that was polled.
        let clone = self.inner.clone();
        let mut inner = mem::replace(&mut self.inner, clone);
        let endpoint = Arc::clone(&self.endpoint);
        // The parts stay where they are, since each step that takes them makes the future larger.
        let (mut parts, body) = request.into_parts();

        ResponseFuture::new(async move {
            match admit(&endpoint, &mut parts, body).await {
                Ok((body, None)) => {
                    let mut response = inner.call(Request::from_parts(parts, body)).await?;
                    once::judge(&endpoint, &mut response);
                    Ok(response)
                }
                Ok((body, Some(identity))) => {
                    let request = Request::from_parts(parts, body);
                    once::handle::<_, _, A, _>(endpoint, inner, request, identity).await
                }
                Err(answer) => Ok(once::short::<A, _>(answer)),
            }
        })
    }
}

/// Checks all that can be checked without the body, reads it, and verifies, in that order; the
/// first refusal ends it. If there is a store, the event is then named.
async fn admit<S: Store, B: Body>(
    endpoint: &Endpoint<S>,
    parts: &mut Parts,
    body: B,
) -> Result<(VerifiedBody, Option<Identity>), ShortAnswer> {
    let length = parts.headers.get(CONTENT_LENGTH).map(HeaderValue::as_bytes);
    let refuse = |rejection| endpoint.refuse(rejection);
    endpoint.check_head(&head(parts), length).map_err(refuse)?;
    let buffer = endpoint.buffer(length);
    let Whole { bytes, trailers } = {
        let reading = pin!(read::whole(body, buffer)); // Wrapped, it would be there several times.
        endpoint.within_read_timeout(reading).await.map_err(refuse)?
    };
    let hint = endpoint.hint(&head(parts).with_body(&bytes));
    let keys = endpoint.keys(hint).await?;
    let verified = endpoint.verify(&head(parts).with_body(&bytes), &keys);
    let (proof, identity) = verified.map_err(refuse)?;
    parts.extensions.remove::<Handling>(); // Of an outer layer, and so of another event.
    parts.extensions.insert(proof);
    Ok((VerifiedBody::new(bytes, trailers), identity))
}

fn head(parts: &Parts) -> Head<'_> {
    let url = parts.uri.path_and_query().map_or("/", |it| it.as_str());
    let head = Head::new(parts.method.as_str(), url, &parts.headers);
    match parts.extensions.get() {
        Some(Peer(address)) => head.from_peer(*address),
        None => head,
    }
}

impl<I: Clone, S, A> Clone for Verify<I, S, A> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            endpoint: Arc::clone(&self.endpoint),
            answers: PhantomData,
        }
    }
}

impl<I: fmt::Debug, S, A> fmt::Debug for Verify<I, S, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verify").field("inner", &self.inner).finish_non_exhaustive()
    }
}
